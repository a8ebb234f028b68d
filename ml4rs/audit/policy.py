"""Who may read the log: organisers what concerns no paper of theirs or in conflict, grants officers what is grants'
and concerns no applicant whom they are tied to."""

from django.db.models import Q, QuerySet

from ml4rs.audit.models import Entry
from ml4rs.audit.registry import applications, submissions
from ml4rs.editions.viewer import Viewer


def seen_by(viewer: Viewer) -> QuerySet[Entry]:
    """The edition's entries that this viewer may read.

    No query of its own beyond the viewer's roles and an officer's conflicts.
    """
    visible = Q(pk__in=[])
    if viewer.is_organiser:
        about_none = Q(submission_id__isnull=True)
        visible |= Q(grants_only=False) & (about_none | Q(submission_id__in=submissions.visible_to(viewer)))
    if viewer.is_grants_officer:
        about_nobody = Q(application_id__isnull=True)
        visible |= Q(grants_only=True) & (about_nobody | Q(application_id__in=applications.visible_to(viewer)))
    return Entry.objects.filter(visible, edition=viewer.edition, edition__isnull=False)
