"""A limit on what an upload may send, which stands before its body is read."""

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

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
