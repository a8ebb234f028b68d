"""Organisers see who reviews what, and give papers to reviewers by hand."""

from bisect import bisect_left
from functools import partial

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods, takes
from ml4rs.editions.views.lists import export
from ml4rs.jobs.models import Job
from reviews import actions
from reviews.forms import UrgentForm
from reviews.models import Affinity, Assignment, Reviewer
from reviews.queries import committee as committee_queries
from reviews.queries import papers as queries
from reviews.queries import proposals
from reviews.queries.searching import searched
from reviews.views.shared import chairs_only, chairs_paper_or_404, chosen, page_of, to


@methods("GET")
@takes("q", "track", "reviews", "colleagues", "sort", "page", "format")
@chairs_only
def assignments(request: HttpRequest) -> HttpResponse:
    """Papers with their reviewers, and the proposals."""
    values = chosen(request)
    viewer = request.viewer
    rows, complaint = searched(viewer, queries.narrowed(queries.judged(viewer), values), values["q"])
    if kind := values["format"]:
        if complaint:
            raise BadRequest(complaint)
        return export(request, kind, f"{viewer.edition.slug}-assignments", _exported(viewer, list(rows)))
    page, query = page_of(request, rows)
    found = list(page.object_list)
    seats = queries.seats(viewer, [paper.pk for paper in found])
    context = {
        "page": page,
        "query": query,
        "chosen": values,
        "complaint": complaint,
        "rows": [(paper, [seat for seat in seats[paper.pk] if seat.is_active]) for paper in found],
        "tracks": queries.reviewed_tracks(viewer),
        "runs": proposals.runs(viewer),
        "job": _job(request),
        "undeclared": committee_queries.undeclared(viewer.edition),
    }
    return render(request, "reviews/assignments.html", context)


def _exported(viewer, papers: list) -> list[dict]:
    seats = queries.seats(viewer, [paper.pk for paper in papers])
    return [
        {
            "paper": paper.number,
            "title": paper.title,
            "reviewer": seat.reviewer,
            "pseudonym": seat.pseudonym,
            "review": seat.review_state,
            "reason": seat.reason,
        }
        for paper in papers
        for seat in seats[paper.pk]
        if seat.is_active
    ]


def _job(request: HttpRequest) -> Job | None:
    """The viewer's own latest search for an assignment, while it runs or when it failed."""
    own = Job.objects.filter(edition=request.viewer.edition, kind="reviews.assign", requested_by=request.viewer.user)
    latest = own.first()
    return latest if latest and latest.state in (Job.State.QUEUED, Job.State.RUNNING, Job.State.FAILED) else None


@methods("GET", "POST")
@chairs_only
def assign(request: HttpRequest, pid: str) -> HttpResponse:
    """Choose a reviewer for one paper by hand: closeness and load stand beside each name."""
    paper = chairs_paper_or_404(request, pid)
    if request.method == "POST":
        reviewer = (
            Reviewer.objects.filter(edition=request.viewer.edition, public_id=request.POST.get("reviewer", ""))
            .select_related("edition", "user")
            .first()
        )
        urgent = UrgentForm(request.POST)
        if reviewer is None:
            messages.error(request, "Choose a reviewer.")
        elif not urgent.is_valid():
            messages.error(request, "The date could not be read. Nobody was assigned.")
        else:
            due_at, by = urgent.instant(), request.viewer
            verb = partial(actions.assign, paper, reviewer, by=by, due_at=due_at)
            attempt(request, verb, f"{reviewer} reviews this paper.")
        return to(request, "paper", pid)
    context = {"paper": paper, "candidates": _candidates(request, paper), "urgent": UrgentForm()}
    return render(request, "reviews/assign.html", context)


def _candidates(request: HttpRequest, paper) -> list[dict]:
    """Everybody on the committee, best first: who can't, and why. Seven queries."""
    scores = dict(Affinity.objects.filter(submission=paper.pk).values_list("reviewer_id", "score"))
    bids = dict(paper.bids.values_list("reviewer_id", "level"))
    there = set(Assignment.objects.active().filter(submission=paper.pk).values_list("reviewer_id", flat=True))
    barred = set(paper.conflicts.filter(dismissed_at__isnull=True).values_list("user_id", flat=True))
    known, rows = sorted(scores.values()), []
    for load in queries.loads(request.viewer):
        reviewer = load.reviewer
        obstacle = ""
        if reviewer.pk in there:
            obstacle = "reviews this paper"
        elif reviewer.user_id in barred:
            obstacle = "in conflict"
        elif reviewer.conflicts_declared_at is None:
            obstacle = "has not declared conflicts"
        score = scores.get(reviewer.pk)
        rows.append(
            {
                "load": load,
                "score": score,
                "closer_than": None if score is None else 100 * bisect_left(known, score) // len(known),
                "bid": bids.get(reviewer.pk),
                "obstacle": obstacle,
            }
        )
    return sorted(rows, key=_best_first)


def _best_first(row: dict) -> tuple:
    """Whoever offered to step in stands with those who have room, since one paper more is what they offered."""
    load = row["load"]
    is_full = load.is_full and not load.steps_in
    return bool(row["obstacle"]), is_full, -(row["score"] or 0)


@methods("POST")
@chairs_only
def unassign(request: HttpRequest, assignment_pid: str) -> HttpResponse:
    """Take a paper back from a reviewer."""
    rows = Assignment.objects.seen_by(request.viewer).filter(is_chairs=True, public_id=assignment_pid)
    assignment = rows.select_related("submission", "reviewer").first()
    if assignment is None:
        raise Http404
    attempt(
        request, lambda: actions.unassign(assignment, by=request.viewer), f"{assignment.reviewer} is off this paper."
    )
    return to(request, "paper", assignment.submission.public_id)
