"""The outbox: rows that are queued and delivered to a server that takes everything."""

import time
from collections.abc import Iterator

from benchmarks.tables import Table


def measure(*, quick: bool) -> Iterator[Table]:
    from django.db import transaction

    from benchmarks.setting import QUICK_SIZES, SIZES, edition_of

    count = 20 if quick else 500
    edition = edition_of((QUICK_SIZES if quick else SIZES)[0])
    with transaction.atomic():
        queued = _timed(lambda: _queue(edition, count))
        delivered = _timed(_deliver_all)
        transaction.set_rollback(True)
    table = Table("Outbox, processor time for each mail", ["what", "mails", "ms each"])
    table.rows.append(["queue: wording, both parts, the row", count, queued * 1000 / count])
    table.rows.append(["deliver: claim, send, mark", count, delivered * 1000 / count])
    yield table


def _timed(call) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start


def _queue(edition, count: int) -> None:
    from ml4rs.notifications.actions import Recipient, queue_mail
    from ml4rs.notifications.registry import event_named

    event = event_named("submissions.receipt")
    for number in range(count):
        to = Recipient(f"author{number}@example.org", f"Author {number}")
        queue_mail(event.name, edition=edition, to=to, about=f"bench{number}", context=event.sample, batch="bench")


def _deliver_all() -> None:
    """As the sweep does, but within this transaction: nothing of it is to stay."""
    from ml4rs.notifications.delivery import deliver
    from ml4rs.notifications.models import Message

    for key in Message.objects.filter(batch="bench").values_list("pk", flat=True):
        deliver(key)
