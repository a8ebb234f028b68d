"""Everybody named on a paper may confirm or object, by a link that is theirs alone."""

import re

import pytest
from django.test import Client

from ml4rs.editions.tests.factories import RoleFactory
from ml4rs.editions.viewer import Viewer
from submissions import actions
from submissions.actions import AuthorDetails
from submissions.models import Authorship
from submissions.registering import figures
from submissions.tests.conftest import BEFORE

pytestmark = pytest.mark.django_db
BOB = "bob@zyx.example"


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(BEFORE, tick=False)


@pytest.fixture
def paper(complete, author, mails):
    """Submitted by Ada, with Bob named on it."""
    actions.add_authors(complete, [AuthorDetails("Bob Zyx", BOB)], by=author)
    actions.submit(complete, by=author)
    return complete


@pytest.fixture
def link(paper, mails):
    """The address in Bob's mail, without the site's name."""
    (told,) = mails.to(BOB, "submissions.named")
    return re.search(r"https?://[^/]+(/\S+/named/\S+)", told.body_text).group(1)


def bob():
    return Authorship.objects.get(email=BOB)


def test_opening_the_link_changes_nothing_and_needs_no_account(link, paper):
    page = Client().get(link)
    assert paper.title in page.text
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert bob().answer == ""


@pytest.mark.parametrize("query", [{"answer": "confirm"}, {"answer": "object", "words": "No."}])
def test_no_address_that_only_has_to_be_opened_answers_for_an_author(link, query):
    Client().get(link, query)
    assert bob().answer == ""
    Client().post(link, query)
    assert bob().answer


def test_a_confirmation_shows_in_the_list_of_authors(link, paper, author):
    Client().post(link, {"answer": "confirm"})
    assert (bob().answer, bob().answered_at) == ("confirmed", BEFORE)
    client = Client()
    client.force_login(author.user)
    assert "Confirmed" in client.get(f"/{paper.edition.slug}/submissions/{paper.public_id}/authors/").text


def test_an_objection_reaches_the_other_authors_and_the_organisers(link, paper, author, mails):
    chair = Viewer.of(RoleFactory(edition=paper.edition).user, paper.edition, BEFORE)
    Client().post(link, {"answer": "object", "words": "I never saw this."})
    (told,) = mails.to(author.user.email, "submissions.objected")
    assert "I never saw this." in told.body_text
    assert not mails.to(BOB, "submissions.objected")
    (figure,) = [each for each in figures(chair) if each.label == "objections of authors"]
    client = Client()
    client.force_login(chair.user)
    assert paper.title in client.get(figure.url).text
    assert "I never saw this." in client.get(
        f"/{paper.edition.slug}/submissions/{paper.public_id}/?authors=1"
    ).text  # fmt: skip


def test_a_second_press_is_not_told_twice(link, mails):
    for _ in range(2):
        Client().post(link, {"answer": "object", "words": "No."})
    assert mails.events().count("submissions.objected") == 1


def test_an_answer_can_be_changed(link):
    Client().post(link, {"answer": "object", "words": "No."})
    Client().post(link, {"answer": "confirm"})
    assert (bob().answer, bob().objection) == ("confirmed", "")


def test_an_objection_without_words_says_what_is_missing(link):
    page = Client().post(link, {"answer": "object", "words": "  "})
    assert page.status_code == 200
    assert "This field is required" in page.text
    assert bob().answer == ""


def test_a_link_ends_with_the_place_on_the_list(link, paper, author):
    actions.remove_author(paper, bob().public_id, by=author)
    assert Client().get(link).status_code == 404


def test_a_corrected_address_gets_a_link_of_its_own_and_the_answer_is_asked_anew(link, paper, author, mails):
    Client().post(link, {"answer": "confirm"})
    actions.change_author(paper, bob().public_id, AuthorDetails("Bob Zyx", "robert@zyx.example"), by=author)
    changed = Authorship.objects.get(email="robert@zyx.example")
    assert (changed.answer, changed.answered_at) == ("", None)
    assert Client().get(link).status_code == 404
    assert mails.to("robert@zyx.example", "submissions.named")


@pytest.mark.parametrize("token", ["nonsense", "WyJhIiwiYiJd:1tkKAA:forged", "a" * 600])
def test_a_forged_link_is_not_there(paper, token):
    assert Client().get(f"/{paper.edition.slug}/named/{token}/").status_code == 404


def test_a_link_of_one_edition_opens_nothing_in_another(link, paper):
    from ml4rs.editions.tests.factories import EditionFactory

    other = EditionFactory(slug="elsewhere")
    assert Client().get(link.replace(paper.edition.slug, other.slug)).status_code == 404
