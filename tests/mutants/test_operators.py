"""What the generated faults are: one small change each, in what code does and never in its words."""

from tests.mutants.operators import Module, sample
from tests.mutants.targets import targets

CODE = '''"""Words about this module."""
from somewhere import require, may_act, record

MOST = 3


def act(paper, by, reason: str = ""):
    """Words about this verb."""
    require(may_act(by, paper), "You may not.")
    if paper.is_open and by.is_author:
        record("paper.acted", by=by)
    return [each for each in paper.files if each.size < MOST]
'''


def planted(operator: str = "") -> list[str]:
    module = Module("paper.py", CODE)
    found = [mutant for place in module.places() for mutant in module.mutants(place)]
    return [mutant.new for mutant in found if operator in ("", mutant.operator)]


def test_a_guard_is_left_out():
    assert planted("statement_removed") == ["pass", "pass"]


def test_a_condition_is_turned_round_and_halved():
    assert "if not (paper.is_open and by.is_author):" in planted("condition_negated")
    assert set(planted("half_a_condition")) == {"if paper.is_open:", "if by.is_author:"}


def test_a_comparison_and_a_number_move():
    assert "return [each for each in paper.files if each.size <= MOST]" in planted("swap_op")
    assert "MOST = 4" in planted("number")


def test_words_and_types_stay_as_they_are():
    assert not [new for new in planted() if "Words" in new or "import" in new or "XX" in new]


def test_a_sample_is_the_same_for_the_same_seed_and_another_for_another():
    first, again, other = ([m.key for m in sample([Module("paper.py", CODE)], 5, seed)] for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert len(set(first)) == 5


def test_a_fault_keeps_its_name_when_it_moves():
    then, now = (
        {mutant.key for mutant in sample([Module("paper.py", text)], 8, 1)}
        for text in (CODE, f"# A line more.\n{CODE}")
    )
    assert then == now


def test_every_rule_verb_and_engine_is_a_target():
    found = targets()
    assert {"submissions/sight.py", "travel/policy.py", "reviews/actions/assigning.py", "schedule/clashes.py"} <= set(
        found
    )
    assert not [path for path in found if "/tests/" in path]
