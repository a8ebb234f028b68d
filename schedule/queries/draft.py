"""The programme as its editors see it while they work: the rows, and the value that would be published."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import Prefetch

from ml4rs.editions.models import Edition, Person
from ml4rs.editions.policy import require
from ml4rs.editions.viewer import Viewer
from schedule import exports
from schedule.clashes import Warning, warnings
from schedule.exports import Item, Programme, Speaker
from schedule.models import Release, Room, Session, Slot
from schedule.policy import may_edit_programme
from schedule.queries.papers import Paper, identity, placeable


@dataclass
class Draft:
    """Rows and papers of an edition's draft, loaded once. Slots whose paper is public no more count as `gone`."""

    edition: Edition
    sessions: list[Session]
    rooms: list[Room]
    papers: dict[int, Paper]
    newest: Release | None = field(default=None)

    @cached_property
    def programme(self) -> Programme:
        """What publishing now would show."""
        return Programme(self.edition.time_zone, tuple(self._session(row) for row in self.sessions))

    @cached_property
    def changes(self) -> list[str]:
        """What publishing now would change, in words."""
        old = Programme.from_data(self.newest.content) if self.newest else None
        return exports.changes(old, self.programme)

    @cached_property
    def warnings(self) -> list[Warning]:
        return warnings(self.programme, list(self.papers.values()))

    @cached_property
    def unplaced(self) -> list[Paper]:
        """Papers that are in no session of the kind their presentation asks for."""
        kinds: dict[str, set[str]] = {}
        for session, item in self.programme.items():
            if item.paper:
                kinds.setdefault(item.paper, set()).add(session.kind)
        return [paper for paper in self.papers.values() if not _is_placed(paper, kinds.get(paper.public_id, set()))]

    @property
    def gone(self) -> list[Slot]:
        """Slots that hold a paper which may no longer be shown: withdrawn, say."""
        return [slot for row in self.sessions for slot in row.slots.all() if self.is_gone(slot)]

    def is_gone(self, slot: Slot) -> bool:
        return slot.submission_id is not None and slot.submission_id not in self.papers

    def _session(self, row: Session) -> exports.Session:
        items = tuple(self._item(slot) for slot in row.slots.all() if not self.is_gone(slot))
        return exports.timed(
            exports.Session(
                id=row.public_id,
                kind=row.kind,
                kind_name=row.get_kind_display(),
                title=row.title,
                room=row.room.name if row.room else "",
                starts=row.starts_at,
                ends=row.ends_at,
                items=items,
            )
        )

    def _item(self, slot: Slot) -> Item:
        paper = self.papers.get(slot.submission_id) if slot.submission_id else None
        speakers = list(slot.speakers.all())
        expected = [(identity(each.user_id, each.name), each.name) for each in speakers]
        return Item(
            id=slot.public_id,
            title=slot.title or (paper.title if paper else ""),
            speakers=tuple(Speaker(each.name, each.affiliation, each.url) for each in speakers),
            authors=paper.authors if paper else (),
            abstract=slot.abstract,
            paper=paper.public_id if paper else "",
            url=slot.url,
            board=slot.board,
            minutes=slot.minutes,
            people=tuple(expected) or (paper.presenters if paper else ()),
        )


def _is_placed(paper: Paper, kinds: set[str]) -> bool:
    return bool(paper.wants & kinds) if paper.wants else bool(kinds)


def draft_of(edition: Edition, now: datetime) -> Draft:
    """The draft of an edition, as the publishing action and its editors need it. Seven queries, whatever its size."""
    slots = Slot.objects.order_by("position", "pk").prefetch_related(Prefetch("speakers", Person.objects.all()))
    sessions = list(edition.sessions.select_related("room").prefetch_related(Prefetch("slots", slots)))
    newest = edition.releases.order_by("-version").first()
    return Draft(edition, sessions, list(edition.rooms.all()), placeable(edition, now), newest)


def draft_programme(viewer: Viewer) -> Draft:
    """The draft for somebody who edits it. Seven queries.

    Raises:
        NotAllowed: the viewer is neither organiser nor schedule editor.
    """
    require(may_edit_programme(viewer))
    return draft_of(viewer.edition, viewer.now)


def unpublished_changes(draft: Draft) -> int:
    """How many sentences the change log would have; none where nothing was ever made."""
    if draft.newest is None:
        return 1 if draft.sessions else 0
    return len(draft.changes)
