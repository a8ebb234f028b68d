"""The ledger of a proof: what tests tried is written down, and only while a proof runs."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.proof import ledger


@pytest.fixture
def ledger_folder(tmp_path, monkeypatch) -> Iterator[Path]:
    folder = tmp_path / "ledger"
    monkeypatch.setattr(ledger, "_folder", str(folder))
    monkeypatch.delenv("PROOF_RUN", raising=False)
    yield folder
    ledger._files.pop((str(folder), os.getpid())).close()


def facts(folder: Path) -> list[dict]:
    return [{key: value for key, value in line.items() if key != "test"} for line in ledger.read(folder)]


class TestLedger:
    def test_nothing_is_written_when_no_proof_runs(self, tmp_path, monkeypatch):
        monkeypatch.setattr(ledger, "_folder", "")
        monkeypatch.chdir(tmp_path)
        ledger.note("hostile", file="bomb.pdf", verdict="refused")
        ledger.note_many("hostile", ("file",), [("bomb.pdf",)], verdict="refused")
        assert list(tmp_path.rglob("*")) == []

    def test_what_was_tried_can_be_read_back_with_the_test_that_tried_it(self, ledger_folder):
        ledger.note("hostile", file="bomb.pdf", verdict="refused")
        assert facts(ledger_folder) == [{"kind": "hostile", "file": "bomb.pdf", "verdict": "refused"}]
        assert next(ledger.read(ledger_folder))["test"].endswith(
            "test_what_was_tried_can_be_read_back_with_the_test_that_tried_it"
        )

    def test_many_things_take_one_line_and_are_read_one_by_one(self, ledger_folder):
        ledger.note_many("cell", ("row", "met"), [("paper", True), ("bids", False)], actor="chair")
        assert len([line for file in ledger_folder.iterdir() for line in file.read_text().splitlines()]) == 1
        assert facts(ledger_folder) == [
            {"kind": "cell", "actor": "chair", "row": "paper", "met": True},
            {"kind": "cell", "actor": "chair", "row": "bids", "met": False},
        ]

    def test_half_a_line_of_a_killed_process_spoils_nothing(self, ledger_folder):
        ledger.note("hostile", file="bomb.pdf", verdict="refused")
        with next(ledger_folder.glob("*.jsonl")).open("a") as file:
            file.write('{"kind": "hostile", "fi')
        assert [line["file"] for line in ledger.read(ledger_folder)] == ["bomb.pdf"]

    def test_a_test_that_ran_again_replaces_what_it_noted_before(self, ledger_folder, monkeypatch):
        monkeypatch.setenv("PROOF_RUN", "1")
        ledger.note("hostile", file="bomb.pdf", verdict="hangs")
        monkeypatch.setenv("PROOF_RUN", "2")
        ledger.note("hostile", file="bomb.pdf", verdict="refused")
        assert [line["verdict"] for line in ledger.read(ledger_folder)] == ["refused"]
