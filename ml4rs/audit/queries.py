"""The reading side of the log: entries that a viewer may read, filtered, each in words."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.apps import apps
from django.core.exceptions import BadRequest
from django.db.models import Q, QuerySet

from ml4rs.audit.models import Entry
from ml4rs.audit.policy import seen_by
from ml4rs.audit.registry import Described, describers
from ml4rs.editions.viewer import Viewer

PARAMETERS = ("q", "verb", "from", "until", "page")


@dataclass(frozen=True)
class Filters:
    """What the reader asked for; empty means all."""

    q: str = ""
    verb: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Filters":
        """Raises BadRequest on a date that is none."""
        verb = asked.get("verb", "")
        return cls(asked.get("q", "").strip(), verb, _day(asked.get("from", "")), _day(asked.get("until", "")))

    @property
    def active(self) -> bool:
        return self != Filters()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadRequest("Write a day as YYYY-MM-DD.") from None


def entries(viewer: Viewer, filters: Filters) -> QuerySet[Entry]:
    """Newest first. One query for a page of them, one for their number. Days are counted in UTC."""
    found = seen_by(viewer).select_related("actor")
    if filters.q:
        found = found.filter(Q(actor__name__icontains=filters.q) | Q(actor__email__icontains=filters.q))
    if filters.verb:
        found = found.filter(verb=filters.verb)
    if filters.since:
        found = found.filter(happened_at__gte=datetime.combine(filters.since, time.min, UTC))
    if filters.until:
        found = found.filter(happened_at__lt=datetime.combine(filters.until + timedelta(days=1), time.min, UTC))
    return found


def verbs(viewer: Viewer) -> list[tuple[str, str]]:
    """What has happened at all, as far as this viewer may know: (verb, in words). One query."""
    found = seen_by(viewer).order_by().values_list("verb", flat=True).distinct()
    return sorted((verb, in_words(verb)) for verb in found)


def in_words(verb: str) -> str:
    """`submission.desk_rejected` as "Submission desk rejected"."""
    return verb.replace(".", " ").replace("_", " ").capitalize()


@dataclass(frozen=True)
class Line:
    """One entry as the page shows it."""

    entry: Entry
    what: str
    subject: Described
    details: list[tuple[str, str]]


def lines(viewer: Viewer, page: Iterable[Entry]) -> list[Line]:
    """Entries in words. At most one query for each kind of row among them."""
    page = list(page)
    keys: dict[str, set[int]] = defaultdict(set)
    for entry in page:
        if entry.subject_id is not None:
            keys[entry.subject_type].add(entry.subject_id)
    known = {label: describers.describe(viewer, label, pks) for label, pks in keys.items()}
    return [
        Line(
            entry,
            in_words(entry.verb),
            known.get(entry.subject_type, {}).get(entry.subject_id) or Described(_kind(entry.subject_type)),
            [(_word(name), _value(entry, value)) for name, value in entry.details.items()],
        )
        for entry in page
    ]


def _kind(label: str) -> str:
    """The model's name in words; empty for an entry without subject or of a model that is gone."""
    try:
        return str(apps.get_model(label)._meta.verbose_name).capitalize() if label else ""
    except LookupError:
        return ""


def _word(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _value(entry: Entry, value: object) -> str:
    """A detail in words. Many things at once are only counted unless the entry is about one paper: they may

    name papers that its reader is in conflict with.
    """
    if isinstance(value, list) and entry.submission_id is None:
        return str(len(value))
    if isinstance(value, list):
        return ", ".join(_value(entry, item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{_word(name)}: {_value(entry, item)}" for name, item in value.items())
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
