"""How many decisions are staged of each kind, against what the programme has room for."""

from collections import Counter
from dataclasses import dataclass

from ml4rs.editions.viewer import Viewer
from reviews.models import Capacity, Decision
from reviews.queries.papers import judged, reviewed_tracks
from submissions.models import Submission


@dataclass(frozen=True)
class Filled:
    """A form of presentation with its papers, and its room if that is known."""

    presentation: str
    label: str
    papers: int
    capacity: Capacity | None

    @property
    def is_over(self) -> bool:
        return self.capacity is not None and self.papers > self.capacity.room_for

    @property
    def is_full(self) -> bool:
        return self.capacity is not None and self.papers == self.capacity.room_for

    @property
    def minutes(self) -> int | None:
        """Minutes that the papers take, where minutes are what counts."""
        if self.capacity is None or self.capacity.minutes_each is None:
            return None
        return self.papers * self.capacity.minutes_each


@dataclass(frozen=True)
class Tally:
    """Decisions as one organiser sees them: papers in conflict are in none of these numbers."""

    forms: list[Filled]
    formless: int  # accepted, without a form of presentation yet
    rejected: int
    undecided: int
    held: int
    released: int


def tally(viewer: Viewer) -> Tally:
    """Two queries, and one for the tracks."""
    rows = judged(viewer).order_by().values_list("decided", "form_of_presentation", "decision_state")
    rows = list(rows)
    by_form = Counter(form for outcome, form, _ in rows if outcome == Submission.Outcome.ACCEPTED)
    states = Counter(state for _, _, state in rows)
    room = capacities(viewer)
    shown = [form for form in offered(viewer) if form in room or by_form[form] or form in ("oral", "poster")]
    labels = dict(Submission.Presentation.choices)
    return Tally(
        forms=[Filled(form, labels[form], by_form[form], room.get(form)) for form in shown],
        formless=by_form[""],
        rejected=sum(outcome == Submission.Outcome.REJECTED for outcome, _, _ in rows),
        undecided=states[None],
        held=states[Decision.State.HELD],
        released=states[Decision.State.RELEASED],
    )


def capacities(viewer: Viewer) -> dict[str, Capacity]:
    """By form of presentation. One query."""
    return {each.presentation: each for each in Capacity.objects.filter(edition=viewer.edition)}


def offered(viewer: Viewer) -> list[str]:
    """The forms of presentation that reviewed tracks offer, all where a track names none."""
    tracks = reviewed_tracks(viewer)
    if any(not track.presentations for track in tracks):
        return list(Submission.Presentation.values)
    return [form for form in Submission.Presentation.values if any(form in track.presentations for track in tracks)]
