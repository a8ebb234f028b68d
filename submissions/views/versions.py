"""Looking at file versions more closely: what changed since the one before, and findings on the page."""

import tempfile
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from ml4rs.editions.views.guards import methods, signed_in
from submissions.models import FileVersion
from submissions.pdfcheck import draw_page
from submissions.queries.versions import changes_of, page_of, version_or_none
from submissions.storing import on_disk
from submissions.views.shared import seen_or_404


@signed_in
@methods("GET")
def changes(request: HttpRequest, pid: str, kind: str, file_pid: str) -> HttpResponse:
    """How the words of a version differ from those of the version before it."""
    submission, version = _version(request, pid, kind, file_pid)
    found = changes_of(version)
    if found is None:
        raise Http404
    context = {"submission": submission, "version": version, "changes": found}
    return render(request, "submissions/changes.html", context)


@signed_in
@methods("GET")
def page(request: HttpRequest, pid: str, kind: str, file_pid: str, number: int) -> HttpResponse:
    """One page as a picture, with a box around each finding on it."""
    submission, version = _version(request, pid, kind, file_pid)
    found = page_of(version, number)
    if found is None:
        raise Http404
    return render(request, "submissions/page.html", {"submission": submission, "version": version, "page": found})


@signed_in
@methods("GET")
def picture(request: HttpRequest, pid: str, kind: str, file_pid: str, number: int) -> HttpResponse:
    """The page itself, drawn in a child process; versions never change, so a browser may keep it for a while."""
    _, version = _version(request, pid, kind, file_pid)
    if page_of(version, number) is None:
        raise Http404
    with tempfile.TemporaryDirectory(prefix="ml4rs-page-") as scratch, on_disk(version.stored) as path:
        target = Path(scratch) / "page.png"
        if not draw_page(path, number, target):
            raise Http404
        response = HttpResponse(target.read_bytes(), content_type="image/png")
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _version(request: HttpRequest, pid: str, kind: str, file_pid: str) -> tuple:
    """For authors and organisers only: who gets a copy without metadata does not look into the original."""
    submission = seen_or_404(request.viewer, pid)
    version: FileVersion | None = version_or_none(submission, kind, file_pid)
    if version is None:
        raise Http404
    return submission, version
