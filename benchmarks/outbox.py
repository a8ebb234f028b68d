"""The outbox against a bare `smtplib` loop: the same mails over one connection to the same server, in the same run.

The server is a process of its own that takes everything and keeps nothing. The loop sends bytes that were made
before, so that it does nothing but SMTP; the outbox claims each row, looks whether its reader wants it, makes the
mail, sends it and marks the row. Both are timed by the clock, since both wait for the same server.
"""

import resource
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from uuid import uuid4

from benchmarks.setting import QUICK_SIZES, SIZES, edition_of, free_port
from benchmarks.tables import Table

_SINK = """
import sys, time
from aiosmtpd.controller import Controller
class Sink:
    async def handle_DATA(self, server, session, envelope):
        return "250 taken"
Controller(Sink(), hostname="127.0.0.1", port=int(sys.argv[1])).start()
print("ready", flush=True)
time.sleep(3600)
"""


def measure(*, quick: bool) -> Iterator[Table]:
    from django.test import override_settings

    count, rounds, many = (20, 1, 60) if quick else (1000, 3, 10_000)
    edition = edition_of((QUICK_SIZES if quick else SIZES)[0])
    with _sink() as port:
        smtp = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1"}
        with override_settings(**smtp, EMAIL_PORT=port), _rows_removed_after():
            yield _speed(edition, port, count, rounds)
            yield _memory(edition, many)


def _speed(edition, port: int, count: int, rounds: int) -> Table:
    bare, outbox = [], []
    for _ in range(rounds):
        mails = _as_bytes(_queue(edition, count))
        bare.append(count / _timed(lambda mails=mails: _send_bare(port, mails)))
        outbox.append(count / _timed(lambda: _send_all(count)))
    table = Table("The outbox against a bare loop, one connection each", ["what", "mails", "mails a second", "ratio"])
    table.rows.append(["smtplib loop", count, median(bare), 1.0])
    table.rows.append(["outbox, one worker", count, median(outbox), median(outbox) / median(bare)])
    return table


def _memory(edition, count: int) -> Table:
    """`ru_maxrss` is the most that the process ever had, in KB on Linux."""
    table = Table("Memory of the worker", ["mails sent", "MB at most"])
    _queue(edition, count)
    for share in (count // 10, count - count // 10):
        _send_all(share)
        sent = share if not table.rows else count
        table.rows.append([sent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024])
    return table


@contextmanager
def _sink() -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", _SINK, str(port)], stdout=subprocess.PIPE, text=True)
    try:
        if process.stdout is None or process.stdout.readline().strip() != "ready":
            raise RuntimeError("The mail server for measuring did not start.")
        yield port
    finally:
        process.kill()
        process.wait()


@contextmanager
def _rows_removed_after() -> Iterator[None]:
    from ml4rs.notifications.models import Message

    try:
        yield
    finally:
        Message.objects.filter(batch="benchoutbox").delete()


def _queue(edition, count: int) -> list[int]:
    """Rows as an action leaves them: one made by the front door, the others like it."""
    from ml4rs.notifications.actions import Recipient, queue_mail
    from ml4rs.notifications.models import Message
    from ml4rs.notifications.registry import event_named

    event, run = event_named("submissions.receipt"), uuid4().hex[:8]
    to = Recipient("author@example.org", "Author")
    first = queue_mail(event.name, edition=edition, to=to, about=run, context=event.sample, batch="benchoutbox")
    names = [field.attname for field in Message._meta.concrete_fields if field.name not in ("id", "public_id")]
    like_it = {name: getattr(first, name) for name in names}
    Message.objects.bulk_create(
        Message(**{**like_it, "key": f"{run}:{number}", "recipient": f"author{number}@example.org",
                   "message_id": f"<{run}.{number}@example.org>"})
        for number in range(1, count)
    )  # fmt: skip
    return list(Message.objects.filter(batch="benchoutbox", state="queued").values_list("pk", flat=True))


def _as_bytes(keys: list[int]) -> list[tuple[str, bytes]]:
    from django.core.mail import get_connection

    from ml4rs.notifications.delivery import as_mail
    from ml4rs.notifications.models import Message

    found = Message.objects.filter(pk__in=keys).select_related("edition")
    connection = get_connection()
    return [(each.recipient, as_mail(each, connection).message().as_bytes(linesep="\r\n")) for each in found]


def _timed(call: Callable[[], None]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _send_bare(port: int, mails: list[tuple[str, bytes]]) -> None:
    with smtplib.SMTP("127.0.0.1", port) as server:
        for recipient, mail in mails:
            server.sendmail("ml4rs@localhost", [recipient], mail)


def _send_all(count: int) -> None:
    """As many as asked for, and not one that lies there for another reason."""
    from ml4rs.notifications.delivery import deliver_many
    from ml4rs.notifications.models import Message

    keys = list(Message.objects.filter(batch="benchoutbox", state="queued").values_list("pk", flat=True)[:count])
    deliver_many(keys)
