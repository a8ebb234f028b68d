"""Portraits and logos named in a file: read, cleaned, and kept where they differ from what is stored."""

from functools import partial
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models, transaction

from ml4rs.accounts.models import random_public_id
from ml4rs.editions.pictures import cleaned_picture

_LONGEST = {"portrait": 640, "logo": 800}


def flaw(path: Path, field: str) -> str:
    """Why the file at `path` cannot be shown as a portrait or logo; nothing if it can."""
    if not path.is_file():
        return f"There is no file “{path.name}” in {path.parent}."
    try:
        _cleaned(path, field)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _cleaned(path: Path, field: str) -> ContentFile:
    upload = SimpleUploadedFile(path.name, path.read_bytes())
    return cleaned_picture(upload, longest=_LONGEST[field], opaque=field == "portrait")


class Pictures:
    """Stores pictures within a load; `forget` takes back what a load that failed, or only tried, has written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept: list[str] = []
        self._written: list[tuple[models.FileField, str]] = []

    def keep(self, row: models.Model, field: str, written: str) -> bool:
        """Set `row.field` to the picture at this path, unless it is stored already: as given or as cleaned."""
        stored = getattr(row, field)
        before = stored.name
        cleaned = _cleaned(self.folder / written, field)
        if before:
            with stored.open("rb") as file:
                if file.read() in (cleaned.read(), (self.folder / written).read_bytes()):
                    return False
            transaction.on_commit(partial(stored.storage.delete, before))
            cleaned.seek(0)
        setattr(row, field, stored.field.generate_filename(row, f"{random_public_id()}{Path(cleaned.name).suffix}"))
        kept = getattr(row, field)
        kept.name = kept.storage.save(kept.name, cleaned)
        self._written.append((kept.field, kept.name))
        self.kept.append(f"The {field} of {row} is now {written}.")
        return True

    def forget(self) -> None:
        for field, name in self._written:
            field.storage.delete(name)
        self._written.clear()
