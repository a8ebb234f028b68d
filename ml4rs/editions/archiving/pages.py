"""A page as it is kept: which addresses it needs, and its links turned into ones between files. Plain Python."""

import re
from collections.abc import Callable, Iterator
from posixpath import dirname, relpath

from lxml import html

_ATTRIBUTES = ("href", "src", "poster")
_IN_STYLE = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
Kept = Callable[[str], str | None]  # address on the site → file in the archive; None where it is not kept


class Page:
    """An HTML page. What only works on the live site (forms, `data-live`) is taken out at once."""

    def __init__(self, body: bytes) -> None:
        self.root = html.document_fromstring(body.decode("utf-8"))
        for element in self.root.xpath("//form | //*[@data-live]"):
            element.drop_tree()
        for element in self.root.xpath("//*[@data-worker]"):
            del element.attrib["data-worker"]

    def addresses(self) -> Iterator[str]:
        """Every address that the page leads to or shows, as it stands there."""
        for element, name in self._links():
            yield element.get(name)
        for data in self._data():
            yield from re.findall(r'"(/[^"\\]+)"', data.text or "")

    def written(self, own: str, kept: Kept) -> bytes:
        """The page as file `own`, with links to other files; a link to what is not kept becomes plain text."""
        for element, name in list(self._links()):
            target = _target(element.get(name), own, kept)
            if target is not None:
                element.set(name, target)
            elif element.tag == "a":
                element.drop_tag()
            else:
                element.drop_tree()
        for data in self._data():
            data.text = re.sub(r'"(/[^"\\]+)"', lambda found: _quoted(found[1], own, kept), data.text or "")
        return html.tostring(self.root, doctype="<!doctype html>", encoding="utf-8")

    def _links(self) -> Iterator[tuple[html.HtmlElement, str]]:
        for element in self.root.iter("a", "link", "script", "img", "source", "iframe", "video", "audio"):
            for name in _ATTRIBUTES:
                if element.get(name) is not None and _is_ours(element.get(name)):
                    yield element, name

    def _data(self) -> list[html.HtmlElement]:
        return self.root.xpath('//script[@type="application/json"]')


def _is_ours(address: str) -> bool:
    return address.startswith("/") and not address.startswith("//")


def _target(address: str, own: str, kept: Kept) -> str | None:
    place, hash_sign, anchor = address.partition("#")
    found = kept(place)
    return None if found is None else relative(own, found) + hash_sign + anchor


def _quoted(address: str, own: str, kept: Kept) -> str:
    return f'"{_target(address, own, kept) or address}"'


def relative(own: str, other: str) -> str:
    """From one file of the archive to another."""
    return relpath(other, dirname(own) or ".")


def addresses_in_style(sheet: str) -> list[str]:
    """What a style sheet refers to, as it stands there."""
    return [found for found in _IN_STYLE.findall(sheet) if not found.startswith(("data:", "#"))]


def style_written(sheet: str, own: str, resolve: Callable[[str], str], kept: Kept) -> str:
    """The style sheet as file `own`; `resolve` makes an address of it one of the site."""

    def replaced(found: re.Match) -> str:
        target = None if found[1].startswith(("data:", "#")) else _target(resolve(found[1]), own, kept)
        return found[0] if target is None else f'url("{target}")'

    return _IN_STYLE.sub(replaced, sheet)
