"""The deadline minute: so many authors press "Upload and submit paper" at once, each with a file of 2 MB.

The whole site runs as processes of its own, on SQLite and, where there is a server, on PostgreSQL. What counts is
that every paper is in, whole, with a receipt that names its SHA-256; the times are only told.
"""

import hashlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.setting import free_port, fresh_database
from benchmarks.tables import Table

_PROJECT = Path(__file__).resolve().parent.parent
_BOUNDARY = "deadline-minute"

# Runs in the site's own Django: an edition whose deadline is near, and a draft for each author that lacks its file.
_SCENE = """
import json, datetime
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from ml4rs.accounts.models import User
from ml4rs.editions.models import Edition, Milestone, Track, TrackFile
from submissions.models import Authorship, Submission
now = timezone.now()
edition = Edition.objects.create(slug="minute", name="Minute", short_name="M", is_public=True)
track = Track.objects.create(edition=edition, slug="papers", name="Papers", reviews_per_paper=3, page_limit=4)
TrackFile.objects.create(track=track, kind="manuscript", types=["pdf"], required=True)
Milestone.objects.create(edition=edition, kind="submission", instant=now + datetime.timedelta(minutes=30))
people = []
for number in range({count}):
    user = User.objects.create_user(email=f"author{{number}}@minute.example", name=f"Author {{number}}")
    paper = Submission.objects.create(
        edition=edition, track=track, title=f"Paper {{number}}", abstract="In time.", declarations={{"agreed": True}},
        created_by=user, created_at=now, updated_at=now)
    Authorship.objects.create(
        submission=paper, position=1, name=user.name, email=user.email, user=user, is_corresponding=True)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    people.append([paper.public_id, session.session_key])
print("SCENE" + json.dumps(people))
"""

_WHAT_IS_THERE = """
import json
from ml4rs.notifications.models import Message
from submissions.models import FileVersion, Submission
receipts = {}
pids = dict(Submission.objects.values_list("pk", "public_id"))
for key, body in Message.objects.filter(event="submissions.receipt").values_list("submission_id", "body_text"):
    receipts.setdefault(pids[key], []).append(body)
files = {}
for version in FileVersion.objects.select_related("submission"):
    with version.stored.open() as handle:
        import hashlib
        whole = hashlib.sha256(handle.read()).hexdigest() == version.sha256
    files.setdefault(version.submission.public_id, []).append([version.sha256, whole])
states = dict(Submission.objects.filter(number__isnull=False).values_list("public_id", "state"))
print("FOUND" + json.dumps([states, files, receipts]))
"""


@dataclass
class Answer:
    pid: str
    digest: str
    status: int
    seconds: float


def measure(*, quick: bool) -> Iterator[Table]:
    count, size = (10, 200_000) if quick else (200, 2_000_000)
    table = Table(
        f"The deadline minute: {count} submissions of {size / 1e6:.1f} MB at once",
        ["database", "submitted whole", "receipts that match", "errors", "median s", "slowest s", "all in s"],
        note="Wall-clock seconds of clients and server on the same machine, the check of each file beside them.",
    )
    for name, url in (("SQLite", ""), ("PostgreSQL", fresh_database("minute"))):
        if name == "SQLite" or url:
            with tempfile.TemporaryDirectory(prefix="ml4rs-minute-") as folder:
                table.rows.append([name, *_minute(Path(folder), url, count, size)])
    yield table


def _minute(folder: Path, url: str, count: int, size: int) -> list:
    site = _Site(folder, url)
    site.manage("migrate", "--verbosity", "0")
    people = site.tell(_SCENE.format(count=count), "SCENE")
    with site.running():
        start = time.monotonic()
        barrier = threading.Barrier(len(people))
        with ThreadPoolExecutor(len(people)) as pool:
            answers = list(pool.map(lambda person: _submit(site, *person, size, barrier), people))
        whole = time.monotonic() - start
        states, files, receipts = site.tell(_WHAT_IS_THERE, "FOUND")
    good = sum(states.get(a.pid) == "submitted" and files.get(a.pid) == [[a.digest, True]] for a in answers)
    matching = sum(len(bodies := receipts.get(a.pid, [])) == 1 and a.digest in bodies[0] for a in answers)
    errors = sum(answer.status != 204 for answer in answers)
    seconds = [answer.seconds for answer in answers]
    return [good, matching, errors, median(seconds), max(seconds), whole]


def _submit(site: "_Site", pid: str, session: str, size: int, barrier: threading.Barrier) -> Answer:
    """As the page's own script does it: the page first, for its token, then the file."""
    data = _paper(size)
    token = _token(site, pid, session)
    barrier.wait(timeout=600)
    start = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=300)
    fields = {"csrfmiddlewaretoken": token, "then": "submit"}
    parts = "".join(
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    parts += f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="paper.pdf"\r\n'
    body = parts.encode() + b"Content-Type: application/pdf\r\n\r\n" + data + f"\r\n--{_BOUNDARY}--\r\n".encode()
    headers = {
        "Content-Type": f"multipart/form-data; boundary={_BOUNDARY}",
        "Cookie": f"sessionid={session}; csrftoken={token}",
        "X-Upload": "1",
        "Origin": site.url,
    }
    try:
        connection.request("POST", f"/minute/submissions/{pid}/files/manuscript/", body, headers)
        status = connection.getresponse().status
    except OSError:
        status = 0
    finally:
        connection.close()
    return Answer(pid, hashlib.sha256(data).hexdigest(), status, time.monotonic() - start)


def _token(site: "_Site", pid: str, session: str) -> str:
    request = urllib.request.Request(
        f"{site.url}/minute/submissions/{pid}/", headers={"Cookie": f"sessionid={session}"}
    )
    with urllib.request.urlopen(request, timeout=300) as page:
        found = re.search(r"csrftoken=(\w+)", page.headers.get("Set-Cookie", ""))
    if found is None:
        raise RuntimeError("The page gave no token.")
    return found[1]


def _paper(size: int) -> bytes:
    """A page of text, and so many bytes that nobody draws; no two are the same."""
    noise = os.urandom(size)
    text = b"BT /F1 10 Tf 108 700 Td (A paper in time.) Tj ET"
    return (
        b"%%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>\nendobj\n"
        b"4 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n"
        b"5 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>\nendobj\n"
        b"6 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n"
        b"trailer\n<< /Root 1 0 R >>\n%%%%EOF\n" % (len(text), text, len(noise), noise)
    )


class _Site:
    """The site with a folder and a database of its own."""

    def __init__(self, folder: Path, database: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "site.log"
        self.environment = {
            **os.environ,
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "SITE_URL": self.url,
            "DEBUG": "true",
            "EMAIL_URL": "dummymail://",
            "DJANGO_SETTINGS_MODULE": "ml4rs.settings",
            "DATABASE_URL": database,
        }
        if not database:
            del self.environment["DATABASE_URL"]

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=_PROJECT, env=self.environment, capture_output=True, text=True, timeout=600)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout

    def tell(self, code: str, mark: str):
        """What a few lines of Python print behind a mark, as data."""
        return json.loads(self.manage("shell", "--no-imports", "-c", code).partition(mark)[2])

    @contextmanager
    def running(self) -> Iterator[None]:
        with self.log.open("wb") as log:
            command = [sys.executable, "manage.py", "up", "--tied"]
            process = subprocess.Popen(
                command, cwd=_PROJECT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
            try:
                self._wait()
                yield
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(timeout=60)

    def _wait(self) -> None:
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{self.url}/health/", timeout=2):
                    return
            except OSError:
                time.sleep(0.3)
        raise RuntimeError(f"The site did not start: {self.log.read_text()[-2000:]}")
