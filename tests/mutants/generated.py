"""Generated faults: a sample, each with the tests that touch its line."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.mutants.mapping import tests_of
from tests.mutants.operators import Module, Mutant, sample
from tests.mutants.planting import UNNOTICED, Fault
from tests.mutants.targets import ROOT, targets

# Survivors that were looked at: why no test need notice them.
REASONS = Path(__file__).with_name("reasons.yaml")


@dataclass(frozen=True)
class Score:
    """How many of a sample were noticed. A fault that lets code run on for ever is noticed by the time it takes."""

    caught: int
    explained: int
    missed: int

    @property
    def percent(self) -> float:
        return 100 * self.caught / max(1, self.caught + self.explained + self.missed)


def drawn(count: int, seed: int) -> list[Mutant]:
    modules = [Module(path, (ROOT / path).read_text()) for path in targets()]
    return list(sample(modules, count, seed))


def faults(mutants: list[Mutant]) -> Iterator[Fault]:
    for mutant in mutants:
        what = f"{mutant.path}:{mutant.line} {mutant.operator}\n- {mutant.old}\n+ {mutant.new}"
        tests = tests_of(mutant.path, mutant.line, mutant.function)
        yield Fault(mutant.key, mutant.operator, mutant.path, mutant.text, tests, what)


def reasons() -> dict[str, str]:
    return yaml.safe_load(REASONS.read_text()) or {} if REASONS.exists() else {}


def score(found: dict[str, dict]) -> Score:
    survived = [key for key, row in found.items() if row["state"] in UNNOTICED]
    explained = sum(key in reasons() for key in survived)
    return Score(len(found) - len(survived), explained, len(survived) - explained)
