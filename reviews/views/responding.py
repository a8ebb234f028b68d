"""Author response: the authors' page, and the organisers' who show them the reviews."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ml4rs.accounts.models import random_public_id
from ml4rs.editions.models import Milestone
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.queries import extension, milestone
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods, signed_in
from ml4rs.notifications.batches import batch_seen_by
from reviews import actions
from reviews.actions import EditConflict
from reviews.models import Response
from reviews.policy import may_respond
from reviews.queries.responding import ResponseView, authors_named_in, response_of, rounds
from reviews.queries.reviews import reviews_of
from reviews.views.shared import keeps_what_was_typed, organisers_only, revision_of, take_typed, to
from submissions.models import Submission


@keeps_what_was_typed("respond")
@signed_in
@methods("GET", "POST")
@never_cache
def respond(request: HttpRequest, pid: str) -> HttpResponse:
    """The reviews beside the form; saved while typed, read by others once sent."""
    paper = _own_or_404(request, pid)
    if request.method == "POST":
        return _saved(request, paper)
    typed = take_typed(request, "respond", pid)
    if typed is not None:
        messages.info(request, "You had been signed out. What you had typed is in the form again; save it.")
    return _page(request, paper, text=typed.get("text", "") if typed else None)


def _own_or_404(request: HttpRequest, pid: str) -> Submission:
    """The paper for its authors, once they may read reviews; for all others this page does not exist."""
    seen = Submission.objects.seen_by(request.viewer).select_related("track", "edition")
    paper = seen.filter(public_id=pid, is_author=True, sees_reviews=True, track__has_author_response=True).first()
    if paper is None:
        raise Http404
    return paper


def _saved(request: HttpRequest, paper: Submission) -> HttpResponse:
    text = request.POST.get("text", "").replace("\0", "").replace("\r\n", "\n")
    sending, quiet = "send" in request.POST, bool(request.headers.get("HX-Request"))
    if sending and not request.POST.get("meant") and (named := authors_named_in(paper, text)):
        return _page(request, paper, text=text, named=named, status=422)
    verb = actions.send_response if sending else actions.save_response
    try:
        saved = verb(paper, text, revision=revision_of(request), by=request.viewer)
    except EditConflict:
        return _quietly(request, conflict=True) if quiet else _page(request, paper, text=text, both=True, status=409)
    except NotAllowed as refusal:
        words = str(refusal)
        return (
            _quietly(request, refusal=words) if quiet else _page(request, paper, text=text, refusal=words, status=422)
        )
    if quiet:
        return _quietly(request, saved=saved, words=len(text.split()))
    said = "Your response is sent. You can change it until the date." if sending else "Saved. Only the authors read it."
    messages.success(request, said)
    return to(request, "respond", paper.public_id)


def _quietly(
    request: HttpRequest, *, saved: Response | None = None, words: int = 0, conflict: bool = False, refusal: str = ""
) -> HttpResponse:
    context = {"saved": saved, "words": words, "conflict": conflict, "refusal": refusal}
    return render(request, "reviews/_response_state.html", context)


def _page(
    request: HttpRequest,
    paper: Submission,
    *,
    text: str | None = None,
    named: list[str] | None = None,
    both: bool = False,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    viewer = request.viewer
    current = response_of(viewer, paper)
    shown = text if text is not None else _draft(current)
    context = {
        "submission": paper,
        "reviews": reviews_of(viewer, paper),
        "response": current,
        "revision": current.revision if current else 0,
        "text": shown,
        "words": len(shown.split()),
        "named": named,
        "theirs": _draft(current) if both else "",
        "refusal": refusal,
        "verdict": may_respond(viewer, paper),
        "due": milestone(viewer.edition, Milestone.Kind.RESPONSE, paper.track),
        "extended": extension(viewer.edition, Milestone.Kind.RESPONSE, paper.public_id),
    }
    return render(request, "reviews/respond.html", context, status=status)


def _draft(current: ResponseView | None) -> str:
    return (current.draft or "") if current else ""


@methods("GET", "POST")
@organisers_only
@never_cache
def responses(request: HttpRequest) -> HttpResponse:
    """What showing the reviews will do to whom, track by track, and doing it."""
    if request.method == "POST":
        return _shown(request)
    return render(request, "reviews/responses.html", {"rounds": rounds(request.viewer)})


def _shown(request: HttpRequest) -> HttpResponse:
    viewer, batch = request.viewer, random_public_id()
    track = viewer.edition.tracks.filter(slug=request.POST.get("track", ""), is_reviewed=True).first()
    if track is None:
        raise Http404
    attempt(
        request,
        lambda: actions.show_reviews(track, by=viewer, batch=batch),
        "The reviews are shown to their authors. The mails are on their way.",
    )
    if batch_seen_by(viewer, batch) is None:
        return to(request, "responses")
    return redirect("notifications:batch", viewer.edition.slug, batch)
