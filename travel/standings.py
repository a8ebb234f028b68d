"""The ranking as an officer may read it: of what they handle and have marked themselves, with the reasons."""

from collections import defaultdict
from dataclasses import dataclass

from ml4rs.editions.policy import require
from ml4rs.editions.viewer import Viewer
from submissions.models import Submission
from travel.airports import kilometres
from travel.models import Application, Assessment, Pool, TravelSettings
from travel.policies import Outcome, compared
from travel.policy import may_officiate
from travel.queries import LinkedPaper, accepted_papers, settings_of
from travel.ranking import AUTHOR, NEITHER, PRESENTATIONS, PRESENTER, Candidate, Marks, Score, Weights, ranked, score
from travel.ranking import standing as standing_of
from travel.scoring import band

FEWEST = 2  # officers who mark each application
_DEPENDENCE = {Application.Without.NO: 1.0, Application.Without.MAYBE: 0.5}
_RANKED = (Application.State.SUBMITTED, Application.State.OFFERED, Application.State.DECLINED)


@dataclass(frozen=True)
class Line:
    """An application in the ranking, with where each number comes from."""

    application: Application
    candidate: Candidate
    score: Score
    standing: str
    kilometres: int | None

    @property
    def is_complete(self) -> bool:
        return len(self.candidate.marks) >= FEWEST


@dataclass(frozen=True)
class Standings:
    """The ranking, what waits for this officer's marks, the rule, and the money in the currency of the settings."""

    lines: list[Line]
    waiting: list[Application]
    settings: TravelSettings
    budget: int

    @property
    def policies(self) -> list[Outcome]:
        """What ways of sharing the budget among those in the ranking would come to."""
        return compared([line.candidate for line in self.lines], self.budget)


def weights_of(settings: TravelSettings) -> Weights:
    return Weights(settings.merit_weight / 100, settings.need_weight / 100, settings.distance_weight / 100)


def marks_for(viewer: Viewer, application: Application) -> tuple[Assessment | None, list[Assessment]]:
    """One's own marks, and those of others once one's own are in. One query."""
    rows = list(application.assessments.select_related("officer"))
    own = next((each for each in rows if each.officer_id == viewer.user.pk), None)
    return own, [each for each in rows if own is not None and each is not own]


def standings(viewer: Viewer) -> Standings:
    """The ranking for an officer. Eleven queries, whatever their number.

    Raises:
        NotAllowed: the viewer is no grants officer.
    """
    require(may_officiate(viewer))
    settings = settings_of(viewer.edition)
    rows = Application.objects.seen_by(viewer).filter(is_handled=True, state__in=_RANKED)
    handled = list(rows.select_related("user").order_by("legal_name", "pk"))
    marks: dict[int, list[Assessment]] = defaultdict(list)
    for each in Assessment.objects.filter(application__in=[row.pk for row in handled]):
        marks[each.application_id].append(each)
    marked = [row for row in handled if any(each.officer_id == viewer.user.pk for each in marks[row.pk])]
    papers = accepted_papers(viewer, [row.user_id for row in marked])
    candidates = {row.public_id: _candidate(row, marks[row.pk], papers[row.user_id], settings) for row in marked}
    pools = Pool.objects.filter(edition=viewer.edition, currency=settings.currency)
    budget = sum(pool.limit_minor for pool in pools)
    lines = _lines(marked, candidates, settings, budget)
    known = {row.pk for row in marked}
    waiting = [row for row in handled if row.pk not in known and row.state == Application.State.SUBMITTED]
    return Standings(lines, waiting, settings, budget)


def _lines(
    rows: list[Application], candidates: dict[str, Candidate], settings: TravelSettings, budget: int
) -> list[Line]:
    if not rows:
        return []
    weights, by_id = weights_of(settings), {row.public_id: row for row in rows}
    words = standing_of(list(candidates.values()), weights, settings.seed, budget)
    return [
        Line(by_id[each.id], each, score(each, weights), words[each.id], _distance(by_id[each.id], settings))
        for each in ranked(list(candidates.values()), weights, settings.seed)
    ]


def _candidate(
    row: Application, marks: list[Assessment], papers: list[LinkedPaper], settings: TravelSettings
) -> Candidate:
    distance = _distance(row, settings)
    tier = NEITHER if not papers else PRESENTER if row.will_present else AUTHOR
    names = {str(label): value for value, label in Submission.Presentation.choices}
    forms = [names.get(paper.presentation, "") for paper in papers] if tier == PRESENTER else []
    return Candidate(
        id=row.public_id,
        tier=tier,
        presentation=max(forms, key=lambda form: PRESENTATIONS.get(form, 0.0), default=""),
        band=None if distance is None else band(distance),
        marks=tuple(Marks(str(each.officer_id), each.merit, each.need) for each in marks),
        asked=row.amount_minor if row.currency == settings.currency else None,
        uncovered=min(1.0, (row.amount_minor or 0) / row.costs_minor) if row.costs_minor else 0.0,
        dependence=_DEPENDENCE.get(row.without, 0.0),
    )


def _distance(row: Application, settings: TravelSettings) -> int | None:
    return kilometres(row.airport, settings.airport) if row.airport and settings.airport else None
