"""What gives authors away is found where it stands, and nothing else is: each planted alone in a made-up paper."""

import io

import pikepdf
import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st

from submissions.pdfcheck import Author, CheckResult, Rules
from submissions.pdfcheck.names import Words, forms_of, letters_of, short_forms_of
from submissions.tests.papers import Paper
from submissions.tests.reading import check

ADA = Author("Ada Quuxworth", "ada@quux-lab.example", "Quux Institute of Cartography, Ruritania")
JOSE = Author("José María Muñoz Ibáñez", "jose@uni.example", "Universidad del Altiplano")
WEI = Author("Wei Li", "wei@uni.example", "")
ANNE = Author("Anne-Laure van der Bergström", "", "")
RULES = Rules(page_limit=4, authors=(ADA, JOSE, WEI, ANNE))
ENTRIES = ("[7] A. Quuxworth and others. Fields from above. In Proceedings of Nothing, 2020.",)


@pytest.fixture
def look(tmp_path):
    def check_it(paper: Paper | bytes, rules: Rules = RULES) -> CheckResult:
        path = tmp_path / "paper.pdf"
        path.write_bytes(paper if isinstance(paper, bytes) else paper.bytes())
        return check(path, rules)

    return check_it


def codes(result: CheckResult) -> set[str]:
    return {finding.code for finding in result.findings}


def front(*byline: str) -> Paper:
    """Title, what stands below it, and an abstract."""
    paper = Paper().line("Mapping Fields from Space", size=17)
    for line in byline:
        paper.line(line)
    return paper.heading("ABSTRACT").text(6).heading("1 INTRODUCTION").text(30)


def whole(paper: Paper) -> Paper:
    return paper.heading("REFERENCES").entries()


# --- Names ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "byline",
    [
        "Ada Quuxworth", "Quuxworth, Ada", "ADA QUUXWORTH", "Ada  Quux-", "José M. Muñoz Ibáñez", "José Muñoz",
        "Jose Maria Munoz Ibanez", "Wei Li", "Li Wei", "Anne Laure van der Bergstrom",
    ],
)  # fmt: skip
def test_an_author_below_the_title_blocks_however_the_name_is_set(look, byline):
    lines = [byline, "worth"] if byline.endswith("-") else [byline]
    result = look(whole(front(*lines)))
    found = {(finding.code, finding.severity) for finding in result.findings}
    assert ("identity.author_name", "blocks") in found
    assert result.verdict == "blocked"


@pytest.mark.parametrize("byline", ["A. Quuxworth", "Ada Quuxwotrh", "Quuxworth A."])
def test_initials_and_slips_of_the_pen_below_the_title_are_a_warning(look, byline):
    result = look(whole(front(byline)))
    assert (result.verdict, codes(result)) == ("warnings", {"identity.author_name"})


@pytest.mark.parametrize("byline", ["Anonymous authors", "Paper under double-blind review", "Anonymous Author(s)"])
def test_an_anonymous_paper_is_in_order(look, byline):
    assert look(whole(front(byline))).findings == ()


def test_a_byline_of_people_who_are_not_on_the_list_is_told(look):
    result = look(whole(front("Grace Hopper and Mary Jackson", "Department of Computing, University of Elsewhere")))
    assert codes(result) == {"identity.author_block"}


def test_names_of_others_in_the_text_are_no_finding(look):
    text = "As Grace Hopper and Wei Zhang show, and Ada Smith and Jose Garcia after them, li and wei matter."
    assert look(whole(front("Anonymous authors").line(text))).findings == ()


def test_a_name_in_the_text_warns_and_says_where(look):
    result = look(whole(front("Anonymous authors").line("We thank no one but Ada Quuxworth for the pictures.")))
    (finding,) = result.findings
    assert (finding.code, finding.severity, finding.page) == ("identity.author_name", "warns", 1)
    left, bottom, right, top = finding.box
    assert 0 < left < right < 612
    assert 0 < bottom < top < 792
    assert "Ada Quuxworth" in finding.excerpt


def test_a_running_head_with_a_family_name_is_told(look):
    paper = Paper(running_head="A. Quuxworth et al.").line("Mapping Fields", size=17).line("Anonymous authors")
    paper.heading("ABSTRACT").text(6).heading("1 INTRODUCTION").pages_of_text(2)
    assert "identity.author_name" in codes(look(whole(paper)))


def test_ones_own_work_among_the_references_is_no_finding(look):
    paper = front("Anonymous authors").heading("REFERENCES").entries(ENTRIES, times=9)
    assert look(paper).findings == ()


def test_an_appendix_behind_the_references_is_read_again(look):
    paper = whole(front("Anonymous authors")).heading("A PROOFS").text(4).line("Contact Ada Quuxworth for the data.")
    assert codes(look(paper)) == {"identity.author_name"}


# --- Addresses and affiliations ----------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["ada@quux-lab.example", "{ada, bob}@quux-lab.example"])
def test_an_address_is_found(look, address):
    assert "identity.author_email" in codes(look(whole(front("Anonymous authors").line(f"Write to {address} now."))))


def test_an_affiliation_below_the_title_is_found(look):
    result = look(whole(front("Anonymous authors", "Quux Institute of Cartography")))
    assert codes(result) == {"identity.affiliation"}


def test_an_institution_in_the_text_is_no_finding(look):
    paper = front("Anonymous authors").line("The maps come from the Quux Institute of Cartography.")
    assert look(whole(paper)).findings == ()


# --- Thanks, grants, own work ----------------------------------------------------------------------------------


def test_acknowledgements_in_an_anonymous_paper_are_told(look):
    paper = front("Anonymous authors").heading("ACKNOWLEDGMENTS").line("We thank everybody who helped.")
    assert codes(look(whole(paper))) == {"identity.acknowledgements"}


@pytest.mark.parametrize(
    "sentence",
    ["This work was funded by the Ruritanian Science Fund.", "We used data from grant agreement No. 101004112."],
)
def test_a_grant_or_sponsor_is_told(look, sentence):
    assert codes(look(whole(front("Anonymous authors").line(sentence)))) == {"identity.grant"}


def test_three_digits_are_no_grant(look):
    paper = front("Anonymous authors").line("The project covers 400 fields, and we award 12 points in 2024.")
    assert look(whole(paper)).findings == ()


@pytest.mark.parametrize(
    "sentence",
    ["As in our previous work [7], fields move.", "We previously showed (Quuxworth et al., 2020) that fields move."],
)
def test_citing_ones_own_work_as_ones_own_is_told(look, sentence):
    paper = front("Anonymous authors").line(sentence).heading("REFERENCES").entries(ENTRIES, times=9)
    (finding,) = look(paper).findings
    assert finding.code == "identity.self_citation"
    assert "names an author of this paper" in finding.message


@pytest.mark.parametrize(
    "sentence",
    [
        "As in previous work [7], fields move.",
        "In our previous section we saw that [7] moves.",
        "We show in [7] a map.",
    ],
)
def test_citing_as_anybody_would_is_no_finding(look, sentence):
    paper = front("Anonymous authors").line(sentence).heading("REFERENCES").entries(ENTRIES, times=9)
    assert look(paper).findings == ()


# --- Links ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "is_told"),
    [
        ("Our code is at https://github.com/fieldmapper/fields today.", True),
        ("See https://github.com/quuxworth/fields for more.", True),
        ("Data: https://drive.google.com/drive/folders/1abc here.", True),
        ("See https://www.quux.example/~quuxworth/ for more.", True),
        ("We build on https://github.com/pytorch/pytorch throughout.", False),
        ("Our code is at https://anonymous.4open.science/r/fields today.", False),
        ("The Sentinel archive https://dataspace.copernicus.eu holds it.", False),
    ],
)
def test_a_printed_link_to_ones_own_account_is_told(look, words, is_told):
    result = look(whole(front("Anonymous authors").line(words)))
    assert codes(result) == ({"identity.link"} if is_told else set())


def linked(address: str) -> bytes:
    """The word "GitHub" with a link behind it."""
    pdf = FPDF(unit="pt", format="letter")
    pdf.add_page()
    pdf.set_font("Times", size=10)
    pdf.multi_cell(396, 11, "ABSTRACT\nWe map fields.\n1 INTRODUCTION\nFields are many.")
    pdf.cell(396, 11, "Our code is available on GitHub.", link=address)
    return bytes(pdf.output())


def test_a_link_behind_a_word_is_told_and_a_neutral_one_is_not(look):
    assert "identity.link" in codes(look(linked("https://github.com/quuxworth/fields")))
    assert "identity.link" in codes(look(linked("https://github.com/fieldmapper/fields")))
    assert "identity.link" not in codes(look(linked("https://anonymous.4open.science/r/fields")))


# --- Beside the pages ------------------------------------------------------------------------------------------


def changed(paper: Paper, change) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper.bytes())) as pdf:
        change(pdf)
        pdf.save(out)
    return out.getvalue()


def _bookmark(pdf):
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Draft of Ada Quuxworth", 0))


def _note(pdf):
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[10, 10, 30, 30], T="Ada Quuxworth", Contents="Better?"
    )
    pdf.pages[0].obj.Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(note)]))


def _attachment(pdf):
    pdf.attachments["ada-quuxworth-notes.txt"] = b"nothing"


def _title(pdf):
    pdf.docinfo["/Title"] = "Fields, by Ada Quuxworth"


def _folder(pdf):
    pdf.docinfo["/Subject"] = "/home/aquux/papers/fields.tex"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_bookmark, "identity.bookmark"),
        (_note, "identity.note"),
        (_attachment, "identity.attachment"),
        (_title, "identity.metadata_name"),
        (_folder, "identity.folder"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_stands_beside_the_pages_is_told(look, change, code):
    result = look(changed(whole(front("Anonymous authors")), change))
    assert code in codes(result)
    assert result.verdict != "blocked"


def test_an_earlier_version_inside_the_file_is_read_as_well(look):
    named = whole(front("Ada Quuxworth")).bytes()
    with pikepdf.open(io.BytesIO(whole(front("Anonymous authors")).bytes())) as later:
        out = io.BytesIO()
        later.save(out)
    # A reader takes the last version; the first is still in the file.
    update = named + _as_update(named)
    result = look(update)
    assert "identity.earlier" in codes(result)
    assert out.getvalue()


def _as_update(first: bytes) -> bytes:
    """An incremental update that changes one property."""
    start = first.rindex(b"startxref") + len(b"startxref")
    previous = int(first[start:].split()[0])
    with pikepdf.open(io.BytesIO(first)) as pdf:
        size, root = len(pdf.objects) + 1, pdf.trailer.Root.objgen[0]
    at = len(first) + 1
    body = b"%d 0 obj\n<< /Title (Fields) >>\nendobj\n" % size
    table = b"xref\n%d 1\n%010d 00000 n \n" % (size, at)
    trailer = b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /Prev %d >>\n" % (size + 1, root, size, previous)
    return b"\n" + body + table + trailer + b"startxref\n%d\n%%%%EOF\n" % (at + len(body))


def test_none_of_it_matters_where_reviewing_is_not_double_blind(look):
    paper = whole(front("Ada Quuxworth").heading("ACKNOWLEDGMENTS").line("This work was funded by nobody 12345."))
    assert look(paper, Rules(page_limit=4, authors=(ADA,), blind="single")).findings == ()


# --- The engine's parts -------------------------------------------------------------------------------------------


def test_forms_of_a_name_hold_both_orders_and_initials():
    assert {"adaquuxworth", "quuxworthada"} <= set(forms_of("Ada Quuxworth"))
    assert "annelaurevanderbergstrom" in forms_of("Anne-Laure van der Bergström")
    assert "aquuxworth" in short_forms_of("Ada Quuxworth")
    assert forms_of("Plato") == []


@given(st.text(max_size=200), st.text(max_size=40))
@settings(max_examples=150, deadline=None)
def test_no_text_and_no_name_breaks_the_search(text, name):
    from submissions.pdfcheck.layout import Line

    words = Words.of([Line(1, line, (0, 0, 1, 1), 0, 10, "F") for line in text.split("\n")])
    for form in [*forms_of(name), *short_forms_of(name), letters_of(name)]:
        for hit in words.find(form):
            assert form in letters_of(hit.words)
