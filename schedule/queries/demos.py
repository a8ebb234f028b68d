"""Live demos: who has a place in the venue, who waits, and what each needs."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F, QuerySet

from ml4rs.editions.models import Question, Track
from ml4rs.editions.policy import require
from ml4rs.editions.viewer import Viewer
from schedule.policy import may_edit_programme
from submissions.models import Submission
from submissions.queries.papers import answered_for
from submissions.questions import Answered


@dataclass(frozen=True)
class Demo:
    """An accepted demo in the order of the list; `waits` counts from 1, and is 0 for those with a place."""

    paper: Submission
    authors: tuple[str, ...]
    needs: tuple[Answered, ...]
    waits: int


@dataclass(frozen=True)
class Demos:
    """The demos of a track with what those with a place need in all, as far as the viewer may read it."""

    track: Track
    rows: tuple[Demo, ...]
    wanted: tuple[tuple[str, int], ...]


def demos(viewer: Viewer) -> list[Demos]:
    """By track. A demo that is withdrawn makes room for the next by itself. Five queries.

    Raises:
        NotAllowed: the viewer does not edit the programme.
    """
    require(may_edit_programme(viewer))
    rows = _accepted(Submission.objects.seen_by(viewer)).filter(seen_outcome=Submission.Outcome.ACCEPTED)
    rows = rows.select_related("track").prefetch_related("authorships", "track__questions").order_by(*_ORDER)
    found: dict[int, list[Submission]] = {}
    tracks = list(viewer.edition.tracks.filter(kind=Track.Kind.DEMO))
    for row in rows:
        found.setdefault(row.track_id, []).append(row)
    return [_of_track(track, found.get(track.pk, [])) for track in tracks]


def place_of_demo(viewer: Viewer, submission: Submission) -> int | None:
    """Where an accepted demo waits, from 1; 0 with a place, None for what is no demo. At most one query.

    A turn in a list tells how many stand before, and nothing of them.
    """
    track = submission.track
    if track.kind != Track.Kind.DEMO:
        return None
    if track.places is None:
        return 0
    released = Submission.objects.filter(edition=viewer.edition, outcome=Submission.Outcome.ACCEPTED)
    listed = _accepted(released.filter(released_at__lte=viewer.earliest, track=track)).order_by(*_ORDER)
    order = list(listed.values_list("pk", flat=True))
    return max(0, order.index(submission.pk) + 1 - track.places) if submission.pk in order else None


_ORDER = (F("demo_turn__position").asc(nulls_last=True), "number", "pk")


def _accepted(rows: QuerySet[Submission]) -> QuerySet[Submission]:
    return rows.filter(state=Submission.State.SUBMITTED, track__kind=Track.Kind.DEMO)


def _of_track(track: Track, papers: list[Submission]) -> Demos:
    places = len(papers) if track.places is None else track.places
    rows = tuple(_demo(paper, max(0, turn - places)) for turn, paper in enumerate(papers, start=1))
    placed = [paper for row, paper in zip(rows, papers, strict=True) if not row.waits]
    wanted = Counter(label for paper in placed for label in _ticked(paper))
    return Demos(track, rows, tuple(wanted.items()))


def _demo(paper: Submission, waits: int) -> Demo:
    authors = tuple(author.name for author in paper.authorships.all())
    return Demo(paper, authors, tuple(answered_for(paper)), waits)


def _ticked(paper: Submission) -> Iterator[str]:
    """The boxes that were ticked, such as “A table”, where the viewer may read the answers."""
    if paper.sees_declarations:
        for question in paper.track.questions.all():
            if question.kind == Question.Kind.CHECKBOX and paper.answers.get(question.key):
                yield question.label
