"""Files that mean ill, or are broken: each is answered in words for its author, within the limits of the child."""

import re
import resource

import pytest

from submissions.pdfcheck import Rules, check, make_copy
from submissions.pdfcheck.inflating import refuse_bombs
from submissions.pdfcheck.result import UnusableFile
from submissions.tests.hostile import CASES, FINE
from submissions.tests.pdfs import make_pdf
from submissions.tests.raw_pdf import changed, flate, stream, zeros

GIBIBYTE = 1 << 20  # in the kibibytes of ru_maxrss
NOT_FOR_AUTHORS = re.compile(r"Error|Exception|Traceback|pikepdf|pdfium|qpdf|None|0x", re.IGNORECASE)


@pytest.mark.parametrize("name", CASES)
def test_each_is_answered_with_the_right_reason(name, tmp_path):
    case, path = CASES[name], tmp_path / "paper.pdf"
    path.write_bytes(case.make())
    result = check(path, Rules(page_limit=4))
    codes = {finding.code for finding in result.findings}
    passes = FINE in case.codes and result.verdict in ("ok", "warnings")
    assert passes or codes & case.codes, (result.verdict, codes)
    assert not [finding.message for finding in result.findings if NOT_FOR_AUTHORS.search(finding.message)]
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


def test_what_inflates_is_counted_over_the_whole_file_and_through_layers():
    with pytest.raises(UnusableFile, match="larger than any paper"):
        refuse_bombs(changed({number: stream(zeros(100)) for number in range(10, 20)}))
    with pytest.raises(UnusableFile, match="larger than any paper"):
        refuse_bombs(changed({6: flate(flate(zeros(400)))}) + flate(zeros(400)))


def test_an_ordinary_file_holds_no_bomb_and_is_one_file():
    refuse_bombs(make_pdf(30))


def test_what_was_known_before_the_pages_were_drawn_is_kept(tmp_path):
    """The drawing ends the child; the page limit and the names were judged before."""
    path = tmp_path / "paper.pdf"
    path.write_bytes(CASES["a pattern of endless small tiles"].make())
    result = check(path, Rules(page_limit=4))
    assert (result.verdict, result.pages, {each.code for each in result.findings}) == (
        "warnings", 1, {"sight.incomplete"},
    )  # fmt: skip
