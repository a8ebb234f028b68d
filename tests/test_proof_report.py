"""The proof's report: what a result is worth, and a page on which whatever did not run is said not to have run."""

import html
import json
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from tests.proof import numbers, report, results
from tests.proof.parts import BY_NAME
from tests.proof.results import Source, standing
from tests.proof.scenes import NOW, SOURCE, a_result

HOSTILE = "<script>alert('x')</script>&\"{{ settings }}"


# --- Age ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "kind", "words"),
    [
        ({}, "passed", "passed"),
        ({"begun": (NOW - timedelta(days=30)).isoformat()}, "passed", "passed"),
        ({"begun": (NOW - timedelta(days=31)).isoformat()}, "old", "passed, but 31 days ago"),
        ({"commit": "fedcba9876543210"}, "old", "passed, but on another state of the code (version 1.0.0, commit fed"),
        ({"version": "0.9.0"}, "old", "version 0.9.0"),
        ({"dirty": "a1"}, "old", "with changes that are not in it"),
        ({"state": "nothing"}, "nothing", "ran nothing"),
        ({"state": "failed", "commit": "fedcba"}, "failed", "failed, on another state of the code"),
        ({"state": "partial"}, "partial", "stopped before its end"),
    ],
)  # fmt: skip
def test_a_result_is_taken_for_what_it_is_worth(changed, kind, words):
    stands = standing(a_result("lint", **changed), SOURCE, NOW)
    assert stands.kind == kind
    assert words in stands.words
    assert ("another" in stands.words) == (not {"commit", "version", "dirty"}.isdisjoint(changed))


def test_a_part_that_never_ran_says_so():
    assert standing(None, SOURCE, NOW) == results.Standing("missing", "never ran here")


def test_a_change_that_is_in_no_commit_makes_another_state_of_the_code(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "ROOT", tmp_path)
    for arguments in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "first"]):
        subprocess.run(["git", "-c", "user.name=A", "-c", "user.email=a@b.c", *arguments], cwd=tmp_path, check=True)
    clean = Source.now()
    (tmp_path / "new.py").write_text("x = 1")
    one = Source.now()
    (tmp_path / "new.py").write_text("x = 2")
    assert (clean.dirty, one.commit) == ("", clean.commit)
    assert len({clean, one, Source.now()}) == 3


def test_code_outside_of_git_can_be_proved_too(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "ROOT", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert "unknown commit" in Source.now().words


# --- The report ---------------------------------------------------------------------------------


def written(folder: Path, *parts: str) -> str:
    index = report.write(folder, SOURCE, NOW, tuple(BY_NAME[name] for name in parts))
    return index.read_text()


def section(page: str, part: str) -> str:
    return html.unescape(page.partition(f'<section id="{part}">')[2].partition("</section>")[0])


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (None, "Never ran here"),
        (a_result("lint", state="nothing", numbers=[], left_out=["There is no Chromium"]), "Ran nothing"),
        (a_result("lint", begun="2026-10-01T00:00:00+00:00"), "Passed, but 61 days ago"),
        (a_result("lint", state="failed", failures=[{"what": "lint ended with 1", "text": "E501"}]), "Failed"),
    ],
)
def test_what_did_not_run_or_fail_or_ran_long_ago_stands_there_in_words(tmp_path, result, words):
    if result:
        results.save(tmp_path / "lint.json", result)
    said = section(written(tmp_path, "lint"), "lint")
    assert words in said
    assert all(reason in said for reason in (result or {}).get("left_out", []))


def test_a_kind_of_which_nothing_was_tried_is_named_all_the_same(tmp_path):
    (tmp_path / "crawl").mkdir()
    found = numbers.of_ledger(BY_NAME["crawl"].kinds, lambda: iter([]), tmp_path, "crawl")
    assert {number["key"]: number["words"] for number in found} == dict.fromkeys(
        ("cells", "worlds", "addresses", "left-out", "posts"), "nothing was tried"
    )


def test_a_cell_that_is_not_as_the_table_says_is_seen_in_the_number(tmp_path):
    notes = [
        {"kind": "cell", "row": "paper", "actor": "officer", "phase": phase, "channel": "pages", "expected": False,
         "met": met, "test": "t"} for met, phase in ((True, "bidding"), (False, "bidding"), (False, "released"))
    ]  # fmt: skip
    cells = numbers.of_ledger(["cell"], lambda: iter(notes), tmp_path, "crawl")[0]
    assert cells["bad"] == 1
    assert (
        cells["words"]
        == "3 tried, 2 as the table says, 1 not as the table says (1 row × 1 actor × 2 phases × 1 channel)"
    )
    assert cells["rows"] == [
        ["That the paper exists, its title, abstract and topics", "Grants officer", "Pages", 3, 2, 1]
    ]


def test_a_later_run_that_was_stopped_is_told_beside_the_last_whole_result(tmp_path):
    results.save(tmp_path / "lint.json", a_result("lint"))
    later = (NOW + timedelta(hours=1)).isoformat()
    results.save(tmp_path / "work" / "lint" / "result.json", a_result("lint", begun=later, state="partial"))
    assert "A later run of 1 Dec 2026, 13:00 UTC was stopped" in section(written(tmp_path, "lint"), "lint")


def test_whatever_a_test_said_stays_text(tmp_path):
    evil = a_result("lint", state="failed", left_out=[HOSTILE], failures=[{"what": HOSTILE, "text": HOSTILE}])
    evil["numbers"][0] |= {
        "label": HOSTILE,
        "words": HOSTILE,
        "columns": [HOSTILE],
        "rows": [[HOSTILE]],
        "note": HOSTILE,
    }
    results.save(tmp_path / "lint.json", evil)
    for page in (written(tmp_path, "lint"), (tmp_path / "lint-tests.html").read_text()):
        assert "<script" not in page
        assert html.escape("<script>") in page


def test_the_page_asks_nothing_of_the_network(tmp_path):
    results.save(tmp_path / "lint.json", a_result("lint"))
    page = written(tmp_path, "lint")
    assert not re.search(r"https?://|<script|@import|url\(|<link|<img", page)


def test_the_data_say_the_same_as_the_page(tmp_path):
    results.save(tmp_path / "lint.json", a_result("lint"))
    written(tmp_path, "lint", "growth")
    data = json.loads((tmp_path / "proof.json").read_text())
    assert {part["name"]: part["kind"] for part in data["parts"]} == {"lint": "passed", "growth": "missing"}
    assert data["parts"][0]["numbers"][0]["list"] == "lint-tests.html"
    assert (data["version"], data["commit"]) == ("1.0.0", SOURCE.commit)
