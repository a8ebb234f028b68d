"""Where higher floors announce what lower ones must show: duties, menu entries, figures, file sections.

Apps fill these in `AppConfig.ready()`; nothing here imports them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from pydantic import BaseModel

from ml4rs.editions.models import Edition, Person
from ml4rs.editions.viewer import Viewer

Entry = TypeVar("Entry")


class Registry(Generic[Entry]):
    """An ordered collection that apps add to once, at start-up."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def register(self, entry: Entry) -> Entry:
        if entry not in self._entries:
            self._entries.append(entry)
        return entry

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)


@dataclass(frozen=True)
class Duty:
    """Something a person owes (or did, or awaits) in an edition, as a line on their home page."""

    title: str
    url: str
    due: datetime | None = None
    aoe: bool = False
    state: str = "open"  # open: owed now · waiting: nothing to do yet · done
    detail: str = ""


@dataclass(frozen=True)
class Figure:
    """A number on the organisers' desk, with the list behind it. Groups stand in the order of their `position`."""

    group: str
    label: str
    value: int
    url: str
    tone: str = ""  # "", "good", "warn" or "bad"
    position: int = 50


@dataclass(frozen=True)
class MenuEntry:
    """A line in a menu. `area`: public, personal, reviewing, organising or grants.

    `lasts` marks what people come for once an edition is over: its home page offers these first.
    """

    area: str
    label: str
    url: str
    position: int = 50
    lasts: bool = False


class FileSection(Protocol):
    """A top-level key of an edition file that an upper app understands."""

    key: str
    schema: type[BaseModel]

    def load(self, edition: Edition, data: Any) -> None:
        """Make the database agree with `data` (an instance of `schema`); runs inside the loader's transaction."""

    def dump(self, edition: Edition) -> Any:
        """The same content as plain YAML data, or None when there is nothing to write."""


@runtime_checkable
class CrossCheckedSection(FileSection, Protocol):
    """One whose parts speak of each other, or of the file's other sections."""

    def problems(self, file: dict[str, Any]) -> Iterable[tuple[tuple[str | int, ...], str]]:
        """What is wrong with this section beside its schema: paths below `key`, and words.

        `file` is the whole file as plain text values, whether or not it fits its schema.
        """


@dataclass(frozen=True)
class HomeSection:
    """A part of an edition's home page, or of a person's page, that an upper app contributes."""

    title: str
    template: str
    context: dict[str, Any]


@dataclass(frozen=True)
class Part:
    """That a person has a part in an edition, for an organiser who may know of it.

    `submission_id` is set where the part itself is a secret of that paper, as its authors are.
    """

    group: str
    public_id: str
    name: str
    submission_id: int | None = None


duties: Registry[Callable[[Viewer], Iterable[Duty]]] = Registry()
figures: Registry[Callable[[Viewer], Iterable[Figure]]] = Registry()
menu: Registry[Callable[[Viewer], Iterable[MenuEntry]]] = Registry()
file_sections: Registry[FileSection] = Registry()
# Called with the old and the new edition, inside the transaction that starts a new edition from an old one.
cloners: Registry[Callable[[Edition, Edition], None]] = Registry()


def menu_of(viewer: Viewer) -> list[MenuEntry]:
    """The viewer's menu in order, worked out once a request."""
    if "menu" not in viewer.memo:
        found = [entry for source in menu for entry in source(viewer)]
        viewer.memo["menu"] = sorted(found, key=lambda entry: entry.position)
    return viewer.memo["menu"]


home_sections: Registry[Callable[[Viewer], Iterable[HomeSection]]] = Registry()
# What a person's public page shows of them, such as their talks.
person_sections: Registry[Callable[[Viewer, Person], Iterable[HomeSection]]] = Registry()
sub_events: Registry[Callable[[Viewer], Iterable[dict[str, Any]]]] = Registry()  # JSON-LD of the programme
parts: Registry[Callable[[Viewer], Iterable[Part]]] = Registry()
committee_sources: Registry[Callable[[Edition], Iterable[tuple[str, str]]]] = Registry()  # name, affiliation
