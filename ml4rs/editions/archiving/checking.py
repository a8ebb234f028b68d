"""Whether every link of an archive leads to a file, and every anchor to a place. Plain Python."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html


def dead_links(folder: Path) -> list[str]:
    """Links between the archive's pages that lead nowhere, each with its page."""
    roots = {path.resolve(): html.parse(str(path)).getroot() for path in folder.rglob("*.html")}
    places = {path: _places(root) for path, root in roots.items()}
    found = []
    for path, root in roots.items():
        for address in _addresses(root):
            parts = urlsplit(address)
            if parts.scheme or address.startswith("//"):
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file() or (parts.fragment and parts.fragment not in places.get(target, {parts.fragment})):
                found.append(f"{path.relative_to(folder.resolve())}: {address}")
    return sorted(found)


def _places(root) -> set[str]:
    return {*root.xpath("//@id"), *root.xpath("//a/@name"), "top"}


def _addresses(root) -> list[str]:
    return root.xpath("//a/@href | //link/@href | //img/@src | //script/@src | //source/@src | //iframe/@src")
