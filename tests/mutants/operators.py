"""Small faults in a module: mutmut's operators, and some of ours for statements, guards and conditions.

mutmut plants its mutants beside each other in functions; here each is a text of its own, so that what stands at the
top of a module is tried as well. Words (docstrings, messages) stay as they are: no test is to repeat them.
"""

import difflib
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import libcst as cst
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider
from mutmut.mutation import mutators

Operator = Callable[[cst.CSTNode], Iterable[cst.CSTNode]]


def statement_removed(node: cst.Expr) -> Iterator[cst.CSTNode]:
    """A verb left out: a guard not asked, a record not kept, a mail not sent."""
    if isinstance(node.value, cst.Call):
        yield cst.Pass()


def raise_removed(node: cst.Raise) -> Iterator[cst.CSTNode]:
    yield cst.Pass()


def condition_negated(node: cst.If) -> Iterator[cst.CSTNode]:
    yield node.with_changes(test=_not(node.test))


def filter_negated(node: cst.CompIf) -> Iterator[cst.CSTNode]:
    yield node.with_changes(test=_not(node.test))


def half_a_condition(node: cst.BooleanOperation) -> Iterator[cst.CSTNode]:
    yield from (node.left, node.right)


def _not(test: cst.BaseExpression) -> cst.UnaryOperation:
    bare = test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return cst.UnaryOperation(operator=cst.Not(), expression=bare)


OURS: list[tuple[type, Operator]] = [
    (cst.Expr, statement_removed),
    (cst.Raise, raise_removed),
    (cst.If, condition_negated),
    (cst.CompIf, filter_negated),
    (cst.BooleanOperation, half_a_condition),
]
_LEFT_OUT = {mutators.operator_string}
OPERATORS = [pair for pair in mutators.mutation_operators if pair[1] not in _LEFT_OUT] + OURS
# What no test can tell from what it was: types, decorators' and imports' names.
_UNTOUCHED = (cst.Annotation, cst.Import, cst.ImportFrom, cst.Decorator, cst.FormattedString)


@dataclass(frozen=True)
class Mutant:
    """One small fault: the whole text of the module with it, and what differs."""

    path: str
    function: str
    line: int
    operator: str
    old: str
    new: str
    text: str

    @property
    def key(self) -> str:
        """Stays the same while the function and the changed lines do, wherever they move to."""
        digest = sha256(f"{self.operator}\n{self.old}\n{self.new}".encode()).hexdigest()[:8]
        return f"{self.path}:{self.function}:{digest}"


@dataclass(frozen=True)
class Place:
    """A node of a module and what may be planted there."""

    path: str
    index: int


class Module:
    """A parsed file with all places in it where a fault can be planted."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text
        self.tree = cst.parse_module(text)
        self._nodes = [node for node in _walk(self.tree) if any(True for _ in _changes(node))]

    @cached_property
    def _wrapper(self) -> MetadataWrapper:
        """Where each node stands: asked for only where something is planted, since it takes a while."""
        return MetadataWrapper(self.tree, unsafe_skip_copy=True)

    def places(self) -> list[Place]:
        return [Place(self.path, index) for index in range(len(self._nodes))]

    def mutants(self, place: Place) -> list[Mutant]:
        node = self._nodes[place.index]
        made = [self._made(node, name, new) for name, new in _changes(node)]
        return [mutant for mutant in made if mutant is not None]

    def _made(self, node: cst.CSTNode, operator: str, new: cst.CSTNode) -> Mutant | None:
        changed = self.tree.deep_replace(node, new)
        text = changed.code
        if text == self.text or not _compiles(text):
            return None
        old_lines, new_lines = _difference(self.text, text)
        function, line = self._function(node), self._wrapper.resolve(PositionProvider)[node].start.line
        return Mutant(self.path, function, line, operator, old_lines, new_lines, text)

    def _function(self, node: cst.CSTNode) -> str:
        parents = self._wrapper.resolve(ParentNodeProvider)
        names: list[str] = []
        while (node := parents.get(node)) is not None:
            if isinstance(node, cst.FunctionDef | cst.ClassDef):
                names.append(node.name.value)
        return ".".join(reversed(names)) or "module"


def _walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    if isinstance(node, _UNTOUCHED):
        return
    yield node
    for child in node.children:
        yield from _walk(child)


def _changes(node: cst.CSTNode) -> Iterator[tuple[str, cst.CSTNode]]:
    for kind, operator in OPERATORS:
        if isinstance(node, kind):
            for new in operator(node):
                yield operator.__name__.removeprefix("operator_"), new


def _compiles(text: str) -> bool:
    try:
        compile(text, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _difference(old: str, new: str) -> tuple[str, str]:
    lines = list(difflib.ndiff(old.splitlines(), new.splitlines()))
    return tuple("\n".join(line[2:].strip() for line in lines if line.startswith(sign)) for sign in ("- ", "+ "))


def sample(modules: Iterable[Module], count: int, seed: int) -> Iterator[Mutant]:
    """`count` mutants, each at another place. A place is drawn, then what happens there: a call with ten arguments

    has twenty faults, and would crowd out a condition that has one.
    """
    by_path = {module.path: module for module in modules}
    places = [place for path in sorted(by_path) for place in by_path[path].places()]
    drawn = random.Random(seed)
    drawn.shuffle(places)
    found = 0
    for place in places:
        if found == count:
            return
        if mutants := by_path[place.path].mutants(place):
            found += 1
            yield drawn.choice(mutants)
