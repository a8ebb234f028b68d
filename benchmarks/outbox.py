"""The outbox against a bare `smtplib` loop: the same mails over one connection to the same server, in the same run.

The server is a process of its own that takes everything and, as every mail server must (RFC 5321, 6.1), has a mail on
disk before it says so. The loop stands here three times: making each message as the library's documentation does it;
with messages made before; and with bytes made before, which is nothing but SMTP. The outbox claims each row, looks
whether its reader wants it, makes the mail, sends it and marks the row. All are timed by the clock, since all wait for
the same server.
"""

import resource
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from pathlib import Path
from statistics import median
from uuid import uuid4

from benchmarks.setting import QUICK_SIZES, SIZES, edition_of, free_port
from benchmarks.tables import Table

_SINK = """
import os, sys, time
from aiosmtpd.controller import Controller
kept = open(os.path.join(sys.argv[2], "mails"), "wb")
class Sink:
    async def handle_DATA(self, server, session, envelope):
        kept.seek(0)
        kept.write(envelope.content)
        kept.flush()
        os.fsync(kept.fileno())
        return "250 taken"
Controller(Sink(), hostname="127.0.0.1", port=int(sys.argv[1])).start()
print("ready", flush=True)
time.sleep(3600)
"""


def measure(*, quick: bool) -> Iterator[Table]:
    from django.test import override_settings

    count, rounds, many = (20, 1, 60) if quick else (1000, 3, 10_000)
    edition = edition_of((QUICK_SIZES if quick else SIZES)[0])
    yield _queueing(edition, 20 if quick else 500)
    with _sink() as port:
        smtp = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1"}
        with override_settings(**smtp, EMAIL_PORT=port), _rows_removed_after():
            yield _speed(edition, port, count, rounds)
            yield _memory(edition, many)


def _queueing(edition, count: int) -> Table:
    """Processor time; nothing of it stays."""
    from django.db import transaction

    from ml4rs.notifications.actions import Recipient, queue_mail
    from ml4rs.notifications.registry import event_named

    event = event_named("submissions.receipt")
    with transaction.atomic():
        start = time.process_time()
        for number in range(count):
            to = Recipient(f"author{number}@example.org", f"Author {number}")
            queue_mail(event.name, edition=edition, to=to, about=f"bench{number}", context=event.sample, batch="bench")
        spent = time.process_time() - start
        transaction.set_rollback(True)
    table = Table("Queueing: wording, both parts, the row", ["mails", "ms of processor time each"])
    table.rows.append([count, spent * 1000 / count])
    return table


def _speed(edition, port: int, count: int, rounds: int) -> Table:
    names = (
        "smtplib, making messages",
        "smtplib, messages made before",
        "smtplib, bytes made before",
        "outbox, one worker",
    )
    rates: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(rounds):
        rows = _queue(edition, count)
        made = [_made(row) for row in rows]
        raw = [(row.recipient, mail.as_bytes()) for row, mail in zip(rows, made, strict=True)]
        ways = (
            partial(_send_messages, port, (_made(row) for row in rows)),
            partial(_send_messages, port, made),
            partial(_send_bytes, port, raw),
            partial(_send_all, count),
        )
        for name, way in zip(names, ways, strict=True):
            rates[name].append(count / _timed(way))
    outbox = median(rates[names[-1]])
    table = Table("The outbox against a bare loop, one connection each", ["what", "mails", "a second", "outbox is"])
    table.rows += [[name, count, median(each), outbox / median(each)] for name, each in rates.items()]
    return table


def _memory(edition, count: int) -> Table:
    table = Table("Memory of the worker", ["mails sent in one go", "MB at most"])
    _queue(edition, count)
    for share in (count // 10, count - count // 10):
        _forget_peak()
        _send_all(share)
        table.rows.append([share, _peak()])
    return table


def _forget_peak() -> None:
    """Linux counts the most memory that a process had from here on, where it may."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _peak() -> float:
    """The most memory so far, in MB; elsewhere than on Linux over the whole life of the process."""
    try:
        line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def _sink() -> Iterator[int]:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen([sys.executable, "-c", _SINK, str(port), folder], stdout=subprocess.PIPE, text=True)
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


def _queue(edition, count: int) -> list:
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
    return list(Message.objects.filter(batch="benchoutbox", state="queued"))


def _made(row) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["Subject"], mail["From"], mail["To"] = row.subject, "ml4rs@localhost", row.recipient
    mail["Message-ID"] = row.message_id
    mail.set_content(row.body_text)
    mail.add_alternative(row.body_html, subtype="html")
    return mail


def _timed(call: Callable[[], None]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _send_messages(port: int, mails: Iterable[EmailMessage]) -> None:
    with smtplib.SMTP("127.0.0.1", port) as server:
        for mail in mails:
            server.send_message(mail)


def _send_bytes(port: int, mails: list[tuple[str, bytes]]) -> None:
    with smtplib.SMTP("127.0.0.1", port) as server:
        for recipient, mail in mails:
            server.sendmail("ml4rs@localhost", [recipient], mail)


def _send_all(count: int) -> None:
    """As many as asked for, and not one that lies there for another reason."""
    from ml4rs.notifications.delivery import deliver_many
    from ml4rs.notifications.models import Message

    keys = list(Message.objects.filter(batch="benchoutbox", state="queued").values_list("pk", flat=True)[:count])
    deliver_many(keys)
