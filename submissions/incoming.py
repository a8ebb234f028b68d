"""What a file that arrives is: its type, its digest, the name that its owner gave it."""

import hashlib
from pathlib import PurePosixPath

from django.core.files.uploadedfile import UploadedFile

from submissions import filetypes


class BadFile(ValueError):  # noqa: N818  (a judgement on the file, not an error of ours)
    """The file is none that is taken here; `str()` says why and what to do."""


def type_of(file: UploadedFile, types: list[str], *, megabytes: int) -> filetypes.FileType:
    """The type by the first kilobyte.

    Raises:
        BadFile: it is empty, larger than that, or of none of these types.
    """
    if not file.size:
        raise BadFile("The file is empty. Choose it again.")
    if file.size > megabytes * 1024 * 1024:
        raise BadFile(f"The file has {file.size / 1024 / 1024:.1f} MB; at most {megabytes} MB are taken.")
    file.seek(0)
    found = filetypes.sniff(file.read(1024))
    file.seek(0)
    if found is None or found.name not in types:
        is_what = f"This is a {found.label}" if found else "We do not know this type of file"
        raise BadFile(f"{is_what}. Upload {filetypes.labels(types)}.")
    return found


def sha256_of(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def bare_name(name: str | None) -> str:
    """The owner's name of the file, for the owner's eyes: no folders, nothing unprintable, short."""
    bare = PurePosixPath((name or "").replace("\\", "/")).name
    return "".join(c for c in bare if c.isprintable())[-255:]
