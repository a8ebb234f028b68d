"""Which databases there are to test on: the main one, and the other."""

import os
from dataclasses import dataclass

import psycopg

LOCAL_POSTGRES = "postgres://postgres@127.0.0.1:5432/ml4rs"


@dataclass(frozen=True)
class Database:
    """A database to test on, by what its tests find in their environment."""

    name: str
    environment: dict[str, str]


SQLITE = Database("SQLite", {})


def databases() -> tuple[Database, Database | None, str]:
    """The main database, the other one, and why there is no other.

    PostgreSQL is the main one where there is one: it is what production has, and the quicker of the two.
    """
    url = os.environ.get("TEST_DATABASE_URL") or LOCAL_POSTGRES
    if reason := unreachable(url):
        return SQLITE, None, f"PostgreSQL: {reason}"
    return Database("PostgreSQL", {"DATABASE_URL": url}), SQLITE, ""


def unreachable(url: str) -> str:
    """Why there is no PostgreSQL at `url`, or nothing if there is. The database itself need not exist yet."""
    server = url.rpartition("/")[0] + "/postgres"
    try:
        psycopg.connect(server, connect_timeout=3).close()
    except psycopg.Error as error:
        where = server.rpartition("@")[2]
        return f"no server at {where} ({str(error).strip().splitlines()[-1]})"
    return ""
