"""What pikepdf (qpdf) knows of a file: whether it is whole, its pages, active content and metadata."""

from dataclasses import dataclass, field
from pathlib import Path

import pikepdf

_MOST_OBJECTS = 200_000
_DEEPEST = 12
_LONGEST_METADATA = 1 << 20

# Action types (PDF 32000-1, table 198) that do more than move about in the document.
_ACTIVE = {
    "/JavaScript": "active.javascript",
    "/Launch": "active.launch",
    "/SubmitForm": "active.submit_form",
    "/ImportData": "active.import_data",
    "/RichMediaExecute": "active.rich_media",
}


class UnusableFile(Exception):  # noqa: N818  (a judgement on the file, not an error of ours)
    """The file is no usable PDF; carries the finding's code and the words for its author."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


@dataclass(frozen=True)
class Link:
    """Where a link leads, and where it stands: page from 1, box in points."""

    page: int
    address: str
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class Saying:
    """Words that stand beside the pages. `kind`: bookmark, note, attachment, field or earlier."""

    kind: str
    text: str
    page: int | None = None


@dataclass
class Structure:
    pages: int
    sizes: list[tuple[float, float]]  # width and height in points, turned as the page is shown
    repaired: str = ""
    active: dict[str, int] = field(default_factory=dict)  # code to how often
    metadata: dict[str, str] = field(default_factory=dict)  # Info and XMP, as text
    complete_walk: bool = True
    links: list[Link] = field(default_factory=list)
    sayings: list[Saying] = field(default_factory=list)


def read_structure(path: str) -> Structure:
    """Open a file with pikepdf and look at all of its objects.

    Raises:
        UnusableFile: it is no PDF, incomplete, encrypted or broken beyond repair.
    """
    _look_at_the_ends(path)
    try:
        pdf = pikepdf.open(path, suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise UnusableFile("file.encrypted", "The file is locked with a password. Upload it without one.") from error
    except (pikepdf.PdfError, RuntimeError, ValueError) as error:
        raise UnusableFile(
            "file.unreadable", "The file is damaged and cannot be read. Make the PDF again and upload it."
        ) from error
    with pdf:
        if pdf.is_encrypted:
            raise UnusableFile(
                "file.encrypted", "The file is encrypted (it restricts copying or printing). Export it without that."
            )
        structure = _describe(pdf)
        from submissions.pdfcheck.gathering import gather

        structure.links, structure.sayings = gather(pdf, path)
        return structure


def _look_at_the_ends(path: str) -> None:
    """The header and the trailer, before any library sees the file."""
    with Path(path).open("rb") as file:
        head = file.read(1024)
        size = file.seek(0, 2)
        file.seek(max(0, size - 4096))
        tail = file.read()
    if not size:
        raise UnusableFile("file.empty", "The file is empty. Choose the PDF again.")
    if b"%PDF-" not in head:
        raise UnusableFile("file.not_pdf", "This is not a PDF, whatever its name says. Upload the paper as PDF.")
    if b"%%EOF" not in tail:
        raise UnusableFile(
            "file.truncated", "The end of the file is missing; the upload or export stopped early. Try again."
        )


def _describe(pdf: pikepdf.Pdf) -> Structure:
    try:
        count = len(pdf.pages)
        sizes = [_size_of(page) for page in list(pdf.pages)[:1000]]
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError) as error:
        raise UnusableFile("file.unreadable", "The list of pages is broken. Make the PDF again.") from error
    structure = Structure(count, sizes)
    structure.active, structure.complete_walk = _active_content(pdf)
    structure.metadata = _metadata(pdf)
    structure.repaired = "; ".join(str(warning) for warning in pdf.get_warnings()[:3])
    return structure


def _size_of(page: pikepdf.Page) -> tuple[float, float]:
    box = [float(side) for side in page.cropbox]
    width, height = abs(box[2] - box[0]), abs(box[3] - box[1])
    turned = int(page.obj.get("/Rotate", 0)) % 180 == 90
    return (height, width) if turned else (width, height)


def _active_content(pdf: pikepdf.Pdf) -> tuple[dict[str, int], bool]:
    """How often each kind of active content occurs, and whether all objects were looked at."""
    found: dict[str, int] = {}
    for count, thing in enumerate(pdf.objects):
        if count >= _MOST_OBJECTS:
            return found, False
        _walk(thing, found, 0)
    return found, True


def _walk(thing: pikepdf.Object, found: dict[str, int], depth: int) -> None:
    """Note active content in one object and in what stands directly inside it."""
    if depth > _DEEPEST:
        return
    if isinstance(thing, pikepdf.Array):
        children = list(thing)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        for code in _codes_of(thing):
            found[code] = found.get(code, 0) + 1
        children = [thing[key] for key in thing.keys()]  # noqa: SIM118  (pikepdf dictionaries iterate otherwise)
    else:
        return
    for child in children:
        if isinstance(child, pikepdf.Object) and not child.is_indirect:
            _walk(child, found, depth + 1)


def _codes_of(thing: pikepdf.Object) -> list[str]:
    codes = []
    action = thing.get("/S")
    if isinstance(action, pikepdf.Name) and str(action) in _ACTIVE:
        codes.append(_ACTIVE[str(action)])
    elif "/JS" in thing:
        codes.append("active.javascript")
    if "/EF" in thing:
        codes.append("active.embedded_file")
    if "/XFA" in thing:
        codes.append("active.xfa")
    return codes


def _metadata(pdf: pikepdf.Pdf) -> dict[str, str]:
    """Info entries by name, and the whole XMP packet under "XMP"."""
    found: dict[str, str] = {}
    try:
        for key, value in pdf.docinfo.items():
            found[str(key).lstrip("/")] = str(value)[:2000]
        packet = pdf.Root.get("/Metadata")
        if isinstance(packet, pikepdf.Stream):
            found["XMP"] = packet.read_bytes()[:_LONGEST_METADATA].decode("utf-8", "replace")
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError):
        found["unreadable"] = "The metadata of this file cannot be read."
    return found
