"""Who still owes the committee something, before or after which date: asked when a reminder goes out.

A reminder to a reviewer names a paper in its address alone, and only where it is the one that is left: who is in
conflict with it does not meet that mail in the outbox.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse

from ml4rs.editions.models import Extension, Milestone, Role
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.links import absolute
from ml4rs.notifications.registry import DIGEST, OVERDUE, Audience, Circle, Concerned, Granted, Owed, Recipient
from reviews.actions.committee import invitation_link
from reviews.models import Assignment, Review, Reviewer
from reviews.queries.dates import URGENT
from submissions.models import Submission
from submissions.reminding import concerned, in_scope, owed, recipient_of, speaking_for

_DAY = timedelta(days=1)
_CHASED = ("reviews.chased",)


# --- Reviews ----------------------------------------------------------------------------------------------


def not_started(due: Milestone, now: datetime) -> Iterator[Owed]:
    """Reviewers with unfinished reviews none of which they have begun. Two queries."""
    for reviewer, rows in _unfinished(due, now).items():
        if not any(row.has_draft for row in rows):
            yield _owed(reviewer, rows, "Write your review", "Write your reviews")


def with_drafts(due: Milestone, now: datetime) -> Iterator[Owed]:
    """Reviewers with unfinished reviews some of which they have begun. Two queries."""
    for reviewer, rows in _unfinished(due, now).items():
        if any(row.has_draft for row in rows):
            yield _owed(reviewer, rows, "Finish your review", "Finish your reviews")


def overdue(due: Milestone, now: datetime) -> Iterator[Owed]:
    """Reviewers with unfinished reviews, whether begun or not. Two queries."""
    for reviewer, rows in _unfinished(due, now, urgent_until=now).items():
        yield _owed(reviewer, rows, "Finish your review", "Finish your reviews")


def urgent(now: datetime) -> Iterator[Owed]:
    """Reviewers with an unfinished review that has a date of its own, for each such review. One query."""
    rows = _open_assignments().filter(due_at__gt=now).select_related("reviewer__user", "reviewer__edition")
    for row in rows.order_by("pk"):
        own_date = {"due": row.due_at, "date": URGENT, "edition": row.reviewer.edition}
        owed_for_it = _owed(row.reviewer, [row], "Write your urgent review", "", **own_date)
        yield replace(owed_for_it, about=row.public_id)


def extended(now: datetime) -> Iterator[Owed]:
    """Reviewers who were given more time and have unfinished reviews. One query, two more where there are any."""
    granted = Extension.objects.filter(milestone__kind=Milestone.Kind.REVIEW, until__gt=now)
    granted = granted.exclude(until__lte=F("milestone__instant"))
    by_reviewer = {each.about: each for each in granted.select_related("milestone__edition")}
    if not by_reviewer:
        return
    rows = _open_assignments().filter(reviewer__public_id__in=by_reviewer)
    for reviewer, own in _by_reviewer(rows).items():
        found = by_reviewer[reviewer.public_id]
        own_date = {"due": found.until, "date": "Your own date for reviews", "edition": reviewer.edition}
        yield _owed(reviewer, own, "Finish your review", "Finish your reviews", **own_date)


def _open_assignments() -> QuerySet[Assignment]:
    return (
        Assignment.objects.active()
        .filter(submission__state=Submission.State.SUBMITTED, submission__released_at__isnull=True)
        .filter(reviewer__state=Reviewer.State.ACCEPTED)
        .exclude(review__state=Review.State.SUBMITTED)
        .annotate(has_draft=Q(review__isnull=False))
    )


def _unfinished(
    due: Milestone, now: datetime, *, urgent_until: datetime | None = None
) -> dict[Reviewer, list[Assignment]]:
    """Open assignments of papers whose date this is, by reviewer; without those who were given more time.

    Urgent ones have another date, and are among them only if that is over.
    """
    given = Extension.objects.filter(milestone__edition=due.edition_id, milestone__kind=due.kind, until__gt=now)
    later = given.filter(until__gt=due.instant).values("about")
    as_others = Q(due_at__isnull=True)
    if urgent_until is not None:
        as_others |= Q(due_at__lte=urgent_until)
    rows = _open_assignments().filter(as_others, submission__in=in_scope(due).values("pk"))
    return _by_reviewer(rows.exclude(reviewer__public_id__in=later))


def _by_reviewer(rows: QuerySet[Assignment]) -> dict[Reviewer, list[Assignment]]:
    found: dict[Reviewer, list[Assignment]] = defaultdict(list)
    for row in rows.select_related("reviewer__user", "reviewer__edition").order_by("reviewer", "pk"):
        found[row.reviewer].append(row)
    return found


def _owed(reviewer: Reviewer, rows: list[Assignment], one: str, several: str, **values) -> Owed:
    slug = reviewer.edition.slug
    is_one = len(rows) == 1
    return Owed(
        Recipient(reviewer.user.email, str(reviewer.user), reviewer.user),
        about=reviewer.public_id,
        url=absolute("reviews:review", slug, rows[0].public_id) if is_one else absolute("reviews:desk", slug),
        what=one if is_one else several,
        papers=frozenset(row.submission_id for row in rows),
        **values,
    )


# --- Authors who may respond ------------------------------------------------------------------------------


def may_still_answer(due: Milestone, now: datetime) -> Iterator[Owed]:
    """Corresponding authors of papers whose reviews are shown, and who have sent no response. Two queries."""
    yield from _unanswered_papers(in_scope(due), now)


def answer_later(now: datetime) -> Iterator[Owed]:
    """The same of papers that were given more time for it. One query, two more where there are any."""
    kind = Milestone.Kind.RESPONSE
    found = Extension.objects.filter(milestone__kind=kind, until__gt=now).exclude(until__lte=F("milestone__instant"))
    by_paper = {each.about: each for each in found.select_related("milestone__edition")}
    papers = Submission.objects.filter(public_id__in=by_paper).select_related("edition", "track")
    for each in _unanswered_papers(papers, now) if by_paper else ():
        own = by_paper[each.about]
        date = f"{own.milestone.title}, extended for this paper"
        yield replace(each, due=own.until, date=date, edition=own.milestone.edition)


def _unanswered_papers(papers: QuerySet[Submission], now: datetime) -> Iterator[Owed]:
    waiting = shown_for_response(papers, now).exclude(response__sent_at__isnull=False)
    for paper in waiting:
        url = absolute("reviews:respond", paper.edition.slug, paper.public_id)
        for author in speaking_for(paper):
            yield owed(paper, recipient_of(author), f"Answer the reviews of “{paper.title}”", url=url)


def shown_for_response(papers: QuerySet[Submission], now: datetime) -> QuerySet[Submission]:
    """Papers under review whose authors read the reviews, with their authors."""
    undecided = papers.filter(state=Submission.State.SUBMITTED, released_at__isnull=True)
    return undecided.filter(track__has_author_response=True, reviews_shown_at__lte=now).prefetch_related(
        "authorships__user"
    )


def who_may_answer(due: Milestone, now: datetime) -> Iterator[Concerned]:
    """All authors of papers whose reviews are shown. Two queries."""
    for paper in shown_for_response(in_scope(due), now):
        yield from concerned(paper, map(recipient_of, paper.authorships.all()))


# --- The committee ----------------------------------------------------------------------------------------


def owing_answers(due: Milestone, now: datetime) -> Iterator[Owed]:
    """Those invited who have not answered. One query."""
    waiting = Reviewer.objects.filter(edition=due.edition_id, state=Reviewer.State.INVITED)
    for reviewer in waiting.select_related("edition", "user"):
        yield Owed(
            Recipient(reviewer.email, reviewer.name, reviewer.user),
            about=reviewer.public_id,
            url=invitation_link(reviewer),
            what="Answer the invitation to the programme committee",
        )


def owing_bids(due: Milestone, now: datetime) -> Iterator[Owed]:
    """Members who have bid on nothing while bidding is open. One query."""
    silent = Reviewer.objects.filter(edition=due.edition_id, state=Reviewer.State.ACCEPTED, bids__isnull=True)
    for reviewer in silent.select_related("edition", "user"):
        yield Owed(
            Recipient(reviewer.user.email, str(reviewer.user), reviewer.user),
            about=reviewer.public_id,
            url=absolute("reviews:bids", reviewer.edition.slug),
            what="Say which papers you would like to review",
        )


# --- When a date moves ------------------------------------------------------------------------------------


def members(due: Milestone, now: datetime) -> Iterator[Concerned]:
    """Who has accepted to review. One query."""
    accepted = Reviewer.objects.filter(edition=due.edition_id, state=Reviewer.State.ACCEPTED)
    for reviewer in accepted.select_related("user", "edition"):
        person = Recipient(reviewer.user.email, str(reviewer.user), reviewer.user)
        yield Concerned(person, absolute("reviews:desk", reviewer.edition.slug))


def granted(viewer: Viewer) -> Iterator[Granted]:
    """Members who were given more time. Two queries."""
    found = Extension.objects.filter(milestone__edition=viewer.edition, milestone__kind=Milestone.Kind.REVIEW)
    by_reviewer = {each.about: each for each in found}
    members = Reviewer.objects.filter(edition=viewer.edition, public_id__in=by_reviewer).select_related("user")
    for reviewer in members:
        each = by_reviewer[reviewer.public_id]
        url = reverse("reviews:more_time", args=[viewer.edition.slug, reviewer.public_id])
        yield Granted(each.milestone_id, f"{reviewer}", each.until, each.reason, url)


# --- Organisers -------------------------------------------------------------------------------------------


def too_few_reviews(due: Milestone, now: datetime) -> Iterator[Owed]:
    """Each organiser with the papers that still lack reviews, none of those with which they are in conflict.

    One query, and two for each organiser.
    """
    organisers = Role.objects.filter(edition=due.edition_id, name=Role.Name.ORGANISER, user__is_active=True)
    for role in organisers.select_related("user", "edition"):
        papers = _lacking(Viewer.of(role.user, role.edition, now), due)
        if not papers:
            continue
        many = f"{len(papers)} papers have" if len(papers) > 1 else "1 paper has"
        yield Owed(
            Recipient(role.user.email, role.user.name, role.user),
            about=role.public_id,
            url=absolute("reviews:progress", role.edition.slug),
            what=f"{many} too few reviews",
            more=tuple(_lack_in_words(paper) for paper in papers),
            papers=frozenset(paper.pk for paper in papers),
            names_papers=True,
        )


def _lacking(viewer: Viewer, due: Milestone) -> list[Submission]:
    is_in = Q(assignments__state=Assignment.State.ACTIVE, assignments__review__state=Review.State.SUBMITTED)
    lacking = (
        in_scope(due)
        .filter(state=Submission.State.SUBMITTED, track__is_reviewed=True, released_at__isnull=True)
        .annotate(reviews_in=Count("assignments", filter=is_in, distinct=True))
        .filter(reviews_in__lt=F("track__reviews_per_paper"))
        .order_by("number")
    )
    seen = Submission.objects.seen_by(viewer).filter(is_chair=True).order_by().values("pk")
    return list(lacking.filter(pk__in=seen))


def _lack_in_words(paper: Submission) -> str:
    return f"Paper {paper.number}: {paper.reviews_in} of {paper.track.reviews_per_paper}"


_CANNOT = "If you cannot review a paper, decline it on its page now, so that somebody else can."

_NO_NEED = "No response is needed; if the reviews speak for themselves, you need not do anything."

AUDIENCES = [
    Audience(
        "reviews.unanswered",
        "Invited reviewers without an answer",
        Milestone.Kind.SUBMISSION,
        owing_answers,
        reviewed_only=True,
        counts=("reviews.invitation", "reviews.invitation_reminder"),
        way_out="The same page lets you say no.",
    ),
    Audience(
        "reviews.no_bids",
        "Committee members without bids",
        Milestone.Kind.BIDDING,
        owing_bids,
        way_out="Without bids, papers are matched to what you work on.",
    ),
    Audience(
        "reviews.not_started",
        "Reviewers who have begun no review",
        Milestone.Kind.REVIEW,
        not_started,
        offsets=(7 * _DAY, 3 * _DAY, _DAY),
        counts=_CHASED,
        way_out=_CANNOT,
    ),
    Audience(
        "reviews.drafts",
        "Reviewers with an unfinished draft",
        Milestone.Kind.REVIEW,
        with_drafts,
        counts=_CHASED,
        way_out=_CANNOT,
    ),
    Audience(
        "reviews.overdue",
        "Reviewers with overdue reviews",
        Milestone.Kind.REVIEW,
        overdue,
        event=OVERDUE,
        offsets=(-_DAY, -3 * _DAY, -5 * _DAY),
        after=True,
        counts=_CHASED,
        way_out=_CANNOT,
    ),
    Audience(
        "reviews.urgent",
        "Reviewers of a paper with a date of its own",
        Milestone.Kind.REVIEW,
        offsets=(_DAY,),
        dated=urgent,
        counts=_CHASED,
        way_out=_CANNOT,
    ),
    Audience(
        "reviews.extended",
        "Reviewers who were given more time",
        Milestone.Kind.REVIEW,
        offsets=(_DAY,),
        dated=extended,
        counts=_CHASED,
        way_out=_CANNOT,
    ),
    Audience(
        "reviews.response",
        "Authors who may answer reviews and have not",
        Milestone.Kind.RESPONSE,
        may_still_answer,
        offsets=(_DAY,),
        reviewed_only=True,
        way_out=_NO_NEED,
    ),
    Audience(
        "reviews.response_extended",
        "Authors who were given more time to answer reviews",
        Milestone.Kind.RESPONSE,
        offsets=(_DAY,),
        dated=answer_later,
        way_out=_NO_NEED,
    ),
    Audience(
        "reviews.too_few",
        "Organisers, of papers with too few reviews (once a day)",
        Milestone.Kind.REVIEW,
        too_few_reviews,
        event=DIGEST,
        offsets=(_DAY, *(-day * _DAY for day in range(7))),
        after=True,
    ),
]

CIRCLES = [
    Circle(
        "The programme committee",
        frozenset([Milestone.Kind.BIDDING]),
        members,
        meaning="Until then you can say which papers you would like to review.",
    ),
    Circle(
        "The programme committee",
        frozenset([Milestone.Kind.REVIEW]),
        members,
        meaning="Reviews are due then; if yours are in, you need not do anything.",
    ),
    Circle(
        "Authors who may answer reviews",
        frozenset([Milestone.Kind.RESPONSE]),
        who_may_answer,
        meaning="Until then you can answer the reviews of your paper.",
    ),
]
