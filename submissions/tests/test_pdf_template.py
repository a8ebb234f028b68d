"""Whether a paper keeps to the style, and, when camera-ready, prints the names of its list."""

import pytest

from submissions.pdfcheck import Author, Rules
from submissions.tests.papers import Paper
from submissions.tests.reading import check

REVIEW = Rules(page_limit=4, style="iclr")
HEAD = "Published as a workshop paper at ICLR 2025"


def final(*names: str) -> Rules:
    people = tuple(Author(name, affiliation="Institute of Clouds") for name in names)
    return Rules(page_limit=4, style="iclr", blind="none", authors=people, prints_authors=True)


def paper(*byline: str, body: float = 2.5, **options) -> Paper:
    made = Paper(**options).line("Seeing fields from space", 17).line("")
    for line in byline or ("Anonymous authors", "Paper under double-blind review"):
        made.line(line)
    return made.heading("ABSTRACT").pages_of_text(body).heading("REFERENCES").entries()


@pytest.fixture
def codes(tmp_path):
    def codes(made: Paper, rules: Rules = REVIEW) -> list[str]:
        path = tmp_path / "paper.pdf"
        path.write_bytes(made.bytes())
        return sorted({finding.code for finding in check(path, rules).findings})

    return codes


class Wide(Paper):
    WIDTH = 430.0


class High(Paper):
    TOP, BOTTOM = 72.0, 745.0


class Small(Paper):
    """Everything is set two points smaller."""

    def line(self, text: str, size: float = 10, style: str = "") -> Paper:
        return super().line(text, size - 1 if size == 10 else size, style)


@pytest.mark.parametrize("options", [{"line_numbers": True}, {"near_numbers": True}, {"size": "A4"}], ids=str)
def test_a_paper_in_the_style_has_no_finding(codes, options):
    assert codes(paper(**options)) == []


@pytest.mark.parametrize(
    ("kind", "options", "code"),
    [
        (Wide, {}, "template.text_width"),
        (High, {}, "template.text_height"),
        (Small, {}, "template.font_size"),
        (Paper, {"leading": 10.2}, "template.leading"),
        (Paper, {"columns": 2}, "template.columns"),
        (Paper, {"running_head": ""}, "template.head"),
        (Paper, {"running_head": HEAD}, "template.final_head"),
    ],
)
def test_what_differs_from_the_style_is_named(codes, kind, options, code):
    made = kind(**options).line("Seeing fields from space", 17).line("Anonymous authors").heading("ABSTRACT")
    assert code in codes(made.pages_of_text(2.5).heading("REFERENCES").entries())


def test_one_page_that_is_pulled_tight_is_found(codes):
    made = Paper().line("Title of it", 17).line("Anonymous authors").heading("ABSTRACT").pages_of_text(1.9).page()
    made.leading = 9.9
    assert codes(made.pages_of_text(0.9).heading("REFERENCES").entries()) == ["template.leading"]


def test_a_single_overfull_line_is_no_finding(codes):
    made = Paper().line("Title of it", 17).line("Anonymous authors").heading("ABSTRACT").text(20)
    made.line("x" * 95).pages_of_text(1.5).heading("REFERENCES").entries()
    assert codes(made) == []


def test_a_track_without_a_style_takes_any_layout(codes):
    assert codes(paper(columns=2, running_head=""), Rules(page_limit=4)) == []


def test_an_edition_changes_what_a_finding_weighs(tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(paper(running_head=HEAD).bytes())
    rules = {
        weight: Rules(page_limit=4, style="iclr", severities=(("template.final_head", weight),))
        for weight in ("blocks", "informs", "ignored")
    }
    assert [check(path, rules[weight]).verdict for weight in rules] == ["blocked", "ok", "ok"]
    assert check(path, rules["ignored"]).findings == ()


def test_what_makes_a_file_unreadable_weighs_the_same_everywhere(tmp_path):
    path = tmp_path / "paper.pdf"
    path.write_bytes(b"%PDF-1.4 and nothing else")
    (finding,) = check(path, REVIEW).findings
    assert check(path, Rules(severities=((finding.code, "ignored"),))).verdict == "refused"


# --- Printed names ---------------------------------------------------------------------------------------

NAMES = ("José Marín", "Ada Lovelace", "Wei-Ling Chen")


@pytest.mark.parametrize(
    "byline",
    [
        ("José Marín, Ada Lovelace & Wei-Ling Chen", "Institute of Clouds"),
        ("José Marín1*, Ada Lovelace2, Wei-Ling Chen1", "1Institute of Clouds 2University of Nowhere"),
        ("José A. Marín", "Institute of Clouds", "Ada Lovelace and Wei Ling Chen", "University of Nowhere"),
        ("J. Marín, A. Lovelace, W.-L. Chen", "Institute of Clouds, Paris, France"),
    ],
)
def test_names_that_are_printed_as_listed_are_no_finding(codes, byline):
    assert codes(paper(*byline, running_head=HEAD), final(*NAMES)) == []


@pytest.mark.parametrize(
    ("byline", "found"),
    [
        (("José Marín, Ada Lovelace", "Institute of Clouds"), ["authors.missing"]),
        (("José Marín, Ada Lovelace, Wei-Ling Chen, Bob Extra", "Institute of Clouds"), ["authors.unlisted"]),
        (("Ada Lovelace, José Marín, Wei-Ling Chen", "Institute of Clouds"), ["authors.order"]),
        (("Anonymous authors", "Paper under double-blind review"), ["authors.anonymous"]),
    ],
)
def test_names_that_differ_from_the_list_are_found(codes, byline, found):
    assert codes(paper(*byline, running_head=HEAD), final(*NAMES)) == found


def test_a_review_version_handed_in_as_camera_ready_is_found(codes):
    made = paper("José Marín, Ada Lovelace & Wei-Ling Chen", line_numbers=True)
    assert codes(made, final(*NAMES)) == ["template.line_numbers", "template.review_head"]


def test_names_are_not_asked_for_under_review(codes):
    assert codes(paper(), Rules(page_limit=4, style="iclr", authors=(Author("Ada Lovelace"),))) == []


# --- Fonts -----------------------------------------------------------------------------------------------


def with_font(subtype: bytes, name: bytes, more: bytes = b"", inside_figure: bool = False) -> bytes:
    """One page that uses a font, itself or inside a figure."""
    page = b"/XObject << /Fm 6 0 R >>" if inside_figure else b"/Font << /F1 5 0 R >>"
    return (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << "
        + page
        + b" >> >>\n"
        b"endobj\n4 0 obj\n<< /Length 0 >>\nstream\n\nendstream\nendobj\n"
        b"5 0 obj\n<< /Type /Font /Subtype /" + subtype + b" /BaseFont /" + name + b" " + more + b" >>\nendobj\n"
        b"6 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 0 "
        b"/Resources << /Font << /F1 5 0 R >> >> >>\n"
        b"stream\n\nendstream\nendobj\n7 0 obj\n<< /Type /FontDescriptor /FontFile2 4 0 R >>\nendobj\n"
        b"trailer\n<< /Root 1 0 R >>\n%%EOF\n"
    )


@pytest.mark.parametrize(
    ("data", "is_missed"),
    [
        (with_font(b"TrueType", b"Garamond"), True),
        (with_font(b"TrueType", b"Garamond", inside_figure=True), True),
        (with_font(b"TrueType", b"ABCDEF+Garamond", b"/FontDescriptor 7 0 R"), False),
        (with_font(b"Type1", b"Helvetica-Bold"), False),
        (with_font(b"Type3", b"Garamond"), False),
        (with_font(b"Type0", b"Garamond", b"/DescendantFonts [5 0 R]"), True),
        (with_font(b"Type0", b"Garamond"), False),
    ],
    ids=["missing", "in a figure", "embedded", "base", "drawn", "composite", "broken"],
)
def test_fonts_that_are_not_in_the_file_are_named(tmp_path, data, is_missed):
    path = tmp_path / "paper.pdf"
    path.write_bytes(data)
    assert ("font.not_embedded" in {finding.code for finding in check(path, Rules()).findings}) == is_missed
