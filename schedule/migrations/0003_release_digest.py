"""Releases know the digest of their content, so that caches never mistake one for another."""

import json
from hashlib import sha256

from django.db import migrations, models


def fill(apps, schema_editor):
    release = apps.get_model("schedule", "Release")
    for row in release.objects.only("content").iterator(chunk_size=20):
        content = json.dumps(row.content, sort_keys=True, ensure_ascii=False).encode()
        release.objects.filter(pk=row.pk).update(digest=sha256(content).hexdigest())


class Migration(migrations.Migration):
    dependencies = [("schedule", "0002_room_never_double_booked")]

    operations = [
        migrations.AddField(
            "release",
            "digest",
            models.CharField(
                default="", editable=False, help_text="SHA-256 of the content: caches go by it", max_length=64
            ),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
