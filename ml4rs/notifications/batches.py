"""The messages of one action together: how far they are, stopped halfway, let go again.

What a batch is stands in its messages and nowhere else, so that progress survives every restart.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Min, QuerySet

from ml4rs.audit.actions import record
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.models import Message
from ml4rs.notifications.policy import seen_by
from ml4rs.notifications.registry import event_named

State = Message.State
STOPPED = "Stopped with the others of its batch."
_OPEN = (State.QUEUED, State.SENDING)
_GONE = (State.SENT, State.BOUNCED)


@dataclass(frozen=True)
class Batch:
    """How many messages of one action are in which state, of those that the viewer may read."""

    name: str
    label: str
    started_at: datetime
    counts: Counter = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def sent(self) -> int:
        return sum(self.counts[state] for state in _GONE)

    @property
    def waiting(self) -> int:
        return sum(self.counts[state] for state in _OPEN)

    @property
    def held(self) -> int:
        return self.counts[State.HELD]

    @property
    def stopped(self) -> int:
        return self.counts[State.CANCELLED]

    @property
    def failed(self) -> int:
        return self.counts[State.FAILED]

    @property
    def bounced(self) -> int:
        return self.counts[State.BOUNCED]

    @property
    def per_cent(self) -> int:
        """Of what is not stopped or held for good: what is through, whatever came of it."""
        return 100 * (self.total - self.waiting - self.held) // self.total if self.total else 100


def recent(viewer: Viewer, most: int = 50) -> list[Batch]:
    """The last batches that this viewer may read anything of, newest first. One query."""
    rows = seen_by(viewer).exclude(batch="").order_by()
    counted = rows.values("batch", "event", "state").annotate(count=Count("pk"), started=Min("created_at"))
    return sorted(_gathered(counted), key=lambda batch: batch.started_at, reverse=True)[:most]


def batch_seen_by(viewer: Viewer, name: str) -> Batch | None:
    """One query. None where the viewer may read nothing of it."""
    rows = seen_by(viewer).filter(batch=name).order_by() if name else Message.objects.none()
    counted = rows.values("batch", "event", "state").annotate(count=Count("pk"), started=Min("created_at"))
    return next(iter(_gathered(counted)), None)


def _gathered(counted: Iterable[dict]) -> list[Batch]:
    found: dict[str, Batch] = {}
    for row in counted:
        known = event_named(row["event"])
        before = found.get(row["batch"])
        started = min(before.started_at, row["started"]) if before else row["started"]
        counts = (before.counts if before else Counter()) + Counter({row["state"]: row["count"]})
        found[row["batch"]] = Batch(row["batch"], known.label if known else row["event"], started, counts)
    return list(found.values())


@transaction.atomic
def stop(name: str, *, by: Viewer) -> int:
    """Send no more of a batch; how many of those that `by` may read were stopped.

    The whole batch stops, also what `by` may not read of it: half a stop would help nobody.

    Raises:
        NotAllowed: `by` may read nothing of it.
    """
    rows = _rows(name, by).filter(state__in=[State.QUEUED, State.HELD])
    return _changed(rows, "mail.batch_stopped", name, by, state=State.CANCELLED, error=STOPPED)


@transaction.atomic
def go_on(name: str, *, by: Viewer) -> int:
    """Send the rest after all: what was held, or stopped with its batch.

    Raises:
        NotAllowed: `by` may read nothing of it.
    """
    rows = _rows(name, by)
    rows = rows.filter(state=State.HELD) | rows.filter(state=State.CANCELLED, error=STOPPED)
    return _changed(rows, "mail.batch_released", name, by, state=State.QUEUED, error="", due_at=by.now, attempts=0)


def _rows(name: str, by: Viewer) -> QuerySet[Message]:
    if batch_seen_by(by, name) is None:
        raise NotAllowed("There is no such batch.")
    return Message.objects.filter(edition=by.edition, batch=name)


def _changed(rows: QuerySet[Message], verb: str, name: str, by: Viewer, **values) -> int:
    keys = list(rows.values_list("pk", flat=True))
    known = seen_by(by).filter(pk__in=keys).count()
    grants_only = not Message.objects.filter(pk__in=keys, grants_only=False).exists()
    if rows.filter(pk__in=keys).update(**values):  # again with the states: a worker may have taken some since
        record(verb, by=by, grants_only=grants_only, details={"batch": name, "mails": known})
    return known
