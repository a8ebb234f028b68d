"""Web and worker, as they are really started, on a database that does not fit: they end with words, and stay ended."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests import releases
from tests.live import ROOT, free_port

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("unfit")]
PROGRAMS = {
    "web": ["gunicorn", "ml4rs.wsgi", "--config", "deploy/gunicorn.py", "--workers", "1"],
    "worker": ["celery", "--app", "ml4rs", "--quiet", "worker"],
}


def run(folder: Path, *command: str) -> subprocess.CompletedProcess:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {**inherited, "DATA_DIR": str(folder), "PORT": str(free_port())}
    command = [sys.executable, *(["manage.py"] if command[0] in ("migrate", "up") else ["-m"]), *command]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder with the database of a site: the last release's, brought up to date."""
    folder = tmp_path_factory.mktemp("unfit")
    releases.restore(releases.versions()[-1], "sqlite", {"DATA_DIR": str(folder)})
    done = run(folder, "migrate", "--verbosity=0")
    assert done.returncode == 0, done.stderr
    return folder


def change(folder: Path, statement: str) -> None:
    with sqlite3.connect(folder / "ml4rs.sqlite3") as database:
        database.execute(statement)
    database.close()


@pytest.fixture
def lacking(folder):
    change(folder, "ALTER TABLE jobs_job RENAME COLUMN step TO doing")
    yield folder
    change(folder, "ALTER TABLE jobs_job RENAME COLUMN doing TO step")


@pytest.fixture
def waiting(folder):
    change(folder, "UPDATE django_migrations SET name = '0002_gone' WHERE name = '0002_append_only'")
    yield folder
    change(folder, "UPDATE django_migrations SET name = '0002_append_only' WHERE name = '0002_gone'")


@pytest.mark.parametrize("program", PROGRAMS)
def test_it_names_what_is_missing_and_ends(program, lacking):
    done = run(lacking, *PROGRAMS[program])
    assert done.returncode == 3
    assert "column jobs_job.step" in done.stderr
    assert "docs/upgrading.md" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("program", PROGRAMS)
def test_while_migrations_are_pending_it_says_run_migrate(program, waiting):
    done = run(waiting, *PROGRAMS[program])
    assert done.returncode == 3
    assert "audit.0002_append_only. Run migrate" in done.stderr


def test_the_whole_site_on_one_machine_says_its_version_and_refuses(lacking):
    done = run(lacking, "up")
    assert done.returncode == 1
    assert done.stdout.startswith("ML4RS 1.")
    assert "column jobs_job.step" in done.stderr
    assert "Traceback" not in done.stderr
