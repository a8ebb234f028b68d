"""A job's progress, for who asked for it and for organisers."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from ml4rs.editions.viewer import Viewer
from ml4rs.editions.views.guards import methods, signed_in, takes
from ml4rs.jobs import actions, policy
from ml4rs.jobs.models import Job
from ml4rs.jobs.registry import job_kinds


def _job(request: HttpRequest, job_pid: str) -> tuple[Viewer, Job]:
    """The job as seen by somebody in the job's own edition; 404 for all who may not see it."""
    job = Job.objects.select_related("edition", "requested_by").filter(public_id=job_pid).first()
    viewer = Viewer.of(request.user, job.edition if job else None, request.arrived_at)
    if job is None or not policy.seen_by(viewer).filter(pk=job.pk).exists():
        raise Http404
    return viewer, job


@methods("GET")
@takes("next")
@signed_in
@never_cache
def detail(request: HttpRequest, job_pid: str) -> HttpResponse:
    """The whole page, or just the progress bar for a page that asks again and again."""
    viewer, job = _job(request, job_pid)
    request.viewer = viewer
    context = {
        "job": job,
        "next": _local(request.GET.get("next", "")),
        "label": job_kinds.label(job.kind),
        "is_open": job.state in actions.OPEN,
        "shows_log": viewer.is_organiser,
    }
    if not request.htmx:
        return render(request, "jobs/detail.html", context)
    response = render(request, "jobs/_progress.html", context)
    if job.state == Job.State.DONE and context["next"]:
        response.headers["HX-Redirect"] = context["next"]
    return response


def _local(path: str) -> str:
    """A page of ours to go to afterwards, or nothing."""
    return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""


@methods("POST")
@signed_in
def cancel(request: HttpRequest, job_pid: str) -> HttpResponse:
    viewer, job = _job(request, job_pid)
    actions.cancel(job, by=viewer)
    afterwards = _local(request.POST.get("next", ""))
    return redirect(
        reverse("jobs:detail", args=[job_pid]) + (f"?{urlencode({'next': afterwards})}" if afterwards else "")
    )
