"""What changed between two versions of a file, and findings on a picture of the page: for authors and organisers."""

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from ml4rs.editions.tests.factories import RoleFactory, UserFactory
from reviews.tests.factories import AssignmentFactory, ConflictFactory, ReviewerFactory
from submissions import actions
from submissions.comparing import ADDED, REMOVED, SAME, Piece, compare
from submissions.models import CheckReport, Finding
from submissions.tasks import check_version
from submissions.tests.conftest import BEFORE, pdf_file
from submissions.tests.papers import Paper

OLD = "We look at fields. They are green. Clouds hide some of them. Rain comes late. It is cold. We end here."


# --- Comparing texts -------------------------------------------------------------------------------------


def test_the_same_words_in_other_lines_are_no_change():
    assert compare("We look at\nfields from the cit-\nies.", "We look at fields\nfrom the cities.") == []


def test_a_word_that_changed_is_shown_inside_its_sentence():
    assert compare("We look at green fields.", "We look at brown fields.") == [
        Piece(SAME, "We look at"), Piece(REMOVED, "green"), Piece(ADDED, "brown"), Piece(SAME, "fields."),
    ]  # fmt: skip


def test_what_is_far_from_any_change_is_left_out_and_counted():
    pieces = compare(OLD, OLD.replace("We look at fields. ", ""))
    assert pieces == [
        Piece(REMOVED, "We look at fields."), Piece(SAME, "They are green. Clouds hide some of them."),
        Piece(SAME, "", left_out=3),
    ]  # fmt: skip


def test_from_nothing_everything_is_added():
    assert compare("", "New. Words.") == [Piece(ADDED, "New. Words.")]


def words(pieces: list[Piece], *kinds: str) -> list[str]:
    return [word for piece in pieces if piece.kind in kinds for word in piece.text.split()]


@given(st.lists(st.sampled_from("abcde"), max_size=30), st.lists(st.sampled_from("abcde"), max_size=30))
@settings(max_examples=150, deadline=None)
def test_both_texts_can_be_read_out_of_the_pieces(before, after):
    old, new = " ".join(before), " ".join(after)
    pieces = compare(old, new)
    if before == after:
        assert pieces == []
        return
    assert words(pieces, SAME, REMOVED) == before
    assert words(pieces, SAME, ADDED) == after


# --- Pages -----------------------------------------------------------------------------------------------


@pytest.fixture
def two_versions(draft, author):
    """A manuscript handed in twice, and checked each time."""
    versions = []
    for sentence in ("The river is wide.", "The river is narrow."):
        paper = Paper().line("A title", 17).line("Anonymous authors").heading("ABSTRACT").text(20).line(sentence)
        data = paper.text(10).heading("REFERENCES").entries().bytes()
        version = actions.upload(draft, "manuscript", pdf_file(data=data), by=author)
        check_version(version, lambda *_: None)
        versions.append(version)
    return versions


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(BEFORE, tick=False):
        yield


def fetch(client, user, version, name, *more):
    client.force_login(user)
    paper = version.submission
    arguments = [paper.edition.slug, paper.public_id, version.kind, version.public_id, *more]
    return client.get(reverse(f"submissions:{name}", args=arguments))


def test_authors_read_what_changed(client, author, two_versions):
    page = fetch(client, author.user, two_versions[1], "changes").content.decode()
    assert "<del>wide.</del>" in page
    assert "<ins>narrow.</ins>" in page


def test_the_first_version_has_nothing_before_it(client, author, two_versions):
    assert fetch(client, author.user, two_versions[0], "changes").status_code == 404


def test_an_unchecked_version_says_that_it_cannot_be_compared(client, author, two_versions):
    CheckReport.objects.filter(file_version=two_versions[0]).delete()
    assert "Not compared" in fetch(client, author.user, two_versions[1], "changes").content.decode()


def test_findings_are_drawn_where_they_stand(client, author, two_versions):
    report = two_versions[1].reports.get()
    Finding.objects.create(
        report=report, code="x.y", severity="warns", page=1, box=[100, 700, 200, 712], message="Look here"
    )
    page = fetch(client, author.user, two_versions[1], "page", 1).content.decode()
    assert "Look here" in page
    assert 'x="98" y="78" width="104" height="16"' in page


def test_the_page_is_a_picture(client, author, two_versions):
    response = fetch(client, author.user, two_versions[1], "picture", 1)
    assert response["Content-Type"] == "image/png"
    assert response.content.startswith(b"\x89PNG")


@pytest.mark.parametrize("number", [0, 2, 999_999_999])
def test_there_is_no_page_beyond_the_last(client, author, two_versions, number):
    for name in ("page", "picture"):
        assert fetch(client, author.user, two_versions[1], name, number).status_code == 404


def test_only_authors_and_organisers_without_conflict_look_closer(client, author, two_versions, mails):
    paper = two_versions[1].submission
    actions.submit(paper, by=author)
    reviewer = ReviewerFactory(edition=paper.edition)
    AssignmentFactory(submission=paper, reviewer=reviewer)
    chair, tied = (RoleFactory(edition=paper.edition).user for _ in range(2))
    ConflictFactory(user=tied, submission=paper)
    for name, more in (("changes", ()), ("page", (1,)), ("picture", (1,))):
        seen = [
            fetch(client, user, two_versions[1], name, *more).status_code
            for user in (author.user, chair, reviewer.user, tied, UserFactory())
        ]
        assert seen == [200, 200, 404, 404, 404]


def test_a_report_is_read_without_its_text(two_versions, django_assert_num_queries):
    with django_assert_num_queries(2):
        report = two_versions[1].reports.get()
        assert "narrow" in report.text
