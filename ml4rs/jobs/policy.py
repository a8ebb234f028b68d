"""Who may see and stop a job: who asked for it, and organisers without conflict with its paper."""

from django.db.models import Q, QuerySet

from ml4rs.audit.registry import submissions
from ml4rs.editions.policy import ALLOWED, Verdict, refused
from ml4rs.editions.viewer import Viewer
from ml4rs.jobs.models import Job


def seen_by(viewer: Viewer) -> QuerySet[Job]:
    """The jobs this viewer may know of. `submission_id` names the paper a job works on."""
    if viewer.user is None:
        return Job.objects.none()
    asked = Q(requested_by=viewer.user)
    if not viewer.is_organiser:
        return Job.objects.filter(asked)
    about_none = Q(submission_id__isnull=True)
    about_visible = Q(submission_id__in=submissions.visible_to(viewer))
    return Job.objects.filter(asked | Q(edition=viewer.edition) & (about_none | about_visible))


def may_cancel(viewer: Viewer, job: Job) -> Verdict:
    if seen_by(viewer).filter(pk=job.pk).exists():
        return ALLOWED
    return refused("Only who started this, or an organiser, may stop it.")
