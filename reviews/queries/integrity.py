"""Patterns in bids and assignments that an organiser should look at, of the papers that they see without conflict."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from ml4rs.editions.viewer import Viewer
from reviews.matching import integrity as engine
from reviews.matching.places import places
from reviews.models import Affinity, Assignment, Bid, Reviewer
from submissions.models import Authorship, Submission
from submissions.queries.papers import reviewable


@dataclass(frozen=True)
class FarWish:
    reviewer: Reviewer
    paper: Submission
    closer: int  # per cent of papers that are closer to their work
    has_it: bool


@dataclass(frozen=True)
class Ring:
    """`links`: each person with the paper that they have (or want); it is by the next one."""

    links: list[tuple[Reviewer, Submission]]


@dataclass(frozen=True)
class Report:
    far_wishes: list[FarWish]
    bid_rings: list[Ring]
    review_rings: list[Ring]
    one_institution: list[tuple[Submission, str]]
    one_country: list[tuple[Submission, str]]
    bid_on_nothing: list[Reviewer]
    bid_on_one: list[Reviewer]
    bid_on_everything: list[Reviewer]

    @property
    def any(self) -> bool:
        return any(vars(self).values())


@dataclass(frozen=True, eq=False)
class _Facts:
    """Bids in favour, assignments and authors of some papers, by keys."""

    papers: dict[int, Submission]
    people: dict[int, Reviewer]
    wanted: dict[int, frozenset[int]]
    closeness: dict[int, dict[int, float]]
    reviewing: dict[int, frozenset[int]]
    written: dict[int, frozenset[int]]


def report(viewer: Viewer) -> Report:
    """Seven queries."""
    facts = _facts(viewer)
    by_paper: dict[int, list[int]] = defaultdict(list)
    for person, papers in facts.reviewing.items():
        for paper in papers:
            by_paper[paper].append(person)
    names = places([(each.email, each.affiliation) for each in facts.people.values()])
    work = dict(zip(facts.people, names, strict=True))
    countries = {key: each.user.country.name if each.user.country else "" for key, each in facts.people.items()}
    nothing, one, everything = engine.habits(facts.wanted, facts.people, len(facts.papers))
    return Report(
        far_wishes=_far_wishes(facts),
        bid_rings=_rings(facts, facts.wanted),
        review_rings=_rings(facts, facts.reviewing),
        one_institution=_in_one_place(facts, by_paper, work),
        one_country=_in_one_place(facts, by_paper, countries),
        bid_on_nothing=_named(facts, nothing) if facts.wanted else [],
        bid_on_one=_named(facts, one),
        bid_on_everything=_named(facts, everything),
    )


def _facts(viewer: Viewer) -> _Facts:
    papers = {paper.pk: paper for paper in reviewable(viewer).filter(is_chair=True).defer("abstract", "declarations")}
    rows = Reviewer.objects.filter(edition=viewer.edition, state=Reviewer.State.ACCEPTED).select_related("user")
    people = {person.pk: person for person in rows.order_by("name", "pk")}
    of_user = {person.user_id: key for key, person in people.items()}
    bids = Bid.objects.filter(submission__in=papers, reviewer__in=people, level__gt=0)
    known: dict[int, dict[int, float]] = defaultdict(dict)
    affinities = Affinity.objects.filter(submission__in=papers, reviewer__in=people)
    for person, paper, score in affinities.values_list("reviewer_id", "submission_id", "score"):
        known[person][paper] = score
    active = Assignment.objects.active().filter(submission__in=papers, reviewer__in=people)
    authors = Authorship.objects.filter(submission__in=papers, user__in=of_user)
    written = [(paper, of_user[user]) for paper, user in authors.values_list("submission_id", "user_id")]
    return _Facts(
        papers=papers,
        people=people,
        wanted=_grouped(_keys(bids)),
        closeness=known,
        reviewing=_grouped(_keys(active)),
        written=_grouped(written),
    )


def _keys(rows: QuerySet) -> Iterable[tuple[int, int]]:
    return rows.values_list("reviewer_id", "submission_id")


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return {key: frozenset(values) for key, values in found.items()}


def _far_wishes(facts: _Facts) -> list[FarWish]:
    return [
        FarWish(
            facts.people[each.person],
            facts.papers[each.paper],
            round(100 * each.closer),
            each.paper in facts.reviewing.get(each.person, frozenset()),
        )
        for each in engine.far_wishes(facts.wanted, facts.closeness)
    ]


def _rings(facts: _Facts, has: dict[int, frozenset[int]]) -> list[Ring]:
    """A ring is told by the papers in it, so that it shows to whoever sees all of them."""
    return [
        Ring([(facts.people[p], facts.papers[s]) for p, s in zip(ring.people, ring.papers, strict=True)])
        for ring in engine.rings(has, facts.written)
    ]


def _in_one_place(
    facts: _Facts, by_paper: dict[int, list[int]], places_of: dict[int, str]
) -> list[tuple[Submission, str]]:
    found = engine.in_one_place(by_paper, places_of)
    return sorted(((facts.papers[key], place) for key, place in found.items()), key=lambda row: row[0].number or 0)


def _named(facts: _Facts, keys: list[int]) -> list[Reviewer]:
    return [facts.people[key] for key in keys]
