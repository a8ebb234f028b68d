"""A review form as a text file: downloaded, filled in without a connection, and read again line by line.

The file is UTF-8. A line `== key` begins the answer to a question; the lines of help that come with it, which begin
with `#`, are skipped wherever they stand, and all others are the answer. A line of an answer that itself begins with
`==`, `#` or a backslash has a backslash before it when it is written; when it is read, only `==` needs one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_HEAD = "== form"
_MARK = "== "


@dataclass(frozen=True)
class Question:
    """What is asked. `options` are (value, meaning) of scales and choices; empty for texts."""

    key: str
    label: str
    help: str = ""
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Fault:
    """Something in the file that could not be taken, by its line (from 1)."""

    line: int
    words: str


@dataclass
class Filled:
    """What a file says. `revision` is that of the review when the file was made."""

    form: str = ""
    revision: int = -1
    answers: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    remark: str = ""


def write(form: str, revision: int, title: str, questions: Sequence[Question], answers: Mapping[str, str]) -> str:
    """The file for this review, with what was answered so far."""
    lines = [
        f"# Review of: {' '.join(title.split())}",
        "# Write below each heading and keep the lines that begin with ==. Lines that begin with # are help.",
        "# Then upload the file on the page of the review. It becomes a draft there; nothing newer is overwritten.",
        f"{_HEAD} {form} {revision}",
        "",
    ]
    for question in questions:
        lines += [f"{_MARK}{question.key}", *_help(question)]
        lines += [_escaped(line) for line in answers.get(question.key, "").splitlines()]
        lines.append("")
    return "\n".join(lines)


def _help(question: Question) -> list[str]:
    options = [f"#   {value} = {meaning}" for value, meaning in question.options]
    return [f"# {question.label}", *([f"# {question.help}"] if question.help else []), *options]


def _escaped(line: str) -> str:
    return f"\\{line}" if line.startswith(("==", "#", "\\")) else line


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a file and, where its encoding had to be guessed, a remark about that.

    Raises:
        ValueError: it is no text.
    """
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError("This is no text file. Upload the form as it was downloaded.")
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16"), ""
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        remark = "The file is not UTF-8; it was read as Western European. Look at accents and special characters."
        return data.decode("cp1252", "replace"), remark


def read(data: bytes, form: str, questions: Sequence[Question]) -> Filled:
    """What the file answers to these questions of this form; everything that could not be taken is a fault."""
    filled = Filled()
    try:
        text, filled.remark = decoded(data)
    except ValueError as error:
        filled.faults.append(Fault(1, str(error)))
        return filled
    known = {question.key: question for question in questions}
    sections = _sections(text.replace("\0", "").splitlines(), filled)
    if not filled.form:
        filled.faults.append(Fault(1, f"The line that begins with “{_HEAD}” is missing. Download the form again."))
    elif filled.form != form:
        filled.faults.append(Fault(1, "This file belongs to the review of another paper."))
    for number, key, lines in sections:
        _take(filled, known, number, key, lines)
    return filled


Section = tuple[int, str, list[tuple[int, str]]]


def _sections(lines: list[str], filled: Filled) -> list[Section]:
    """Line number, key and lines (each with its number) of each answer."""
    found: list[Section] = []
    for number, line in enumerate(lines, start=1):
        if line.startswith(_HEAD + " "):
            _head(filled, number, line)
        elif line.startswith("=="):
            found.append((number, line[2:].strip(), []))
        elif found:
            found[-1][2].append((number, line))
    return found


def _head(filled: Filled, number: int, line: str) -> None:
    form, _, revision = line[len(_HEAD) :].strip().partition(" ")
    if revision.strip().isdecimal() and len(revision) < 10:
        filled.form, filled.revision = form, int(revision)
    else:
        filled.faults.append(Fault(number, "This line was changed. Download the form again and copy your text over."))


def _take(filled: Filled, known: dict[str, Question], number: int, key: str, lines: list[tuple[int, str]]) -> None:
    if key not in known:
        filled.faults.append(Fault(number, f"There is no question “{key}” in this form."))
        return
    if key in filled.answers:
        filled.faults.append(Fault(number, f"“{known[key].label}” stands here a second time."))
        return
    question = known[key]
    help_lines = _help(question)
    lines = [(at, line.removeprefix("\\")) for at, line in lines if line.rstrip() not in help_lines]
    text = "\n".join(line.rstrip() for _, line in lines).strip("\n")
    if question.options and text.strip():
        values = [value for value, _ in question.options]
        first = next(at for at, line in lines if line.strip())
        if text.strip() not in values:
            words = f"“{text.strip()[:40]}” is no answer to “{question.label}”. Write one of {', '.join(values)}."
            filled.faults.append(Fault(first, words))
            return
        text = text.strip()
    filled.answers[key] = text
