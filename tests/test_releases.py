"""What a release left lives on: later versions work on its database, and it works on the tables of the next."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import releases
from tests.releases import ENDINGS, FOLDER, ROOT
from tests.releases.walk import EDITIONS, FIRST_PAGES

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("releases")]

MOST_BYTES = 300 * 1024
# The words by which a changelog says that the last release cannot run on the tables of the next.
STOP_FIRST = "Stop web and worker before migrating"
LAST = releases.versions()[-1]
# What each part must reach for the walk to have been one.
REACHED = {"anybody": 35, "author": 15, "reviewer": 20, "organiser": 40, "grants": 25, "editor": 15}


@pytest.fixture(params=[(version, vendor) for version in releases.versions() for vendor in ENDINGS], ids="-".join)
def upgraded(request, tmp_path) -> Iterator[dict[str, str]]:
    """The environment of a release's database after this version's `migrate`."""
    yield from _upgraded(*request.param, tmp_path)


@pytest.fixture
def last_upgraded(tmp_path) -> Iterator[dict[str, str]]:
    """On PostgreSQL: where there is SQLite one program is all of the site, and it stops for an update."""
    yield from _upgraded(LAST, "postgresql", tmp_path)


def _upgraded(version: str, vendor: str, folder: Path) -> Iterator[dict[str, str]]:
    try:
        with releases.empty(vendor, folder) as environment:
            releases.restore(version, vendor, environment)
            succeed("manage.py", "migrate", "--verbosity=0", environment=environment)
            yield environment
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL at {releases.server().rpartition('@')[2]}: {error}")


@pytest.fixture(scope="module")
def last_release(tmp_path_factory) -> Path:
    """The code of the last release: as of the commit that brought its database into the history."""
    if STOP_FIRST in _unreleased():
        pytest.skip(f"the changelog says “{STOP_FIRST}”: the last release cannot run on these tables")
    file = (FOLDER / f"{LAST}{ENDINGS['sqlite']}").relative_to(ROOT).as_posix()
    commit = _git("log", "--diff-filter=A", "--format=%H", "--", file).decode().split()
    if not commit:
        pytest.skip(f"the history here does not reach back to the release of {LAST} (a shallow clone?)")
    tree = tmp_path_factory.mktemp("release")
    subprocess.run(["tar", "--extract", "--directory", tree], input=_git("archive", commit[-1]), check=True)
    return tree


def _git(*arguments: str) -> bytes:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("no history here: git or the repository is missing")
    return subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, check=True).stdout


def _unreleased() -> str:
    return (ROOT / "CHANGELOG.md").read_text().partition("## [Unreleased]")[2].partition("\n## [")[0]


def succeed(*command: str, environment: dict[str, str], tree: Path = ROOT) -> str:
    done = releases.run(*command, environment=environment, tree=tree)
    assert done.returncode == 0, f"{command}: {done.stdout}\n{done.stderr}"
    return done.stdout


def walked(*options: str, environment: dict[str, str], tree: Path = ROOT) -> dict[str, dict[str, int]]:
    """What each address answered to each person, every first page with its page; what broke fails with a traceback."""
    done = releases.run(str(FOLDER / "walk.py"), *options, environment=environment, tree=tree)
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    broken = {path: status for pages in answers.values() for path, status in pages.items() if status >= 500}
    assert broken == {}, done.stderr
    for actor, pages in FIRST_PAGES.items():
        first = [f"/sandbox/{page}" for page in pages]
        assert [path for path in first if answers[actor or "anybody"][path] != 200] == [], actor
    assert all(answers["anybody"][f"/{edition}/"] == 200 for edition in EDITIONS)
    return answers


def test_a_database_of_every_release_is_read_by_everybody_without_its_files(upgraded):
    answers = walked(environment=upgraded)
    reached = {actor: sum(status == 200 for status in pages.values()) for actor, pages in answers.items()}
    assert {actor: count for actor, count in reached.items() if count < REACHED[actor]} == {}
    assert 404 in answers["anybody"].values(), "the PDF of a published paper is not there, and nothing broke"


def test_the_last_release_reads_and_writes_on_the_tables_of_this_version(last_upgraded, last_release):
    """As between `migrate` and the end of a rolling update."""
    succeed("-c", "import ml4rs.wsgi", environment=last_upgraded, tree=last_release)
    walked("--first", environment=last_upgraded, tree=last_release)
    order = ["--edition=sandbox", "--seed=77", "--submissions=4", "--reviewers=5", "--phase=programme", "--force"]
    succeed("manage.py", "populate", *order, environment=last_upgraded, tree=last_release)


@pytest.mark.parametrize("version", releases.versions())
def test_a_release_left_a_small_database_of_each_kind(version):
    for ending in ENDINGS.values():
        assert (FOLDER / f"{version}{ending}").stat().st_size <= MOST_BYTES


def test_every_version_in_the_changelog_left_its_databases():
    named = re.findall(r"^## \[([^\]]+)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert sorted(named) == sorted(["Unreleased", *releases.versions()])
