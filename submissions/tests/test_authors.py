"""The author list: e-mail addresses without accounts, pasted lists, order, and the odd double click."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import UserFactory
from ml4rs.jobs.models import Job
from submissions import actions
from submissions.actions import AuthorDetails
from submissions.author_lists import PastedAuthor, read_list
from submissions.models import Authorship
from submissions.tests.conftest import AFTER, BEFORE

BOB, CAT = AuthorDetails("Bob Zyx", "Bob@Zyx.example"), AuthorDetails("Cat Wvu", "cat@wvu.example")


def names(paper) -> list[str]:
    return list(paper.authorships.order_by("position").values_list("name", flat=True))


@pytest.fixture
def three(draft, author):
    actions.add_authors(draft, [BOB, CAT], by=author)
    return draft


@pytest.mark.django_db
class TestActions:
    def test_an_address_is_kept_in_lower_case_and_tied_to_its_owner(self, draft, author):
        bob = UserFactory(email="bob@zyx.example")
        added = actions.add_author(draft, BOB, by=author)
        assert (added.email, added.user) == ("bob@zyx.example", bob)

    def test_an_address_that_nobody_has_verified_is_tied_to_nobody(self, draft, author):
        UserFactory(email="bob@zyx.example", verified=False)
        assert actions.add_author(draft, BOB, by=author).user is None

    def test_the_same_address_is_not_added_twice(self, three, author):
        with pytest.raises(NotAllowed, match="on the list already"):
            actions.add_author(three, AuthorDetails("Robert", "BOB@zyx.example"), by=author)
        assert names(three) == ["Ada Quuxworth", "Bob Zyx", "Cat Wvu"]

    def test_a_list_is_added_whole_or_not_at_all(self, draft, author):
        with pytest.raises(NotAllowed):
            actions.add_authors(draft, [BOB, CAT, BOB], by=author)
        assert names(draft) == ["Ada Quuxworth"]

    def test_there_is_one_corresponding_author(self, draft, author):
        actions.add_author(draft, AuthorDetails("Bob", "b@zyx.example", is_corresponding=True), by=author)
        assert list(draft.authorships.filter(is_corresponding=True).values_list("name", flat=True)) == ["Bob"]

    @pytest.mark.parametrize(
        ("who", "up", "order"),
        [(2, True, ["Ada Quuxworth", "Cat Wvu", "Bob Zyx"]), (0, False, ["Bob Zyx", "Ada Quuxworth", "Cat Wvu"]),
         (0, True, ["Ada Quuxworth", "Bob Zyx", "Cat Wvu"]), (2, False, ["Ada Quuxworth", "Bob Zyx", "Cat Wvu"])],
    )  # fmt: skip
    def test_authors_change_places(self, three, author, who, up, order):
        person = three.authorships.order_by("position")[who]
        actions.move_author(three, person.public_id, by=author, up=up)
        assert names(three) == order

    def test_an_order_of_somebody_elses_making_is_refused(self, three, author):
        ids = list(three.authorships.values_list("public_id", flat=True))
        actions.order_authors(three, ids[::-1], by=author)
        assert names(three) == ["Cat Wvu", "Bob Zyx", "Ada Quuxworth"]
        with pytest.raises(NotAllowed, match="changed meanwhile"):
            actions.order_authors(three, ids[:2], by=author)

    def test_the_last_author_stays_and_correspondence_passes_on(self, three, author):
        ids = list(three.authorships.order_by("position").values_list("public_id", flat=True))
        actions.remove_author(three, ids[0], by=author)
        assert three.authorships.get(is_corresponding=True).name == "Bob Zyx"
        actions.remove_author(three, ids[1], by=author)
        with pytest.raises(NotAllowed, match="at least one"):
            actions.remove_author(three, ids[2], by=author)
        with pytest.raises(NotAllowed, match="no longer"):
            actions.remove_author(three, ids[1], by=author)

    def test_after_the_deadline_the_list_stays_as_it_is(self, three, author, at):
        with pytest.raises(NotAllowed, match="deadline"):
            actions.add_author(three, AuthorDetails("Dan", "d@d.example"), by=at(author, AFTER))

    def test_a_new_address_is_told_anew(self, submitted, author, mails):
        actions.add_author(submitted, BOB, by=author)
        bob = Authorship.objects.get(name="Bob Zyx")
        actions.change_author(submitted, bob.public_id, AuthorDetails("Bob Zyx", "bob@new.example"), by=author)
        told = [message.recipient for message in mails.messages if message.event == "submissions.named"]
        assert told == ["bob@zyx.example", "bob@new.example"]

    def test_a_new_name_has_the_files_searched_again(self, complete, author):
        Job.objects.update(state="done", finished_at=BEFORE)
        actions.add_author(complete, BOB, by=author)
        assert Job.objects.filter(state="queued").count() == 1


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def ada(self, author):
        with time_machine.travel(BEFORE, tick=False):
            client = Client()
            client.force_login(author.user)
            yield client

    def url(self, name, paper, *more):
        return reverse(f"submissions:{name}", args=[paper.edition.slug, paper.public_id, *more])

    def test_adding_changing_moving_and_removing(self, ada, draft):
        data = {"name": "Bob Zyx", "email": "bob@zyx.example", "country": "KE", "orcid": "0000-0002-1825-0097"}
        assert b"Bob Zyx is on the list." in ada.post(self.url("authors", draft), data, follow=True).content
        assert b"on the list already" in ada.post(self.url("authors", draft), data).content
        bob = draft.authorships.get(name="Bob Zyx").public_id
        assert b"0000-0002-1825-0097" in ada.get(self.url("author", draft, bob)).content
        data = {**data, "name": "Robert Zyx"}
        assert b"Robert Zyx" in ada.post(self.url("author", draft, bob), data, follow=True).content
        ada.post(self.url("move", draft, bob), {"direction": "up"})
        assert names(draft) == ["Robert Zyx", "Ada Quuxworth"]
        ada.post(self.url("order", draft), {"author": [a.public_id for a in draft.authorships.order_by("name")]})
        assert names(draft) == ["Ada Quuxworth", "Robert Zyx"]
        ada.post(self.url("remove", draft, bob))
        assert names(draft) == ["Ada Quuxworth"]
        assert ada.get(self.url("author", draft, bob)).status_code == 404

    def test_pasting_a_list(self, ada, draft):
        good = {"people": "Bob Zyx <bob@zyx.example>, Zyx Lab\nCat Wvu <cat@wvu.example>"}
        assert b"Added: Bob Zyx, Cat Wvu." in ada.post(self.url("paste", draft), good, follow=True).content
        bad = ada.post(self.url("paste", draft), {"people": "Dan without address\nEve <e@@e>"})
        assert b"Dan without address" in bad.content
        assert len(names(draft)) == 3

    @pytest.mark.parametrize("orcid", ["1", "x" * 30, "0000-0000-0000-000X1"])
    def test_a_wrong_orcid_is_answered_on_the_form(self, ada, draft, orcid):
        data = {"name": "Bob", "email": "bob@zyx.example", "orcid": orcid}
        assert ada.post(self.url("authors", draft), data).status_code == 200
        assert names(draft) == ["Ada Quuxworth"]


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ("Ada Lovelace <ada@x.example>, Analytical Society", ("Ada Lovelace", "ada@x.example", "Analytical Society")),
        ("Ada Lovelace <Ada@X.example>", ("Ada Lovelace", "ada@x.example", "")),
        ("Ada Lovelace, ada@x.example, Analytical Society, London",
         ("Ada Lovelace", "ada@x.example", "Analytical Society, London")),
        ("ada@x.example, Ada Lovelace, Analytical Society", ("Ada Lovelace", "ada@x.example", "Analytical Society")),
        ('"Ada Lovelace" <ada@x.example>;', ("Ada Lovelace", "ada@x.example", "")),
    ],
)  # fmt: skip
def test_a_line_is_read_as_people_write_it(line, person):
    assert read_list(line).people == (PastedAuthor(*person),)


def test_people_between_semicolons_and_what_cannot_be_read():
    pasted = read_list("A B <a@x.example>; C D <c@x.example>\nNobody\nA B <a@x.example>\n\n")
    assert [person.email for person in pasted.people] == ["a@x.example", "c@x.example"]
    assert len(pasted.problems) == 2


def test_the_two_lists_of_cmt_are_put_together():
    pasted = read_list("Ada Lovelace (Analytical Society)*; Bob Zyx (Lab; Paris);\nada@x.example*; bob@x.example\n")
    assert pasted.problems == ()
    assert pasted.people == (
        PastedAuthor("Ada Lovelace", "ada@x.example", "Analytical Society", is_corresponding=True),
        PastedAuthor("Bob Zyx", "bob@x.example", "Lab; Paris"),
    )


def test_lists_of_cmt_that_do_not_match_are_sent_back():
    pasted = read_list("Ada Lovelace (Society)*; Bob Zyx (Lab)\nada@x.example")
    assert pasted.people == ()
    assert pasted.problems == ("There are 2 names and 1 addresses; each person needs one of both.",)


@given(st.text(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_without_an_error_and_every_person_has_name_and_address(text):
    for person in read_list(text).people:
        assert person.name
        assert "@" in person.email
