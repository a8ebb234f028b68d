"""On PostgreSQL the database itself keeps two sessions out of one room at a time.

The check waits for the end of the transaction, so that shifting a whole afternoon may pass through an overlap.
SQLite has no exclusion constraints: there the checked action (schedule/actions/sessions.py) stands alone.
"""

from django.db import migrations

ADD = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    """
    ALTER TABLE schedule_session ADD CONSTRAINT session_room_never_double_booked
    EXCLUDE USING gist (room_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
    WHERE (room_id IS NOT NULL AND starts_at IS NOT NULL)
    DEFERRABLE INITIALLY DEFERRED
    """,
)
REMOVE = ("ALTER TABLE schedule_session DROP CONSTRAINT session_room_never_double_booked",)


def _on_postgresql(*statements):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("schedule", "0001_initial")]

    operations = [migrations.RunPython(_on_postgresql(*ADD), _on_postgresql(*REMOVE))]
