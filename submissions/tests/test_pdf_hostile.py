"""Files that mean ill, or are broken: each is answered in words for its author, within the limits of the child."""

import re
import resource

import pytest

from submissions.pdfcheck import CheckResult, Rules, check, make_copy
from submissions.pdfcheck.__main__ import CPU_SECONDS
from submissions.pdfcheck.inflating import LARGEST_STREAM, LARGEST_TOTAL, refuse_bombs
from submissions.pdfcheck.result import UnusableFile
from submissions.tests import children
from submissions.tests.children import Limits
from submissions.tests.hostile import CASES, FINE
from submissions.tests.hostile.cases import COSTLY, UNSEEN
from submissions.tests.pdfs import make_pdf
from submissions.tests.raw_pdf import changed, flate, stream, zeros
from tests.proof.ledger import note

GIBIBYTE = 1 << 20  # in the kibibytes of ru_maxrss
NOT_FOR_AUTHORS = re.compile(r"Error|Exception|Traceback|pikepdf|pdfium|qpdf|None|0x", re.IGNORECASE)


# Seconds of reading or drawing each, which the limits end or nearly so.
LONG = {
    "a form within itself",
    "a hundred thousand links",
    "a million letters on a page",
    "a shading that calculates without end",
    "a title of thirty megabytes",
    "dashes without end",
    "forms that double ten times ten",
    "half a million lines",
    "half a million objects",
    "the same content a hundred thousand times",
}
# One for each thing that may become of a child: it answers, refuses, is ended while it reads, or while it draws.
OF_EACH_KIND = (
    "a web page",
    "brackets without end",
    "a script among the names",
    "a gigabyte of content",
    "half a million objects",
    "a pattern of endless small tiles",
    "fields in a circle",
)


def answer_fits(name: str, result: CheckResult) -> bool:
    """Whether the answer is one of those that the case allows, in words for its author."""
    case, codes = CASES[name], {finding.code for finding in result.findings}
    assert not [finding.message for finding in result.findings if NOT_FOR_AUTHORS.search(finding.message)]
    return bool(codes & case.codes) or (FINE in case.codes and result.verdict in ("ok", "warnings"))


def lowered_for(name: str) -> Limits:
    """A tenth of what may be unpacked; a quarter of the time for what may use all of it up."""
    endless = CASES[name].codes & {UNSEEN, COSTLY}
    return Limits(2 if endless else CPU_SECONDS, LARGEST_STREAM // 10, LARGEST_TOTAL // 10)


@pytest.mark.parametrize("name", [name for name in CASES if name not in LONG])
def test_each_is_answered_with_the_right_reason(name, tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(CASES[name].make())
    result = children.check(path, Rules(page_limit=4), lowered_for(name))
    assert answer_fits(name, result), (result.verdict, result.findings)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in OF_EACH_KIND else pytest.mark.proof) for name in CASES]
)
def test_each_is_answered_within_the_limits_of_production(name, tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(CASES[name].make())
    result = check(path, Rules(page_limit=4))
    note("hostile", file=name, verdict=result.verdict)
    assert answer_fits(name, result), (result.verdict, result.findings)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= GIBIBYTE


def test_there_are_enough_of_them():
    assert len(CASES) >= 150


@pytest.mark.parametrize("name", ["a gigabyte of content", "a script among the names", "fields in a circle"])
def test_no_copy_for_reviewers_is_made_of_what_is_refused_and_none_acts(name, tmp_path):
    path, target = tmp_path / "paper.pdf", tmp_path / "copy.pdf"
    path.write_bytes(CASES[name].make())
    if make_copy(path, target):
        assert b"JavaScript" not in target.read_bytes()
        assert check(target, Rules()).verdict in ("ok", "warnings")
    else:
        assert not target.exists()


@pytest.mark.parametrize("megabytes", [1, 100, 300])
def test_large_pictures_of_a_paper_are_no_bombs(megabytes):
    refuse_bombs(changed({6: stream(zeros(megabytes), b"/Filter /FlateDecode")}))


def test_what_inflates_is_counted_over_the_whole_file_and_through_layers(monkeypatch):
    monkeypatch.setattr("submissions.pdfcheck.inflating.LARGEST_STREAM", LARGEST_STREAM // 10)
    monkeypatch.setattr("submissions.pdfcheck.inflating.LARGEST_TOTAL", LARGEST_TOTAL // 10)
    refuse_bombs(changed({number: stream(zeros(10)) for number in range(10, 17)}))
    with pytest.raises(UnusableFile, match="larger than any paper"):
        refuse_bombs(changed({number: stream(zeros(10)) for number in range(10, 20)}))
    with pytest.raises(UnusableFile, match="larger than any paper"):
        refuse_bombs(changed({6: flate(flate(zeros(40)))}) + flate(zeros(40)))


def test_an_ordinary_file_holds_no_bomb_and_is_one_file():
    refuse_bombs(make_pdf(30))


def test_what_was_known_before_the_pages_were_drawn_is_kept(tmp_path):
    """The drawing ends the child; the page limit and the names were judged before."""
    name, path = "a pattern of endless small tiles", tmp_path / "paper.pdf"
    path.write_bytes(CASES[name].make())
    result = children.check(path, Rules(page_limit=4), lowered_for(name))
    assert (result.verdict, result.pages, {each.code for each in result.findings}) == (
        "warnings", 1, {"sight.incomplete"},
    )  # fmt: skip
