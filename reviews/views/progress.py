"""Organisers follow the reviews: who is how far, and what was written on a paper."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ml4rs.audit.actions import record
from ml4rs.editions.models import Milestone
from ml4rs.editions.queries import milestone
from ml4rs.editions.viewer import Viewer
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods, open_to_watchers, takes
from ml4rs.editions.views.lists import export
from reviews import actions
from reviews.forms import PaperConflictForm
from reviews.models import Decision, Exclusion, Rating
from reviews.policy import may_ask_for_meta_review
from reviews.queries import papers as queries
from reviews.queries.delegating import delegations_of
from reviews.queries.rating import mean_grades, ratings_of
from reviews.queries.responding import response_of
from reviews.queries.reviews import ReviewView, reviews_of
from reviews.queries.statistics import statistics as statistics_of
from reviews.queries.summing import meta_review_of
from reviews.queries.tagging import tags_on
from reviews.views.shared import chairs_only, chairs_paper_or_404, chosen, organisers_only, page_of, to
from submissions.models import Submission


@methods("GET")
@takes("only", "page", "format")
@organisers_only
@open_to_watchers
def progress(request: HttpRequest) -> HttpResponse:
    """Reviewers with what they still owe, late ones first."""
    values = chosen(request)
    viewer = request.viewer
    rows = sorted(queries.loads(viewer), key=lambda load: (-load.late, -load.unfinished, str(load.reviewer)))
    due_rows = [load for load in rows if load.unfinished]
    totals = {"assigned": sum(r.assigned for r in rows), "submitted": sum(r.submitted for r in rows)}
    if values["only"] == "unfinished":
        rows = due_rows
    if kind := values["format"]:
        grades = mean_grades(viewer)
        return export(request, kind, f"{viewer.edition.slug}-reviewers", [_exported(row, grades) for row in rows])
    page, query = page_of(request, rows)
    grades = mean_grades(viewer)
    context = {
        "page": page,
        "rows": [(row, grades.get(row.reviewer.pk)) for row in page.object_list],
        "query": query,
        "chosen": values,
        "totals": totals,
        "unfinished": len(due_rows),
        "late": sum(row.late for row in rows),
        "due": milestone(viewer.edition, Milestone.Kind.REVIEW),
    }
    return render(request, "reviews/progress.html", context)


def _exported(row: queries.Load, grades: dict[int, float]) -> dict:
    return {
        "reviewer": row.reviewer.name,
        "email": row.reviewer.email,
        "load": row.reviewer.load,
        "assigned": row.assigned,
        "submitted": row.submitted,
        "late": row.late,
        "usefulness": round(grades[row.reviewer.pk], 2) if row.reviewer.pk in grades else "",
    }


@methods("GET")
@takes("track")
@organisers_only
@never_cache
def statistics(request: HttpRequest) -> HttpResponse:
    """The committee's work in pictures, each with its table."""
    values, viewer = chosen(request), request.viewer
    context = {
        "found": statistics_of(viewer, values["track"]),
        "chosen": values,
        "tracks": queries.reviewed_tracks(viewer),
    }
    return render(request, "reviews/statistics.html", context)


@methods("POST")
@chairs_only
def rate(request: HttpRequest, pid: str, review_pid: str) -> HttpResponse:
    """How useful a review was, privately."""
    submission = chairs_paper_or_404(request, pid)
    given, note = request.POST.get("grade", ""), request.POST.get("note", "").replace("\0", "")
    grade = int(given) if given.isascii() and given.isdigit() and len(given) < 3 else None
    verb = partial(actions.rate, submission, review_pid, grade=grade, note=note, by=request.viewer)
    attempt(request, verb, "Noted. Only organisers without conflict see it.")
    return to(request, "paper", pid)


@methods("POST")
@organisers_only
def chase(request: HttpRequest) -> HttpResponse:
    """Write to those with unfinished reviews: those ticked, or all."""
    number = actions.chase(by=request.viewer, reviewers=request.POST.getlist("reviewer"))
    messages.success(request, f"Reminded: {number}. Nobody gets more than one reminder a day.")
    return to(request, "progress")


@methods("GET")
@chairs_only
@never_cache
@open_to_watchers
def paper(request: HttpRequest, pid: str) -> HttpResponse:
    """One paper for organisers: its reviewers, their reviews, and its conflicts."""
    submission = chairs_paper_or_404(request, pid)
    conflicts = list(submission.conflicts.select_related("user").order_by("user__name", "kind"))
    delegations = delegations_of(submission)
    if conflicts or any(each.remarks for each in delegations):  # their reasons name authors
        record("submission.authors_read", by=request.viewer, subject=submission, submission_id=submission.pk)
    context = {
        "submission": submission,
        "seats": queries.seats(request.viewer, [submission.pk])[submission.pk],
        "reviews": _with_ratings(request.viewer, submission),
        "grades": Rating.Grade.choices,
        "response": response_of(request.viewer, submission),
        "meta": meta_review_of(request.viewer, submission),
        "may_ask": may_ask_for_meta_review(submission),
        "decision": Decision.objects.seen_by(request.viewer, paper=submission).first(),
        "conflicts": conflicts,
        "delegations": delegations,
        "excluded": Exclusion.objects.seen_by(request.viewer, paper=submission).filter(submission=submission.pk),
        "tags": tags_on(request.viewer, [submission.pk])[submission.pk],
        "is_under_review": submission.state == Submission.State.SUBMITTED,
        "form": PaperConflictForm(),
    }
    return render(request, "reviews/paper.html", context)


def _with_ratings(viewer: Viewer, submission: Submission) -> list[ReviewView]:
    """The reviews, each with what organisers think of it and whether this one may say so. Three queries."""
    ratings, found = ratings_of(viewer, submission), reviews_of(viewer, submission)
    for each in found:
        each.rating, each.may_be_rated = ratings.get(each.public_id), not each.is_own
    return found
