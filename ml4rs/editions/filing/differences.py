"""What a load changes, field by field: two dumps of an edition compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any

# What tells entries of a list apart: by the list's key, else the first of these that an entry has, else its place.
_IDENTITY = {
    "milestones": ("kind", "track"),
    "files": ("kind",),
    "reminders": ("to", "hours_before"),
    "review_forms": ("track",),
    "capacity": ("presentation",),
    "questions": ("key",),
}
_NAMES = ("slug", "paper", "title", "name", "event")
_LONGEST = 70


@dataclass(frozen=True)
class Difference:
    """One thing that was added, changed, removed or put into another order."""

    verb: str  # added, changed, removed, reordered
    path: str
    before: Any = None
    after: Any = None

    def lines(self) -> list[str]:
        """For reading on a terminal; long texts line by line."""
        if self.verb == "reordered":
            return [f"reordered {self.path}"]
        if self.verb != "changed":
            value = self.after if self.verb == "added" else self.before
            return [f"{self.verb:9} {self.path}{_after_colon(value)}"]
        if _is_long(self.before) or _is_long(self.after):
            return [f"changed   {self.path}", *(f"            {line}" for line in _by_line(self.before, self.after))]
        return [f"changed   {self.path}: {_short(self.before)} → {_short(self.after)}"]


def differences(before: Any, after: Any) -> list[Difference]:
    """From one dump to another; `before` is empty for a new edition."""
    return list(_compared(before, after, ""))


def counted(found: list[Difference]) -> str:
    """`3 added, 1 changed`, or `nothing to change`."""
    counts = {
        verb: sum(1 for each in found if each.verb == verb) for verb in ("added", "changed", "removed", "reordered")
    }
    return ", ".join(f"{count} {verb}" for verb, count in counts.items() if count) or "nothing to change"


def _compared(before: Any, after: Any, path: str) -> Iterator[Difference]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*after, *(key for key in before if key not in after)]:
            yield from _entry(before.get(key), after.get(key), f"{path}.{key}" if path else key)
    elif _is_rows(before) and _is_rows(after):
        yield from _rows(before, after, path)
    else:
        yield Difference("changed", path, before, after)


def _entry(before: Any, after: Any, path: str) -> Iterator[Difference]:
    """A key's value, which may be missing on either side."""
    if isinstance(before or after, dict) and "." not in path:
        yield from _compared(before or {}, after or {}, path)
    elif _is_rows(before or []) and _is_rows(after or []) and (before or after):
        yield from _rows(before or [], after or [], path)
    elif before is None:
        yield Difference("added", path, after=after)
    elif after is None:
        yield Difference("removed", path, before=before)
    else:
        yield from _compared(before, after, path)


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def _rows(before: list[dict], after: list[dict], path: str) -> Iterator[Difference]:
    key = path.rpartition(".")[2]
    old, new = _named(before, key), _named(after, key)
    for name, row in new.items():
        if name in old:
            yield from _compared(old[name], row, f"{path}[{name}]")
        else:
            yield Difference("added", f"{path}[{name}]", after=row)
    for name, row in old.items():
        if name not in new:
            yield Difference("removed", f"{path}[{name}]", before=row)
    if [name for name in old if name in new] != [name for name in new if name in old]:
        yield Difference("reordered", path)


def _named(rows: list[dict], key: str) -> dict[str, dict]:
    found: dict[str, dict] = {}
    for place, row in enumerate(rows, start=1):
        names = _IDENTITY.get(key) or next(((name,) for name in _NAMES if name in row), ())
        label = ", ".join(str(row[name]) for name in names if name in row) or str(place)
        found[label if label not in found else f"{label} #{place}"] = row
    return found


def _after_colon(value: Any) -> str:
    if isinstance(value, dict):
        value = next((value[key] for key in ("name", "title", "date", "at", "body") if key in value), "")
    return f": {_short(value)}" if value not in ("", None) else ""


def _is_long(value: Any) -> bool:
    return isinstance(value, str) and (len(value) > _LONGEST or "\n" in value)


def _short(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "nothing"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    text = " ".join(text.split())
    return f"“{text[:_LONGEST]}{'…' if len(text) > _LONGEST else ''}”"


def _by_line(before: Any, after: Any) -> Iterator[str]:
    old, new = str(before or "").splitlines(), str(after or "").splitlines()
    changed = unified_diff(old, new, n=0, lineterm="")
    return (line for line in changed if not line.startswith(("---", "+++", "@@")))
