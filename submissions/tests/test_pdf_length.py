"""Where the parts of a paper begin, and whether it keeps to its length: on papers set for each case."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from submissions.pdfcheck import Rules
from submissions.pdfcheck.frame import finish
from submissions.pdfcheck.layout import Glyph, Line, Page
from submissions.pdfcheck.sections import find_parts
from submissions.tests.papers import Paper
from submissions.tests.reading import check

ONE, TWO, FOUR = Rules(page_limit=1), Rules(page_limit=2), Rules(page_limit=4)
STYLES = {
    "review": {"line_numbers": True},
    "camera-ready": {"running_head": "Published as a workshop paper at ICLR 2025"},
    "A4": {"size": "A4"},
    "bare": {"running_head": ""},
    "near numbers": {"near_numbers": True},
}


@pytest.fixture
def look(tmp_path):
    def look(paper: Paper, rules: Rules = FOUR):
        path = tmp_path / "paper.pdf"
        path.write_bytes(paper.bytes())
        return check(path, rules)

    return look


def codes(result) -> set[str]:
    return {finding.code for finding in result.findings}


def facts(result) -> tuple:
    return result.main_text_pages, result.references_page, result.appendix_page


@pytest.fixture(params=STYLES, ids=str)
def paper(request) -> Paper:
    return Paper(**STYLES[request.param])


def test_references_on_the_page_of_the_last_text(look, paper):
    result = look(paper.pages_of_text(3.5).heading("REFERENCES").entries())
    assert (facts(result), result.verdict) == ((4, 4, None), "ok")


def test_references_at_the_top_of_a_page_end_the_main_text_on_the_page_before(look, paper):
    result = look(paper.pages_of_text(1.8).page().heading("REFERENCES").entries(), TWO)
    assert (facts(result), result.verdict) == ((2, 3, None), "ok")


def test_an_appendix_is_the_first_section_behind_the_references(look, paper):
    paper.pages_of_text(1.5).heading("REFERENCES").entries().page().heading("A DATA").text(30)
    assert facts(look(paper, TWO)) == (2, 2, 3)


@pytest.mark.parametrize("columns", [1, 2])
def test_two_columns_are_read_one_after_the_other(look, columns):
    paper = Paper(columns=columns).pages_of_text(2.3).heading("References").entries().heading("A Details").text(12)
    assert facts(look(paper)) == (3, 3, 3)


@pytest.mark.parametrize("heading", ["References", "REFERENCES", "5 REFERENCES", "Bibliography", "VI. References"])
def test_the_references_are_found_however_they_are_headed(look, heading):
    assert look(Paper().text(70).heading(heading).entries()).references_page == 2


def test_a_heading_in_small_capitals_is_read_as_one_word(look):
    assert facts(look(Paper().text(70).small_capitals("REFERENCES").entries())) == (2, 2, None)


def test_a_table_of_contents_is_no_heading(look):
    paper = Paper().line("1 Introduction . . . . . . . 1").line("References . . . . . . . . 3")
    paper.pages_of_text(2.2).heading("REFERENCES").entries()
    assert look(paper).references_page == 3


def test_a_sentence_about_references_is_no_heading(look):
    paper = Paper().text(20).line("References").text(60).heading("REFERENCES").entries()
    assert look(paper).references_page == 2


def test_a_word_inside_a_figure_is_no_heading(look):
    paper = Paper().text(20).line("References", 7).entries(times=1).text(60).heading("REFERENCES").entries()
    assert look(paper).references_page == 2


@pytest.mark.parametrize(
    "title",
    [
        "Appendix", "5 APPENDIX", "Supplementary Material", "Appendix A: Proofs", "A APPENDIX: MORE MAPS",
        "7 Supplementary Material", "SUPPLEMENT: MORE MAPS",
    ],
)  # fmt: skip
def test_an_appendix_before_the_references_ends_the_main_text(look, title):
    paper = Paper().pages_of_text(1.5).heading(title, 14).pages_of_text(1).heading("REFERENCES").entries()
    assert facts(look(paper)) == (2, 3, 2)


def test_the_first_lettered_section_before_the_references_is_an_appendix(look):
    paper = Paper().heading("1 Introduction").pages_of_text(1.4).heading("A Data").pages_of_text(1)
    assert facts(look(paper.heading("References").entries())) == (2, 3, 2)


def test_a_section_whose_name_begins_with_a_is_no_appendix(look):
    paper = Paper().heading("1 Introduction").pages_of_text(1.4).heading("2 A Dataset of Fields").pages_of_text(1)
    assert facts(look(paper.heading("References").entries())) == (3, 3, None)


def test_a_lettered_appendix_before_the_references_of_a_paper_without_numbers(look):
    def paper(gap: float) -> Paper:
        made = Paper().line("Clouds from Above", 17).heading("Introduction").pages_of_text(1.5).page()
        return made.lettered("A", "Proofs", gap).pages_of_text(1.2).heading("References").entries()

    assert facts(look(paper(gap=12))) == (2, 4, 3)
    assert look(paper(gap=3)).appendix_page is None, "“A Simple Method” is no appendix"


def test_a_second_document_behind_the_references_is_an_appendix(look):
    paper = Paper().line("Clouds from Above", 17).pages_of_text(1.5).heading("REFERENCES").entries()
    assert facts(look(paper.page().line("More on Clouds from Above", 17).text(20))) == (2, 2, 3)


@pytest.mark.parametrize(
    "title", ["Ethics Statement", "REPRODUCIBILITY STATEMENT", "Data Availability", "Use of LLMs", "Impact Statement"]
)
def test_statements_behind_the_paper_count_only_with_the_acknowledgements(look, title):
    paper = Paper().pages_of_text(0.95).heading(title).text(20).heading("REFERENCES").entries()
    free = look(paper, ONE)
    assert (free.main_text_pages, free.verdict) == (1, "ok")
    assert look(paper, Rules(page_limit=1, acknowledgements="counted")).main_text_pages == 2


def test_a_statement_in_the_middle_of_the_paper_is_main_text(look):
    paper = Paper().pages_of_text(1.5).heading("Ethics Statement").pages_of_text(1).heading("5 Results").text(9)
    assert look(paper.heading("References").entries()).main_text_pages == 3


@pytest.mark.parametrize("title", ["Acknowledgments", "ACKNOWLEDGEMENTS", "Acknowledgments and Disclosure of Funding"])
def test_acknowledgements_count_only_where_the_track_says_so(look, title):
    paper = Paper().pages_of_text(0.95).heading(title).text(20).heading("REFERENCES").entries()
    free = look(paper, Rules(page_limit=1, blind="none"))
    assert (free.main_text_pages, free.verdict) == (1, "ok")
    assert look(paper, Rules(page_limit=1, blind="none", acknowledgements="counted")).main_text_pages == 2


def test_a_page_too_much_blocks_and_says_what_was_measured(look, paper):
    result = look(paper.pages_of_text(3.5).heading("REFERENCES").entries(), TWO)
    (finding,) = result.findings
    assert (result.verdict, finding.code, finding.page) == ("blocked", "length.over_limit", 4)
    assert "“REFERENCES” on page 4" in finding.message


def test_a_few_lines_too_many_are_a_warning(look, paper):
    result = look(paper.pages_of_text(2.05).heading("REFERENCES").entries(), TWO)
    assert (result.verdict, codes(result)) == ("warnings", {"length.spills"})


@pytest.mark.parametrize(
    ("lines", "code"),
    [(0, ""), (1, "length.spills"), (8, "length.spills"), (9, "length.over_limit")],
    ids=["full", "one line", "just under 0.15 of a page", "just over"],
)
def test_a_spill_warns_up_to_0_15_of_a_page_and_blocks_from_there(look, lines, code):
    """A page takes 57 lines; eight are 0.14 of the text block, nine are 0.16."""
    result = look(Paper().text(2 * 57 + lines).heading("REFERENCES").entries(), TWO)
    assert codes(result) == ({code} if code else set())
    assert result.verdict == {"": "ok", "length.spills": "warnings"}.get(code, "blocked")


def test_a_page_number_high_on_the_page_is_no_text(look):
    class HighFoot(Paper):
        BOTTOM, FOOT = 680.0, 705.0

    result = look(HighFoot().pages_of_text(2.05).page().heading("REFERENCES").entries(), TWO)
    assert (result.verdict, codes(result)) == ("warnings", {"length.spills"})


def test_without_a_heading_nobody_is_called_too_long(look):
    result = look(Paper().pages_of_text(4), TWO)
    assert (result.verdict, codes(result)) == ("warnings", {"length.unknown_end"})


def test_a_heading_without_entries_is_not_sure_enough_to_block(look):
    result = look(Paper().pages_of_text(3.5).heading("REFERENCES").text(30), TWO)
    assert codes(result) == {"length.seems_over_limit"}


def test_a_counted_appendix_counts_and_a_free_one_does_not(look):
    paper = Paper().pages_of_text(1.5).heading("REFERENCES").entries().page().heading("A DATA").pages_of_text(2)
    assert look(paper, TWO).verdict == "ok"
    assert codes(look(paper, Rules(page_limit=2, appendix="counted"))) == {"length.over_limit"}
    assert codes(look(paper, Rules(page_limit=2, appendix="forbidden"))) == {"length.appendix"}


def test_a_figure_behind_the_references_is_pointed_out(look):
    paper = Paper().pages_of_text(1.5).heading("REFERENCES").entries().page().figure("Figure 3: A late map.")
    assert codes(look(paper, TWO)) == {"length.late_floats"}


@st.composite
def pages_of_lines(draw) -> list[Page]:
    pages = []
    for number in range(1, draw(st.integers(1, 5)) + 1):
        page = Page(number, 612.0, 792.0)
        for _ in range(draw(st.integers(0, 6))):
            text = draw(
                st.sampled_from(["References", "Appendix", "Text of a paper", "[1] A. 2020."]) | st.text(max_size=9)
            )
            left, base = draw(st.floats(0, 600)), draw(st.floats(0, 790))
            glyphs = [Glyph(text[:1] or "x", left, base, left + 5, base + 8, base, 10.0, "F")]
            page.lines.append(Line(number, text, (left, base, left + 50, base + 8), base, 10.0, "F", glyphs))
        pages.append(page)
    return pages


@given(pages_of_lines())
@settings(max_examples=200, deadline=None)
def test_the_parts_of_any_pages_lie_within_them(pages):
    parts = find_parts(finish(pages))
    for page in (parts.references_page, parts.appendix_page, parts.main_text_pages):
        assert page is None or 1 <= page <= len(pages)
