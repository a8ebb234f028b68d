"""Who could review a paper in a proposal, for a change by hand: what speaks for each, and against."""

from bisect import bisect_left
from dataclasses import dataclass

from ml4rs.editions.viewer import Viewer
from reviews.matching.places import places
from reviews.models import Bid, Conflict, Reviewer
from reviews.queries.proposals import Figures, Proposal
from submissions.models import Submission


@dataclass(frozen=True)
class Candidate:
    """`closer_than`: how many of a hundred on the committee are less close to this paper; None where unknown."""

    reviewer: Reviewer
    score: float | None
    closer_than: int | None
    bid: str
    load: int
    obstacle: str  # why they cannot come; empty where they can
    warnings: list[str]


def candidates(viewer: Viewer, proposal: Proposal, paper: Submission) -> list[Candidate]:
    """Everybody on the committee, those who can come first, the closest first. Three queries."""
    members = list(Reviewer.objects.filter(edition=viewer.edition, state=Reviewer.State.ACCEPTED))
    barred = set(
        Conflict.objects.filter(submission=paper.pk, dismissed_at__isnull=True).values_list("user_id", flat=True)
    )
    bids = dict(Bid.objects.filter(submission=paper.pk).values_list("reviewer_id", "level"))
    at = {pair.reviewer.pk for pair in proposal.on(paper.pk)}
    loads = {reviewer.pk: new + old for reviewer, new, old in proposal.loads}
    own = proposal.scores.lookup()
    scores = {member.pk: own.get((paper.pk, member.pk)) for member in members}
    known = sorted(score for score in scores.values() if score is not None)
    work = dict(zip((m.pk for m in members), places([(m.email, m.affiliation) for m in members]), strict=True))
    there = {work.get(key, "") for key in at} - {""}
    found = [
        Candidate(
            reviewer=member,
            score=scores[member.pk],
            closer_than=_closer_than(scores[member.pk], known),
            bid=Bid.Level(bids[member.pk]).label if member.pk in bids else "",
            load=loads.get(member.pk, 0),
            obstacle=_obstacle(member, member.pk in at, member.user_id in barred),
            warnings=_warnings(member, loads.get(member.pk, 0), bids.get(member.pk), work[member.pk] in there),
        )
        for member in members
    ]
    return sorted(found, key=lambda each: (bool(each.obstacle), -(each.score or 0), str(each.reviewer)))


def _closer_than(score: float | None, known: list[float]) -> int | None:
    if score is None:
        return None
    return 100 * bisect_left(known, score) // len(known)


def _obstacle(member: Reviewer, is_there: bool, is_barred: bool) -> str:
    if is_there:
        return "on this paper"
    if is_barred:
        return "in conflict"
    return "" if member.conflicts_declared_at else "has not declared conflicts"


def _warnings(member: Reviewer, load: int, bid: int | None, shares_place: bool) -> list[str]:
    said = []
    if load >= member.load:
        said.append("has as many papers as they take")
    if bid == Bid.Level.NO:
        said.append("would rather not")
    if shares_place:
        said.append("works where another reviewer of this paper does")
    return said


@dataclass(frozen=True)
class Effect:
    """A change before it is made: the figures now and then, and what to think of."""

    goes: Reviewer | None
    comes: Reviewer | None
    before: Figures
    after: Figures
    warnings: list[str]


def effect(
    proposal: Proposal, paper: Submission, goes: Reviewer | None, comes: Reviewer | None, found: list[Candidate]
) -> Effect:
    """What a change would do; one that takes the last reviewers below what the paper wants is warned of. No query."""
    warnings = [warning for each in found if comes and each.reviewer.pk == comes.pk for warning in each.warnings]
    number = len(proposal.on(paper.pk)) - bool(goes) + bool(comes)
    wanted = proposal.wanted.get(paper.pk, 0)
    if number < wanted:
        warnings.append(f"the paper has {number} of {wanted} reviewers then")
    if number > wanted:
        warnings.append(f"the paper has {number} reviewers then, and wants {wanted}")
    after = proposal.after(paper.pk, goes, comes)
    return Effect(goes, comes, proposal.figures, after, warnings)
