"""`manage.py up`: the whole site on one machine, without any service: web, worker and beat as one group."""

import fcntl
import http.client
import logging
import shutil
import signal
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

import ml4rs
from ml4rs.editions.models import Edition
from ml4rs.jobs.launcher import Launcher, Program, end_with_parent

FIRST_EDITION = settings.BASE_DIR / "ml4rs" / "editions" / "files" / "iclr2025.yaml"


class Command(BaseCommand):
    help = "Run the whole site here: prepare the database, then keep web, worker and beat running until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="Address to listen on (default: this machine only).")
        parser.add_argument("--reload", action="store_true", help="Restart the web server when code changes.")
        parser.add_argument("--tied", action="store_true", help="Stop when the process that started this one ends.")
        parser.add_argument("--empty", action="store_true", help="Load no edition and no demo into a new database.")

    def handle(self, *, host: str, reload: bool, tied: bool, empty: bool, **options) -> None:
        if tied:
            end_with_parent()
        if settings.REDIS_URL:
            raise CommandError("REDIS_URL is set: start web, worker and beat on their own (see docs/production.md).")
        self.say(f"ML4RS {ml4rs.__version__}")
        with only_one():
            ensure_free(host, settings.PORT)
            self.prepare(empty=empty)
            connections.close_all()
            announcer = Announcer(host, settings.PORT, self.say)
            Launcher(programs(host, reload=reload), say=self.say, each_round=announcer).run()
        self.say("Stopped.")

    def say(self, words: str) -> None:
        """At once, also into a file or a pipe."""
        self.stdout.write(words)
        self.stdout.flush()

    def prepare(self, *, empty: bool) -> None:
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        clear_broker()
        call_command("migrate", interactive=False, verbosity=0)
        if not empty and not Edition.objects.exists():
            self.stdout.write("Loading the 2025 edition…")
            if settings.DEBUG:
                call_command("demo", stdout=self.stdout)  # the edition, and accounts to look around with
            else:
                call_command("load_edition", str(FIRST_EDITION), stdout=self.stdout)
        if not settings.DEBUG:
            call_command("collectstatic", interactive=False, verbosity=0)


class Announcer:
    """Says where the site is, once, as soon as it answers there."""

    def __init__(self, host: str, port: int, say) -> None:
        self.host, self.port, self.say = host, port, say
        self.said = False

    def __call__(self) -> None:
        if not self.said and self._answers():
            self.said = True
            address = f"http://{self.host}:{self.port}"
            self.say(f"\n  ML4RS is at {address}/ · Ctrl-C stops it.")
            if settings.DEBUG:
                self.say(f"  Demo accounts: {address}/demo/ · mails that it sent: {address}/mailbox/\n")

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=2)
        try:
            connection.request("GET", "/health/", headers={"Host": settings.ALLOWED_HOSTS[0]})
            return connection.getresponse().status < 500
        except OSError:  # not listening yet
            return False
        finally:
            connection.close()


def programs(host: str, *, reload: bool) -> list[Program]:
    """Web, worker and beat, run by this very Python."""
    celery = [sys.executable, "-m", "celery", "--app", "ml4rs", "--quiet"]
    level = f"--loglevel={logging.getLevelName(logging.getLogger().level)}"
    # One web process with threads: rate limits and caches live in its memory.
    web = [sys.executable, "-m", "gunicorn", "ml4rs.wsgi", f"--bind={host}:{settings.PORT}", "--no-control-socket"]
    web += ["--worker-class=gthread", "--workers=1", "--threads=8", "--graceful-timeout=5", "--log-level=warning"]
    quiet_worker = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [
        Program("web", [*web, *(["--reload"] if reload else [])], death_signal=signal.SIGTERM),
        Program("worker", [*celery, "worker", level, *quiet_worker]),
        Program("beat", [*celery, "beat", level, f"--pidfile={settings.DATA_DIR / 'beat' / 'pid'}"]),
    ]


def clear_broker() -> None:
    """Forget old rings: what is to be done stands in the database, and a ring cut in half would only confuse."""
    for folder in ("data_folder_in", "control_folder"):
        path = Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS[folder])
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
    (settings.DATA_DIR / "beat" / "pid").unlink(missing_ok=True)


def ensure_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(f"Port {port} is taken. Choose another: PORT={port + 1} make run") from error


@contextmanager
def only_one() -> Iterator[None]:
    """Two sites on one data folder would take each other's work; the lock ends with the process, however it ends."""
    with (settings.DATA_DIR / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CommandError(f"ML4RS is already running on {settings.DATA_DIR}.") from error
        yield
