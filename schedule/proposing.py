"""From the draft of a programme to a proposal of places, and back: the only place that knows the engine."""

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ml4rs.editions.viewer import Viewer
from ml4rs.jobs.models import Job
from ml4rs.jobs.registry import JobError, Progress, job_kinds
from schedule.absences import AbsenceError, read_absences
from schedule.exports import Session
from schedule.models import PlacingRun
from schedule.placing.explaining import Reason, explain
from schedule.placing.problem import Place, Placing, Work
from schedule.placing.solving import solve
from schedule.queries.draft import Draft, draft_of
from schedule.queries.papers import Paper, texts_of

KINDS = ("orals", "spotlights", "posters")
_MINUTES = {"orals": 15, "spotlights": 5}
_KIND_NAMES = {"orals": "oral session", "spotlights": "spotlight session", "posters": "poster session"}


@dataclass
class Laid:
    """A draft as the engine's problem: which session each place is, which paper and kinds each work."""

    sessions: list[Session] = field(default_factory=list)
    papers: dict[int, Paper] = field(default_factory=dict)  # by work, for those to be placed
    places: list[Place] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    busy: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))

    def problem(self) -> Placing:
        busy = {person: tuple(spans) for person, spans in self.busy.items()}
        return Placing(tuple(self.places), tuple(self.works), busy)


def open_sessions(draft: Draft) -> list[tuple[Session, datetime, datetime]]:
    """Sessions that papers can be placed in, with their times: those of the right kinds that have one."""
    return [(each, *each.hours) for each in draft.programme.sessions if each.kind in KINDS and each.hours]


def room_in(session: Session, draft: Draft) -> int:
    """A first guess of how many more items fit: talks by their time, posters shared equally among poster sessions."""
    if session.kind == "posters":
        wanting = sum(1 for paper in draft.unplaced if "posters" in (paper.wants or KINDS))
        return -(-wanting // max(1, sum(each.kind == "posters" for each, _, _ in open_sessions(draft))))
    if session.hours is None:
        return 0
    starts, ends = session.hours
    length = (ends - starts).total_seconds() / 60
    taken = sum(item.minutes or _MINUTES[session.kind] for item in session.items)
    return max(0, int((length - taken) // _MINUTES[session.kind]))


def presenters(draft: Draft) -> dict[str, str]:
    """Who presents a paper: identity → name."""
    return {who: name for paper in draft.papers.values() for who, name in paper.presenters}


@job_kinds.register_kind("schedule.place", label="Places for papers")
def work_out(job: Job, progress: Progress) -> dict:
    """Work out places for the papers that have none, as the editor asked."""
    viewer = Viewer.of(job.requested_by, job.edition)
    progress(10, "Reading the draft")
    draft = draft_of(job.edition, viewer.now)
    laid = _laid(draft, job.parameters)
    if not laid.places:
        raise JobError("No oral, spotlight or poster session has a time yet.")
    progress(30, "Looking for the best places")
    start = time.process_time()
    problem = laid.problem()
    placed = solve(problem)
    spent = time.process_time() - start
    progress(90, "Writing the proposal")
    reasons = explain(problem, placed)
    run = PlacingRun.objects.create(
        edition=job.edition,
        parameters=job.parameters,
        places=[
            [laid.sessions[place].id, laid.papers[work].public_id, _in_words(laid, reasons[work])]
            for work, place in sorted(placed.at.items(), key=lambda pair: (pair[1], pair[0]))
        ],
        left=[list(row) for row in _left(laid, placed.at, reasons)],
        figures={"gap": round(placed.gap, 6), "seconds": round(spent, 2)},
        created_by=job.requested_by,
        created_at=viewer.now,
    )
    return {"run": run.public_id}


def _laid(draft: Draft, asked: dict) -> Laid:
    open_to = open_sessions(draft)
    laid = Laid(sessions=[session for session, _, _ in open_to])
    origin = min((starts for _, starts, _ in open_to), default=datetime.now(UTC))
    texts = texts_of(draft.papers)

    def minutes(at: datetime) -> float:
        return (at - origin).total_seconds() / 60

    placed: dict[str, set[str]] = defaultdict(set)
    open_ids = {each.id for each in laid.sessions}
    for session, item in draft.programme.items():
        placed[item.paper].add(session.kind)
        if session.id not in open_ids and item.hours:
            for who, _ in item.people:
                laid.busy[who].append((minutes(item.hours[0]), minutes(item.hours[1])))
    for session, starts, ends in open_to:
        inside = []
        for item in session.items:
            inside.append(len(laid.works))
            people = frozenset(who for who, _ in item.people)
            laid.works.append(Work(frozenset(), people, texts.get(item.paper, item.title), item.paper or None))
        capacity = int(asked.get("room", {}).get(session.id, 0))
        laid.places.append(Place(session.kind, minutes(starts), minutes(ends), capacity, tuple(inside)))
    for paper in draft.papers.values():
        for kinds in _wanted(paper, placed[paper.public_id], bool(asked.get("orals_as_posters"))):
            laid.papers[len(laid.works)] = paper
            people = frozenset(who for who, _ in paper.presenters)
            laid.works.append(Work(kinds, people, texts.get(paper.public_id, paper.title), paper.public_id))
    _absent(laid, draft, asked.get("absences", ""), minutes)
    return laid


def _wanted(paper: Paper, placed: set[str], orals_as_posters: bool) -> Iterator[frozenset[str]]:
    """The kinds of sessions of which a paper still needs one each; any kind for one without a form."""
    wants = paper.wants or frozenset(KINDS)
    if not wants & placed:
        yield wants
    if orals_as_posters and paper.wants and "posters" not in paper.wants | placed:
        yield frozenset({"posters"})


def _absent(laid: Laid, draft: Draft, text: str, minutes) -> None:
    """What presenters stated themselves, and what the editor adds."""
    names = presenters(draft)
    for each in draft.absences:
        laid.busy[each.identity].append((minutes(each.starts), minutes(each.ends)))
    try:
        found = read_absences(text, names.values(), draft.edition.starts_on, draft.edition.time_zone)
    except AbsenceError as error:  # somebody was renamed since the form was read
        raise JobError(str(error)) from error
    for absence in found:
        for who, name in names.items():
            if name == absence.name:
                laid.busy[who].append((minutes(absence.starts), minutes(absence.ends)))


def _in_words(laid: Laid, reason: Reason) -> str:
    parts = [f"in common with the others: {', '.join(reason.words)}"] if reason.words else []
    if reason.closer is not None:
        why = {
            "full": "is full",
            "busy": "is when a presenter is elsewhere or cannot come",
            "clash": "is when a presenter has another paper",
            "even": "would be fuller than the others",
        }[reason.why_not]
        parts.append(f"“{laid.sessions[reason.closer].title}” fits better, but {why}")
    return "; ".join(parts) or "any session fits as well"


_NO_PLACE = {
    "kind": "there is no session of this kind",
    "full": "all are full",
    "busy": "its presenters are elsewhere or cannot come",
    "clash": "its presenters have another paper at that time",
    "even": "all are full",
}


def _left(laid: Laid, at: dict[int, int], reasons: dict[int, Reason]) -> Iterator[tuple[str, str, str]]:
    for work, each in enumerate(laid.works):
        if each.kinds and work not in at:
            kinds = " or ".join(_KIND_NAMES[kind] for kind in KINDS if kind in each.kinds)
            yield laid.papers[work].public_id, kinds, _NO_PLACE[reasons[work].why_not]
