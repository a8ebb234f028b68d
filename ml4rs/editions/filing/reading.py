"""YAML with a memory: plain text values, and where in the file each of them stands."""

from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.events import AliasEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.resolver import BaseResolver
from yaml.scanner import Scanner

Path = tuple[str | int, ...]
_NOTHING = {"", "~", "null"}
_DEEPEST = 20


@dataclass(frozen=True, order=True)
class Problem:
    """Something wrong in a file, and where: line and column count from 1."""

    line: int
    column: int
    words: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.words}"


class InvalidFileError(Exception):
    """A file that cannot be loaded, with everything that is wrong in it, in the order of its lines."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = sorted(set(problems))


@dataclass
class Document:
    """What a file says, and where. Every scalar is text: what it means is for the schema to say.

    So `country: no` is not false, `name: 2025` no number, and a date that does not exist is no crash.
    """

    data: Any
    keys: dict[Path, yaml.Mark] = field(default_factory=dict)
    values: dict[Path, yaml.Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, path: Path, words: str, *, at_key: bool = False) -> Problem:
        """A problem with what stands at `path`, or with the nearest thing around it."""
        marks = [self.keys, self.values] if at_key else [self.values, self.keys]
        for length in range(len(path), -1, -1):
            for known in marks:
                if mark := known.get(path[:length]):
                    return Problem(mark.line + 1, mark.column + 1, words)
        return Problem(1, 1, words)


class _Loader(Reader, Scanner, Parser, Composer, SafeConstructor, BaseResolver):
    """PyYAML without its guesses about what a scalar means, and without aliases."""

    def __init__(self, stream: str) -> None:
        Reader.__init__(self, stream)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)
        SafeConstructor.__init__(self)
        BaseResolver.__init__(self)

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        if self.check_event(AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.composer.ComposerError(None, None, "anchors and aliases (& and *) are not used here", mark)
        return super().compose_node(parent, index)


def read_yaml(text: str) -> Document:
    """Read one YAML document.

    Raises:
        InvalidFileError: it is no YAML, or not one document. Duplicate keys are told in `Document.problems`.
    """
    try:
        node = _Loader(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        words = f"This is not valid YAML: {error.problem or error.context}."
        raise InvalidFileError(
            [Problem(mark.line + 1, mark.column + 1, words) if mark else Problem(1, 1, words)]
        ) from error
    except yaml.YAMLError as error:  # a character that no YAML file may hold
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        raise InvalidFileError([Problem(line, 1, f"This is not valid YAML: {error.reason}.")]) from error
    document = Document(None)
    if node is not None:
        document.data = _plain(node, (), document)
    return document


def _plain(node: Node, path: Path, document: Document) -> Any:
    document.values[path] = node.start_mark
    if len(path) > _DEEPEST:
        document.problems.append(document.problem(path, "This is nested too deeply."))
        return None
    if isinstance(node, ScalarNode):
        return None if node.style is None and node.value in _NOTHING else node.value
    if isinstance(node, SequenceNode):
        return [_plain(each, (*path, index), document) for index, each in enumerate(node.value)]
    return _mapping(node, path, document)


def _mapping(node: MappingNode, path: Path, document: Document) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        mark = key_node.start_mark
        if not isinstance(key_node, ScalarNode):
            document.problems.append(Problem(mark.line + 1, mark.column + 1, "A key is a single word."))
            continue
        key = key_node.value
        if key in found:
            first = document.keys[(*path, key)].line + 1
            words = f"“{key}” stands here a second time; the first is in line {first}."
            document.problems.append(Problem(mark.line + 1, mark.column + 1, words))
            continue
        document.keys[(*path, key)] = mark
        found[key] = _plain(value_node, (*path, key), document)
    return found
