"""The database itself refuses to change or delete an audit entry."""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION audit_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit entries are append-only';
END $$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_is_append_only();
"""
POSTGRESQL_BACK = """
DROP TRIGGER audit_entry_append_only ON audit_entry;
DROP FUNCTION audit_entry_is_append_only();
"""
SQLITE = [
    f"CREATE TRIGGER audit_entry_no_{verb} BEFORE {verb} ON audit_entry "
    "BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END"
    for verb in ("UPDATE", "DELETE")
]
SQLITE_BACK = [f"DROP TRIGGER audit_entry_no_{verb}" for verb in ("UPDATE", "DELETE")]


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
