"""The small filled databases that releases left, `VERSION.sqlite.xz` and `VERSION.postgresql.sql.xz`, and their use.

`python -m tests.releases` leaves those of this version; `walk.py` and `fill.py` run inside a version of the product.
"""

import lzma
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

from tests.suite.databases import LOCAL_POSTGRES

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).resolve().parent
ENDINGS = {"sqlite": ".sqlite.xz", "postgresql": ".postgresql.sql.xz"}


def server() -> str:
    """The PostgreSQL that databases may be made on, without the name of one."""
    return (os.environ.get("TEST_DATABASE_URL") or LOCAL_POSTGRES).rpartition("/")[0]


def versions() -> list[str]:
    """All releases that left a database, oldest first."""
    found = [path.name.removesuffix(ENDINGS["sqlite"]) for path in FOLDER.glob(f"*{ENDINGS['sqlite']}")]
    return sorted(found, key=lambda version: [int(part) for part in version.split(".")])


@contextmanager
def empty(vendor: str, folder: Path) -> Iterator[dict[str, str]]:
    """The environment in which the product finds an empty database and an empty data folder."""
    if vendor == "sqlite":
        yield {"DATA_DIR": str(folder)}
        return
    name = f"ml4rs_release_{os.getpid()}"
    with closing(psycopg.connect(f"{server()}/postgres", autocommit=True, connect_timeout=3)) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield {"DATA_DIR": str(folder), "DATABASE_URL": f"{server()}/{name}"}
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def keep(version: str, vendor: str, environment: dict[str, str]) -> Path:
    """Write a database out, compressed."""
    target = FOLDER / f"{version}{ENDINGS[vendor]}"
    if vendor == "sqlite":
        whole = Path(environment["DATA_DIR"]) / "whole.sqlite3"
        with closing(sqlite3.connect(Path(environment["DATA_DIR"]) / "ml4rs.sqlite3")) as database:
            database.execute("VACUUM INTO ?", [str(whole)])
        content = whole.read_bytes()
    else:
        options = ["--no-owner", "--no-privileges", "--no-comments", "--inserts", "--rows-per-insert=100"]
        command = ["pg_dump", *options, environment["DATABASE_URL"]]
        content = subprocess.run(command, capture_output=True, check=True).stdout
    target.write_bytes(lzma.compress(content, preset=9 | lzma.PRESET_EXTREME))
    return target


def restore(version: str, vendor: str, environment: dict[str, str]) -> None:
    """Fill an empty database with what a release left."""
    content = lzma.decompress((FOLDER / f"{version}{ENDINGS[vendor]}").read_bytes())
    if vendor == "sqlite":
        (Path(environment["DATA_DIR"]) / "ml4rs.sqlite3").write_bytes(content)
        return
    lines = [line for line in content.decode().splitlines(keepends=True) if not line.startswith(_NOT_FOR_SERVERS)]
    with closing(psycopg.connect(environment["DATABASE_URL"], autocommit=True)) as connection:
        connection.execute("".join(lines).encode())


# What pg_dump writes for psql, or for newer servers than the one that may read it.
_NOT_FOR_SERVERS = ("\\restrict ", "\\unrestrict ", "SET transaction_timeout")


def run(*command: str, environment: dict[str, str], tree: Path = ROOT) -> subprocess.CompletedProcess:
    """Run something of the product, as it stands in `tree`, with Python."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return subprocess.run(
        [sys.executable, *command],
        cwd=tree,
        env={**inherited, "PYTHONPATH": str(tree), **environment},
        capture_output=True,
        text=True,
        timeout=900,
    )
