"""Where measuring happens: a folder and a database of its own, filled once and kept for the next time."""

import os
import socket
from pathlib import Path

import psycopg

LOCAL_POSTGRES = "postgres://postgres@127.0.0.1:5432/ml4rs"
SIZES, QUICK_SIZES = (100, 300, 1000), (8, 16)


def prepare(folder: Path, *, quick: bool) -> str:
    """Set Django up on PostgreSQL if one can be reached, else on SQLite; the name of the database, for the record."""
    url = _database("quick" if quick else "bench")
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["DATA_DIR"] = str(folder / ("quick" if quick else "full"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "ml4rs.settings"
    os.environ["EMAIL_URL"] = "memorymail://"
    os.environ["REQUIRE_MFA"] = "false"  # the people of the load have no second factor
    os.environ.pop("REDIS_URL", None)
    if url:
        os.environ["DATABASE_URL"] = url
    else:
        os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    return "PostgreSQL" if url else "SQLite"


def _database(suffix: str) -> str:
    """A database beside the one that `TEST_DATABASE_URL` names, made when it is missing; empty without a server."""
    server, _, name = (os.environ.get("TEST_DATABASE_URL") or LOCAL_POSTGRES).rpartition("/")
    wanted = f"{name}_{suffix}"
    try:
        with psycopg.connect(f"{server}/postgres", autocommit=True, connect_timeout=3) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [wanted]).fetchone()
            if not known:
                connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(wanted)))
    except psycopg.OperationalError:
        return ""
    return f"{server}/{wanted}"


def fresh_database(suffix: str) -> str:
    """An empty database on the same server; nothing without a server."""
    url = _database(suffix)
    if url:
        server, _, name = url.rpartition("/")
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            identifier = psycopg.sql.Identifier(name)
            connection.execute(psycopg.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(identifier))
    return url


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _know_the_tables() -> None:
    """What PostgreSQL's autovacuum does a minute after rows came; without it plans are those of empty tables."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def edition_of(size: int):
    """An edition with so many submissions, a fifth as many reviewers, decisions and a published programme."""
    from django.utils import timezone

    from ml4rs.demo.population import Order, populate
    from ml4rs.demo.sandbox import FIRST_EDITION, REHEARSAL, rehearsal_file
    from ml4rs.editions.filing import load, read
    from ml4rs.editions.models import Edition

    slug = f"bench{size}"
    if not Edition.objects.filter(slug=slug).exists():
        text = rehearsal_file(timezone.now().date()).replace(f"slug: {REHEARSAL}", f"slug: {slug}")
        edition = load(read(text, FIRST_EDITION.parent)).edition
        populate(edition, Order(size, max(8, size // 5)))
        _know_the_tables()
    return Edition.objects.get(slug=slug)
