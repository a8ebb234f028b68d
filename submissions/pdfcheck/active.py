"""What in a file does more than lie still: scripts, programs, forms, players, files inside, content from elsewhere."""

import re
from collections.abc import Iterator

import pikepdf

from submissions.pdfcheck.result import BLOCKS, WARNS, Finding

_MOST_OBJECTS = 300_000
_DEEPEST = 12
# Only objects in whose text one of these words stands are looked at more closely.
_TELLING = re.compile(
    rb"/(?:JS|JavaScript|Launch|SubmitForm|ImportData|RichMedia\w*|Rendition|Movie|Sound|Screen|3D|GoTo3DView|GoToR|GoToE"
    rb"|EF|XFA|Collection|AA|OpenAction|Ref)(?![\w.+-])|\(\s*(?:javascript|vbscript|file)\s*:|/URI\s*<",
    re.IGNORECASE,
)
_CALLS_OUT = {"/URI", "/GoToR", "/GoToE"}  # as links they wait for a click

# Action types (PDF 32000-1, table 198) that do more than move about in the document.
_ACTIONS = {
    "/JavaScript": "active.javascript",
    "/Launch": "active.launch",
    "/SubmitForm": "active.submit_form",
    "/ImportData": "active.import_data",
    "/RichMediaExecute": "active.rich_media",
    "/Rendition": "active.rich_media",
    "/Movie": "active.rich_media",
    "/Sound": "active.rich_media",
    "/GoTo3DView": "active.rich_media",
    "/GoToR": "active.file_link",
    "/GoToE": "active.file_link",
}
_ANNOTATIONS = dict.fromkeys(("/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"), "active.rich_media")
_KEYS = {"/EF": "active.embedded_file", "/XFA": "active.xfa", "/Collection": "active.portfolio"}
_MESSAGES = {
    "active.javascript": (BLOCKS, "The file contains JavaScript. Make the PDF without scripts or animations."),
    "active.launch": (BLOCKS, "The file contains a link that starts a program. Remove that link."),
    "active.submit_form": (BLOCKS, "The file contains a form that sends data away. Remove the form."),
    "active.import_data": (BLOCKS, "The file contains an action that reads data in. Remove it."),
    "active.rich_media": (BLOCKS, "The file contains a film, a sound or a model. Put it into the supplementary file."),
    "active.xfa": (BLOCKS, "The file is an XFA form, which most viewers cannot show. Print it to a plain PDF."),
    "active.portfolio": (BLOCKS, "The file is a folder of files (a portfolio). Upload the paper as one plain PDF."),
    "active.remote": (BLOCKS, "The file loads something from elsewhere when it is opened. Make it whole in itself."),
    "active.embedded_file": (WARNS, "Other files are embedded in this PDF. Reviewers get a copy without them."),
    "active.file_link": (
        WARNS, "A link leads to a file on your own machine: in LaTeX, an address without https:// in \\href. Mend it.",
    ),
}  # fmt: skip


def active_content(pdf: pikepdf.Pdf) -> tuple[dict[str, int], bool]:
    """How often each kind of active content occurs, by code, and whether all objects were looked at."""
    found: dict[str, int] = {}
    for count, thing in enumerate(pdf.objects):
        if count >= _MOST_OBJECTS:
            return found, False
        if _is_telling(thing):
            _walk(thing, found, 0)
    return found, True


def judge_active(active: dict[str, int]) -> Iterator[Finding]:
    for code, count in sorted(active.items()):
        severity, message = _MESSAGES[code]
        yield Finding(code, severity, message, excerpt=f"{count} times" if count > 1 else "")


def _is_telling(thing: pikepdf.Object) -> bool:
    if isinstance(thing, pikepdf.Stream):
        return "/F" in thing or bool(_TELLING.search(thing.stream_dict.unparse()))
    return isinstance(thing, pikepdf.Array | pikepdf.Dictionary) and bool(_TELLING.search(thing.unparse(resolved=True)))


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


def _codes_of(thing: pikepdf.Object) -> Iterator[str]:
    action = _name(thing.get("/S"))
    if "/JS" in thing or action == "/JavaScript":
        yield "active.javascript"
    elif action in _ACTIONS:
        yield _ACTIONS[action]
    elif action == "/URI":
        yield from _by_scheme(thing.get("/URI"))
    subtype = _name(thing.get("/Subtype"))
    if subtype in _ANNOTATIONS and "/Rect" in thing:
        yield _ANNOTATIONS[subtype]
    yield from (code for key, code in _KEYS.items() if key in thing)
    if any(_calls_out(thing.get(key)) for key in ("/OpenAction", "/AA")) or _is_elsewhere(thing):
        yield "active.remote"


def _by_scheme(address: object) -> Iterator[str]:
    scheme = str(address).strip().lower().partition(":")[0] if address is not None else ""
    if scheme in ("javascript", "vbscript"):
        yield "active.javascript"
    elif scheme == "file":
        yield "active.file_link"


def _calls_out(opener: object) -> bool:
    """An action, or actions by their occasions, that fetch something without being asked."""
    if not isinstance(opener, pikepdf.Dictionary):
        return False
    actions = [opener, *(opener[key] for key in opener.keys())]  # noqa: SIM118
    return any(isinstance(each, pikepdf.Dictionary) and _name(each.get("/S")) in _CALLS_OUT for each in actions)


def _is_elsewhere(thing: pikepdf.Object) -> bool:
    """A stream whose data are in another file (7.3.8.2), or a form that shows another file's page (8.10.4)."""
    return isinstance(thing, pikepdf.Stream) and ("/F" in thing or isinstance(thing.get("/Ref"), pikepdf.Dictionary))


def _name(value: object) -> str:
    return str(value) if isinstance(value, pikepdf.Name) else ""
