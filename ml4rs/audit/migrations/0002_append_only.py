"""The database itself refuses to change an audit entry, and to delete one.

An entry about an application for travel support may be deleted once that application's erasure is recorded.
"""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION audit_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT 1 FROM audit_erasure WHERE audit_erasure.application_id = OLD.application_id
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'audit entries are append-only';
END $$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_is_append_only();
"""
POSTGRESQL_BACK = """
DROP TRIGGER audit_entry_append_only ON audit_entry;
DROP FUNCTION audit_entry_is_append_only();
"""
_ABORT = "BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END"
SQLITE = [
    f"CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry {_ABORT}",
    "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry WHEN NOT EXISTS "
    f"(SELECT 1 FROM audit_erasure WHERE audit_erasure.application_id = OLD.application_id) {_ABORT}",
]
SQLITE_BACK = [f"DROP TRIGGER audit_entry_no_{verb}" for verb in ("update", "delete")]


def _run(editor, postgresql, sqlite):
    statements = [postgresql] if editor.connection.vendor == "postgresql" else sqlite
    for statement in statements:
        editor.execute(statement)


def guard(apps, editor):
    _run(editor, POSTGRESQL, SQLITE)


def unguard(apps, editor):
    _run(editor, POSTGRESQL_BACK, SQLITE_BACK)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
