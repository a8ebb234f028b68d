"""Whether the database fits this version: are migrations pending, and does it lack what the models need?

What it has beyond that is no matter: the last release runs on the tables of the next one while both are up.
Parts are words ("column jobs_job.kind"), so that needing and having are sets, and the difference can be read out.
"""

import json
import logging
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from django.apps import apps
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Field, Model, UniqueConstraint

logger = logging.getLogger(__name__)

UNFIT = 3  # the code by which gunicorn's worker makes its master stop instead of trying for ever
_MOST_NAMED = 8
_NAMED_IN_SQLITE = re.compile(r'CONSTRAINT "([^"]+)" (?:CHECK|UNIQUE)')


def pending(connection: BaseDatabaseWrapper) -> list[str]:
    """The migrations that are not applied, as app.name. Where none is, none needs to be imported."""
    applied = MigrationRecorder(connection).applied_migrations()
    if applied.keys() >= set(_migrations_on_disk()):
        return []
    loader = MigrationLoader(connection)
    return sorted(f"{app}.{name}" for app, name in set(loader.graph.nodes) - set(loader.applied_migrations))


def _migrations_on_disk() -> Iterator[tuple[str, str]]:
    for app in apps.get_app_configs():
        folder = MigrationLoader.migrations_module(app.label)[0]
        if folder and find_spec(folder):
            names = (found.name for found in iter_modules(import_module(folder).__path__) if not found.ispkg)
            yield from ((app.label, name) for name in names if name[0] not in "_~")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """What models and hand-made guards need and the database lacks; of a table that is missing, the table alone."""
    with connection.cursor() as cursor:
        there = _PARTS_OF[connection.vendor](cursor)
    lacking = [(table, part) for table, part in _needed(connection.vendor) if part not in there]
    gone = {table for table, part in lacking if part == f"table {table}"}
    return sorted({part for table, part in lacking if table not in gone or part == f"table {table}"})


def refusal(connection: BaseDatabaseWrapper) -> str:
    """Why this version cannot work on this database, and what to do; nothing if it can."""
    if waiting := pending(connection):
        what = "a migration" if len(waiting) == 1 else f"{len(waiting)} migrations"
        return f"The database waits for {what}: {_some(waiting)}. Run migrate (`manage.py migrate`), then start again."
    if lacking := missing(connection):
        return (
            f"The database lacks what this version needs: {_some(lacking)}. All migrations are applied, so it was "
            "made before version 1.0.0, or changed by hand. Nothing can be mended here: restore a backup, or write "
            "out what is to be kept with the version that made it and start anew. docs/upgrading.md says how."
        )
    return ""


def stop_unless_fit() -> None:
    """End this process with words if the database does not fit. One that cannot be reached now may be back soon."""
    try:
        words = refusal(connection)
    except OperationalError:
        logger.exception("The database does not answer; whether it fits this version is not known.")
        return
    finally:
        connection.close()
    if words:
        sys.stderr.write(f"{words}\n")
        sys.stderr.flush()
        raise SystemExit(UNFIT)


def _some(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _needed(vendor: str) -> Iterator[tuple[str, str]]:
    """(table, part) for all that must be there."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            yield from ((model._meta.db_table, part) for part in _parts_of_model(model))
    for app in apps.get_app_configs():
        yield from ((part.rpartition(" ")[2], part) for part in getattr(app, "made_by_hand", {}).get(vendor, ()))


def _parts_of_model(model: type[Model]) -> Iterator[str]:
    meta = model._meta
    yield f"table {meta.db_table}"
    for field in meta.local_concrete_fields:
        yield f"column {meta.db_table}.{field.column}"
        if field.unique:
            yield _uniqueness([field.column], meta.db_table)
        if field.remote_field and getattr(field, "db_constraint", False):
            yield f"foreign key {meta.db_table}.{field.column} to {field.remote_field.model._meta.db_table}"
    together = [*meta.unique_together]
    for constraint in meta.constraints:
        yield f"constraint {constraint.name} on {meta.db_table}"
        if isinstance(constraint, UniqueConstraint) and constraint.fields and constraint.condition is None:
            together.append(constraint.fields)
    for names in together:
        fields: list[Field] = [meta.get_field(name) for name in names]
        yield _uniqueness([field.column for field in fields], meta.db_table)


def _uniqueness(columns: list[str], table: str) -> str:
    return f"uniqueness of {', '.join(sorted(columns))} in {table}"


def _parts_in_postgresql(cursor: CursorWrapper) -> set[str]:
    """Four queries, however many tables there are."""
    cursor.execute("""
        SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
            AND c.relnamespace <> 'pg_catalog'::regnamespace AND pg_table_is_visible(c.oid)
    """)
    parts = _tables_and_columns(cursor)
    cursor.execute("""
        SELECT c.relname, x.relname, i.indpred IS NULL AND i.indexprs IS NULL,
            ARRAY(SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid
                AND a.attnum = ANY((i.indkey::int2[])[0:i.indnkeyatts - 1]))
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
        WHERE i.indisunique AND i.indisvalid
            AND c.relnamespace <> 'pg_catalog'::regnamespace AND pg_table_is_visible(c.oid)
    """)
    for table, name, whole, columns in cursor.fetchall():
        parts.add(f"constraint {name} on {table}")
        if whole:
            parts.add(_uniqueness(columns, table))
    cursor.execute("""
        SELECT c.relname, n.conname, n.contype::text, t.relname,
            (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = n.conkey[1])
        FROM pg_constraint n JOIN pg_class c ON c.oid = n.conrelid LEFT JOIN pg_class t ON t.oid = n.confrelid
        WHERE n.contype IN ('c', 'x', 'f')
            AND c.relnamespace <> 'pg_catalog'::regnamespace AND pg_table_is_visible(c.oid)
    """)
    for table, name, kind, target, column in cursor.fetchall():
        foreign = f"foreign key {table}.{column} to {target}"
        parts.add(foreign if kind == "f" else f"constraint {name} on {table}")
    cursor.execute("""
        SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
            AND c.relnamespace <> 'pg_catalog'::regnamespace AND pg_table_is_visible(c.oid)
    """)
    return parts | {f"trigger {name} on {table}" for name, table in cursor.fetchall()}


def _parts_in_sqlite(cursor: CursorWrapper) -> set[str]:
    cursor.execute("""
        SELECT m.name, c.name FROM sqlite_master m, pragma_table_xinfo(m.name) c WHERE m.type = 'table'
    """)
    parts = _tables_and_columns(cursor)
    cursor.execute("""
        SELECT m.name, json_group_array(c.name) FROM sqlite_master m, pragma_table_xinfo(m.name) c
        WHERE m.type = 'table' AND c.pk > 0 GROUP BY m.name
        UNION ALL
        SELECT m.name, json_group_array(c.name) FROM sqlite_master m, pragma_index_list(m.name) i,
            pragma_index_info(i.name) c
        WHERE m.type = 'table' AND i."unique" AND NOT i.partial GROUP BY m.name, i.name
    """)
    for table, columns in cursor.fetchall():
        parts.add(_uniqueness([name for name in json.loads(columns) if name], table))
    cursor.execute("""
        SELECT m.name, f."from", f."table" FROM sqlite_master m, pragma_foreign_key_list(m.name) f
        WHERE m.type = 'table'
    """)
    parts |= {f"foreign key {table}.{column} to {target}" for table, column, target in cursor.fetchall()}
    cursor.execute("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    for kind, name, table, sql in cursor.fetchall():
        if kind == "trigger":
            parts.add(f"trigger {name} on {table}")
        elif kind == "index" and sql.startswith("CREATE UNIQUE"):
            parts.add(f"constraint {name} on {table}")
        else:
            parts |= {f"constraint {found} on {table}" for found in _NAMED_IN_SQLITE.findall(sql)}
    return parts


def _tables_and_columns(cursor: CursorWrapper) -> set[str]:
    parts = set()
    for table, column in cursor.fetchall():
        parts |= {f"table {table}", f"column {table}.{column}"}
    return parts


_PARTS_OF = {"postgresql": _parts_in_postgresql, "sqlite": _parts_in_sqlite}
