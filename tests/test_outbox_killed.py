"""Mail when things die: real workers killed with SIGKILL, brokers emptied, a real mail server that counts.

Some deaths come at a moment taken at random, some at the worst, chosen on purpose: after the mail server has the mail
and before our row says so. Then, and only then, a mail comes twice, and both copies carry the same Message-ID.
"""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Timer

import pytest
from aiosmtpd.controller import Controller

from tests.live import ROOT, Postbox, Site, eventually, free_port

pytestmark = pytest.mark.services

# Some with a bell each, as people cause them; the rest as a batch, which the sweep sends.
QUEUE = """
from django.db import transaction
from ml4rs.notifications.actions import Recipient, queue_account_mail, queue_mail
from ml4rs.notifications.registry import event_named
role = event_named("notifications.role_given")
with transaction.atomic():
    for number in range({count}):
        address = f"reader{{number}}@example.org"
        if number < {bells}:
            queue_account_mail(address, f"Mail {{number}}", "Words", "", "tested")
        else:
            queue_mail(role.name, edition=None, to=Recipient(address), about="x", context=role.sample, batch="many")
"""

TOGETHER = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from django.db import connection
from ml4rs.notifications import delivery
from ml4rs.notifications.models import Message
start = Barrier(8)
def send(_):
    start.wait()
    try:
        return delivery.deliver(Message.objects.get().pk)
    finally:
        connection.close()
with ThreadPoolExecutor(8) as pool:
    print(sum(pool.map(send, range(8))))
"""


@pytest.fixture(scope="module")
def migrated(tmp_path_factory) -> Path:
    """A database with all tables and no rows, to copy."""
    folder = tmp_path_factory.mktemp("migrated")
    Site(folder, smtp_port=1).manage("migrate", "-v", "0")
    return folder / "ml4rs.sqlite3"


@pytest.fixture(params=["filesystem", "redis"])
def broker(request, tmp_path) -> Iterator[dict[str, str]]:
    """Environment of each broker; Redis is a server of our own, on a port of its own."""
    if request.param == "filesystem":
        yield {"REDIS_URL": ""}
        return
    if not shutil.which("redis-server"):
        pytest.skip("no redis-server on this machine")
    port = free_port()
    command = ["redis-server", "--port", str(port), "--save", "", "--dir", str(tmp_path), "--loglevel", "warning"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        eventually(lambda: _listens(port), "Redis")
        yield {"REDIS_URL": f"redis://127.0.0.1:{port}/0", "WORKER_CONCURRENCY": "1"}
    finally:
        server.kill()
        server.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Killing(Postbox):
    """A mail server that, at chosen mails, kills the sender: before it learns that the mail arrived, or just after."""

    def __init__(self) -> None:
        super().__init__()
        self.kill_at: list[tuple[int, float]] = []  # number of mails, seconds after that
        self.kill: Callable[[], None] = lambda: None

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd calls it so
        answer = await super().handle_DATA(server, session, envelope)
        if self.kill_at and len(self.mails) >= self.kill_at[0][0]:
            _, later = self.kill_at.pop(0)
            if later:
                Timer(later, self.kill).start()
            else:
                self.kill()
        return answer

    def received(self) -> Counter:
        return Counter(str(mail["To"]) for mail in list(self.mails))


@pytest.fixture
def box() -> Iterator[tuple[Killing, int]]:
    found, port = Killing(), free_port()
    server = Controller(found, hostname="127.0.0.1", port=port)
    server.start()
    yield found, port
    server.stop()


@contextmanager
def worker(site: Site) -> Iterator[subprocess.Popen]:
    """A real Celery worker with beat, in a process group of its own; one mail at a time, so that deaths count."""
    schedule = Path(site.environment["DATA_DIR"]) / "beat" / "killed"
    command = [sys.executable, "-m", "celery", "-A", "ml4rs", "worker", "-B", "-s", str(schedule), "-c", "1"]
    with site.log.open("ab") as log:
        process = subprocess.Popen(
            [*command, "--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "WARNING"],
            cwd=ROOT,
            env=site.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen) -> None:
    """SIGKILL to the worker and all that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        process.wait()


def states(site: Site) -> dict[str, int]:
    with sqlite3.connect(Path(site.environment["DATA_DIR"]) / "ml4rs.sqlite3", timeout=20) as database:
        return dict(database.execute("SELECT state, count(*) FROM notifications_message GROUP BY state"))


def let_leases_run_out(site: Site) -> None:
    """What two minutes of waiting would do."""
    with sqlite3.connect(Path(site.environment["DATA_DIR"]) / "ml4rs.sqlite3", timeout=20) as database:
        database.execute("UPDATE notifications_message SET lease_until = '2000-01-01' WHERE state = 'sending'")


@pytest.fixture
def site_for(migrated, tmp_path, box) -> Callable[[dict[str, str]], Site]:
    def make(environment: dict[str, str]) -> Site:
        folder = tmp_path / "site"
        folder.mkdir()
        shutil.copy(migrated, folder)
        return Site(folder, box[1], **environment)

    return make


def test_workers_killed_at_any_moment_lose_no_mail(site_for, broker, box, record_property):
    found, _ = box
    chance = Random(20261127)
    site, count = site_for(broker), 500
    worst = [(chance.randrange(10, 160), 0.0)]
    random = [(chance.randrange(180, 430), chance.uniform(0.0005, 0.01)) for _ in range(3)]
    deaths = sorted(worst + random)
    site.shell(QUEUE.format(count=count, bells=60))
    found.kill_at = list(deaths)
    for _ in deaths:
        with worker(site) as process:
            found.kill = lambda process=process: kill(process)
            eventually(lambda process=process: process.poll() is not None, "the worker's death")
        let_leases_run_out(site)
    with worker(site):
        eventually(lambda: states(site) == {"sent": count}, "all mail to be sent")
    received = found.received()
    assert set(received) == {f"reader{number}@example.org" for number in range(count)}
    twice = [address for address, times in received.items() if times > 1]
    record_property("duplicates", f"{len(twice)} after {len(deaths)} deaths, {len(worst)} of them at the worst moment")
    assert len(worst) <= len(twice) == sum(received.values()) - count <= len(deaths)
    for address in twice:
        assert len({mail["Message-ID"] for mail in found.to(address)}) == 1


def test_mail_arrives_although_the_broker_forgot_everything(site_for, box):
    found, _ = box
    site = site_for({"REDIS_URL": ""})
    site.shell(QUEUE.format(count=12, bells=12))
    bells = list((Path(site.environment["DATA_DIR"]) / "broker" / "messages").iterdir())
    assert len(bells) == 12
    for bell in bells:
        bell.unlink()
    with worker(site):
        eventually(lambda: states(site) == {"sent": 12}, "all mail to be sent")
    assert sorted(found.received().values()) == [1] * 12


def test_eight_workers_at_once_send_one_mail(site_for, box):
    found, _ = box
    site = site_for({"REDIS_URL": ""})
    site.shell(QUEUE.format(count=1, bells=1))
    assert site.shell(TOGETHER) == "1"
    assert len(found.mails) == 1
