"""The reviewers' copy: the same pages, and nothing beside them. Runs in the child process.

Written by an allow-list: what is not needed to show the page is left out, so that a place for a name that
nobody thought of is left out as well.
"""

import struct
import zipfile
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name

from submissions.pdfcheck.opening import look_at_the_bytes
from submissions.pdfcheck.result import UnusableFile

_KEPT_IN_CATALOGUE = {"/Type", "/Pages", "/Version", "/OCProperties"}
_KEPT_IN_PAGE = {
    "/Type", "/Parent", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/Resources",
    "/Contents", "/Group", "/UserUnit", "/Annots",
}  # fmt: skip
_DROPPED_ANYWHERE = (
    "/Metadata", "/PieceInfo", "/LastModified", "/OPI", "/StructParent", "/StructParents", "/AA", "/Measure",
    "/PtData", "/AF",
)  # fmt: skip
_MOST_ZIP_BYTES = 400 << 20
_MOST_ZIP_ENTRIES = 5000


def write_copy(source: str, target: str, content_type: str) -> bool:
    """Write what reviewers get of a file; False when none can be made."""
    makers = {"application/pdf": _copy_pdf, "application/zip": _copy_zip}
    maker = makers.get(content_type)
    if maker is None:
        return False
    try:
        maker(source, target)
    except (UnusableFile, pikepdf.PdfError, zipfile.BadZipFile, RuntimeError, ValueError, TypeError, KeyError, OSError):
        Path(target).unlink(missing_ok=True)
        return False
    return True


def _copy_pdf(source: str, target: str) -> None:
    look_at_the_bytes(source)
    with pikepdf.open(source, suppress_warnings=True) as pdf:
        pages = len(pdf.pages)
        goals = _named_goals(pdf)
        for page in pdf.pages:
            _strip_page(page.obj, goals)
        for key in [key for key in pdf.Root.keys() if key not in _KEPT_IN_CATALOGUE]:  # noqa: SIM118
            del pdf.Root[key]
        _strip_layers(pdf)
        for key in ("/Info", "/ID"):
            if key in pdf.trailer:
                del pdf.trailer[key]
        for thing in pdf.objects:
            _strip_object(thing)
        pdf.remove_unreferenced_resources()
        # Written anew as one revision: what an incremental save had kept of an earlier one is gone.
        pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    with pikepdf.open(target) as copy:
        if len(copy.pages) != pages:
            raise ValueError("the copy has other pages")


def _named_goals(pdf: pikepdf.Pdf) -> dict[str, pikepdf.Object]:
    """Where the links' names point: names may tell something, so links are made to point there directly."""
    goals: dict[str, pikepdf.Object] = {}
    names = pdf.Root.get("/Names")
    if isinstance(names, Dictionary) and "/Dests" in names:
        for name, goal in pikepdf.NameTree(names.Dests).items():
            goals[str(name)] = goal
    old = pdf.Root.get("/Dests")
    if isinstance(old, Dictionary):
        for name, goal in old.items():
            goals[str(name)] = goal
    return {name: goal.D if isinstance(goal, Dictionary) and "/D" in goal else goal for name, goal in goals.items()}


def _strip_page(page: Dictionary, goals: dict[str, pikepdf.Object]) -> None:
    links = [link for annotation in _annotations(page) if (link := _inner_link(annotation, goals)) is not None]
    for key in [key for key in page.keys() if key not in _KEPT_IN_PAGE]:  # noqa: SIM118
        del page[key]
    if "/Annots" in page:
        del page["/Annots"]
    if links:
        page.Annots = Array(links)


def _annotations(page: Dictionary) -> list[Dictionary]:
    found = page.get("/Annots")
    return [each for each in found if isinstance(each, Dictionary)] if isinstance(found, Array) else []


def _inner_link(annotation: Dictionary, goals: dict[str, pikepdf.Object]) -> Dictionary | None:
    """A link within the paper, made anew; every other annotation goes, links to the outside among them."""
    if annotation.get("/Subtype") != Name.Link or "/Rect" not in annotation:
        return None
    goal = annotation.get("/Dest")
    action = annotation.get("/A")
    if goal is None and isinstance(action, Dictionary) and action.get("/S") == Name.GoTo:
        goal = action.get("/D")
    if isinstance(goal, pikepdf.String | Name):
        goal = goals.get(str(goal))
    if not isinstance(goal, Array) or not len(goal) or not isinstance(goal[0], Dictionary):
        return None
    return Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=annotation.Rect, Border=[0, 0, 0], Dest=goal)


def _strip_layers(pdf: pikepdf.Pdf) -> None:
    """Layers stay as they are switched, but lose their names."""
    layers = pdf.Root.get("/OCProperties")
    if not isinstance(layers, Dictionary):
        return
    for number, layer in enumerate(layers.get("/OCGs", Array()), start=1):
        if isinstance(layer, Dictionary):
            layer.Name = f"Layer {number}"
            for key in ("/Usage", "/Intent"):
                if key in layer:
                    del layer[key]
    default = layers.get("/D")
    if isinstance(default, Dictionary):
        for key in ("/Name", "/Creator", "/Order"):
            if key in default:
                del default[key]
    if "/Configs" in layers:
        del layers["/Configs"]


def _strip_object(thing: pikepdf.Object) -> None:
    if not isinstance(thing, Dictionary | pikepdf.Stream):
        return
    for key in _DROPPED_ANYWHERE:
        if key in thing:
            del thing[key]
    if isinstance(thing, pikepdf.Stream) and thing.get("/Filter") in (Name.DCTDecode, Array([Name.DCTDecode])):
        raw = thing.read_raw_bytes()
        bare = without_jpeg_notes(raw)
        if len(bare) != len(raw):
            thing.write(bare, filter=thing.Filter, decode_parms=thing.get("/DecodeParms"))  # type: ignore[arg-type]


def without_jpeg_notes(data: bytes) -> bytes:
    """A JPEG without EXIF, XMP, IPTC and comments (segments APP1, APP3 to APP13, APP15 and COM)."""
    if data[:2] != b"\xff\xd8":
        return data
    dropped = {0xE1, *range(0xE3, 0xEE), 0xEF, 0xFE}
    kept, at = [data[:2]], 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xDA:  # the picture itself follows
            break
        end = at + 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
        if marker not in dropped:
            kept.append(data[at:end])
        at = end
    return b"".join([*kept, data[at:]])


def _copy_zip(source: str, target: str) -> None:
    """The same files without comments, dates, owners and what systems leave behind. Their contents stay."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        entries = [entry for entry in old.infolist() if not entry.is_dir() and not _is_litter(entry.filename)]
        if len(entries) > _MOST_ZIP_ENTRIES or sum(entry.file_size for entry in entries) > _MOST_ZIP_BYTES:
            raise ValueError("too much in this archive")
        left = _MOST_ZIP_BYTES
        for entry in entries:
            bare = zipfile.ZipInfo(entry.filename, date_time=(1980, 1, 1, 0, 0, 0))
            bare.compress_type = zipfile.ZIP_DEFLATED
            with old.open(entry) as reading, new.open(bare, "w") as writing:
                while chunk := reading.read(1 << 20):
                    left -= len(chunk)
                    if left < 0:
                        raise ValueError("more in this archive than it says")
                    writing.write(chunk)


def _is_litter(name: str) -> bool:
    parts = name.split("/")
    return "__MACOSX" in parts or ".git" in parts or parts[-1] in (".DS_Store", "Thumbs.db", "desktop.ini")
