"""A proposal in pictures: scores, loads, and papers and people on a map. Only of what its reader may see."""

from collections import Counter
from dataclasses import dataclass

from ml4rs.editions.charts import Chart, Row
from reviews.matching.layout import layout
from reviews.models import Reviewer
from reviews.queries.proposals import Proposal
from submissions.models import Submission

_BINS = 10
WIDTH, HEIGHT, _EDGE = 720.0, 460.0, 20.0


def histogram(proposal: Proposal) -> Chart:
    """How many new pairs have which score, from 0 to 1 in tenths."""
    counted = Counter(min(int(pair.score * _BINS), _BINS - 1) for pair in proposal.pairs)
    rows = [Row(f"{place / _BINS:.1f}", counted[place]) for place in range(_BINS)]
    return Chart("Scores of the new pairs", rows, columns=("From", "Pairs"))


def loads(proposal: Proposal) -> Chart:
    """How many people get how many papers, with those they had."""
    counted = Counter(new + old for _, new, old in proposal.loads)
    most = max(counted, default=0)
    rows = [Row(str(number), counted[number]) for number in range(most + 1)]
    return Chart("Papers for each reviewer", rows, columns=("Papers", "Reviewers"))


@dataclass(frozen=True)
class Spot:
    """A paper or a person, in the units of the view box."""

    x: float
    y: float
    paper: Submission | None = None
    person: Reviewer | None = None
    load: int = 0


@dataclass(frozen=True)
class Line:
    """A pair."""

    start: Spot
    end: Spot


@dataclass(frozen=True)
class Map:
    """Who fits what stands near it."""

    papers: list[Spot]
    people: list[Spot]
    lines: list[Line]

    width, height = WIDTH, HEIGHT


def map_of(proposal: Proposal) -> Map:
    """Papers and people in two dimensions, pairs as lines between them. No query."""
    scores = proposal.scores
    of_papers, of_people = layout(scores.matrix)
    loads = {reviewer.pk: new + old for reviewer, new, old in proposal.loads}
    papers = {
        key: Spot(*_place(point), paper=proposal.papers[key])
        for key, point in zip(scores.papers, of_papers, strict=True)
    }
    people = {
        key: Spot(*_place(point), person=proposal.people[key], load=loads.get(key, 0))
        for key, point in zip(scores.people, of_people, strict=True)
        if key in proposal.people
    }
    pairs = [(pair.submission.pk, pair.reviewer.pk) for pair in proposal.everybody]
    lines = [Line(papers[paper], people[person]) for paper, person in pairs if paper in papers and person in people]
    return Map(list(papers.values()), list(people.values()), lines)


def _place(point) -> tuple[float, float]:
    x, y = float(point[0]), float(point[1])
    return round(_EDGE + x * (WIDTH - 2 * _EDGE), 1), round(_EDGE + y * (HEIGHT - 2 * _EDGE), 1)
