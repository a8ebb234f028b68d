"""Whether a double-blind paper tells who wrote it: the authors' names and addresses in text and metadata."""

import re
import unicodedata

from submissions.pdfcheck.result import IDENTITY, WARNS, Finding
from submissions.pdfcheck.rules import DOUBLE, Author, Rules
from submissions.pdfcheck.sections import Parts

_LOOSE_ACCENTS = str.maketrans("", "", "´`¨ˆ˜¸ˇ˚˝¯˘˙ˊˋ")
_HYPHEN_AT_LINE_END = re.compile(r"(\w)[-\u00ad]\s*\n\s*(\w)")
_SPECIAL = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})
_MOST_FINDINGS = 30


def fold(text: str) -> str:
    """Lower case without accents (also those set as separate glyphs), hyphenated line ends joined."""
    joined = _HYPHEN_AT_LINE_END.sub(r"\1\2", text.replace("\r\n", "\n").replace("\ufffe", "-"))
    # Loose accents go first: compatibility decomposition would leave a space in their place.
    plain = unicodedata.normalize("NFKD", joined.translate(_LOOSE_ACCENTS))
    lower = unicodedata.normalize("NFKD", plain.casefold())
    bare = "".join(character for character in lower if not unicodedata.combining(character)).translate(_SPECIAL)
    return " ".join(re.sub(r"[^\w@.+\-]", " ", bare).split())


def judge_identity(pages: list[str], metadata: dict[str, str], parts: Parts, rules: Rules) -> list[Finding]:
    """Findings for double-blind tracks only. An author cited in the references like anybody else is none."""
    if rules.blind != DOUBLE:
        return []
    found = _in_metadata(metadata, rules.authors)
    for number, text in enumerate(_outside_references(pages, parts), start=1):
        folded = fold(text)
        for author in rules.authors:
            found += _on_page(folded, number, author)
    return found[:_MOST_FINDINGS]


def _outside_references(pages: list[str], parts: Parts) -> list[str]:
    """The pages' text with the references blanked, from their heading to the appendix or the end."""
    start, end = parts.references_page, parts.appendix_page
    if start is None:
        return pages
    kept = []
    for number, text in enumerate(pages, start=1):
        if number < start or (end is not None and end > start and number >= end):
            kept.append(text)
        else:
            kept.append(_above_references(text) if number == start else "")
    return kept


def _above_references(text: str) -> str:
    match = re.search(r"^[\W\d]*r\s?eferences\W*$|^[\W\d]*b\s?ibliography\W*$", text, re.IGNORECASE | re.MULTILINE)
    return text[: match.start()] if match else text


def _on_page(folded: str, page: int, author: Author) -> list[Finding]:
    found = []
    for name in _forms_of(author.name):
        match = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded)
        if match:
            message = "The name of an author of this paper stands on this page. Remove it: reviewing is double-blind."
            found.append(_finding("identity.author_name", message, page, _around(folded, match)))
            break
    address = fold(author.email)
    if address and address in folded:
        message = "The e-mail address of an author stands on this page. Remove it: reviewing is double-blind."
        found.append(_finding("identity.author_email", message, page, address))
    return found


def _forms_of(name: str) -> list[str]:
    """How a name may be written: "given family", "family given", without middle names, with initials joined on."""
    words = fold(name).replace(".", "").split()
    if len(words) < 2:
        return []  # a single word is too often an ordinary one
    given, family = words[0], words[-1]
    forms = [" ".join(words), f"{given} {family}", f"{family} {given}"]
    forms += [f"{given} {initial}{dot} {family}" for initial in (word[0] for word in words[1:-1]) for dot in ("", ".")]
    return list(dict.fromkeys(forms))


def _in_metadata(metadata: dict[str, str], authors: tuple[Author, ...]) -> list[Finding]:
    """An author entry in the properties; or an author's name or address in any other place of them."""
    entry = metadata.get("Author", "").strip()
    found = []
    if entry and "anonymous" not in entry.casefold():
        message = (
            "The file's properties name an author. Reviewers get a copy without properties; "
            "set the PDF's author to nothing all the same."
        )
        found.append(_finding("identity.metadata_author", message, None, entry))
    for key, value in metadata.items():
        folded = fold(value)
        hit = next((author for author in authors if _mentions(folded, author)), None)
        if hit and not (key == "Author" and found):
            message = f"The file's properties ({key}) name an author. Reviewers get a copy without properties."
            found.append(_finding("identity.metadata_name", message, None, hit.name))
    return found


def _mentions(folded: str, author: Author) -> bool:
    address = fold(author.email)
    return any(name in folded for name in _forms_of(author.name)) or bool(address and address in folded)


def _around(text: str, match: re.Match) -> str:
    return text[max(0, match.start() - 40) : match.end() + 40]


def _finding(code: str, message: str, page: int | None, excerpt: str) -> Finding:
    return Finding(code, WARNS, message, page=page, excerpt=excerpt, kind=IDENTITY)
