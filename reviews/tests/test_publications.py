"""Publications: read out of BibTeX and DBLP, used to match and to find co-authors, never to probe who wrote what."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import UserFactory
from reviews import actions
from reviews.matching.conflicts import Author, Someone, find
from reviews.matching.publications import MOST, Publication, coauthors, read
from reviews.models import Conflict
from reviews.models import Publication as Stored
from reviews.proposing.situation import situation_of
from reviews.tests.factories import ReviewerFactory
from submissions.tests.factories import AuthorshipFactory, SubmissionFactory

BEFORE = datetime(2025, 2, 1, tzinfo=UTC)
BIB = rb"""
@string{cvpr = "CVPR"}
% a remark
@inproceedings{one, author = {Rossi, Mar{\'\i}a and M{\"u}ller, J. and others}, title = {A {Big} Map of
  Clouds}, booktitle = cvpr, year = 2024, abstract = {We map clouds.}}
@article{one, author = "Ohm, Otto", title = "Another one", year = {1999}}
@misc{two, title = {Without anybody}}
"""
DBLP = b"""<?xml version="1.0" encoding="US-ASCII"?>
<dblpperson name="Maria Rossi"><r><article key="j"><author pid="1">Maria Rossi</author>
<author>Jun M&#252;ller 0002</author><title>Reeds <i>from</i> orbit.</title><year>2023</year></article></r>
<r><inproceedings><author>Maria Rossi</author><title>Sand</title></inproceedings></r></dblpperson>"""


# --- Reading -------------------------------------------------------------------------------------------------


def test_bibtex_is_read_with_its_accents_braces_and_repeated_keys():
    found = read(BIB)
    assert found.problems == []
    by_title = {each.title: each for each in found.publications}
    clouds = by_title["A Big Map of Clouds"]
    assert clouds.authors == ("Rossi, María", "Müller, J.")
    assert (clouds.year, clouds.abstract) == (2024, "We map clouds.")
    assert by_title["Another one"].year == 1999
    assert by_title["Without anybody"].authors == ()


def test_dblp_is_read_without_its_numbers_of_namesakes():
    found = read(DBLP)
    assert found.problems == []
    reeds, sand = found.publications
    assert (reeds.title, reeds.authors, reeds.year) == ("Reeds from orbit", ("Maria Rossi", "Jun Müller"), 2023)
    assert (sand.title, sand.year) == ("Sand", None)


def test_a_broken_entry_costs_only_itself_and_is_named_by_its_line():
    found = read(b"@article{a, title = {Fine}}\n\n@article{b, title = {Open\n@article{c, title = {Also fine}}")
    assert {each.title for each in found.publications} == {"Fine", "Also fine"}
    assert found.problems == ["From line 3 on an entry could not be read."]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "There is no publication"),
        (b"Just some words.", "There is no publication"),
        (b"\x00\x01\x02", "no text file"),
        (b"<dblpperson><r>", "cannot be read"),
        (b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><x>&c;</x>', "cannot be read"),
        (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x><title>&a;</title></x>', "cannot be read"),
        (b"x" * 1_000_001, "larger than 1 MB"),
    ],
)
def test_what_is_no_such_file_is_answered_in_words(data, words):
    found = read(data)
    assert found.publications == []
    assert words in found.problems[0]


def test_a_western_encoding_is_read_as_well():
    (found,) = read("@misc{a, title={Über Wolken}, author={Müller, J}}".encode("cp1252")).publications
    assert found.title == "Über Wolken"


@settings(max_examples=40, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(alphabet='@{}=,"<>/ab\n\\%#', max_size=120).map(str.encode)))
def test_no_file_ends_in_an_error(data):
    found = read(data)
    assert found.publications or found.problems


@pytest.mark.parametrize(
    "title",
    ["{" * 900 + "x" + "}" * 900, "\\textbf{" * 190 + "x" + "}" * 190, "\\textbf" * 600 + " x", "$x " * 600],
    ids=["braces", "commands with braces", "commands", "formulas"],
)
def test_a_title_that_never_ends_is_kept_in_part(title):
    found = read(f"@misc{{a, title={{{title}}}, author={{A B}}}}".encode())
    assert found.publications or found.problems


def test_of_a_huge_title_and_thousands_of_authors_only_so_much_is_decoded():
    text = f"@misc{{a, title={{{'word ' * 50_000}}}, author={{{' and '.join(['Ada Byron'] * 50_000)}}}}}"
    (only,) = read(text.encode()).publications
    assert (len(only.title) <= 5_000, len(only.authors) <= 500) == (True, True)


def test_coauthors_are_those_of_late_without_oneself():
    written = [
        Publication("Old", ("Maria Rossi", "Otto Ohm"), 2015),
        Publication("New", ("M. Rossi", "Jun Müller", "Ada Lovelace"), 2024),
        Publication("Undated", ("Rossi, Maria", "Eve Vega")),
    ]
    assert set(coauthors(written, "Maria Rossi", 2022)) == {"Jun Müller", "Ada Lovelace", "Eve Vega"}


@pytest.mark.parametrize(
    ("author", "is_found"),
    [("Jun Müller", True), ("Müller, Jun", True), ("J. Muller", True), ("Jan Müller", False), ("Jun Miller", False)],
)
def test_whom_one_published_with_is_found_under_any_spelling(author, is_found):
    person = Someone(1, name="Maria Rossi", published=(("Jun Müller", "Clouds"),))
    found = find([person], [Author(7, author, "x@y.example")])
    assert [(each.kind, "“Clouds”" in each.evidence) for each in found] == ([("published", True)] if is_found else [])


# --- Keeping -------------------------------------------------------------------------------------------------


@pytest.fixture
def member(stage):
    return ReviewerFactory(edition=stage.edition, user=UserFactory(name="Maria Rossi"), profile="Maps")


def add(stage, member, *written):
    return actions.add_publications(member, list(written), by=stage.viewer(member.user))


def url(name):
    return reverse(f"reviews:{name}", args=["iclr2025"])


def test_each_is_kept_once(stage, member, at):
    with at(BEFORE):
        assert add(stage, member, Publication("Clouds"), Publication("Reeds")) == 2
        assert add(stage, member, Publication("CLOUDS!"), Publication("Sand")) == 1
    assert member.publications.count() == 3


def test_a_coauthor_of_late_is_in_conflict_and_the_reviewer_is_not_told(stage, member, at):
    with at(BEFORE):
        paper = SubmissionFactory(track=stage.track, title="Hidden title", authors=1)
        AuthorshipFactory(submission=paper, name="Jun Müller")
        file = SimpleUploadedFile("me.bib", BIB)
        page = stage.client(member.user).post(url("publications"), {"verb": "add", "file": file}, follow=True)
        assert "3 publications were read." in page.text
        assert "Müller" not in page.text
        assert "Hidden title" not in page.text
    found = Conflict.objects.get(user=member.user, kind="published")
    assert (found.submission, "A Big Map of Clouds" in found.evidence) == (paper, True)


def test_how_many_years_count_is_the_editions_to_say(stage, member, at):
    AuthorshipFactory(submission=SubmissionFactory(track=stage.track, authors=1), name="Jun Müller")
    for years, number in ((0, 0), (1, 0), (3, 1)):
        type(stage.edition).objects.update(coauthor_years=years)
        member.edition.refresh_from_db()
        with at(BEFORE):
            add(stage, member, Publication(f"Clouds {years}", ("Maria Rossi", "Jun Müller"), 2023))
        assert Conflict.objects.filter(kind="published").count() == number, years


def test_they_help_to_match(stage, member, at):
    SubmissionFactory(track=stage.track, authors=1)
    with at(BEFORE):
        add(stage, member, Publication("Segmenting reeds", abstract="Wetlands from radar."))
    (person,) = situation_of(stage.chair).people
    assert [each.title for each in person.publications.all()] == ["Segmenting reeds"]


def test_once_papers_can_be_seen_nothing_is_added(stage, member):
    with pytest.raises(NotAllowed, match="Papers can be seen"):
        add(stage, member, Publication("Clouds"))
    page = stage.client(member.user).get(url("about_me"))
    assert "Papers can be seen now" in page.text
    assert "publications-file" not in page.text


def test_too_many_are_refused(stage, member, at):
    Stored.objects.bulk_create(Stored(reviewer=member, key=f"k{n}", title="x") for n in range(MOST))
    with at(BEFORE), pytest.raises(NotAllowed, match="At most"):
        add(stage, member, Publication("One more"))


def test_they_can_be_removed_and_a_missing_file_is_asked_for(stage, member, at):
    with at(BEFORE):
        add(stage, member, Publication("Clouds"))
        client = stage.client(member.user)
        assert "Choose a file first" in client.post(url("publications"), {"verb": "add"}, follow=True).text
        client.post(url("publications"), {"verb": "remove"})
    assert not member.publications.exists()


def test_nobody_adds_for_somebody_else(stage, member, at):
    other = ReviewerFactory(edition=stage.edition)
    with at(BEFORE):
        with pytest.raises(NotAllowed):
            actions.add_publications(member, [Publication("x")], by=stage.viewer(other.user))
        assert stage.client(UserFactory()).post(url("publications"), {"verb": "remove"}).status_code == 404
