"""Proposals as one organiser may see them: papers in conflict are absent, and so are they from every figure."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from ml4rs.editions.models import Topic
from ml4rs.editions.viewer import Viewer
from reviews.models import AssignmentRun, Conflict, Reviewer
from reviews.proposing.parameters import Parameters
from reviews.proposing.scores import Scores
from submissions.models import Submission


@dataclass(frozen=True)
class ProposedPair:
    """`stands`: assigned before the proposal. `instead` would come in this one's place, for `cost` of the total."""

    submission: Submission
    reviewer: Reviewer
    score: float
    reason: str = ""
    conflict: bool = False
    instead: Reviewer | None = None
    cost: float | None = None
    stands: bool = False
    percentile: int | None = None


@dataclass(frozen=True)
class Figures:
    """Of the scores of papers, each the sum of its reviewers'; None where there is no paper."""

    total: float
    worst: float | None
    lowest_tenth: float | None
    mean: float | None
    least_load: int
    most_load: int


@dataclass(frozen=True)
class Shortage:
    """Papers that together lack reviews, who alone is open to them, and what they are about."""

    papers: int
    people: list[Reviewer]
    needed: int
    available: int
    topics: list[str]

    @property
    def missing(self) -> int:
        return self.needed - self.available


@dataclass(frozen=True)
class Proposal:
    """`pairs` are new; `standing` were assigned before."""

    run: AssignmentRun
    pairs: list[ProposedPair]
    standing: list[ProposedPair]
    short: list[tuple[Submission, int, int]]  # paper, reviews missing, reviewers barred by conflicts
    shortage: Shortage | None
    papers: dict[int, Submission]
    wanted: dict[int, int]
    people: dict[int, Reviewer]
    scores: Scores
    unfilled: list[Reviewer] = field(default_factory=list)

    @property
    def asked(self) -> Parameters:
        return Parameters.of(self.run.parameters)

    @cached_property
    def everybody(self) -> list[ProposedPair]:
        return [*self.standing, *self.pairs]

    @cached_property
    def figures(self) -> Figures:
        return figures_of(self.everybody, self.wanted)

    @cached_property
    def loads(self) -> list[tuple[Reviewer, int, int]]:
        """Everybody who may get papers, with new papers and those they had, by name."""
        new, old = (Counter(pair.reviewer.pk for pair in pairs) for pairs in (self.pairs, self.standing))
        rows = [(self.people[key], new[key], old[key]) for key in self.people if key in set(self.scores.people)]
        return sorted(rows, key=lambda row: (str(row[0]), row[0].pk))

    def on(self, paper: int) -> list[ProposedPair]:
        return [pair for pair in self.everybody if pair.submission.pk == paper]

    def after(self, paper: int, goes: Reviewer | None, comes: Reviewer | None) -> Figures:
        """The figures if on this paper one went and another came."""
        pairs = [
            pair
            for pair in self.everybody
            if goes is None or (pair.submission.pk, pair.reviewer.pk) != (paper, goes.pk) or pair.stands
        ]
        if comes is not None:
            pairs.append(ProposedPair(self.papers[paper], comes, self.scores.of(paper, comes.pk) or 0.0))
        return figures_of(pairs, self.wanted)


def figures_of(pairs: Iterable[ProposedPair], wanted: dict[int, int]) -> Figures:
    """`wanted` are the papers that count, those without any reviewer too."""
    sums = {paper: 0.0 for paper, number in wanted.items() if number}
    loads: Counter[int] = Counter()
    for pair in pairs:
        loads[pair.reviewer.pk] += 1
        if pair.submission.pk in sums:
            sums[pair.submission.pk] += pair.score
    values = np.array(list(sums.values()))
    return Figures(
        total=float(values.sum()),
        worst=float(values.min()) if len(values) else None,
        lowest_tenth=float(np.quantile(values, 0.1)) if len(values) else None,
        mean=float(values.mean()) if len(values) else None,
        least_load=min(loads.values(), default=0),
        most_load=max(loads.values(), default=0),
    )


def runs(viewer: Viewer) -> list[AssignmentRun]:
    """The latest proposals, without their large parts. One query."""
    rows = AssignmentRun.objects.filter(edition=viewer.edition).select_related("created_by")
    return list(rows.defer("pairs", "figures", "scores")[:12])


def proposal(viewer: Viewer, run: AssignmentRun) -> Proposal:
    """Four queries, five where reviews are missing."""
    return proposals(viewer, [run])[0]


def proposals(viewer: Viewer, several: list[AssignmentRun]) -> list[Proposal]:
    """Four queries, and one for each in which reviews are missing."""
    # All that one handles, not those that are named: whether there are any others must not cost a query.
    seen = (
        Submission.objects.seen_by(viewer)
        .filter(is_chair=True)
        .select_related("track")
        .only("public_id", "number", "title", "track", "edition", "state")
    )
    papers = {paper.pk: paper for paper in seen}
    scores = [Scores.unpacked(run.scores) for run in several]
    wanted_people = {person for each in scores for person in each.people}
    wanted_people |= {person for run in several for _, person, *_ in run.pairs}
    people = Reviewer.objects.select_related("user").in_bulk(wanted_people)
    conflicts = Conflict.objects.filter(submission__in=papers, dismissed_at__isnull=True)
    barred = set(conflicts.values_list("user_id", "submission_id"))
    return [_seen(run, papers, people, barred, own) for run, own in zip(several, scores, strict=True)]


def _papers_of(run: AssignmentRun) -> set[int]:
    return {int(key) for key in run.figures.get("papers", {})} | {pair[0] for pair in run.pairs}


def _seen(
    run: AssignmentRun,
    papers: dict[int, Submission],
    people: dict[int, Reviewer],
    barred: set[tuple[int, int]],
    scores: Scores,
) -> Proposal:
    own = {key: papers[key] for key in _papers_of(run) if key in papers}
    asked = {int(key): said for key, said in run.figures.get("papers", {}).items() if int(key) in own}
    visible = scores.only(list(own))
    known = visible.lookup()
    pairs = []
    for paper, person, score, reason, *rest in run.pairs:
        if paper in own and person in people:
            other, cost = (*rest, None, None)[:2]
            is_barred = (people[person].user_id, paper) in barred
            pairs.append(
                ProposedPair(own[paper], people[person], score, reason, is_barred, people.get(other or 0), cost)
            )
    standing = [
        ProposedPair(own[paper], people[person], known.get((paper, person), 0.0), stands=True)
        for paper, person in run.figures.get("standing", [])
        if paper in own and person in people
    ]
    pairs.sort(key=lambda pair: (pair.submission.number or 0, -pair.score, pair.reviewer.pk))
    return Proposal(
        run=run,
        pairs=_ranked(pairs, visible),
        standing=standing,
        short=[(own[key], said["missing"], said["conflicts"]) for key, said in asked.items() if said["missing"]],
        shortage=_shortage(run, own, people),
        papers=own,
        wanted={key: said["wanted"] for key, said in asked.items()},
        people=people,
        scores=visible,
        unfilled=[people[key] for key in run.figures.get("unfilled", []) if key in people],
    )


def _ranked(pairs: list[ProposedPair], scores: Scores) -> list[ProposedPair]:
    """Each with how many of a hundred possible pairs are less close."""
    everything = np.sort(scores.matrix[~np.isnan(scores.matrix)])
    if not len(everything):
        return pairs
    below = np.searchsorted(everything, [pair.score for pair in pairs], side="left")
    return [
        replace(pair, percentile=int(100 * place / len(everything)))
        for pair, place in zip(pairs, below.tolist(), strict=True)
    ]


def _shortage(run: AssignmentRun, papers: dict[int, Submission], people: dict[int, Reviewer]) -> Shortage | None:
    """The explanation of what is missing, if all of its papers may be seen. One query where there is one."""
    found = run.figures.get("shortage")
    if not found or not all(paper in papers for paper in found["papers"]):
        return None
    lacking = [paper for paper in found["papers"] if run.figures["papers"][str(paper)]["missing"]]
    rows = Topic.objects.filter(submissions__in=lacking).values_list("name", flat=True)
    return Shortage(
        papers=len(found["papers"]),
        people=[people[key] for key in found["reviewers"] if key in people],
        needed=found["needed"],
        available=found["available"],
        topics=[name for name, _ in Counter(rows).most_common(3)],
    )


# --- Two or more beside each other --------------------------------------------------------------------------


@dataclass(frozen=True)
class Changed:
    """A paper that gets other people: for each proposal who reviews it, and who of them not in the first one."""

    paper: Submission
    people: list[list[tuple[Reviewer, bool]]]


@dataclass(frozen=True)
class Comparison:
    """`figures` by the scores of the first proposal, so that other weights do not make other totals."""

    proposals: list[Proposal]
    figures: list[Figures]
    changed: list[Changed]
    papers: int


def compared(viewer: Viewer, several: list[AssignmentRun]) -> Comparison:
    """Papers that only some of them know are left out. Four queries, and one for each in which reviews are missing."""
    found = proposals(viewer, several)
    common = set.intersection(*(set(each.papers) for each in found)) if found else set()
    first = found[0].scores.lookup() if found else {}
    figures = []
    by_paper: list[dict[int, list[Reviewer]]] = []
    for each in found:
        pairs = [pair for pair in each.everybody if pair.submission.pk in common]
        alike = [replace(pair, score=first.get((pair.submission.pk, pair.reviewer.pk), 0.0)) for pair in pairs]
        figures.append(figures_of(alike, {key: number for key, number in each.wanted.items() if key in common}))
        people = defaultdict(list)
        for pair in pairs:
            people[pair.submission.pk].append(pair.reviewer)
        by_paper.append(people)
    changed = [_changed(found[0].papers[paper], [each[paper] for each in by_paper]) for paper in common]
    rows = [row for row in changed if row is not None]
    rows.sort(key=lambda row: (row.paper.number or 0, row.paper.pk))
    return Comparison(found, figures, rows, len(common))


def _changed(paper: Submission, people: list[list[Reviewer]]) -> Changed | None:
    before = {person.pk for person in people[0]}
    if all({person.pk for person in each} == before for each in people[1:]):
        return None
    ordered = [sorted(each, key=str) for each in people]
    return Changed(paper, [[(person, person.pk not in before) for person in each] for each in ordered])
