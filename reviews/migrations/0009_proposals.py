"""Proposals keep all scores and their mails' batch; members may be senior.

SQLite adds a column to the members by making their table anew, which the triggers that read it do not survive: they
step aside.
"""

from importlib import import_module

from django.db import migrations, models

guard = import_module("reviews.migrations.0002_no_assignment_in_conflict")


class Migration(migrations.Migration):
    dependencies = [("reviews", "0008_steps_in")]

    operations = [
        migrations.AddField(
            model_name="assignmentrun",
            name="mails",
            field=models.CharField(blank=True, help_text="The batch of its mails, while they are held", max_length=12),
        ),
        migrations.AddField(
            model_name="assignmentrun",
            name="scores",
            field=models.BinaryField(default=bytes, help_text="Of all pairs, as reviews.proposing.scores packs them"),
        ),
        migrations.AlterField(
            model_name="assignmentrun",
            name="pairs",
            field=models.JSONField(
                default=list,
                help_text="[[submission id, reviewer id, score, reason, next best reviewer id, its cost], ...]",
            ),
        ),
        migrations.RunPython(guard.drop, guard.create),
        migrations.AddField(
            model_name="reviewer",
            name="is_senior",
            field=models.BooleanField(default=False, help_text="Counts where each paper needs somebody experienced"),
        ),
        migrations.RunPython(guard.create, guard.drop),
    ]
