"""What higher floors tell the log: the records of which papers and travel applications a viewer may read, and what a
row is called."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from ml4rs.editions.viewer import Viewer


class Guard:
    """Primary keys of the rows of a higher floor whose audit entries, mails and jobs a viewer may read.

    Filled once at start-up by the floor that knows them; until then nothing about any of them is shown.
    """

    def __init__(self) -> None:
        self._visible: Callable[[Viewer], QuerySet] | None = None

    def register(self, visible: Callable[[Viewer], QuerySet]) -> None:
        """`visible(viewer)` gives a queryset of one column: the primary keys, for use as a subquery."""
        self._visible = visible

    def visible_to(self, viewer: Viewer) -> QuerySet | list[int]:
        return self._visible(viewer) if self._visible else []


@dataclass(frozen=True)
class Described:
    """A row in words, with the page it has, if it has one."""

    label: str
    url: str = ""


Describer = Callable[[Viewer, Iterable[int]], Iterator[tuple[int, Described]]]


class Describers:
    """How rows that the log names are called, by model label such as "submissions.submission".

    A describer gets the keys of entries that the viewer may read, answers in one query, and may leave out
    rows that are gone; these are then called by their kind alone.
    """

    def __init__(self) -> None:
        self._by_label: dict[str, Describer] = {}

    def register(self, label: str, describer: Describer) -> None:
        self._by_label[label] = describer

    def describe(self, viewer: Viewer, label: str, keys: Iterable[int]) -> dict[int, Described]:
        """What is known about these rows; nothing where no app speaks for the model."""
        describer = self._by_label.get(label)
        return dict(describer(viewer, keys)) if describer else {}


submissions = Guard()
applications = Guard()  # for travel support
describers = Describers()
