"""The production set, run natively: the very commands of docker-compose.yml with real PostgreSQL and Redis."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
import yaml

from tests.live import Postbox, eventually, free_port, postbox

# One worker runs all of it: the processes are started once.
pytestmark = [pytest.mark.services, pytest.mark.xdist_group("production")]

ROOT = Path(__file__).resolve().parent.parent
POSTGRES = os.environ.get("TEST_DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/ml4rs"
REDIS = os.environ.get("TEST_REDIS_URL") or "redis://127.0.0.1:6379"
HOST = "conference.example.org"
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@dataclass
class Answer:
    status: int
    headers: Message
    body: bytes


class Production:
    """The services of the compose file as processes on this machine, with their data in a folder."""

    def __init__(self, folder: Path, database: str, broker: str, smtp_port: int) -> None:
        self.folder, self.port = folder, free_port()
        self.services = compose()["services"]
        given = {
            "SITE_URL": f"https://{HOST}",
            "SECRET_KEY": "only for the test of the production set, and long enough for Django",
            "POSTGRES_PASSWORD": "unused",
            "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
            "DEFAULT_FROM_EMAIL": f"chairs@{HOST}",
        }
        declared = {
            name: VARIABLE.sub(lambda found: given.get(found[1]) or (found[3] if found[2] == "-" else ""), str(value))
            for name, value in self.services["web"]["environment"].items()
        }
        inherited = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
        self.environment = {
            **inherited,
            **{name: value for name, value in declared.items() if value},
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "DATABASE_URL": database,
            "REDIS_URL": broker,
            "DATA_DIR": str(folder),
            "STATIC_ROOT": str(folder / "static"),
            "PORT": str(self.port),
        }
        self.processes: dict[str, subprocess.Popen] = {}

    def once(self, *command: str) -> str:
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=240)
        assert done.returncode == 0, f"{command}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self, name: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                self.services[name]["command"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def healthy(self, name: str) -> bool:
        """What the service's own health check says."""
        kind, *command = self.services[name]["healthcheck"]["test"]
        if kind == "CMD-SHELL":
            command = ["sh", "-c", command[0].replace("$$", "$")]
        environment = {**self.environment, "HOSTNAME": os.uname().nodename}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=60).returncode == 0

    def get(self, path: str, *, scheme: str = "https") -> Answer:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": scheme})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())

    def stop(self) -> dict[str, int]:
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        codes = {}
        for name, process in self.processes.items():
            try:
                codes[name] = process.wait(timeout=30)
            finally:
                _end_group(process.pid)
        self.processes = {}
        return codes

    def logs(self) -> str:
        return "\n".join(f"== {file.name}\n{file.read_text()}" for file in sorted(self.folder.glob("*.log")))


def _end_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    server, name = POSTGRES.rpartition("/")[0], f"ml4rs_production_{os.getpid()}"
    try:
        connection = psycopg.connect(f"{server}/postgres", autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL at {server.rpartition('@')[2]}: {error}")
    with connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"{server}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    """A database of Redis that nobody else uses, emptied afterwards."""
    for number in range(15, 0, -1):
        with redis.Redis.from_url(f"{REDIS}/{number}") as client:
            try:
                if client.dbsize():
                    continue
            except redis.ConnectionError as error:
                pytest.skip(f"no Redis at {urlsplit(REDIS).netloc}: {error}")
            yield f"{REDIS}/{number}"
            client.flushdb()
            return
    pytest.skip(f"no empty database in Redis at {urlsplit(REDIS).netloc}")


@pytest.fixture(scope="module")
def mails() -> Iterator[tuple[Postbox, int]]:
    with postbox() as box_and_port:
        yield box_and_port


@pytest.fixture(scope="module")
def production(database, broker, mails, tmp_path_factory) -> Iterator[Production]:
    site = Production(tmp_path_factory.mktemp("production"), database, broker, mails[1])
    site.once("python", "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    site.once(*site.services["migrate"]["command"])
    try:
        for name in ("web", "worker", "beat"):
            site.start(name)
        eventually(lambda: site.healthy("web"), f"web to be healthy\n{site.logs()}", 60)
        yield site
    finally:
        site.stop()


def test_the_site_answers_over_https_and_sends_others_there(production):
    health = production.get("/health/")
    assert (health.status, json.loads(health.body)) == (200, {"status": "ok"})
    redirect = production.get("/accounts/login/", scheme="http")
    assert redirect.status == 301
    assert redirect.headers["Location"] == f"https://{HOST}/accounts/login/"


def test_pages_come_with_guarded_headers_and_immutable_files(production):
    page = production.get("/accounts/login/")
    assert page.status == 200
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    html = page.body.decode()
    files = re.findall(r'(?:href|src)="(/static/[^"#]+)', html)
    assert any(re.search(r"bootstrap\.min\.[0-9a-f]{12}\.css", file) for file in files)
    for file in files:
        answer = production.get(file)
        assert answer.status == 200, file
        assert "immutable" in answer.headers["Cache-Control"], file


def test_beat_ticks_and_the_worker_delivers_what_nobody_rang_for(production, mails):
    """A message that only stands in the database leaves through beat, Redis, worker and SMTP."""
    production.once(
        "python",
        "manage.py",
        "shell",
        "--no-imports",
        "-c",
        "from django.utils.timezone import now; from ml4rs.notifications.models import Message; Message.objects.create("
        "event='production.tick', key='tick', recipient='somebody@else.example', subject='Tick', body_text='Tock',"
        "message_id='<tick@conference.example.org>', created_at=now(), due_at=now())",
    )
    mail = mails[0].wait_for("somebody@else.example", "Tick")
    assert mail["Message-ID"] == "<tick@conference.example.org>"


def test_every_service_is_healthy_by_its_own_check(production):
    for name in ("web", "worker", "beat"):
        assert eventually(lambda name=name: production.healthy(name), f"{name} to be healthy"), name


def test_told_to_stop_every_service_ends_by_itself(production):
    assert production.stop() == {"web": 0, "worker": 0, "beat": 0}, production.logs()
