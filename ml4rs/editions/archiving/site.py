"""From page to page through an edition, and everything that was met as files. Plain Python."""

import mimetypes
import re
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from posixpath import join, normpath, split
from urllib.parse import unquote, urljoin, urlsplit

from ml4rs.editions.archiving.pages import Page, addresses_in_style, style_written

_MOST = 20_000  # files


class ArchiveError(Exception):
    """The archive cannot be made; `str()` says why."""


@dataclass(frozen=True)
class Answer:
    """What the site says to a request: status, type, content, and the name under which a file is offered."""

    status: int
    content_type: str = ""
    body: bytes = b""
    filename: str = ""

    @property
    def is_page(self) -> bool:
        return self.content_type.startswith("text/html")

    @property
    def is_style(self) -> bool:
        return self.content_type.startswith("text/css")


Fetch = Callable[[str], Answer]


@dataclass
class _Site:
    prefix: str  # of the edition's pages: "/iclr2025/"
    static: str  # of style sheets and scripts: "/static/"
    fetch: Fetch
    folder: Path
    files: dict[str, str] = field(default_factory=dict)  # address → file
    pages: dict[str, Page] = field(default_factory=dict)  # by file
    styles: dict[str, tuple[str, str]] = field(default_factory=dict)  # file → address and sheet
    dead: list[str] = field(default_factory=list)

    def kept(self, address: str) -> str | None:
        """The file of an address; None where it is not kept."""
        return self.files.get(_plain(address))


def archive(fetch: Fetch, *, prefix: str, static: str, folder: Path, also: Iterable[str] = ()) -> tuple[int, list[str]]:
    """Keep the pages below `prefix` that anybody may read, and what they show, as files in `folder`.

    They are found from the home page and from those that are given as well.

    Returns how many files there are, and the addresses that a page leads to and that are not there. What the site
    answers with a redirect (to sign in, say) is none of the public's: links to it become plain text.

    Raises:
        ArchiveError: the edition's home is not public, or there is no end of pages.
    """
    site = _Site(prefix, static, fetch, folder)
    _visit(site, also)
    for file, page in site.pages.items():
        _write(folder / file, page.written(file, site.kept))
    for file, (address, sheet) in site.styles.items():
        _write(folder / file, style_written(sheet, file, partial(urljoin, address), site.kept).encode())
    return len(site.files), site.dead


def _plain(address: str) -> str:
    return address.partition("#")[0]


def _visit(site: _Site, also: Iterable[str]) -> None:
    start = dict.fromkeys([site.prefix, *(each for each in also if _is_part(site, each))])
    waiting, seen = deque((each, "the list of pages") for each in start), set(start)
    while waiting:
        address, origin = waiting.popleft()
        answer = site.fetch(address)
        if answer.status == 200:
            for found in _keep(site, address, answer):
                if found not in seen and _is_part(site, found):
                    seen.add(found)
                    waiting.append((found, address))
        elif address == site.prefix:
            raise ArchiveError("The edition's home page is not public. Open the edition to the public first.")
        elif answer.status not in (301, 302, 303, 307, 308):
            site.dead.append(f"{address} (on {origin}) answers {answer.status}")
        if len(seen) > _MOST:
            raise ArchiveError(f"More than {_MOST} addresses: some page leads to ever new ones.")


def _is_part(site: _Site, address: str) -> bool:
    return address.startswith((site.prefix, site.static))


def _keep(site: _Site, address: str, answer: Answer) -> list[str]:
    """Note or write what came, and tell what it leads to."""
    file = _file_of(site, address, answer)
    site.files[address] = file
    if answer.is_page:
        page = site.pages[file] = Page(answer.body)
        return [_plain(found) for found in page.addresses()]
    if answer.is_style:
        sheet = answer.body.decode("utf-8")
        site.styles[file] = (address, sheet)
        return [_plain(urljoin(address, found)) for found in addresses_in_style(sheet)]
    _write(site.folder / file, answer.body)
    return []


def _file_of(site: _Site, address: str, answer: Answer) -> str:
    """A name that says what it is, unlike all others; a page is its folder's index."""
    parts = urlsplit(address)
    path = unquote(parts.path)
    is_static = path.startswith(site.static)
    inside = join("static", path.removeprefix(site.static)) if is_static else path.removeprefix(site.prefix)
    query = "" if is_static else re.sub(r"[^a-z0-9]+", "-", parts.query.lower()).strip("-")
    if answer.is_page:
        name = join(inside.rstrip("/"), query, "index.html") if query else join(inside.rstrip("/"), "index.html")
    else:
        folder, _, leaf = inside.rpartition("/")
        leaf = answer.filename or leaf
        if "." not in leaf:
            leaf += mimetypes.guess_extension(answer.content_type.partition(";")[0]) or ""
        name = join(folder, leaf)
    name = normpath(name).lstrip("/")
    if name.startswith(".."):
        raise ArchiveError(f"{address} leads out of the folder.")
    taken = set(site.files.values())
    while name in taken:
        folder, leaf = split(name)
        name = join(folder, f"more-{leaf}")
    return name


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
