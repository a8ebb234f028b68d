"""What a member of the committee says of themselves: answer, profile, conflicts, bids."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ml4rs.editions.models import Milestone
from ml4rs.editions.queries import milestone
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods, open_to_watchers, rests_when_frozen, takes
from reviews import actions
from reviews.forms import AcceptForm, BidsForm, DeclareForm, DeclineForm, SelfForm
from reviews.matching.publications import LARGEST, read
from reviews.models import Reviewer
from reviews.policy import may_answer, may_bid, may_declare, may_upload_publications
from reviews.queries.committee import biddable, bids_of
from reviews.queries.service import certificate_behind
from reviews.views.shared import member_or_404, page_of, reviewers_only, to
from submissions.models import Submission

_SHOWN = 5  # places in a file that could not be read
_BIDS_FOR_EACH = 3  # wishes for each paper that somebody takes: with fewer, most of them cannot be granted


def _invited_or_404(request: HttpRequest, reviewer_pid: str, token: str) -> Reviewer:
    rows = Reviewer.objects.filter(edition=request.viewer.edition, public_id=reviewer_pid)
    reviewer = rows.exclude(state=Reviewer.State.REMOVED).select_related("edition").first()
    if reviewer is None or not actions.opens(reviewer, token):
        raise Http404
    return reviewer


@methods("GET", "POST")
@never_cache
@rests_when_frozen
def invitation(request: HttpRequest, reviewer_pid: str, token: str) -> HttpResponse:
    """The answer page behind the mailed link. Opening it changes nothing, since mail scanners follow links."""
    reviewer = _invited_or_404(request, reviewer_pid, token)
    answer = request.POST.get("answer", "")
    accepting = AcceptForm(request.POST if answer == "accept" else None, initial={"load": reviewer.load})
    declining = DeclineForm(request.POST if answer == "decline" else None)
    if answer == "accept" and accepting.is_valid():
        attempt(
            request,
            lambda: actions.accept(reviewer, **accepting.cleaned_data, by=request.viewer),
            "Thank you. You are on the committee.",
        )
        return to(request, "invitation", reviewer_pid, token)
    if answer == "decline" and declining.is_valid():
        attempt(
            request,
            lambda: actions.decline(reviewer, **declining.cleaned_data, by=request.viewer),
            "Thank you for your answer.",
        )
        return to(request, "invitation", reviewer_pid, token)
    context = {
        "reviewer": reviewer,
        "accepting": accepting,
        "declining": declining,
        "may_decline": may_answer(reviewer, accept=False),
        "due": milestone(request.viewer.edition, Milestone.Kind.REVIEW),
    }
    response = render(request, "reviews/invitation.html", context)
    # The address is the secret: it goes to this site only. Not "no-referrer": with that, browsers send the form
    # with "Origin: null", which the check against forged forms rightly refuses.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@methods("GET")
def service(request: HttpRequest, token: str) -> HttpResponse:
    """A certificate of service, for whoever has its address."""
    found = certificate_behind(request.viewer, token)
    if found is None:
        raise Http404
    return render(request, "reviews/service.html", {"certificate": found, "address": request.build_absolute_uri()})


@methods("GET", "POST")
@reviewers_only
@never_cache
def about_me(request: HttpRequest) -> HttpResponse:
    """Expertise, topics and load."""
    reviewer = member_or_404(request)
    form = SelfForm(request.POST or None, instance=reviewer, edition=request.viewer.edition)
    if request.method == "POST" and form.is_valid():
        attempt(
            request,
            lambda: actions.describe_self(reviewer, **form.cleaned_data, by=request.viewer),
            "Your profile is saved.",
        )
        return to(request, "desk")
    context = {
        "form": form,
        "reviewer": reviewer,
        "publications": reviewer.publications.count(),
        "may_upload": may_upload_publications(request.viewer, reviewer),
    }
    return render(request, "reviews/about_me.html", context)


@methods("POST")
@reviewers_only
def publications(request: HttpRequest) -> HttpResponse:
    """What a member wrote, out of a file; or away with it."""
    reviewer, by, sent = member_or_404(request), request.viewer, request.FILES.get("file")
    if request.POST.get("verb") == "remove":
        attempt(request, lambda: actions.remove_publications(reviewer, by=by), "Your publications are removed.")
        return to(request, "about_me")
    if sent is None:
        messages.error(request, "Choose a file first.")
        return to(request, "about_me")
    found = read(sent.read(LARGEST + 1))
    for problem in found.problems[:_SHOWN]:
        messages.warning(request, problem)
    if len(found.problems) > _SHOWN:
        messages.warning(request, f"And {len(found.problems) - _SHOWN} more places that could not be read.")
    if found.publications:
        number = len(found.publications)
        said = "1 publication was read." if number == 1 else f"{number:,} publications were read."
        attempt(request, lambda: actions.add_publications(reviewer, found.publications, by=by), said)
    return to(request, "about_me")


@methods("GET", "POST")
@reviewers_only
@never_cache
def conflicts(request: HttpRequest) -> HttpResponse:
    """Declaring conflicts: before papers can be seen, and once."""
    reviewer = member_or_404(request)
    verdict = may_declare(request.viewer, reviewer)
    form = DeclareForm(request.POST or None, initial={"lines": reviewer.conflict_lines})
    if request.method == "POST" and form.is_valid():
        lines = form.cleaned_data["lines"]
        attempt(
            request,
            lambda: actions.declare_conflicts(reviewer, lines=lines, by=request.viewer),
            "Your conflicts are declared.",
        )
        return to(request, "desk")
    return render(request, "reviews/conflicts.html", {"form": form, "reviewer": reviewer, "verdict": verdict})


@methods("GET", "POST")
@takes("page")
@reviewers_only
@never_cache
@open_to_watchers
def bids(request: HttpRequest) -> HttpResponse:
    """Titles and abstracts of papers without conflict, each with a wish."""
    reviewer = member_or_404(request)
    verdict = may_bid(request.viewer, reviewer)
    page, query = page_of(request, biddable(request.viewer) if verdict else Submission.objects.none(), 50)
    papers, own = list(page.object_list), bids_of(request.viewer, reviewer)
    form = BidsForm(request.POST or None, papers=papers, bids=own)
    if request.method == "POST" and form.is_valid():
        attempt(request, lambda: _keep_bids(request, reviewer, form), "Your bids are saved.")
        return to(request, "bids", query=request.GET.urlencode())
    rows = [(paper, form[f"bid-{paper.public_id}"]) for paper in papers]
    context = {
        "verdict": verdict,
        "rows": rows,
        "page": page,
        "query": query,
        "form": form,
        "reviewer": reviewer,
        "placed": len(own),
        "enough": min(_BIDS_FOR_EACH * reviewer.load, page.paginator.count),
    }
    return render(request, "reviews/bids.html", context)


def _keep_bids(request: HttpRequest, reviewer: Reviewer, form: BidsForm) -> None:
    actions.place_bids(reviewer, form.levels(), by=request.viewer)
    for submission in biddable(request.viewer).filter(public_id__in=form.conflicts()):
        actions.declare_on_paper(submission, by=request.viewer)
        messages.info(request, f"“{submission.title}” is off your list.")
