"""The meta-review: its writer's page, and the organisers' buttons."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods
from reviews import actions
from reviews.actions import EditConflict
from reviews.queries.responding import response_of
from reviews.queries.reviews import reviews_of
from reviews.queries.summing import MetaReviewView, meta_review_of
from reviews.views.reviewing import desk_or_404
from reviews.views.shared import (
    chairs_only,
    chairs_paper_or_404,
    keeps_what_was_typed,
    reviewers_only,
    revision_of,
    take_typed,
    to,
)
from submissions.models import Submission


@keeps_what_was_typed("sum_up")
@methods("GET", "POST")
@reviewers_only
@never_cache
def sum_up(request: HttpRequest, pid: str) -> HttpResponse:
    """All reviews beside the form, for the reviewer who was asked; `pid` is the assignment's."""
    paper = desk_or_404(request, pid).submission
    meta = meta_review_of(request.viewer, paper)
    if meta is None or not meta.is_own:
        raise Http404
    if request.method == "POST":
        return _saved(request, paper, pid)
    typed = take_typed(request, "sum_up", pid)
    return _page(request, paper, meta, pid, typed=typed)


def _saved(request: HttpRequest, paper: Submission, pid: str) -> HttpResponse:
    text = request.POST.get("text", "").replace("\0", "").replace("\r\n", "\n")
    recommendation, submit = request.POST.get("recommendation", ""), "submit" in request.POST
    try:
        actions.sum_up(paper, text, recommendation, revision=revision_of(request), submit=submit, by=request.viewer)
    except EditConflict:
        meta = meta_review_of(request.viewer, paper)
        return _page(request, paper, meta, pid, typed=request.POST, theirs=meta.text or "", status=409)
    except NotAllowed as refusal:
        meta = meta_review_of(request.viewer, paper)
        return _page(request, paper, meta, pid, typed=request.POST, refusal=str(refusal), status=422)
    messages.success(request, "The meta-review is submitted." if submit else "Saved.")
    return to(request, "sum_up", pid)


def _page(
    request: HttpRequest, paper: Submission, meta: MetaReviewView, pid: str, *, typed=None, theirs: str | None = None,
    refusal: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "submission": paper,
        "meta": meta,
        "pid": pid,
        "text": typed.get("text", "") if typed is not None else meta.text or "",
        "recommendation": typed.get("recommendation", "") if typed is not None else meta.recommendation or "",
        "outcomes": Submission.Outcome.choices,
        "reviews": reviews_of(request.viewer, paper),
        "response": response_of(request.viewer, paper),
        "theirs": theirs,
        "refusal": refusal,
    }
    return render(request, "reviews/sum_up.html", context, status=status)


@methods("POST")
@chairs_only
def ask(request: HttpRequest, pid: str) -> HttpResponse:
    """Ask a reviewer for it, or no longer."""
    paper, by = chairs_paper_or_404(request, pid), request.viewer
    if request.POST.get("verb") == "back":
        attempt(request, lambda: actions.take_meta_review_back(paper, by=by), "Nobody is asked any more.")
    else:
        seat = request.POST.get("assignment", "")
        attempt(request, lambda: actions.ask_for_meta_review(paper, seat, by=by), "Asked, and told by mail.")
    return to(request, "paper", pid)
