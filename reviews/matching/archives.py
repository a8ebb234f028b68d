"""Papers and reviewers' publications from a folder in the layout of openreview-expertise. Plain Python.

`submissions.json` (an object from id to `{id, content: {title, abstract}}`) or `submissions.jsonl` (one such object a
line), and `archives/REVIEWER.jsonl` with one publication a line; the file's name without its ending is the reviewer's
identifier. Title or abstract may be missing, null, or wrapped as `{"value": …}`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class ArchiveError(ValueError):
    """A folder that cannot be used; `str()` names file, line and fault."""


@dataclass
class Archive:
    """Texts by identifier, and what was passed over in reading them."""

    papers: dict[str, str] = field(default_factory=dict)
    people: dict[str, list[str]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def read(folder: Path) -> Archive:
    """Everything in the folder.

    Raises:
        ArchiveError: files that are not there or no JSON, a paper without identifier, or one that comes twice.
    """
    found = Archive()
    for where, key, note in _papers(folder):
        name = str(note.get("id") or key or "")
        if not name:
            raise ArchiveError(f"{where}: a paper has no id.")
        if name in found.papers:
            raise ArchiveError(f"{where}: the paper “{name}” is there twice.")
        found.papers[name] = text_of(note)
        if not found.papers[name]:
            found.remarks.append(f"{where}: the paper “{name}” has neither title nor abstract; it gets no score.")
    archives = folder / "archives"
    if not archives.is_dir():
        raise ArchiveError(f"{archives} is not there.")
    for file in sorted(archives.glob("*.jsonl")):
        texts = [text_of(note) for _, note in _lines(file)]
        found.people[file.name.removesuffix(".jsonl")] = [text for text in texts if text]
        if not any(texts):
            found.remarks.append(f"{file.name}: no publication has a title or an abstract; no score for this reviewer.")
    return found


def _papers(folder: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    whole, by_line = folder / "submissions.json", folder / "submissions.jsonl"
    if whole.exists():
        try:
            data = json.loads(whole.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ArchiveError(f"{whole.name} is no JSON in UTF-8: {error}.") from error
        entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else None
        if entries is None:
            raise ArchiveError(f"{whole.name} must hold an object from id to paper.")
        for key, note in entries:
            if not isinstance(note, dict):
                raise ArchiveError(f"{whole.name}: “{key}” is no paper.")
            yield f"{whole.name}, “{key}”", key if isinstance(key, str) else "", note
    elif by_line.exists():
        for where, note in _lines(by_line):
            yield where, "", note
    else:
        raise ArchiveError(f"There is neither submissions.json nor submissions.jsonl in {folder}.")


def _lines(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ArchiveError(f"{file.name} is no text in UTF-8: {error}.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            note = json.loads(line)
        except ValueError as error:
            raise ArchiveError(f"{file.name}, line {number}: no JSON: {error}.") from error
        if not isinstance(note, dict):
            raise ArchiveError(f"{file.name}, line {number}: an object is needed.")
        yield f"{file.name}, line {number}", note


def text_of(note: dict[str, Any]) -> str:
    """Title and abstract as one text; empty where there is neither."""
    content = note.get("content")
    fields = content if isinstance(content, dict) else note
    return "\n".join(filter(None, (_plain(fields.get(name)) for name in ("title", "abstract"))))


def _plain(value: Any) -> str:
    inner = value.get("value") if isinstance(value, dict) else value
    return inner.strip() if isinstance(inner, str) else ""
