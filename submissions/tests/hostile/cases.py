"""What a hostile file is: how it is made, and what may be said of it."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

FINE = "fine"
UNREADABLE, COSTLY, BOMB = "file.unreadable", "file.too_costly", "file.inflates"
DIFFER, NO_PAGES, REPAIRED = "file.page_counts_differ", "file.no_pages", "file.repaired"
NOT_PDF, TRUNCATED, ENCRYPTED, TWO = "file.not_pdf", "file.truncated", "file.encrypted", "file.two_formats"
NO_TEXT, UNSEEN = "text.none", "sight.incomplete"


@dataclass(frozen=True)
class Case:
    """`codes`: of these one must be among the findings; with `FINE` the file may pass without any."""

    make: Callable[[], bytes]
    codes: frozenset[str]


CASES: dict[str, Case] = {}


def case(name: str, *codes: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    def keep(make: Callable[[], bytes]) -> Callable[[], bytes]:
        assert name not in CASES, name
        CASES[name] = Case(make, frozenset(codes))
        return make

    return keep


def add(name: str, data: bytes, *codes: str) -> None:
    case(name, *codes)(lambda: data)


def a_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return out.getvalue()
