"""A job's progress, for who asked for it and for organisers."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ml4rs.editions.viewer import Viewer
from ml4rs.editions.views.guards import methods, signed_in
from ml4rs.jobs import actions, policy
from ml4rs.jobs.models import Job


def _job(request: HttpRequest, job_pid: str) -> tuple[Viewer, Job]:
    """The job as seen by somebody in the job's own edition; 404 for all who may not see it."""
    job = Job.objects.select_related("edition").filter(public_id=job_pid).first()
    viewer = Viewer.of(request.user, job.edition if job else None, request.arrived_at)
    if job is None or not policy.seen_by(viewer).filter(pk=job.pk).exists():
        raise Http404
    return viewer, job


@methods("GET")
@signed_in
@never_cache
def detail(request: HttpRequest, job_pid: str) -> HttpResponse:
    """The whole page, or just the progress bar for a page that asks again and again."""
    viewer, job = _job(request, job_pid)
    request.viewer = viewer
    template = "jobs/_progress.html" if request.htmx else "jobs/detail.html"
    return render(request, template, {"job": job, "next": _local(request.GET.get("next", ""))})


def _local(path: str) -> str:
    """A page of ours to go to afterwards, or nothing."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else ""


@methods("POST")
@signed_in
def cancel(request: HttpRequest, job_pid: str) -> HttpResponse:
    viewer, job = _job(request, job_pid)
    actions.cancel(job, by=viewer)
    return redirect("jobs:detail", job_pid)
