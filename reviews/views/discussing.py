"""The discussion of a paper, for its reviewers and for organisers: one page, two doors."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ml4rs.accounts.models import random_public_id
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods, open_to_watchers, takes
from reviews import actions
from reviews.models import Assignment, Discussion, Post
from reviews.policy import may_discuss, may_open_discussion, may_post
from reviews.queries.discussing import quoted, thread
from reviews.queries.responding import response_of
from reviews.queries.reviews import reviews_of
from reviews.views.shared import (
    chairs_only,
    chairs_paper_or_404,
    chosen,
    keeps_what_was_typed,
    reviewers_only,
    take_typed,
    to,
)
from submissions.models import Submission

_NONCE = 12
_ANSWERING = ("quote", "to")


@keeps_what_was_typed("discussion")
@methods("GET", "POST")
@takes(*_ANSWERING)
@reviewers_only
@never_cache
@open_to_watchers
def discussion(request: HttpRequest, pid: str) -> HttpResponse:
    """For a reviewer of the paper whose own review is in; `pid` is the assignment's."""
    return _answer(request, _reviewed_or_404(request, pid), "discussion", pid)


@keeps_what_was_typed("chairs_discussion")
@methods("GET", "POST")
@takes(*_ANSWERING)
@chairs_only
@never_cache
def chairs_discussion(request: HttpRequest, pid: str) -> HttpResponse:
    """For organisers without conflict; `pid` is the paper's."""
    paper = chairs_paper_or_404(request, pid)
    if not may_discuss(paper):
        raise Http404
    return _answer(request, paper, "chairs_discussion", pid)


@methods("POST")
@reviewers_only
def withdraw(request: HttpRequest, pid: str, post_pid: str) -> HttpResponse:
    return _withdraw(request, _reviewed_or_404(request, pid), post_pid, lambda: to(request, "discussion", pid))


@methods("POST")
@chairs_only
def chairs_withdraw(request: HttpRequest, pid: str, post_pid: str) -> HttpResponse:
    paper = chairs_paper_or_404(request, pid)
    return _withdraw(request, paper, post_pid, lambda: to(request, "chairs_discussion", pid))


@methods("POST")
@chairs_only
def switch(request: HttpRequest, pid: str) -> HttpResponse:
    """Open the discussion of a paper, or close it."""
    paper = chairs_paper_or_404(request, pid)
    if request.POST.get("verb") == "close":
        attempt(request, lambda: actions.close_discussions([paper], by=request.viewer), "The discussion is closed.")
    else:
        done = "The discussion is open. Reviewers whose review is in are told."
        attempt(request, lambda: actions.open_discussions([paper], by=request.viewer), done)
    return to(request, "chairs_discussion", pid)


def _reviewed_or_404(request: HttpRequest, pid: str) -> Submission:
    own = Assignment.objects.filter(public_id=pid, state=Assignment.State.ACTIVE, reviewer__user=request.viewer.user)
    papers = Submission.objects.seen_by(request.viewer).select_related("track", "edition")
    paper = papers.filter(pk__in=own.values("submission"), reads=True, has_reviewed=True).first()
    if paper is None or not may_discuss(paper):
        raise Http404
    return paper


def _answer(request: HttpRequest, paper: Submission, name: str, pid: str) -> HttpResponse:
    if request.method == "GET":
        typed = take_typed(request, name, pid)
        values = chosen(request)
        text = typed.get("text", "") if typed else quoted(request.viewer, paper, values["quote"])
        return _page(request, paper, name, pid, text=text, answering=values["to"])
    text, answering = request.POST.get("text", "").replace("\0", ""), request.POST.get("to", "")
    try:
        parent = _parent(request, paper, answering)
        nonce = request.POST.get("nonce", "")[:_NONCE]
        actions.post(paper, text, by=request.viewer, parent=parent, nonce=nonce)
    except NotAllowed as refusal:
        return _page(request, paper, name, pid, text=text, answering=answering, refusal=str(refusal), status=422)
    messages.success(request, "Said.")
    return to(request, name, pid)


def _parent(request: HttpRequest, paper: Submission, answering: str) -> Post | None:
    if not answering:
        return None
    seen = Post.objects.seen_by(request.viewer, paper=paper).filter(submission=paper.pk, withdrawn_at__isnull=True)
    found = seen.filter(public_id=answering).select_related("parent").first()
    if found is None:
        raise NotAllowed("What you answer was taken back meanwhile.")
    return found


def _page(
    request: HttpRequest,
    paper: Submission,
    name: str,
    pid: str,
    *,
    text: str = "",
    answering: str = "",
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    viewer = request.viewer
    found = Discussion.objects.filter(submission=paper.pk).first()
    is_chairs = name == "chairs_discussion"
    context = {
        "submission": paper,
        "discussion": found,
        "posts": thread(viewer, paper),
        "reviews": reviews_of(viewer, paper),
        "response": response_of(viewer, paper),
        "seat": None if is_chairs else Assignment.objects.get(public_id=pid),
        "here": name,
        "there": "chairs_withdraw_post" if is_chairs else "withdraw_post",
        "pid": pid,
        "may_post": may_post(viewer, paper, found),
        "may_open": is_chairs and bool(may_open_discussion(paper)),
        "text": text,
        "answering": answering,
        "refusal": refusal,
        "nonce": random_public_id(),
    }
    return render(request, "reviews/discussion.html", context, status=status)


def _withdraw(request: HttpRequest, paper: Submission, post_pid: str, back: Callable[[], HttpResponse]) -> HttpResponse:
    seen = Post.objects.seen_by(request.viewer, paper=paper).filter(submission=paper.pk, public_id=post_pid).first()
    if seen is None:
        raise Http404
    attempt(request, lambda: actions.withdraw_post(seen, paper, by=request.viewer), "Taken back.")
    return back()
