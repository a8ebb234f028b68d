"""What a file is, told by its first bytes and never by its name or by what the browser claims."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FileType:
    name: str  # as tracks name it
    content_type: str
    extension: str
    label: str


PDF = FileType("pdf", "application/pdf", "pdf", "PDF")
ZIP = FileType("zip", "application/zip", "zip", "ZIP archive")
PNG = FileType("png", "image/png", "png", "PNG image")
JPEG = FileType("jpeg", "image/jpeg", "jpg", "JPEG image")
KNOWN = {each.name: each for each in (PDF, ZIP, PNG, JPEG)}
BY_CONTENT_TYPE = {each.content_type: each for each in KNOWN.values()}
PICTURES = (PNG.content_type, JPEG.content_type)


def sniff(head: bytes) -> FileType | None:
    """The type of a file by its first kilobyte; None if it is none that any track takes."""
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return ZIP
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    return None


def labels(names: list[str]) -> str:
    """ "PDF", "PDF or ZIP archive": accepted types in words."""
    words = [KNOWN[name].label for name in names if name in KNOWN]
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
