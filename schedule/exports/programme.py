"""A programme as plain values: sessions in order, each with its talks or posters. Frozen, and plain JSON at will."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

WITHOUT_OWN_TIMES = frozenset({"posters", "break", "lunch"})


Hours = tuple[datetime, datetime]


def _hours(starts: datetime | None, ends: datetime | None) -> Hours | None:
    """From when to when, where both are known."""
    return (starts, ends) if starts and ends else None


@dataclass(frozen=True)
class Speaker:
    name: str
    affiliation: str = ""
    url: str = ""
    person: str = ""  # public id of their page


@dataclass(frozen=True)
class Link:
    """Something to read, watch or visit beside a talk or poster."""

    kind: str
    label: str
    url: str


@dataclass(frozen=True)
class Item:
    """A talk or a poster. `paper` is the public id of one of our papers; `people` who must be there for it."""

    id: str
    title: str = ""
    speakers: tuple[Speaker, ...] = ()
    authors: tuple[str, ...] = ()
    abstract: str = ""
    paper: str = ""
    url: str = ""
    board: str = ""
    minutes: int | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    people: tuple[tuple[str, str], ...] = field(default=(), compare=False)  # (identity, name)
    links: tuple[Link, ...] = ()  # added when it is read: they come and go by date, without a release

    @property
    def name(self) -> str:
        return self.title or "To be announced"

    @property
    def hours(self) -> Hours | None:
        return _hours(self.starts, self.ends)

    def alone(self, session: "Session") -> "Session":
        """The talk or poster as a session of its own, at its own time."""
        title = f"Board {self.board}: {self.name}" if self.board else self.name
        own = replace(session, id=self.id, title=title, starts=self.starts, ends=self.ends, items=(), is_item=True)
        return own if self.hours else replace(own, starts=session.starts, ends=session.ends)


@dataclass(frozen=True)
class Session:
    """A stretch of time. Room and times may be unknown: "to be confirmed"."""

    id: str
    kind: str
    kind_name: str
    title: str
    room: str = ""
    starts: datetime | None = None
    ends: datetime | None = None
    items: tuple[Item, ...] = ()
    chairs: tuple[Speaker, ...] = ()
    people: tuple[tuple[str, str], ...] = field(default=(), compare=False)  # who chairs: (identity, name)
    is_item: bool = field(default=False, compare=False)  # made of a single talk or poster, for a calendar

    @property
    def hours(self) -> Hours | None:
        return _hours(self.starts, self.ends)


@dataclass(frozen=True)
class Programme:
    """All sessions of an edition in the order of the day, and the zone in which its clocks are read."""

    zone: str
    sessions: tuple[Session, ...] = ()

    def items(self) -> Iterator[tuple[Session, Item]]:
        for session in self.sessions:
            for item in session.items:
                yield session, item

    def only(self, session_id: str) -> "Programme":
        return replace(self, sessions=tuple(each for each in self.sessions if each.id == session_id))

    def without(self, papers: set[str]) -> "Programme":
        """The programme after these papers were withdrawn: nothing of them is left, all else stands as it was."""
        if not papers:
            return self
        return replace(
            self,
            sessions=tuple(
                replace(session, items=tuple(item for item in session.items if item.paper not in papers))
                for session in self.sessions
            ),
        )

    def with_links(self, links: dict[str, tuple[Link, ...]]) -> "Programme":
        """The programme with what is to be read beside its items, by their ids."""
        if not links:
            return self
        return replace(
            self,
            sessions=tuple(
                replace(
                    session,
                    items=tuple(replace(item, links=links.get(item.id, ())) for item in session.items),
                )
                for session in self.sessions
            ),
        )

    def papers(self) -> set[str]:
        return {item.paper for _, item in self.items() if item.paper}

    def to_data(self) -> dict[str, Any]:
        """As plain JSON, without what is nobody's business (who is expected where)."""
        return {"zone": self.zone, "sessions": [_session_data(session) for session in self.sessions]}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Programme":
        """The inverse of `to_data`."""
        return cls(data["zone"], tuple(_session(each) for each in data["sessions"]))


def _session_data(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "kind": session.kind,
        "kind_name": session.kind_name,
        "title": session.title,
        "room": session.room,
        "starts": _written(session.starts),
        "ends": _written(session.ends),
        "chairs": [_speaker_data(each) for each in session.chairs],
        "items": [_item_data(item) for item in session.items],
    }


def _speaker_data(speaker: Speaker) -> dict[str, str]:
    return {
        "name": speaker.name,
        "affiliation": speaker.affiliation,
        "url": speaker.url,
        "person": speaker.person,
    }


def _item_data(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.title,
        "speakers": [_speaker_data(each) for each in item.speakers],
        "authors": list(item.authors),
        "abstract": item.abstract,
        "paper": item.paper,
        "url": item.url,
        "board": item.board,
        "minutes": item.minutes,
        "starts": _written(item.starts),
        "ends": _written(item.ends),
        "links": [{"kind": link.kind, "label": link.label, "url": link.url} for link in item.links],
    }


def _session(data: dict[str, Any]) -> Session:
    """Releases from before sessions had chairs have none."""
    times = {"starts": _read(data["starts"]), "ends": _read(data["ends"])}
    chairs = tuple(Speaker(**each) for each in data.get("chairs", []))
    return Session(**{**data, **times, "chairs": chairs, "items": tuple(_item(each) for each in data["items"])})


def _item(data: dict[str, Any]) -> Item:
    times = {"starts": _read(data["starts"]), "ends": _read(data["ends"])}
    speakers = tuple(Speaker(**each) for each in data["speakers"])
    links = tuple(Link(**each) for each in data.get("links", []))
    return Item(**{**data, **times, "speakers": speakers, "authors": tuple(data["authors"]), "links": links})


def _written(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _read(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
