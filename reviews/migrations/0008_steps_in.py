"""Members who step in on short notice.

SQLite adds the column by making the table anew, which the triggers that read it do not survive: they step aside.
"""

from importlib import import_module

from django.db import migrations, models

guard = import_module("reviews.migrations.0002_no_assignment_in_conflict")


class Migration(migrations.Migration):
    dependencies = [("reviews", "0007_responses_awards_and_journal")]

    operations = [
        migrations.RunPython(guard.drop, guard.create),
        migrations.AddField(
            model_name="reviewer",
            name="steps_in",
            field=models.BooleanField(
                default=False, help_text="Takes a paper on short notice when a reviewer drops out"
            ),
        ),
        migrations.RunPython(guard.create, guard.drop),
    ]
