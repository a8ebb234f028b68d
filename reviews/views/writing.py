"""Around the writing of a review: the form for offline use, and older versions."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.views.guards import methods
from reviews import actions
from reviews.actions import EditConflict
from reviews.forms import ReviewForm
from reviews.queries.reviews import Desk
from reviews.queries.writing import asked, offline_form, versions_of
from reviews.views.reviewing import desk_or_404, show, show_both, show_refused
from reviews.views.shared import chairs_only, chairs_paper_or_404, reviewers_only, to
from reviews.writing import offline

_MOST_BYTES = 2 * 1024 * 1024


@methods("GET", "POST")
@reviewers_only
@never_cache
def offline_file(request: HttpRequest, pid: str) -> HttpResponse:
    """GET gives the review as a text file; POST takes it back as a draft, or says line by line why not."""
    page = desk_or_404(request, pid)
    if request.method == "POST":
        return _taken(request, page)
    response = HttpResponse(offline_form(page), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="review-{pid}.txt"'
    return response


def _taken(request: HttpRequest, page: Desk) -> HttpResponse:
    pid, sent = page.assignment.public_id, request.FILES.get("file")
    if sent is None or sent.size > _MOST_BYTES:
        messages.error(request, "Choose the file first." if sent is None else "The file is larger than 2 MB.")
        return to(request, "review", pid)
    filled = offline.read(sent.read(), pid, asked(page.questions))
    typed = {f"q-{key}": value for key, value in {**page.values, **filled.answers}.items() if value is not None}
    form = ReviewForm(page.questions, typed, draft=True)
    form.is_valid()
    if filled.faults:
        return show(request, page, form, status=422, faults=filled.faults)
    try:
        actions.save_draft(page.assignment, page.form, form.answers(), revision=filled.revision, by=request.viewer)
    except EditConflict:
        return show_both(request, page, typed)
    except NotAllowed as refusal:
        return show_refused(request, page, form, refusal)
    if filled.remark:
        messages.warning(request, filled.remark)
    messages.success(request, "The file is read and saved as a draft. Look at it, then submit.")
    return to(request, "review", pid)


@methods("GET")
@reviewers_only
@never_cache
def own_versions(request: HttpRequest, pid: str) -> HttpResponse:
    """What one's own review said at each submit."""
    page = desk_or_404(request, pid)
    found = versions_of(request.viewer, page.submission, page.review.public_id) if page.review else None
    if found is None:
        raise Http404
    return render(request, "reviews/versions.html", _context(page.submission, found, pid))


@methods("GET")
@chairs_only
@never_cache
def versions(request: HttpRequest, pid: str, review_pid: str) -> HttpResponse:
    """The same for organisers without conflict."""
    paper = chairs_paper_or_404(request, pid)
    found = versions_of(request.viewer, paper, review_pid)
    if found is None:
        raise Http404
    return render(request, "reviews/versions.html", _context(paper, found, ""))


def _context(submission, found, pid: str) -> dict:
    review, history = found
    return {"submission": submission, "review": review, "versions": history, "pid": pid}
