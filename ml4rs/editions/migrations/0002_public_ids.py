"""Every row that has pages of its own gets a random address."""

from django.db import migrations, models

from ml4rs.accounts.models import random_public_id

ADDRESSED = ("milestone", "role", "sponsor", "sponsortier", "textblock", "topic", "track", "trackfile")
BATCH = 1000


def fill(apps, schema_editor) -> None:
    """One row after the other, since each needs its own; written in batches."""
    for name in ADDRESSED:
        model = apps.get_model("editions", name)
        rows = list(model.objects.filter(public_id=None).only("pk"))
        for row in rows:
            row.public_id = random_public_id()
        model.objects.bulk_update(rows, ["public_id"], batch_size=BATCH)


def empty() -> models.CharField:
    return models.CharField(max_length=12, null=True, editable=False)


def unique() -> models.CharField:
    return models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)


class Migration(migrations.Migration):
    dependencies = [("editions", "0001_initial")]

    operations = [
        *(migrations.AddField(name, "public_id", empty()) for name in ADDRESSED),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        *(migrations.AlterField(name, "public_id", unique()) for name in ADDRESSED),
    ]
