"""The database itself refuses an active assignment to somebody in conflict with the paper.

A later migration that rebuilds the assignment table on SQLite drops its triggers; it must then create them anew
(`create` and `drop` here), and a test notices if it does not.
"""

from django.db import migrations

POSTGRESQL = """
CREATE OR REPLACE FUNCTION reviews_no_assignment_in_conflict() RETURNS trigger AS $$
BEGIN
    IF NEW.state = 'active' AND EXISTS (
        SELECT 1 FROM reviews_conflict c JOIN reviews_reviewer r ON r.user_id = c.user_id
        WHERE r.id = NEW.reviewer_id AND c.submission_id = NEW.submission_id AND c.dismissed_at IS NULL
    ) THEN
        RAISE EXCEPTION 'assignment in conflict' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER reviews_no_assignment_in_conflict
BEFORE INSERT OR UPDATE OF state, reviewer_id, submission_id ON reviews_assignment
FOR EACH ROW EXECUTE FUNCTION reviews_no_assignment_in_conflict();
"""

SQLITE = """
CREATE TRIGGER reviews_no_assignment_in_conflict_on_{event}
BEFORE {when} ON reviews_assignment
WHEN NEW.state = 'active' AND EXISTS (
    SELECT 1 FROM reviews_conflict c JOIN reviews_reviewer r ON r.user_id = c.user_id
    WHERE r.id = NEW.reviewer_id AND c.submission_id = NEW.submission_id AND c.dismissed_at IS NULL
)
BEGIN
    SELECT RAISE(ABORT, 'assignment in conflict');
END
"""
EVENTS = {"insert": "INSERT", "update": "UPDATE OF state, reviewer_id, submission_id"}


def create(apps, schema_editor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
    elif schema_editor.connection.vendor == "sqlite":
        for event, when in EVENTS.items():
            schema_editor.execute(SQLITE.format(event=event, when=when))


def drop(apps, schema_editor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER reviews_no_assignment_in_conflict ON reviews_assignment")
        schema_editor.execute("DROP FUNCTION reviews_no_assignment_in_conflict()")
    elif schema_editor.connection.vendor == "sqlite":
        for event in EVENTS:
            schema_editor.execute(f"DROP TRIGGER reviews_no_assignment_in_conflict_on_{event}")


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
