"""What a file says of its authors beside its pages: properties, bookmarks, notes, attachments, earlier versions.

Reviewers get a copy without any of it, so nothing here blocks; it tells authors what their file gives away.
"""

import re
from collections.abc import Iterator, Sequence

from submissions.pdfcheck.facts import Structure
from submissions.pdfcheck.names import fold, forms_of, letters_of
from submissions.pdfcheck.result import IDENTITY, INFORMS, WARNS, Finding
from submissions.pdfcheck.rules import Author

_HOME = re.compile(r"(?:/Users/|/home/|\\Users\\)([A-Za-z][\w.-]{2,})", re.IGNORECASE)
_COPY = "Reviewers get a copy without it."
_WHAT = {
    "bookmark": "A bookmark",
    "note": "A note in the file",
    "attachment": "The name of an attached file",
    "field": "A form field",
    "earlier": "An earlier version inside this file",
}


def judge_properties(structure: Structure, authors: Sequence[Author]) -> Iterator[Finding]:
    yield from _author_entry(structure.metadata)
    named_already = bool(structure.metadata.get("Author", "").strip())
    for key, value in structure.metadata.items():
        hit = _mentioned(value, authors)
        if hit and not (key == "Author" and named_already):
            message = f"The file's properties ({key}) name an author. {_COPY}"
            yield Finding("identity.metadata_name", WARNS, message, excerpt=hit, kind=IDENTITY)
    for saying in structure.sayings:
        if hit := _mentioned(saying.text, authors):
            message = f"{_WHAT[saying.kind]} names an author. {_COPY}"
            code = f"identity.{saying.kind}"
            yield Finding(code, WARNS, message, page=saying.page, excerpt=f"{hit}: {saying.text}", kind=IDENTITY)
    yield from _folders(structure)


def _author_entry(metadata: dict[str, str]) -> Iterator[Finding]:
    entry = metadata.get("Author", "").strip()
    if entry and "anonymous" not in entry.casefold():
        message = f"The file's properties name an author. {_COPY} Set the PDF's author to nothing all the same."
        yield Finding("identity.metadata_author", WARNS, message, excerpt=entry, kind=IDENTITY)


def _folders(structure: Structure) -> Iterator[Finding]:
    """A path such as /home/lovelace/paper names the account on somebody's machine."""
    for key, value in [*structure.metadata.items(), *((each.kind, each.text) for each in structure.sayings)]:
        if match := _HOME.search(value):
            message = f"A folder named in the file ({key}) tells an account's name. {_COPY}"
            yield Finding("identity.folder", INFORMS, message, excerpt=match.group(), kind=IDENTITY)
            return


def _mentioned(text: str, authors: Sequence[Author]) -> str:
    """The author's name, if the text has it or the address; empty otherwise."""
    folded, letters = fold(text), letters_of(text)
    for author in authors:
        address = author.email.lower()
        if (address and address in folded) or any(len(form) > 6 and form in letters for form in forms_of(author.name)):
            return author.name
    return ""
