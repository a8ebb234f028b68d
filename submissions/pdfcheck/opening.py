"""What a file is, told by its bytes before any library sees it: a PDF, a whole one, one only, and of bearable size."""

import mmap
import re
import zipfile
from pathlib import Path

from submissions.pdfcheck.inflating import refuse_bombs
from submissions.pdfcheck.result import UnusableFile

_HEAD, _TAIL = 1024, 4096
_OTHER_BEGINNINGS = (
    b"PK\x03\x04",
    b"MZ",
    b"\x7fELF",
    b"GIF8",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"Rar!",
    b"7z\xbc",
    b"#!",
    b"%!PS",
)
_MARKUP = re.compile(rb"<(?:!doctype|html|script|body|svg|\?php)", re.IGNORECASE)
_SECOND = re.compile(rb"%%EOF\s*(?:\d{0,9}\s*)?%PDF-\d")


def look_at_the_bytes(path: str) -> None:
    """Raises UnusableFile for what is no PDF, not a whole one, something else as well, or would burst."""
    if not Path(path).stat().st_size:
        raise UnusableFile("file.empty", "The file is empty. Choose the PDF again.")
    with Path(path).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        _refuse_others(data)
        _refuse_two_in_one(data, path)
        refuse_bombs(data)


def _refuse_others(data: mmap.mmap) -> None:
    if b"%PDF-" not in data[:_HEAD]:
        raise UnusableFile("file.not_pdf", "This is not a PDF, whatever its name says. Upload the paper as PDF.")
    if b"%%EOF" not in data[-_TAIL:]:
        raise UnusableFile(
            "file.truncated", "The end of the file is missing; the upload or export stopped early. Try again."
        )


def _refuse_two_in_one(data: mmap.mmap, path: str) -> None:
    """A file that other programs take for something else, or that holds two papers, shows each reader what it likes."""
    before = data[: data.find(b"%PDF-")]
    behind = data[_last_table(data) :]
    is_other = before.startswith(_OTHER_BEGINNINGS) or _MARKUP.search(before) or _MARKUP.search(behind)
    if is_other or _is_archive(path):
        raise UnusableFile(
            "file.two_formats",
            "This file is a PDF and something else at once (an archive, a web page or a program). Make a plain PDF.",
        )
    if _SECOND.search(data):
        raise UnusableFile(
            "file.second_pdf", "Two PDFs were put one behind the other into this file. Join them with a PDF program."
        )


def _last_table(data: mmap.mmap) -> int:
    """Where the file's own last words begin; what stands behind them belongs to nobody."""
    return max(data.rfind(b"startxref"), len(data) - (1 << 16), 0)


def _is_archive(path: str) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return bool(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False
