"""The list of leaks does not rot: each can be planted, in code that loads, and names tests that there are."""

import ast
from pathlib import Path

import pytest

from tests.mutants.leaks import Leak, leaks, text_of
from tests.mutants.targets import ROOT

LEAKS = leaks()


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.key)
def test_a_leak_can_be_planted(leak: Leak):
    text = text_of(leak)
    assert text != (ROOT / leak.file).read_text()
    if leak.file.endswith(".py"):
        ast.parse(text)


def test_there_are_many_leaks_of_many_kinds_in_every_app():
    assert len(LEAKS) >= 60
    assert len({leak.kind for leak in LEAKS}) >= 30
    assert {Path(leak.file).parts[0] for leak in LEAKS} >= {"ml4rs", "submissions", "reviews", "schedule", "travel"}


def test_each_leak_has_a_name_of_its_own():
    assert len({leak.key for leak in LEAKS}) == len(LEAKS)


def test_each_leak_names_tests_that_there_are():
    named = {test.partition("::")[0] for leak in LEAKS for test in leak.tests.split()}
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_a_leak_whose_text_changed_is_told_of():
    leak = Leak("gone", "a kind", "Nobody learns anything.", "README.md", "old", "new", "tests")
    with pytest.raises(ValueError, match="gone: found 2 times"):
        leak.planted("old and old")
