"""A database that lacks what this version needs is refused in words, before anybody's request meets the gap."""

import re

import pytest
from django.core import checks
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from ml4rs.jobs import schema
from ml4rs.jobs.checks import database_fits

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def forget_migration(app: str, name: str) -> None:
    run(f"DELETE FROM django_migrations WHERE app = '{app}' AND name = '{name}'")


def lose_constraint(table: str, name: str) -> None:
    """Of a table of SQLite constraints are a part: it is made anew without that one."""
    if connection.vendor == "postgresql":
        run(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [table])
        (sql,) = cursor.fetchone()
    fewer = re.sub(rf', CONSTRAINT "{name}" (?:CHECK|UNIQUE) (\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))', "", sql)
    assert fewer != sql
    run(f"DROP TABLE {table}", fewer)


def lose_trigger() -> str:
    name = "audit_entry_append_only" if connection.vendor == "postgresql" else "audit_entry_no_update"
    run(f"DROP TRIGGER {name}" + (" ON audit_entry" if connection.vendor == "postgresql" else ""))
    return f"trigger {name} on audit_entry"


def test_a_database_as_migrations_make_it_fits():
    assert schema.refusal(connection) == ""


def test_comparing_takes_few_queries_however_many_tables(cost_of):
    with cost_of() as cost:
        schema.refusal(connection)
    assert cost.queries <= 8


def test_a_missing_column_is_named_with_what_to_do():
    run("ALTER TABLE jobs_job DROP COLUMN step")
    words = schema.refusal(connection)
    assert "lacks what this version needs: column jobs_job.step." in words
    assert "before version 1.0.0" in words
    assert "docs/upgrading.md" in words


def test_a_missing_table_is_named_without_its_columns():
    run("DROP TABLE notifications_optout")
    assert schema.missing(connection) == ["table notifications_optout"]


def test_a_missing_table_between_two_models_is_named():
    run("DROP TABLE reviews_reviewer_topics")
    assert schema.missing(connection) == ["table reviews_reviewer_topics"]


def test_a_missing_check_is_named():
    lose_constraint("jobs_job", "job_progress_is_per_cent")
    assert "constraint job_progress_is_per_cent on jobs_job" in schema.missing(connection)


def test_a_missing_uniqueness_is_named():
    lose_constraint("notifications_optout", "opt_out_once_per_category")
    assert schema.missing(connection) == [
        "constraint opt_out_once_per_category on notifications_optout",
        "uniqueness of address, category in notifications_optout",
    ]


def test_a_missing_uniqueness_under_a_condition_is_named():
    run("DROP INDEX one_open_job_per_subject")
    assert schema.missing(connection) == ["constraint one_open_job_per_subject on jobs_job"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite cannot drop a foreign key")
def test_a_missing_foreign_key_is_named():
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "jobs_job")
    (name,) = [name for name, about in found.items() if about["foreign_key"] == ("editions_edition", "id")]
    run(f"ALTER TABLE jobs_job DROP CONSTRAINT {name}")
    assert schema.missing(connection) == ["foreign key jobs_job.edition_id to editions_edition"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no exclusion constraints")
def test_a_room_that_could_be_booked_twice_is_named():
    run("ALTER TABLE schedule_session DROP CONSTRAINT session_room_never_double_booked")
    assert schema.missing(connection) == ["constraint session_room_never_double_booked on schedule_session"]


def test_a_log_that_could_be_rewritten_is_named():
    lost = lose_trigger()
    assert schema.missing(connection) == [lost]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite cannot switch a trigger off")
def test_a_trigger_that_is_switched_off_is_as_good_as_missing():
    run("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_append_only")
    assert schema.missing(connection) == ["trigger audit_entry_append_only on audit_entry"]


def test_every_guard_that_a_migration_makes_by_hand_is_announced():
    """A trigger that no app names could get lost unnoticed."""
    with connection.cursor() as cursor:
        there = schema._PARTS_OF[connection.vendor](cursor)
    needed = {part for _, part in schema._needed(connection.vendor)}
    assert {part for part in there if part.startswith("trigger ")} <= needed
    unasked = {part for part in there - needed if part.startswith("constraint ") and not _is_djangos_own(part)}
    assert unasked == set()


def _is_djangos_own(part: str) -> bool:
    """Keys and ranges that come with a kind of field have names with a digest, or of the table's key."""
    return re.search(r"constraint \w+(_pkey|_key|_uniq|_check)\b|constraint \w+ on (django|auth)_", part) is not None


def test_more_than_the_models_need_is_no_reason_to_refuse():
    run(
        "ALTER TABLE jobs_job ADD COLUMN colour varchar(20)",
        "CREATE TABLE jobs_next_year (id integer PRIMARY KEY)",
        "CREATE UNIQUE INDEX jobs_colours ON jobs_job (colour)",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('jobs', '0099_colours', '2027-01-01 00:00:00+00')",
    )
    assert schema.refusal(connection) == ""


def test_a_renamed_column_is_both_more_and_less():
    run("ALTER TABLE jobs_job RENAME COLUMN step TO doing")
    assert schema.missing(connection) == ["column jobs_job.step"]


def test_pending_migrations_come_first_and_are_named():
    run("ALTER TABLE jobs_job DROP COLUMN step")
    forget_migration("audit", "0002_append_only")
    words = schema.refusal(connection)
    assert "waits for a migration: audit.0002_append_only. Run migrate" in words
    assert "lacks" not in words


def test_an_empty_database_is_told_to_migrate():
    run("DELETE FROM django_migrations")
    assert "Run migrate" in schema.refusal(connection)


def test_migrate_refuses_at_its_end_what_it_cannot_mend():
    lost = lose_trigger()
    with pytest.raises(CommandError, match=re.escape(lost)):
        call_command("migrate", verbosity=0)


def test_migrate_looks_on_while_it_only_plans(capsys):
    lose_trigger()
    call_command("migrate", plan=True)
    assert "No planned migration operations" in capsys.readouterr().out


def test_a_migration_that_stops_is_told_in_words():
    """The tables are there, the note that they were made is not: as in a database that was put together by hand."""
    forget_migration("audit", "0002_append_only")
    with pytest.raises(CommandError, match=r"The migrations stopped: .*docs/upgrading\.md"):
        call_command("migrate", verbosity=0)


def test_the_system_check_asks_the_databases_that_it_is_given():
    lost = lose_trigger()
    (error,) = database_fits(None, databases=["default"])
    assert isinstance(error, checks.Error)
    assert lost in error.msg


def test_the_system_check_needs_no_database_where_none_is_given(cost_of):
    lose_trigger()
    with cost_of() as cost:
        assert "ml4rs.E016" not in {found.id for found in checks.run_checks()}
    assert cost.queries == 0


def test_a_process_that_starts_on_an_unfit_database_ends_with_words(capsys, monkeypatch):
    monkeypatch.setattr(connection, "close", lambda: None)
    lost = lose_trigger()
    with pytest.raises(SystemExit) as ended:
        schema.stop_unless_fit()
    assert ended.value.code == schema.UNFIT
    assert lost in capsys.readouterr().err


def test_a_process_that_starts_on_a_fit_database_goes_on(capsys, monkeypatch):
    monkeypatch.setattr(connection, "close", lambda: None)
    schema.stop_unless_fit()
    assert capsys.readouterr().err == ""


def test_a_database_that_does_not_answer_just_now_stops_nobody(monkeypatch, caplog):
    """Gunicorn replaces its workers now and then: a moment without database must not take the site down."""

    def gone(connection):
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "close", lambda: None)
    monkeypatch.setattr(schema, "refusal", gone)
    schema.stop_unless_fit()
    assert "does not answer" in caplog.text
