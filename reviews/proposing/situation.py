"""What stands before a proposal: papers, people, and what binds them."""

from collections import defaultdict
from dataclasses import dataclass, field

from ml4rs.editions.viewer import Viewer
from reviews.matching.places import places
from reviews.matching.problem import Pair, Rules
from reviews.models import Assignment, Bid, Conflict, Reviewer
from reviews.proposing.parameters import Parameters
from submissions.models import Authorship, Submission
from submissions.queries.papers import reviewable

NO_SENIORS = "Nobody on the committee counts as senior. Say who does, or leave this rule out."


@dataclass
class Situation:
    """All by position in the lists of papers and people."""

    papers: list[Submission]
    people: list[Reviewer]
    forbidden: set[Pair] = field(default_factory=set)
    locked: set[Pair] = field(default_factory=set)
    bids: dict[Pair, int] = field(default_factory=dict)
    topic_names: dict[int, str] = field(default_factory=dict)
    authors: dict[int, frozenset[int]] = field(default_factory=dict)  # paper → people who wrote it


def situation_of(viewer: Viewer, track: str = "") -> Situation:
    """Papers this organiser sees without conflict, and everybody ready to review. Eleven queries."""
    papers = reviewable(viewer).filter(is_chair=True, released_at__isnull=True).prefetch_related("topics")
    if track:
        papers = papers.filter(track__slug=track)
    ready = Reviewer.objects.filter(
        edition=viewer.edition, state=Reviewer.State.ACCEPTED, conflicts_declared_at__isnull=False
    )
    situation = Situation(list(papers), list(ready.prefetch_related("topics", "publications")))
    place_of_paper = {paper.pk: place for place, paper in enumerate(situation.papers)}
    place_of_person = {person.pk: place for place, person in enumerate(situation.people)}
    _bind(situation, place_of_paper, place_of_person)
    for bid in Bid.objects.filter(submission__in=place_of_paper, reviewer__in=place_of_person):
        situation.bids[place_of_paper[bid.submission_id], place_of_person[bid.reviewer_id]] = bid.level
    situation.topic_names = dict(viewer.edition.topics.values_list("pk", "name"))
    return situation


def _bind(situation: Situation, place_of_paper: dict[int, int], place_of_person: dict[int, int]) -> None:
    """Conflicts and given-back papers are forbidden; whoever reviews a paper keeps it."""
    place_of_user = {person.user_id: place for place, person in enumerate(situation.people)}
    conflicts = Conflict.objects.filter(
        submission__in=place_of_paper, user__in=place_of_user, dismissed_at__isnull=True
    )
    for paper, user in conflicts.values_list("submission_id", "user_id"):
        situation.forbidden.add((place_of_paper[paper], place_of_user[user]))
    rows = Assignment.objects.filter(submission__in=place_of_paper, reviewer__in=place_of_person)
    for paper, person, state in rows.values_list("submission_id", "reviewer_id", "state"):
        pair = (place_of_paper[paper], place_of_person[person])
        if state == Assignment.State.ACTIVE:
            situation.locked.add(pair)
        else:
            situation.forbidden.add(pair)
    # Found after the paper was given out: it stays where it is until an organiser looks at it.
    situation.forbidden -= situation.locked
    written = Authorship.objects.filter(submission__in=place_of_paper, user__in=place_of_user)
    authors: dict[int, set[int]] = defaultdict(set)
    for paper, user in written.values_list("submission_id", "user_id"):
        authors[place_of_paper[paper]].add(place_of_user[user])
    situation.authors = {paper: frozenset(people) for paper, people in authors.items()}


def rules_of(situation: Situation, asked: Parameters) -> Rules:
    """The rules that were asked for, as the engine knows them."""
    names = places([(person.email, person.affiliation) for person in situation.people])
    seniors = frozenset(place for place, person in enumerate(situation.people) if person.is_senior)
    return Rules(
        institutions={place: name for place, name in enumerate(names) if name} if asked.institutions else {},
        seniors=seniors if asked.seniors else frozenset(),
        authors=situation.authors if asked.reciprocal else {},
    )
