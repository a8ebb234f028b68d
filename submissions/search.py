"""Searching the words of submissions: PostgreSQL's full text, or SQLite's FTS5 with an index beside the table.

Words are found by their stems, their beginnings and their parts; all words of a search must stand in one paper.
"""

import re

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connections, router
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from submissions.models import Submission

_INDEX = "submissions_words"
_COLUMNS = ("title", "keywords", "abstract")
_MOST_WORDS = 12


def matching(text: str) -> Q:
    """A condition on submissions whose title, keywords or abstract hold all of these words."""
    words = re.findall(r"\w+", text.casefold())[:_MOST_WORDS]
    if not words:
        return Q(pk__in=())
    anywhere = Q()
    for word in words:
        anywhere &= Q(title__icontains=word) | Q(keywords__icontains=word) | Q(abstract__icontains=word)
    vendor = connections[router.db_for_read(Submission)].vendor
    found = _in_postgresql(words) if vendor == "postgresql" else _in_sqlite(words)
    return Q(pk__in=found) | anywhere


def _in_postgresql(words: list[str]) -> QuerySet:
    query = SearchQuery(" & ".join(f"{word}:*" for word in words), config="english", search_type="raw")
    vector = SearchVector(*_COLUMNS, config="english")
    return Submission.objects.annotate(words=vector).filter(words=query).order_by().values("pk")


def _in_sqlite(words: list[str]) -> RawSQL:
    query = " AND ".join(f'"{word}"*' for word in words)
    return RawSQL(f"SELECT rowid FROM {_INDEX} WHERE {_INDEX} MATCH %s", [query])  # noqa: S608, S611  (constant names)


def keep_index(*, using: str, **kwargs) -> None:
    """After every migration on SQLite: the index, and the triggers that keep it. A changed table loses them."""
    connection = connections[using]
    if connection.vendor != "sqlite" or Submission._meta.db_table not in connection.introspection.table_names():
        return
    table, columns = Submission._meta.db_table, ", ".join(_COLUMNS)
    new, old = (", ".join(f"{row}.{name}" for name in ("id", *_COLUMNS)) for row in ("new", "old"))
    add = f"INSERT INTO {_INDEX}(rowid, {columns}) VALUES ({new});"  # noqa: S608
    drop = f"INSERT INTO {_INDEX}({_INDEX}, rowid, {columns}) VALUES ('delete', {old});"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {_INDEX} USING fts5({columns}, content='{table}', content_rowid='id', "
            "tokenize='porter unicode61 remove_diacritics 2')"
        )
        for event, body in (("INSERT", add), ("DELETE", drop), (f"UPDATE OF {columns}", drop + add)):
            name = f"{_INDEX}_{event.partition(' ')[0].lower()}"
            cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {event} ON {table} BEGIN {body} END")
        cursor.execute(f"INSERT INTO {_INDEX}({_INDEX}) VALUES ('rebuild')")  # noqa: S608
