"""Stored files as paths, for readers that want one."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db.models.fields.files import FieldFile


@contextmanager
def on_disk(stored: FieldFile) -> Iterator[Path]:
    """The file as a path, fetched to a temporary one where the storage is not a folder."""
    try:
        local = Path(stored.path)
    except NotImplementedError:
        with tempfile.NamedTemporaryFile(prefix="ml4rs-check-") as fetched, stored.open("rb") as remote:
            shutil.copyfileobj(remote, fetched)
            fetched.flush()
            yield Path(fetched.name)
        return
    yield local
