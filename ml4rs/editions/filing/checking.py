"""What one part of a file says of another: references, doubles, times that do not exist, pictures.

Works on the plain data, so that these problems are told together with those of the schema.
"""

from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

from ml4rs.editions.clock import NoSuchTimeError
from ml4rs.editions.filing.pictures import flaw
from ml4rs.editions.filing.problems import unknown_key, validated
from ml4rs.editions.filing.reading import Document, InvalidFileError, Path, read_yaml
from ml4rs.editions.filing.schema import EditionFile, MilestonePart, PeoplePart
from ml4rs.editions.filing.values import AOE_CLOCK, Instant
from ml4rs.editions.registry import CrossCheckedSection, FileSection, file_sections


class Checked:
    """A file that fits its schema, with the sections of upper apps by key."""

    def __init__(self, core: EditionFile, sections: dict[str, Any], folder: FilePath) -> None:
        self.core = core
        self.sections = sections
        self.folder = folder


def read(text: str, folder: FilePath) -> Checked:
    """Read a file and check all of it; paths of pictures count from `folder`.

    Raises:
        InvalidFileError: with every problem, each with its line.
    """
    document = read_yaml(text)
    if not isinstance(document.data, dict):
        raise InvalidFileError([document.problem((), "The file has no keys. It starts with “edition:”.")])
    core = validated(EditionFile, document.data, document)
    sections = {section.key: _section(section, document) for section in file_sections if section.key in document.data}
    document.problems += [document.problem(path, words) for path, words in _crosswise(document.data, folder)]
    document.problems += _unknown_sections(document)
    if core is not None:
        document.problems += [document.problem(path, words) for path, words in _times(core)]
    if document.problems or core is None:
        raise InvalidFileError(document.problems)
    return Checked(core, sections, folder)


def _section(section: FileSection, document: Document) -> Any:
    found = validated(section.schema, document.data[section.key], document, (section.key,))
    crosswise = section.problems(document.data) if isinstance(section, CrossCheckedSection) else ()
    for path, words in crosswise:
        document.problems.append(document.problem((section.key, *path), words))
    return found


def _unknown_sections(document: Document) -> list:
    known = [*EditionFile.model_fields, *(section.key for section in file_sections)]
    unknown = [key for key in document.data if key not in known]
    return [document.problem((key,), unknown_key(key, known), at_key=True) for key in unknown]


def entries(data: Any, *path: str) -> Iterator[tuple[Path, dict]]:
    """The mappings in a list somewhere in plain data, with their paths; nothing where there is no such list."""
    for part in path:
        data = data.get(part) if isinstance(data, dict) else None
    if isinstance(data, list):
        yield from (((*path, index), each) for index, each in enumerate(data) if isinstance(each, dict))


def text_at(data: Any, *path: str) -> str:
    """A text somewhere in plain data, or nothing."""
    for part in path:
        data = data.get(part) if isinstance(data, dict) else None
    return data if isinstance(data, str) else ""


def _crosswise(data: dict, folder: FilePath) -> Iterator[tuple[Path, str]]:
    yield from doubles(entries(data, "tracks"), "slug")
    yield from doubles(entries(data, "topics"), "slug")
    yield from doubles(entries(data, "sponsor_tiers"), "slug")
    yield from doubles(entries(data, "milestones"), "kind", "track")
    yield from _doubles_below(entries(data, "tracks"), "files", "kind")
    yield from _doubles_below(entries(data, "tracks"), "questions", "key")
    yield from _doubles_below(entries(data, "sponsor_tiers"), "sponsors", "name")
    for kind in PeoplePart.KINDS:
        yield from doubles(entries(data, "people", kind), "name")
    yield from _tracks_of_milestones(data)
    yield from _pictures(data, folder)


def _sponsors(data: dict) -> Iterator[tuple[Path, dict]]:
    for tier_path, tier in entries(data, "sponsor_tiers"):
        for path, sponsor in entries(tier, "sponsors"):
            yield (*tier_path, *path), sponsor


def _doubles_below(rows: Iterator[tuple[Path, dict]], key: str, name: str) -> Iterator[tuple[Path, str]]:
    for path, row in rows:
        for inner, words in doubles(entries(row, key), name):
            yield (*path, *inner), words


def doubles(rows: Iterator[tuple[Path, dict]], *names: str) -> Iterator[tuple[Path, str]]:
    """Entries of a list that say the same under `names` as an earlier one."""
    seen = set()
    for path, row in rows:
        values = tuple(row.get(name) if isinstance(row.get(name), str) else None for name in names)
        if not any(values):
            continue
        if values in seen:
            told = " for ".join(f"“{value}”" for value in values if value)
            yield (*path, names[0]), f"{told} stands here a second time."
        seen.add(values)


def _tracks_of_milestones(data: dict) -> Iterator[tuple[Path, str]]:
    """Only where the file has tracks: without that section, the loader asks the database."""
    if "tracks" not in data:
        return
    known = {row.get("slug") for _, row in entries(data, "tracks")}
    for path, row in entries(data, "milestones"):
        track = row.get("track")
        if isinstance(track, str) and track not in known:
            yield (*path, "track"), f"There is no track “{track}” in this file."


def _pictures(data: dict, folder: FilePath) -> Iterator[tuple[Path, str]]:
    named = [(path, "logo", row.get("logo")) for path, row in _sponsors(data)]
    for kind in PeoplePart.KINDS:
        named += [(path, "portrait", row.get("portrait")) for path, row in entries(data, "people", kind)]
    for path, key, written in named:
        if isinstance(written, str) and (words := flaw(folder / written, key)):
            yield (*path, key), words


def _times(core: EditionFile) -> Iterator[tuple[Path, str]]:
    """Times that the clocks at the venue skip."""
    for index, each in enumerate(core.milestones or []):
        for key in ("at", "moved_from"):
            written = getattr(each, key)
            if isinstance(written, Instant):
                try:
                    written.at(clock_of(each, core.edition.time_zone))
                except NoSuchTimeError as error:
                    yield ("milestones", index, key), str(error)


def clock_of(milestone: MilestonePart, zone: str) -> str:
    """The zone whose clock a milestone's `at` is read from."""
    return AOE_CLOCK if milestone.anywhere_on_earth else zone
