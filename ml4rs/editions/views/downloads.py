"""The one way a stored file leaves the house. Whoever calls it has already decided that the viewer may see it."""

import logging
from http import HTTPStatus
from typing import IO, cast
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header

logger = logging.getLogger(__name__)

# What a browser may show in place: it renders these itself and runs nothing in them. All else is saved.
SHOWN_IN_PLACE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/webp"})

# A stored file is somebody else's content: it may load nothing and run nothing. The PDF viewers of browsers
# refuse to start in a sandbox, so a PDF (which cannot become a page: nosniff) goes without that one word.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
_SANDBOX = f"{_POLICY}; sandbox"


def send_file(
    request: HttpRequest, file: FieldFile, *, content_type: str, filename: str, inline: bool = False
) -> HttpResponseBase:
    """Answer with the content of `file` under a name of ours.

    Nothing about the stored file's name or age goes out: no ETag, no Last-Modified, no original name. With
    `MEDIA_ACCEL` nginx sends the bytes; otherwise they are streamed from here.
    A file that the database knows and the disk does not (a backup brought back without its files) is told in words.
    """
    if not file.storage.exists(file.name or ""):
        logger.error("A stored file is missing: %s", file.name)
        return render(request, "editions/file_missing.html", status=HTTPStatus.NOT_FOUND)
    shown = inline and content_type in SHOWN_IN_PLACE
    name = _presentable(filename)
    response: HttpResponseBase
    if settings.MEDIA_ACCEL and isinstance(file.storage, FileSystemStorage):
        response = HttpResponse(content_type=content_type)
        response["X-Accel-Redirect"] = f"{settings.MEDIA_ACCEL.rstrip('/')}/{quote(file.name or '')}"
    else:
        # A second handle, so that two answers at once never share a position in the file.
        handle = cast("IO[bytes]", file.storage.open(file.name or "", "rb"))
        response = FileResponse(handle, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(not shown, name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _POLICY if content_type == "application/pdf" else _SANDBOX
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


def _presentable(filename: str) -> str:
    """The name without path and control characters, which have no place in a header or on a disk."""
    leaf = filename.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in leaf if character.isprintable()).strip() or "file"
