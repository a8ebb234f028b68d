"""The programme as its editors see it while they work: what publishing now would show, change and leave to do."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import DateTimeField, Value
from django.db.models.functions import Cast

from ml4rs.editions.models import Edition
from ml4rs.editions.policy import require
from ml4rs.editions.viewer import Viewer
from schedule import exports
from schedule.clashes import Absent, Notice, warnings
from schedule.exports import Item, Programme, Speaker
from schedule.models import Release, Session, Slot
from schedule.policy import may_edit_programme
from schedule.queries.papers import Paper, identity, placeable

_Known = tuple[Speaker, str]  # a person and their identity


@dataclass(frozen=True)
class Gone:
    """A slot whose paper may be shown no longer (withdrawn, say). Nothing is told of the paper itself."""

    slot: str
    session: str
    session_title: str


@dataclass
class Draft:
    """An edition's draft, loaded once, as plain values."""

    edition: Edition
    programme: Programme
    papers: dict[int, Paper]
    gone: list[Gone]
    newest: Release | None
    absences: list[Absent]

    @cached_property
    def changes(self) -> list[str]:
        """What publishing now would change, in words."""
        old = Programme.from_data(self.newest.content) if self.newest else None
        return exports.changes(old, self.programme)

    @cached_property
    def is_published(self) -> bool:
        """Whether the public sees exactly this; a release of an earlier form of the data counts as what it means."""
        old = Programme.from_data(self.newest.content) if self.newest else None
        return old is not None and old.to_data() == self.programme.to_data()

    @cached_property
    def warnings(self) -> list[Notice]:
        return warnings(self.programme, list(self.papers.values()), self.absences)

    @cached_property
    def unplaced(self) -> list[Paper]:
        """Papers that are in no session of the kind their presentation asks for."""
        kinds: dict[str, set[str]] = defaultdict(set)
        for session, item in self.programme.items():
            kinds[item.paper].add(session.kind)
        return [paper for paper in self.papers.values() if not paper.is_placed_in(kinds.get(paper.public_id, set()))]


def draft_of(edition: Edition, now: datetime) -> Draft:
    """The draft of an edition. Six queries and, but for the newest release, no model objects."""
    papers = placeable(edition, now)
    speakers, chairs, absences = _people(edition)
    items: dict[int, list[Item]] = defaultdict(list)
    gone: list[Gone] = []
    for row in _slots(edition):
        paper = papers.get(row["submission"]) if row["submission"] else None
        if row["submission"] and paper is None:
            gone.append(Gone(row["public_id"], row["session__public_id"], row["session__title"]))
        else:
            items[row["session"]].append(_item(row, paper, speakers[row["pk"]]))
    programme = Programme(edition.time_zone, tuple(_sessions(edition, items, chairs)))
    newest = edition.releases.order_by("-version").first()
    return Draft(edition, programme, papers, gone, newest, absences)


def draft_programme(viewer: Viewer) -> Draft:
    """The draft for somebody who edits it. Six queries.

    Raises:
        NotAllowed: the viewer is neither organiser nor schedule editor.
    """
    require(may_edit_programme(viewer))
    return draft_of(viewer.edition, viewer.earliest)


def unpublished_changes(draft: Draft) -> int:
    """How many sentences the change log would have; none where nothing was ever made."""
    if draft.newest is None:
        return 1 if draft.programme.sessions else 0
    return len(draft.changes)


def _sessions(edition: Edition, items: dict[int, list[Item]], chairs: dict[int, list[_Known]]):
    kinds = dict(Session.Kind.choices)
    rows = edition.sessions.values("pk", "public_id", "kind", "title", "room__name", "starts_at", "ends_at")
    for row in rows:
        yield exports.timed(
            exports.Session(
                id=row["public_id"],
                kind=row["kind"],
                kind_name=str(kinds[row["kind"]]),
                title=row["title"],
                room=row["room__name"] or "",
                starts=row["starts_at"],
                ends=row["ends_at"],
                items=tuple(items[row["pk"]]),
                chairs=tuple(speaker for speaker, _ in chairs[row["pk"]]),
                people=tuple((who, speaker.name) for speaker, who in chairs[row["pk"]]),
            )
        )


def _slots(edition: Edition):
    fields = ("pk", "public_id", "session", "session__public_id", "session__title", "submission")
    texts = ("title", "abstract", "minutes", "board", "url")
    return Slot.objects.filter(session__edition=edition).order_by("position", "pk").values(*fields, *texts)


def _people(edition: Edition) -> tuple[dict[int, list[_Known]], dict[int, list[_Known]], list[Absent]]:
    """Speakers of each slot, chairs of each session, and when presenters cannot come. One query for all three."""
    speakers: dict[int, list[_Known]] = defaultdict(list)
    chairs: dict[int, list[_Known]] = defaultdict(list)
    absences = []
    for which, _, place, name, affiliation, url, pid, user, starts, ends in sorted(
        _rows(edition), key=lambda row: row[:2]
    ):
        if which == _ABSENCE:
            absences.append(Absent(identity(user, name), starts, ends))
        else:
            known = (Speaker(name, affiliation, url, pid), identity(user, name))
            (speakers if which == _SPEAKER else chairs)[place].append(known)
    return speakers, chairs, absences


_SPEAKER, _CHAIR, _ABSENCE = range(3)


def _rows(edition: Edition):
    person = ("person__name", "person__affiliation", "person__url", "person__public_id", "person__user")
    never = Cast(None, DateTimeField(null=True))
    nothing, nobody = Value(""), Value(0)
    speakers = Slot.speakers.through.objects.filter(slot__session__edition=edition)
    chairs = Session.chairs.through.objects.filter(session__edition=edition)
    absences = edition.absences.order_by()
    return speakers.values_list(Value(_SPEAKER), "pk", "slot", *person, never, never).union(
        chairs.values_list(Value(_CHAIR), "pk", "session", *person, never, never),
        absences.values_list(
            Value(_ABSENCE), "pk", nobody, nothing, nothing, nothing, nothing, "user", "starts_at", "ends_at"
        ),
        all=True,
    )


def _item(row: dict, paper: Paper | None, speakers: list[_Known]) -> Item:
    expected = tuple((who, speaker.name) for speaker, who in speakers)
    return Item(
        id=row["public_id"],
        title=row["title"] or (paper.title if paper else ""),
        speakers=tuple(speaker for speaker, _ in speakers),
        authors=paper.authors if paper else (),
        abstract=row["abstract"],
        paper=paper.public_id if paper else "",
        url=row["url"],
        board=row["board"],
        minutes=row["minutes"],
        people=expected or (paper.presenters if paper else ()),
    )
