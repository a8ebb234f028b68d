"""The proof: its parts leave no test out, go on where they stopped, and its report says what did not run."""

import gzip
import itertools
import json
import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression

from tests.live import Site
from tests.proof import __main__ as command_line
from tests.proof import report, results, running
from tests.proof.parts import BY_NAME, PARTS, Command, Part, Selection
from tests.proof.results import Source, stamp
from tests.proof.running import run
from tests.proof.scenes import NOW, SOURCE, a_result
from tests.suite.databases import SQLITE

# --- Which tests a part runs --------------------------------------------------------------------


@pytest.mark.parametrize("path", ["reviews/tests/test_bidding.py", "submissions/tests/test_pdf_hidden.py"])
def test_every_test_runs_in_one_part_on_the_main_database(path):
    markers = ("browser", "services", "crawl", "both", "proof")
    on_main = [step for part in PARTS for step in part.steps if isinstance(step, Selection) and step.database == "main"]
    for held in itertools.product((True, False), repeat=len(markers)):
        of_test = dict(zip(markers, held, strict=True))
        taking = [step.markers for step in on_main if _takes(step, path, of_test)]
        assert len(taking) == 1, (path, of_test, taking)


def _takes(step: Selection, path: str, of_test: dict[str, bool]) -> bool:
    if (step.only and not Path(path).match(step.only)) or (step.without and Path(path).match(step.without)):
        return False
    return Expression.compile(step.markers).evaluate(lambda name, /, **kwargs: of_test[name])


def test_the_other_database_is_tried_with_everything():
    assert BY_NAME["other"].steps == (Selection("tests", database="other"),)


# --- Running a part -----------------------------------------------------------------------------

THREE = """
from tests.proof.ledger import note

def test_one():
    note("hostile", file="one.pdf", verdict="refused")

def test_two():
    note("hostile", file="two.pdf", verdict="refused")

def test_three():
    note("hostile", file="three.pdf", verdict="refused")
"""


@pytest.fixture
def tiny(tmp_path) -> Part:
    """A part of three tests in a folder of their own, without Django."""
    (tmp_path / "suite").mkdir()
    (tmp_path / "suite" / "pytest.ini").write_text("[pytest]\nmarkers =\n  slow: takes long")
    return Part("tiny", "Tiny", "Three tests.", (Selection("tests", options=_options(tmp_path)),), ("hostile",))


def _options(tmp_path: Path) -> tuple[str, ...]:
    suite = tmp_path / "suite"
    bare = [f"-pno:{plugin}" for plugin in ("django", "playwright", "faker", "hypothesispytest", "time_machine")]
    return ("-n0", *bare, "-c", str(suite / "pytest.ini"), f"--rootdir={suite}", str(suite))


def write_tests(tmp_path: Path, text: str) -> None:
    (tmp_path / "suite" / "test_tiny.py").write_text(text)


def number_of(result: dict, key: str) -> dict:
    return next(number for number in result["numbers"] if number["key"] == key)


def program(name: str, text: str) -> Part:
    """A part that runs a little module, which is written by `text` beside it."""
    return Part(name, name.title(), "A program.", (Command(name, "timeit", ("-n1", "-r1", text)),))


@pytest.mark.services
def test_a_part_keeps_how_its_tests_ended_and_what_they_noted(tiny, tmp_path):
    write_tests(tmp_path, THREE)
    result = run(tiny, SOURCE, tmp_path)
    assert (result["state"], result["finished"], result["version"], result["failures"]) == ("passed", True, "1.0.0", [])
    assert number_of(result, "tests")["words"] == "3 passed, 0 failed, 0 skipped"
    assert number_of(result, "hostile")["rows"] == [["Refused", 3]]
    assert json.loads((tmp_path / "tiny.json").read_text()) == result
    with gzip.open(tmp_path / number_of(result, "hostile")["file"], "rt") as file:
        assert [line.split(",")[0] for line in file] == ["file", "one.pdf", "two.pdf", "three.pdf"]


@pytest.mark.services
def test_a_failed_test_fails_its_part_and_its_words_are_kept(tiny, tmp_path):
    write_tests(tmp_path, THREE + "\ndef test_four():\n    assert 'cat' == 'dog'\n")
    result = run(tiny, SOURCE, tmp_path)
    assert result["state"] == "failed"
    assert [failure["what"] for failure in result["failures"]] == ["test_tiny.py::test_four"]
    assert "cat" in result["failures"][0]["text"]


@pytest.mark.services
def test_a_file_of_tests_that_cannot_be_read_fails_its_part(tiny, tmp_path):
    write_tests(tmp_path, "import no_such_thing")
    result = run(tiny, SOURCE, tmp_path)
    assert (result["state"], result["finished"]) == ("failed", True)


@pytest.mark.services
@pytest.mark.parametrize(
    ("text", "skipped"), [("", 0), ("import pytest\n\ndef test_one():\n    pytest.skip('no nginx')", 1)]
)
def test_a_part_in_which_no_test_ran_proves_nothing(tiny, tmp_path, text, skipped):
    write_tests(tmp_path, text)
    result = run(tiny, SOURCE, tmp_path)
    assert result["state"] == "nothing"
    assert [number["rows"] for number in result["numbers"] if number["key"] == "skipped"] == [
        [["no nginx", 1]]
    ] * skipped


WAITING = """
import time
from pathlib import Path

here = Path(__file__).parent

def test_one():
    with (here / "runs").open("a") as file:
        file.write("one ")

def test_two():
    while not (here / "gate").exists():
        time.sleep(0.1)
"""


@pytest.fixture
def impatient(tmp_path, monkeypatch) -> None:
    """Somebody presses Ctrl-C as soon as the first test has ended."""
    real, record, pressed = time.sleep, tmp_path / "work" / "tiny" / "tests.jsonl", []

    def sleep(seconds: float) -> None:
        if not pressed and record.exists() and "test_one" in record.read_text():
            pressed.append(True)
            raise KeyboardInterrupt
        real(seconds)

    monkeypatch.setattr(running.time, "sleep", sleep)


@pytest.mark.services
def test_an_interrupted_part_goes_on_without_the_tests_that_had_ended(tiny, tmp_path, impatient, monkeypatch):
    write_tests(tmp_path, WAITING)
    with pytest.raises(KeyboardInterrupt):
        run(tiny, SOURCE, tmp_path)
    assert not (tmp_path / "tiny.json").exists()
    monkeypatch.undo()
    (tmp_path / "suite" / "gate").touch()
    result = run(tiny, SOURCE, tmp_path)
    assert (result["state"], number_of(result, "tests")["words"]) == ("passed", "2 passed, 0 failed, 0 skipped")
    assert (tmp_path / "suite" / "runs").read_text() == "one "


@pytest.mark.services
def test_what_ran_on_other_code_is_not_gone_on_with(tiny, tmp_path):
    write_tests(tmp_path, THREE)
    work = tmp_path / "work" / "tiny"
    results.save(work / "run.json", stamp(SOURCE) | {"begun": "x", "seconds": 1, "ended": {"tests": 0}, "left_out": {}})
    result = run(tiny, replace(SOURCE, dirty="changed"), tmp_path)
    assert number_of(result, "tests")["words"] == "3 passed, 0 failed, 0 skipped"


@pytest.fixture
def told(monkeypatch) -> list[tuple[list[str], dict[str, str]]]:
    """The commands and environments of programs, which are not started."""
    started: list[tuple[list[str], dict[str, str]]] = []

    def follow(command: list[str], environment: dict[str, str], log: Path, until: float) -> int:
        log.touch()
        started.append((command, environment))
        return 0

    monkeypatch.setattr(running, "_follow", follow)
    return started


def test_settings_of_the_developer_and_of_the_site_stay_out_of_it(told, tmp_path, monkeypatch):
    """Whatever imports the product has named its settings for all processes that it starts."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "ml4rs.settings")
    monkeypatch.setenv("SITE_URL", "https://example.org")
    run(BY_NAME["crawl"], SOURCE, tmp_path)
    [(_, environment)] = told
    assert {"DJANGO_SETTINGS_MODULE", "SITE_URL"}.isdisjoint(environment)


def test_a_choice_of_files_that_are_gone_does_not_run_everything(told, tmp_path):
    run(Part("gone", "Gone", "", (Selection("tests", only="reviews/test_gone*.py"),)), SOURCE, tmp_path)
    [(command, _)] = told
    assert command[-1] == "reviews/test_gone*.py"


def test_a_program_that_can_goes_on_where_it_stopped(told, tmp_path, monkeypatch):
    part = BY_NAME["leaks"]
    monkeypatch.setattr(running, "_follow", lambda command, environment, log, until: log.touch())
    run(part, SOURCE, tmp_path)
    monkeypatch.setattr(running, "_follow", lambda command, *rest: told.append((command, {})) or 0)
    run(part, SOURCE, tmp_path)
    assert told[0][0][-2:] == ["leaks", "--resume"]


@pytest.mark.services
def test_a_part_whose_time_is_up_is_stopped_and_has_no_result_yet(tmp_path):
    part = program("slow", "import time; time.sleep(60)")
    result = run(part, SOURCE, tmp_path, minutes=0.02)
    assert (result["state"], result["finished"]) == ("partial", False)
    assert not (tmp_path / "slow.json").exists()


@pytest.mark.services
@pytest.mark.parametrize(("text", "state"), [("pass", "passed"), ("raise SystemExit(3)", "failed")])
def test_a_program_passes_by_its_exit_code(tmp_path, text, state):
    result = run(program("small", text), SOURCE, tmp_path)
    assert (result["state"], bool(result["failures"])) == (state, state == "failed")


@pytest.mark.services
@pytest.mark.parametrize(("text", "rows"), [("open({file!r}, 'w').write({figures!r})", [[["home"]]]), ("pass", [])])
def test_tables_that_a_program_left_are_numbers_and_those_of_an_earlier_run_are_not(tmp_path, text, rows):
    file = str(tmp_path / "figures.json")
    figures = json.dumps({"tables": [{"title": "Pages", "columns": ["page"], "rows": [["home"]], "note": ""}]})
    Path(file).write_text(figures.replace("home", "of yesterday"))
    text = text.format(file=file, figures=figures)
    part = Part("bench", "Bench", "Measures.", (Command("bench", "timeit", ("-n1", "-r1", text), file),))
    assert [number["rows"] for number in run(part, SOURCE, tmp_path)["numbers"]] == rows


def test_without_another_database_that_part_ran_nothing_and_says_why(tmp_path, monkeypatch):
    monkeypatch.setattr(running, "databases", lambda: (SQLITE, None, "no server at 127.0.0.1"))
    result = run(BY_NAME["other"], SOURCE, tmp_path)
    assert result["state"] == "nothing"
    assert "no server at 127.0.0.1" in result["left_out"][0]


@pytest.mark.services
def test_every_number_leads_to_a_list_that_exists(tiny, tmp_path):
    write_tests(tmp_path, THREE)
    run(replace(tiny, name="pdf"), SOURCE, tmp_path)
    page = report.write(tmp_path, SOURCE, NOW, (BY_NAME["pdf"], BY_NAME["lint"])).read_text()
    links = [link for link in re.findall(r'href="([^"#]+)', page) if link != "proof.json"]
    assert {"pdf-tests.html", "pdf-hostile.html"} <= set(links)
    for link in links:
        listed = (tmp_path / link).read_text()
        assert "<td>" in listed
        for behind in re.findall(r'href="([^"#]+)', listed):
            assert (tmp_path / behind).exists(), behind
    for anchor in re.findall(r'href="#([^"]+)', page):
        assert f'id="{anchor}"' in page


@pytest.mark.services
def test_lists_of_a_part_that_was_stopped_exist_too(tiny, tmp_path, impatient, monkeypatch):
    write_tests(tmp_path, WAITING)
    with pytest.raises(KeyboardInterrupt):
        run(replace(tiny, steps=tiny.steps), SOURCE, tmp_path)
    monkeypatch.undo()
    page = report.write(tmp_path, SOURCE, NOW, (tiny,)).read_text()
    assert "Stopped before its end" in page
    listed = (tmp_path / "tiny-tests.html").read_text()
    assert (tmp_path / re.search(r'href="(work/[^"]+)', listed)[1]).exists()


def test_a_site_that_a_test_starts_does_not_take_the_database_of_the_tests(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/of_the_tests")
    assert "DATABASE_URL" not in Site(tmp_path, 25).environment
    assert Site(tmp_path, 25, DATABASE_URL="sqlite:///own").environment["DATABASE_URL"] == "sqlite:///own"


# --- The command --------------------------------------------------------------------------------


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """The names of the parts that the command ran; none of them does anything."""
    names: list[str] = []
    monkeypatch.setattr(command_line.signal, "signal", lambda *args: None)

    def record(part: Part, source: Source, folder: Path, **options) -> dict:
        names.append(part.name)
        result = a_result(part.name) | stamp(source)
        results.save(folder / f"{part.name}.json", result)
        return result

    monkeypatch.setattr(command_line, "run", record)
    monkeypatch.setattr(Source, "now", classmethod(lambda cls: SOURCE))
    return names


def test_all_parts_run_but_those_that_take_long(asked, tmp_path):
    assert command_line.main([], tmp_path) == 0
    assert asked == ["lint", "main", "budgets", "pdf", "crawl", "services", "other", "leaks"]


def test_a_part_with_a_result_for_this_code_runs_only_when_it_is_asked_for_again(asked, tmp_path):
    results.save(tmp_path / "lint.json", a_result("lint"))
    results.save(tmp_path / "pdf.json", a_result("pdf", commit="another"))
    command_line.main(["lint", "pdf"], tmp_path)
    assert asked == ["pdf"]
    command_line.main(["lint", "--again"], tmp_path)
    assert asked == ["pdf", "lint"]


def test_a_failed_part_fails_the_command_even_if_it_need_not_run_again(asked, tmp_path):
    results.save(tmp_path / "lint.json", a_result("lint", state="failed"))
    assert command_line.main(["lint"], tmp_path) == 1
    assert asked == []


def test_it_refuses_a_part_that_there_is_not(asked, tmp_path, capsys):
    with pytest.raises(SystemExit):
        command_line.main(["everything"], tmp_path)
    assert "There is no part everything" in capsys.readouterr().err


def test_a_long_part_says_how_old_its_result_is(asked, tmp_path, capsys):
    begun = (datetime.now(UTC) - timedelta(days=12)).isoformat()
    results.save(tmp_path / "growth.json", a_result("growth", begun=begun))
    command_line.main(["--report-only"], tmp_path)
    assert re.search(r"growth +passed, 12 days old", capsys.readouterr().out)
    assert asked == []
