"""The PDF check, on real files: what it refuses, blocks, warns of, and what it leaves alone."""

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import submissions.pdfcheck
from submissions.pdfcheck import Author, Rules, check, child
from submissions.pdfcheck.names import fold
from submissions.tests.papers import Paper
from submissions.tests.pdfs import (
    encrypted_pdf,
    make_pdf,
    pdf_telling_everywhere,
    pdf_with_javascript,
    pdf_with_launch,
)

ADA = Author("Ada Quuxworth", "ada@quux.example", "Quux University")


@pytest.fixture
def look(tmp_path):
    """`look(data, rules)`: the check's answer for these bytes."""

    def look(data: bytes, rules: Rules | None = None):
        path = tmp_path / "paper"
        path.write_bytes(data)
        return check(path, rules or Rules(page_limit=4))

    return look


def codes(result) -> set[str]:
    return {finding.code for finding in result.findings}


def test_a_paper_within_the_rules_is_in_order(look):
    result = look(make_pdf(4))
    assert (result.verdict, result.pages, result.findings) == ("ok", 4, ())


def test_references_after_the_limit_are_free(look):
    result = look(make_pdf(5, references_on=4))
    assert (result.verdict, result.references_page, result.main_text_pages) == ("ok", 4, 4)


def test_too_many_pages_block_where_every_page_counts(look):
    counted = Rules(page_limit=4, references="counted", appendix="counted")
    assert look(make_pdf(5), counted).verdict == "blocked"
    assert look(make_pdf(4), counted).verdict == "ok"


def test_a_slide_is_one_page_of_any_shape(look):
    slide = Rules(page_limit=1, landscape=True, blind="none")
    assert look(make_pdf(1, size=(1280, 720)), slide).verdict == "ok"
    assert codes(look(make_pdf(2, size=(1280, 720)), slide)) == {"length.over_limit"}
    assert codes(look(make_pdf(1, size=(1024, 768)), slide)) == {"page.not_16_9"}


def test_an_odd_page_size_is_told(look):
    assert codes(look(make_pdf(1, size=(460, 500)))) == {"page.size"}
    assert look(make_pdf(1, size="A4")).verdict == "ok"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.empty"),
        (b"Dear reviewer, this is my paper.", "file.not_pdf"),
        (b"%PDF-1.7\nnothing else\n%%EOF", "file.unreadable"),
        (make_pdf(4)[:1500], "file.truncated"),
        (encrypted_pdf(), "file.encrypted"),
        (b"\x00" * 5000, "file.not_pdf"),
        (b"%PDF-1.4\n" + b"\xff\xfe" * 3000 + b"%%EOF", "file.unreadable"),
    ],
    ids=["empty", "text", "hollow", "truncated", "encrypted", "zeros", "noise"],
)
def test_what_is_no_usable_pdf_is_refused_with_the_reason(look, data, code):
    result = look(data)
    assert (result.verdict, codes(result)) == ("refused", {code})
    assert result.pages is None


@pytest.mark.parametrize(
    ("data", "code"),
    [(pdf_with_javascript(), "active.javascript"), (pdf_with_launch(), "active.launch")],
    ids=["javascript", "launch"],
)
def test_active_content_blocks(look, data, code):
    result = look(data)
    assert (result.verdict, codes(result)) == ("blocked", {code})


def test_an_authors_name_and_address_in_the_text_are_found(look):
    rules = Rules(authors=(Author("José Muñoz", "jose@uni.example"),))
    result = look(make_pdf(2, texts=["", "Thanks to Jose Mu\xf1oz, jose@uni.example"]), rules)
    found = {(finding.code, finding.page) for finding in result.findings}
    assert found == {("identity.author_name", 2), ("identity.author_email", 2)}
    assert all(finding.kind == "identity" for finding in result.findings)


def test_names_do_not_matter_where_reviewing_is_not_double_blind(look):
    text = make_pdf(1, text="By Ada Quuxworth", author="Ada Quuxworth")
    assert look(text, Rules(authors=(ADA,))).verdict == "warnings"
    assert look(text, Rules(authors=(ADA,), blind="single")).verdict == "ok"


def test_anonymous_text_with_other_peoples_names_has_no_name_finding(look):
    text = "As Grace Hopper (grace@navy.example) has shown, Ada and others quux well."
    assert look(make_pdf(3, text=text), Rules(authors=(ADA,))).verdict == "ok"


def test_being_cited_like_anybody_else_is_no_finding(look):
    cited = ("Ada Quuxworth. Fields from above. In Proceedings of Nothing, 2020.",)
    paper = Paper().text(40).heading("REFERENCES").entries(cited, times=9)
    assert look(paper.bytes(), Rules(page_limit=4, authors=(ADA,))).findings == ()
    named = Paper().text(40).line("This is the work of Ada Quuxworth.").heading("REFERENCES").entries(cited, times=9)
    assert codes(look(named.bytes(), Rules(page_limit=4, authors=(ADA,)))) == {"identity.author_name"}


def test_metadata_that_names_the_author_is_told(look):
    result = look(pdf_telling_everywhere("Ada Quuxworth"), Rules(authors=(ADA,)))
    assert {"identity.metadata_author", "identity.metadata_name", "active.embedded_file"} <= codes(result)


@pytest.mark.parametrize("printed", ["Mu\u02dcnoz", "Mun\u0303oz", "MUÑOZ", "Mu-\nñoz", "Muñoz"])
def test_a_name_reads_the_same_however_its_accents_are_set(printed):
    assert fold(printed) == "munoz"


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_folding_any_text_twice_changes_nothing_more(text):
    once = fold(text)
    assert fold(once) == once


def test_a_reader_that_never_ends_is_ended_and_answered(look, monkeypatch):
    monkeypatch.setattr(child, "WALL_SECONDS", 0.01)
    assert codes(look(make_pdf(1))) == {"file.too_costly"}


def test_the_engine_never_imports_django():
    for path in Path(submissions.pdfcheck.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "django" for name in names), path
