"""A migrated database made once, of which each worker gets a copy instead of migrating one of its own.

The template is named after a digest of every migration, so that it is made anew when one is added and never
otherwise. SQLite: a file below var/suite, read into the worker's memory. PostgreSQL: a database of the server's,
copied by `CREATE DATABASE … TEMPLATE`.
"""

import fcntl
import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings

FOLDER = Path(__file__).resolve().parents[2] / "var" / "suite"
PREFIX = "ml4rs_template_"


@cache
def digest() -> str:
    """What the template depends on: each app's migrations, in order, and the version of Django that applies them."""
    sums = hashlib.sha256(version("django").encode())
    for config in apps.get_app_configs():
        found = find_spec(f"{config.name}.migrations")
        for folder in (found.submodule_search_locations or []) if found else []:
            for path in sorted(Path(folder).glob("*.py")):
                sums.update(f"{config.label}/{path.name}".encode())
                sums.update(path.read_bytes())
    return sums.hexdigest()[:16]


@contextmanager
def copied(connection: Any) -> Iterator[None]:
    """Gives `connection` a database of its own for as long as the block runs: a copy of the template."""
    copy = _copied_in_memory if connection.vendor == "sqlite" else _copied_on_server
    with copy(connection):
        yield


def _use(connection: Any, name: str) -> None:
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = name
    connection.settings_dict["NAME"] = name


# --- SQLite -----------------------------------------------------------------------------------------------------


@contextmanager
def _copied_in_memory(connection: Any) -> Iterator[None]:
    original = connection.settings_dict["NAME"]
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{PREFIX}{digest()}.sqlite3"
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists():
            _use(connection, connection.creation._get_test_db_name())
            connection.ensure_connection()
            with sqlite3.connect(path) as template:
                template.backup(connection.connection)
            template.close()
        else:
            connection.creation.create_test_db(verbosity=0, autoclobber=True)
            _keep(connection, path)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(original, verbosity=0)


def _keep(connection: Any, path: Path) -> None:
    """Written beside its place and moved there, so that whoever finds it finds all of it."""
    for old in FOLDER.glob(f"{PREFIX}*"):
        old.unlink()
    unfinished = path.with_suffix(".unfinished")
    with sqlite3.connect(unfinished) as template:
        connection.connection.backup(template)
    template.close()
    unfinished.rename(path)


# --- PostgreSQL -------------------------------------------------------------------------------------------------


@contextmanager
def _copied_on_server(connection: Any) -> Iterator[None]:
    original = connection.settings_dict["NAME"]
    name = connection.creation._get_test_db_name()
    template = f"{PREFIX}{digest()}"
    with connection.creation._nodb_cursor() as cursor:
        # Held by the session, across workers and across checkouts that share a server.
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [template])
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if cursor.fetchone() is None:
            _make(connection, cursor, template)
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [template])
    _use(connection, name)
    try:
        yield
    finally:
        connection.close()
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        _use(connection, original)


def _make(connection: Any, cursor: Any, template: str) -> None:
    original = connection.settings_dict["NAME"]
    test = connection.settings_dict["TEST"]
    before, unfinished = test["NAME"], f"{template}_unfinished"
    test["NAME"] = unfinished
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
    finally:
        test["NAME"] = before
        _use(connection, original)
    cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{template}"')
