"""`manage.py solve_assignment`: from files to files, every fault with its line."""

import csv
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command


class Folder:
    def __init__(self, path):
        self.path = path

    def write(self, name: str, *lines: str):
        file = self.path / name
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return file

    def solve(self, **options):
        """(pairs, report) of a run."""
        out, report = self.path / "out.csv", self.path / "report.json"
        given = {"affinity": self.path / "a.csv", "per_paper": 2, "max_load": 2, "out": out, "report": report}
        call_command("solve_assignment", **given | options, stdout=StringIO())
        rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
        return {(row["paper_id"], row["reviewer_id"]) for row in rows}, json.loads(report.read_text(encoding="utf-8"))


@pytest.fixture
def folder(tmp_path):
    made = Folder(tmp_path)
    made.write(
        "a.csv",
        "paper_id,reviewer_id,score",
        "one,~Ada_1,0.9", "one,~Bo_1,0.8", "one,~Cy_1,0.1",
        "two,~Ada_1,0.9", "two,~Bo_1,0.2", "two,~Cy_1,0.3",
    )  # fmt: skip
    return made


def test_the_best_pairs_come_out(folder):
    pairs, report = folder.solve()
    assert pairs == {("one", "~Ada_1"), ("one", "~Bo_1"), ("two", "~Ada_1"), ("two", "~Cy_1")}
    assert report["status"] == "optimal"
    assert report["total"] == pytest.approx(2.9)
    assert report["worst"] == pytest.approx(1.2)
    assert report["loads"] == {"~Ada_1": 2, "~Bo_1": 1, "~Cy_1": 1}
    assert report["certificate"]["optimal"]
    assert {"seconds", "memory_mib", "lowest_tenth"} <= set(report)


def test_all_the_other_files_are_heeded(folder):
    pairs, report = folder.solve(
        conflicts=folder.write("c.csv", "two,~Ada_1"),
        demands=folder.write("d.csv", "paper_id,demand", "two,1"),
        loads=folder.write("l.csv", "~Bo_1,1,1", "~Cy_1,1,3"),
        locked=folder.write("p.csv", "one,~Cy_1"),
        institutions=folder.write("i.csv", "~Ada_1,A", "~Cy_1,A", "~Bo_1,B"),
    )
    assert pairs == {("one", "~Cy_1"), ("one", "~Bo_1"), ("two", "~Cy_1")}
    assert report["status"] == "optimal"


@pytest.mark.parametrize("options", [{"objective": "fair"}, {"probability_cap": 0.75, "seed": "s"}, {"min_load": 1}])
def test_every_aim_gives_each_paper_what_it_wants(folder, options):
    pairs, _ = folder.solve(**options)
    assert len(pairs) == 4


def test_the_seed_is_told(folder):
    _, report = folder.solve(probability_cap=0.5, max_load=3)
    assert len(report["certificate"]["seed"]) == 32


def test_what_is_missing_is_explained(folder):
    _, report = folder.solve(max_load=1)
    assert report["status"] == "infeasible"
    assert sum(report["unmet"].values()) == 1
    assert "need 4 reviews" in report["explanation"][0]
    assert "can give 3" in report["explanation"][0]


def test_a_pair_without_a_score_is_impossible_unless_said(folder):
    folder.write("a.csv", "one,~Ada_1,0.9", "two,~Bo_1,0.8")
    assert len(folder.solve()[0]) == 2
    assert len(folder.solve(missing=0.0)[0]) == 4


@pytest.mark.parametrize(
    ("name", "lines", "words"),
    [
        ("affinity", ["one,~A,0.5", "one,~A,0.6"], "line 2: the pair one, ~A stands there twice"),
        ("affinity", ["one,~A,nan"], "line 1: a score must be a number"),
        ("affinity", ["one,~A,many"], "line 1: “many” is no number"),
        ("affinity", ["one,~A"], "line 1: 3 cells are needed"),
        ("affinity", ["one,,0.5"], "line 1: 3 cells are needed"),
        ("conflicts", ["three,~Ada_1"], "line 1: there is no paper “three”"),
        ("conflicts", ["one,~Dan_1"], "line 1: there is no reviewer “~Dan_1”"),
        ("demands", ["one,-1"], "line 1: A demand must be a whole number"),
        ("demands", ["one,1", "one,2"], "line 2: “one” stands there twice"),
        ("loads", ["~Ada_1,3,2"], "line 1: nobody can review at least 3 and at most 2"),
        ("loads", ["~Ada_1,x,2"], "line 1: A least load must be a whole number"),
        ("institutions", ["~Ada_1,A", "~Ada_1,B"], "line 2: “~Ada_1” has another institution"),
    ],
)
def test_a_fault_is_told_with_its_line(folder, name, lines, words):
    file = folder.write("bad.csv", *lines)
    with pytest.raises(CommandError, match=words):
        folder.solve(**{name: file})


def test_a_pair_that_is_locked_and_in_conflict_is_a_fault(folder):
    line = folder.write("p.csv", "one,~Cy_1")
    with pytest.raises(CommandError, match="locked and in conflict"):
        folder.solve(locked=line, conflicts=line)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"max_load": -1}, "must not be negative"),
        ({"min_load": 3}, "must not be greater"),
        ({"dial": 2.0}, "between 0 and 1"),
        ({"probability_cap": 0.0}, "between 1/1024 and 1"),
        ({"probability_cap": 0.5, "objective": "fair"}, "aim is the total"),
    ],
)
def test_options_that_cannot_be_are_refused(folder, options, words):
    with pytest.raises(CommandError, match=words):
        folder.solve(**options)


def test_a_file_that_is_not_there_or_no_text_is_told(folder, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        folder.solve(affinity=tmp_path / "nowhere.csv")
    (tmp_path / "a.csv").write_bytes(b"\xff\xfe\x00one")
    with pytest.raises(CommandError, match="no CSV file in UTF-8"):
        folder.solve()


def test_identifiers_in_any_script_are_kept(folder):
    folder.write("a.csv", "論文,~Çağlar_Ünal1,0.5")
    assert folder.solve(per_paper=1)[0] == {("論文", "~Çağlar_Ünal1")}
