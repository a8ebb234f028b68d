"""The list of leaks: faults that a developer could make, by which somebody would learn what they must not."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.mutants.targets import ROOT

FOLDER = Path(__file__).with_name("leaks")


@dataclass(frozen=True)
class Leak:
    """`old` becomes `new` in one file; `tests` (arguments of pytest) are those that should notice."""

    key: str
    kind: str
    learns: str
    file: str
    old: str
    new: str
    tests: str
    database: str = ""

    def planted(self, text: str) -> str:
        """The file's text with the fault in it.

        Raises:
            ValueError: `old` does not stand there exactly once, so that the list has to be mended.
        """
        if (times := text.count(self.old)) != 1:
            raise ValueError(f"{self.key}: found {times} times in {self.file}")
        return text.replace(self.old, self.new)


def leaks() -> list[Leak]:
    return [Leak(**row) for file in sorted(FOLDER.glob("*.yaml")) for row in yaml.safe_load(file.read_text())]


def text_of(leak: Leak) -> str:
    return leak.planted((ROOT / leak.file).read_text())
