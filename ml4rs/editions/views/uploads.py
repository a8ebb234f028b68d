"""A limit on what an upload may send, which stands before its body is read."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

_ALLOWANCE = 64 * 1024  # above the file's own limit, for the rest of the form


class Quota(FileUploadHandler):
    """Stops keeping an upload of more than so many megabytes."""

    def __init__(self, megabytes: int) -> None:
        super().__init__()
        self.most, self.seen = megabytes * 1024 * 1024 + _ALLOWANCE, 0

    @property
    def is_exceeded(self) -> bool:
        return self.seen > self.most

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.seen += len(raw_data)
        if self.is_exceeded:
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def limited(megabytes: int) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Gives a view its `Quota` as second argument, in force before the body is read.

    Doors belong outside of it. The token against forged requests is checked inside, since looking for it reads the
    body.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        protected = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            quota = Quota(megabytes)
            if request.method == "POST":
                request.upload_handlers.insert(0, quota)
            return protected(request, quota, *args, **kwargs)

        return guarded

    return decorate
