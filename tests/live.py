"""The whole system as a person meets it: real processes, a real SMTP server to post to, a real browser."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

from aiosmtpd.controller import Controller

ROOT = Path(__file__).resolve().parent.parent
Found = TypeVar("Found")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(look: Callable[[], Found | None], what: str, seconds: float = 45) -> Found:
    """The first truthy answer of `look`, asked until the time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.2)
    raise AssertionError(f"waited {seconds} s in vain for {what}")


class Postbox:
    """An SMTP server that keeps what it is given."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd calls it so
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 kept"

    def to(self, address: str, words: str = "") -> list[EmailMessage]:
        """Mails to an address whose subject or text has all of the words."""
        return [
            mail
            for mail in list(self.mails)
            if address in str(mail["To"])
            and all(word in f"{mail['Subject']}\n{text_of(mail)}" for word in words.split())
        ]

    def wait_for(self, address: str, words: str = "") -> EmailMessage:
        return eventually(lambda: self.to(address, words), f"a mail to {address} about “{words}”")[-1]


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None, "every mail has a text part"
    return part.get_content()


@contextmanager
def postbox() -> Iterator[tuple[Postbox, int]]:
    box, port = Postbox(), free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield box, port
    finally:
        server.stop()


class Site:
    """A running ML4RS with its own data folder."""

    def __init__(self, folder: Path, smtp_port: int, **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "site.log"
        # The database that tests run on is not the site's: that is in its folder.
        inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.environment = {
            **inherited,
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "SITE_URL": self.url,
            "DEBUG": "1",
            "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
            "DJANGO_SETTINGS_MODULE": "ml4rs.settings",
            **environment,
        }

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def shell(self, code: str) -> str:
        """What a few lines of Python print in the site's own Django."""
        return self.manage("shell", "--no-imports", "-c", code).strip()

    @contextmanager
    def running(self) -> Iterator["Site"]:
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--tied"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                eventually(self._answers, "the site to answer", 90)
                yield self
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(timeout=30)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health/", timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
