"""Who may read and manage mails: organisers those of papers, grants officers those of grants, without conflict."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from ml4rs.audit.registry import applications, submissions
from ml4rs.editions.models import Edition
from ml4rs.editions.policy import ALLOWED, Verdict, may_organise, refused
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.models import Concern, Message
from ml4rs.notifications.registry import MailingList, mail_events


def seen_by(viewer: Viewer) -> QuerySet[Message]:
    """The edition's messages that this viewer may read. Account mails and others that carry secrets are nobody's."""
    visible = Q(pk__in=[])
    if viewer.is_organiser:
        papers = submissions.visible_to(viewer)
        several = Concern.objects.filter(message=OuterRef("pk"))
        about_none = Q(submission_id__isnull=True) & ~Exists(several)
        any_visible = Exists(several.filter(submission_id__in=papers))
        all_visible = ~Q(names_papers=True) | ~Exists(several.exclude(submission_id__in=papers))
        about_visible = Q(submission_id__in=papers) | (any_visible & all_visible)
        visible |= Q(grants_only=False) & (about_none | about_visible)
    if viewer.is_grants_officer:
        about_nobody = Q(application_id__isnull=True)
        visible |= Q(grants_only=True) & (about_nobody | Q(application_id__in=applications.visible_to(viewer)))
    secret = [event.name for event in mail_events if event.secret]
    return Message.objects.filter(visible, edition=viewer.edition, edition__isnull=False).exclude(event__in=secret)


def may_manage(viewer: Viewer, message: Message) -> Verdict:
    if seen_by(viewer).filter(pk=message.pk).exists():
        return ALLOWED
    return refused("Only organisers without conflict may manage this mail.")


def may_write_to(viewer: Viewer, those: MailingList) -> Verdict:
    """Grants officers write to those who apply for support, organisers to all others."""
    if viewer.is_grants_officer if those.grants_only else viewer.is_organiser:
        return ALLOWED
    return refused("These people are not for you to write to.")


def may_remind(viewer: Viewer, edition: Edition) -> Verdict:
    """Organisers remind in their own edition and in no other."""
    if viewer.edition != edition:
        return refused("This belongs to another edition.")
    return may_organise(viewer)
