"""Organisers have assignments worked out, look at them, compare and change them, and apply one."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods, takes
from ml4rs.editions.views.lists import export
from ml4rs.notifications.batches import batch_seen_by
from reviews import actions
from reviews.models import AssignmentRun, Reviewer
from reviews.proposal_form import ProposalForm
from reviews.proposing.aims import LOTTERY
from reviews.proposing.parameters import Parameters
from reviews.queries import choosing, pictures
from reviews.queries import proposals as queries
from reviews.queries.integrity import report
from reviews.queries.papers import reviewed_tracks
from reviews.views.shared import organisers_only, page_of, to
from submissions.models import Submission

_MOST_COMPARED = 4


@methods("GET", "POST")
@organisers_only
def propose(request: HttpRequest) -> HttpResponse:
    """Say what is wanted, as last time unless changed, and start the search in the background."""
    viewer = request.viewer
    latest = AssignmentRun.objects.filter(edition=viewer.edition).only("parameters").first()
    before = Parameters.of(latest.parameters if latest else {})
    tracks = reviewed_tracks(viewer)
    seniors = Reviewer.objects.filter(edition=viewer.edition, state=Reviewer.State.ACCEPTED, is_senior=True).count()
    initial = ProposalForm.initial_of(before)
    form = ProposalForm(request.POST or None, tracks=tracks, has_seniors=seniors > 0, initial=initial)
    if request.method == "POST" and form.is_valid():
        asked = form.asked()
        words = " The hash of the draw's seed is in the log." if asked.aim == LOTTERY else ""
        verb = partial(actions.ask_for_proposal, viewer.edition, by=viewer, asked=asked)
        if attempt(request, verb, f"Looking for an assignment. You may leave this page.{words}"):
            return to(request, "assignments")
    return render(request, "reviews/propose.html", {"form": form, "seniors": seniors})


def _run_or_404(request: HttpRequest, run_pid: str) -> AssignmentRun:
    run = AssignmentRun.objects.filter(edition=request.viewer.edition, public_id=run_pid).first()
    if run is None:
        raise Http404
    return run


@methods("GET", "POST")
@takes("page", "format", "what")
@organisers_only
def run(request: HttpRequest, run_pid: str) -> HttpResponse:
    """A proposal: coverage, loads, why each reviewer, who would come instead; apply it or put it aside."""
    found = _run_or_404(request, run_pid)
    if request.method == "POST":
        _settle(request, found)
        return to(request, "run", run_pid)
    proposal = queries.proposal(request.viewer, found)
    if kind := request.GET.get("format"):
        return _exported(request, proposal, kind)
    page, query = page_of(request, proposal.pairs, 100)
    context = {
        "proposal": proposal,
        "run": found,
        "page": page,
        "query": query,
        "figures": proposal.figures,
        "histogram": pictures.histogram(proposal),
        "loads_chart": pictures.loads(proposal),
        "held": _held(request, found),
        "others": [each for each in queries.runs(request.viewer) if each.pk != found.pk],
        "most_compared": _MOST_COMPARED - 1,
    }
    return render(request, "reviews/run.html", context)


def _held(request: HttpRequest, found: AssignmentRun) -> int:
    """How many of its mails still wait, as far as this organiser may know. One query where there were any."""
    batch = batch_seen_by(request.viewer, found.mails) if found.mails else None
    return batch.held if batch else 0


def _settle(request: HttpRequest, found: AssignmentRun) -> None:
    by, verb = request.viewer, request.POST.get("verb")
    if verb == "discard":
        attempt(request, lambda: actions.discard_run(found, by=by), "The proposal is put aside.")
    elif verb == "write":
        attempt(request, lambda: actions.write_to_reviewers(found, by=by), "The reviewers are written to now.")
    elif verb == "hold":
        words = "Applied. The mails to the reviewers are held until you release them here or under Mail."
        attempt(request, lambda: actions.apply_run(found, by=by, hold_mails=True), words)
    else:
        words = "Applied. Every reviewer of these papers gets one mail."
        attempt(request, lambda: actions.apply_run(found, by=by), words)


def _exported(request: HttpRequest, proposal: queries.Proposal, kind: str) -> HttpResponse:
    """Pairs, or with `what=scores` those of all possible pairs, as the command that assigns from files reads them.

    Raises:
        BadRequest: another `what`.
    """
    name = f"{request.viewer.edition.slug}-proposal"
    if request.GET.get("what") == "scores":
        papers = {key: str(paper.number) for key, paper in proposal.papers.items()}
        people = {key: person.public_id for key, person in proposal.people.items()}
        rows = [
            {"paper_id": papers[paper], "reviewer_id": people[person], "score": f"{score:.6f}"}
            for (paper, person), score in proposal.scores.lookup().items()
            if person in people
        ]
        return export(request, kind, f"{name}-scores", rows)
    if request.GET.get("what"):
        raise BadRequest("Pairs or scores can be exported.")
    rows = [
        {
            "paper": pair.submission.number,
            "title": pair.submission.title,
            "reviewer": str(pair.reviewer),
            "score": pair.score,
            "why": pair.reason,
            "instead": str(pair.instead or ""),
            "cost": pair.cost,
        }
        for pair in proposal.pairs
    ]
    return export(request, kind, name, rows)


@methods("GET")
@organisers_only
def run_map(request: HttpRequest, run_pid: str) -> HttpResponse:
    """Papers and people in two dimensions."""
    proposal = queries.proposal(request.viewer, _run_or_404(request, run_pid))
    return render(request, "reviews/run_map.html", {"proposal": proposal, "map": pictures.map_of(proposal)})


@methods("GET")
@takes("run")
@organisers_only
def compare(request: HttpRequest) -> HttpResponse:
    """Proposals side by side, measured by the scores of the first one."""
    asked = request.GET.getlist("run")[:_MOST_COMPARED]
    rows = AssignmentRun.objects.filter(edition=request.viewer.edition).select_related("created_by")
    known = {each.public_id: each for each in rows.filter(public_id__in=asked)}
    chosen = [known[pid] for pid in dict.fromkeys(asked) if pid in known]
    if len(chosen) < 2:
        messages.error(request, "Choose at least two proposals to compare.")
        return to(request, "assignments")
    found = queries.compared(request.viewer, chosen)
    columns = list(zip(found.proposals, found.figures, strict=True))
    return render(request, "reviews/compare.html", {"comparison": found, "columns": columns})


@methods("GET", "POST")
@organisers_only
def change(request: HttpRequest, run_pid: str, pid: str) -> HttpResponse:
    """Change by hand who reviews a paper in a proposal; what it does to the figures is shown before it is done."""
    found = _run_or_404(request, run_pid)
    proposal = queries.proposal(request.viewer, found)
    paper = next((each for each in proposal.papers.values() if each.public_id == pid), None)
    if paper is None:
        raise Http404
    goes, comes = _chosen(request, "goes"), _chosen(request, "comes")
    if request.method == "POST" and request.POST.get("verb") != "preview":
        verb = partial(actions.change_run, found, _as_chair(request, paper), goes=goes, comes=comes, by=request.viewer)
        attempt(request, verb, "The proposal is changed.")
        return to(request, "change_run", run_pid, pid)
    rows = choosing.candidates(request.viewer, proposal, paper)
    effect = choosing.effect(proposal, paper, goes, comes, rows) if goes or comes else None
    context = {
        "run": found,
        "paper": paper,
        "pairs": proposal.on(paper.pk),
        "candidates": rows,
        "figures": proposal.figures,
        "effect": effect,
        "goes": goes,
        "comes": comes,
        "wanted": proposal.wanted.get(paper.pk, 0),
    }
    return render(request, "reviews/change_run.html", context)


def _as_chair(request: HttpRequest, paper: Submission) -> Submission:
    """The row with all that the policy asks of it."""
    rows = Submission.objects.seen_by(request.viewer).select_related("track", "edition")
    return rows.get(pk=paper.pk)


def _chosen(request: HttpRequest, name: str) -> Reviewer | None:
    """Who goes or comes, by what was ticked; None for nobody."""
    pid = request.POST.get(name, "")
    if not pid:
        return None
    return Reviewer.objects.filter(edition=request.viewer.edition, public_id=pid).select_related("user").first()


@methods("GET")
@organisers_only
def integrity(request: HttpRequest) -> HttpResponse:
    """Patterns in bids and assignments that somebody should look at."""
    return render(request, "reviews/integrity.html", {"report": report(request.viewer)})
