"""Awards as organisers, voters and the public see them."""

from dataclasses import dataclass

from django.db.models import Avg, Count, F, QuerySet

from ml4rs.editions.models import Edition
from ml4rs.editions.viewer import Viewer
from reviews.models import Award, AwardCandidate, Ballot, Mark
from reviews.queries.papers import judged
from submissions.models import Submission

_SUGGESTED = 10


def awards_of(edition: Edition) -> QuerySet[Award]:
    """The awards of an edition; that there is one is no secret among organisers. One query."""
    return Award.objects.filter(edition=edition).select_related("track", "edition")


def award_or_none(viewer: Viewer, public_id: str) -> Award | None:
    return awards_of(viewer.edition).filter(public_id=public_id).first()


def suggested(viewer: Viewer, award: Award) -> list[Submission]:
    """The best scores among accepted papers that are no candidates yet, of those without conflict. One query."""
    rows = judged(viewer).filter(decided=Submission.Outcome.ACCEPTED)
    if award.track_id is not None:
        rows = rows.filter(track=award.track_id)
    there = AwardCandidate.objects.filter(award=award).values("submission")
    return list(rows.exclude(pk__in=there).order_by(F("mean").desc(nulls_last=True), "number")[:_SUGGESTED])


@dataclass(frozen=True)
class Standing:
    """A candidate with its points, while voting is open without them: nobody votes for who is ahead."""

    candidate: AwardCandidate
    mean: float | None
    votes: int | None


def standings(viewer: Viewer, award: Award) -> list[Standing]:
    """Candidates without conflict, the best mean of points first. One query.

    The mean is over those who gave points, since whoever is in conflict with a candidate gives it none.
    """
    rows = AwardCandidate.objects.seen_by(viewer).filter(award=award, is_chairs=True)
    rows = rows.select_related("submission__track").annotate(mean=Avg("marks__points"), votes=Count("marks"))
    if award.state == Award.State.VOTING:
        return [Standing(row, None, None) for row in rows.order_by("submission__number")]
    ordered = rows.order_by(F("mean").desc(nulls_last=True), "-votes", "submission__number")
    return [Standing(row, row.mean, row.votes) for row in ordered]


@dataclass(frozen=True)
class Choice:
    """A candidate on a ballot, with the points that its voter gave."""

    candidate: AwardCandidate
    points: int | None


def ballot_of(viewer: Viewer, award: Award) -> list[Choice]:
    """What the viewer may vote on, by title. Two queries."""
    given = Mark.objects.filter(ballot__award=award, ballot__voter=viewer.user).values_list("candidate", "points")
    mine = dict(given)
    rows = AwardCandidate.objects.seen_by(viewer).filter(award=award).select_related("submission__track")
    return [Choice(row, mine.get(row.pk)) for row in rows.order_by("submission__title", "pk")]


def ballots_cast(award: Award) -> int:
    return Ballot.objects.filter(award=award).count()


def votes_due(viewer: Viewer) -> list[tuple[Award, bool]]:
    """Awards on which the viewer can vote now, and whether they have. One query, two where there are any."""
    rows = awards_of(viewer.edition).filter(state=Award.State.VOTING)
    if not viewer.is_organiser:
        rows = rows.filter(committee_votes=True)
    found = list(rows)
    own = Ballot.objects.filter(award__in=found, voter=viewer.user)
    mine = set(own.values_list("award", flat=True)) if found else ()
    return [(award, award.pk in mine) for award in found]


def winners(viewer: Viewer) -> list[AwardCandidate]:
    """Who won what, of announced awards and public papers. One query."""
    public = Submission.objects.seen_by(viewer).filter(is_public=True).order_by().values("pk")
    rows = AwardCandidate.objects.filter(
        award__edition=viewer.edition, award__state=Award.State.ANNOUNCED, wins=True, submission__in=public
    )
    return list(rows.select_related("award", "submission").order_by("award__created_at", "submission__title"))
