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

_DEPENDENCE = {Application.Without.NO: 1.0, Application.Without.MAYBE: 0.5}
_RANKED = (
    Application.State.SUBMITTED,
    Application.State.OFFERED,
    Application.State.WAITING,
    Application.State.DECLINED,
)


@dataclass(frozen=True)
class Line:
    """An application in the ranking, with where each number comes from."""

    application: Application
    candidate: Candidate
    score: Score
    standing: str
    kilometres: int | None


@dataclass(frozen=True)
class Standings:
    """The ranking, what waits for this officer's marks, the rule, and the money in the currency of the settings."""

    lines: list[Line]
    waiting: list[Application]
    settings: TravelSettings
    pools: list[Pool]

    @property
    def budget(self) -> int:
        """All that may be offered."""
        return sum(pool.limit_minor for pool in self.pools)

    @property
    def left(self) -> int:
        """What of it is neither offered nor accepted."""
        return sum(pool.left_minor for pool in self.pools)

    @property
    def undecided(self) -> list[Line]:
        """Those who have no answer yet and are on no waiting list."""
        return [line for line in self.lines if line.application.state == Application.State.SUBMITTED]

    @property
    def policies(self) -> list[Outcome]:
        """What ways of sharing what is left among those who wait for an answer would come to."""
        return compared([line.candidate for line in self.undecided], self.left)


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
    pools = list(Pool.objects.filter(edition=viewer.edition, currency=settings.currency))
    lines = _lines(marked, candidates, settings, sum(pool.limit_minor for pool in pools))
    known = {row.pk for row in marked}
    waiting = [row for row in handled if row.pk not in known and row.state == Application.State.SUBMITTED]
    return Standings(lines, waiting, settings, pools)


def places(viewer: Viewer) -> dict[int, int]:
    """By primary key, where each application stands among all of the edition, whoever looks. Five queries.

    Raises:
        NotAllowed: the viewer is no grants officer.
    """
    require(may_officiate(viewer))
    settings = settings_of(viewer.edition)
    rows = list(Application.objects.filter(edition=viewer.edition, state__in=_RANKED).select_related("user"))
    marks: dict[int, list[Assessment]] = defaultdict(list)
    for each in Assessment.objects.filter(application__edition=viewer.edition):
        marks[each.application_id].append(each)
    papers = accepted_papers(viewer, [row.user_id for row in rows])
    candidates = [_candidate(row, marks[row.pk], papers[row.user_id], settings) for row in rows]
    keys = {row.public_id: row.pk for row in rows}
    order = ranked(candidates, weights_of(settings), settings.seed)
    return {keys[each.id]: place for place, each in enumerate(order, 1)}


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
