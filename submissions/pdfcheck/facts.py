"""What pikepdf gathers of a file, as plain data: pages, active content, properties, links, words beside the pages."""

from dataclasses import dataclass, field

Box = tuple[float, float, float, float]  # left, bottom, right, top in points from the lower left


@dataclass(frozen=True)
class Link:
    """Where a link leads, and where it stands: page from 1, box in points."""

    page: int
    address: str
    box: Box | None = None


@dataclass(frozen=True)
class Saying:
    """Words that stand beside the pages. `kind`: bookmark, note, attachment, field, earlier, picture, font or glyph."""

    kind: str
    text: str
    page: int | None = None


@dataclass(frozen=True)
class MissingFont:
    """A font whose letters are not in the file, and the first page that uses it."""

    name: str
    page: int


@dataclass
class Structure:
    pages: int
    sizes: list[tuple[float, float]]  # width and height in points, turned as the page is shown
    repaired: str = ""
    active: dict[str, int] = field(default_factory=dict)  # code to how often
    metadata: dict[str, str] = field(default_factory=dict)  # Info and XMP, as text
    complete_walk: bool = True
    unreadable_pages: list[int] = field(default_factory=list)  # whose content cannot be unpacked
    links: list[Link] = field(default_factory=list)
    sayings: list[Saying] = field(default_factory=list)
    fonts: list[MissingFont] = field(default_factory=list)
    glyphs: list[Saying] = field(default_factory=list)  # single glyphs that stand for many letters
    bare: bytes | None = field(default=None, repr=False)  # the file without replacement texts, if it has any
