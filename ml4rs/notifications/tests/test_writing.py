"""Writing to many: look at each mail, send or hold them as a batch, nobody twice."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from ml4rs.audit.models import Entry
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import EditionFactory, RoleFactory
from ml4rs.notifications import merging, registry
from ml4rs.notifications.models import Message
from ml4rs.notifications.registry import Addressee, MailEvent, MailingList, Recipient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails")]
NOW = datetime(2025, 2, 1, 13, tzinfo=UTC)
EVENT = MailEvent("tests.message", "Tested", ("title",), by_hand=True, sample={"title": "Juniper"}, why="of a test")


@pytest.fixture
def people():
    ada, bob = Recipient("ada@example.org", "Ada"), Recipient("bob@example.org", "Bob")
    return [
        Addressee(ada, "a", {"title": "Juniper"}),
        Addressee(ada, "b", {"title": "Larch"}),
        Addressee(bob, "c", {"title": "# Maple *"}),
    ]


@pytest.fixture
def those(monkeypatch, people):
    found = MailingList(
        "tests.list", "Those tested", EVENT, lambda viewer, asked: list(people), page="editions:desk", filters={"q"}
    )
    monkeypatch.setattr(registry.mailing_lists, "_entries", [found])
    monkeypatch.setattr(registry.mail_events, "_entries", [*registry.mail_events, EVENT])
    return found


@pytest.fixture
def edition():
    with time_machine.travel(NOW, tick=False):
        yield EditionFactory(contact_email="chairs@example.org")


@pytest.fixture
def by(edition, viewer_of):
    return viewer_of(RoleFactory(edition=edition).user, edition, now=NOW)


def send(people, those, by, **values):
    values = {"subject": "About {{ title }}", "body": "Dear {{ recipient_name }}", "batch": "abcdefgh2345", **values}
    return merging.send(people, those, by=by, **values)


def test_each_gets_their_own_words(people, those, by):
    assert send(people, those, by) == 3
    subjects = Message.objects.order_by("pk").values_list("recipient", "subject")
    assert [(who, what.partition("] ")[2]) for who, what in subjects] == [
        ("ada@example.org", "About Juniper"),
        ("ada@example.org", "About Larch"),
        ("bob@example.org", "About # Maple *"),
    ]


def test_who_stands_twice_gets_one_mail_where_the_words_are_the_same(people, those):
    assert len(merging.merged(people, those, "To all", "Come.")) == 2
    assert len(merging.merged(people, those, "To all", "{{ title }}")) == 3


def test_one_mail_about_two_papers_is_kept_with_both(those):
    ada = Recipient("ada@example.org")
    twice = [Addressee(ada, "a", submission_id=1), Addressee(ada, "b", submission_id=2)]
    (one,) = merging.merged(twice, those, "To all", "Come.")
    assert one.concerns == {1, 2}


def test_what_stands_for_a_variable_is_text_and_no_markup(people, those, by):
    send(people[2:], those, by, body="{{ title }}\n\n**Come.**")
    html = Message.objects.get().body_html
    assert "# Maple *" in html
    assert "<strong>Come.</strong>" in html


def test_the_same_form_twice_writes_to_nobody_twice(people, those, by):
    send(people, those, by)
    send(people, those, by)
    assert Message.objects.count() == 3


def test_held_back_they_wait_for_a_release(people, those, by):
    send(people, those, by, held=True)
    assert set(Message.objects.values_list("state", flat=True)) == {"held"}


@pytest.mark.parametrize("body", ["{{ password }}", "{% load x %}", "{{ title.__class__ }}"])
def test_nothing_is_sent_with_a_variable_that_there_is_not(people, those, by, body):
    with pytest.raises(NotAllowed):
        send(people, those, by, body=body)
    assert not Message.objects.exists()


@pytest.mark.parametrize("role", ["grants_officer", "schedule_editor", "reviewer"])
def test_others_cannot_write_to_an_organisers_list(people, those, edition, viewer_of, role):
    stranger = viewer_of(RoleFactory(edition=edition, name=role).user, edition, now=NOW)
    with pytest.raises(NotAllowed):
        send(people, those, stranger)


# --- The page -------------------------------------------------------------------------------------------


@pytest.fixture
def organiser(client, edition):
    user = RoleFactory(edition=edition).user
    client.force_login(user)
    return user


def page(edition):
    return reverse("notifications:write", args=[edition.slug, "tests.list"])


def post(client, edition, **values):
    seen = client.get(page(edition)).context["digest"]
    data = {"subject": "About {{ title }}", "body": "Come.", "batch": "abcdefgh2345", "seen": seen, **values}
    return client.post(page(edition), data)


@pytest.mark.usefixtures("organiser", "those")
def test_each_mail_can_be_looked_at_and_nothing_is_sent(client, edition):
    first, last = post(client, edition, show="0"), post(client, edition, show="99")
    assert "About Juniper" in first.content.decode()
    assert "Mail 1 of 3" in first.content.decode()
    assert "About # Maple *" in last.content.decode()
    assert not Message.objects.exists()


@pytest.mark.usefixtures("organiser", "those")
def test_sending_leads_to_the_batch(client, edition):
    answer = post(client, edition, send="1")
    assert answer.url == reverse("notifications:batch", args=[edition.slug, "abcdefgh2345"])
    assert "0 of 3 sent, 3 waiting" in client.get(answer.url).content.decode()


@pytest.mark.usefixtures("organiser", "those")
def test_a_list_that_changed_since_it_was_looked_at_is_shown_again(client, edition, people):
    seen = client.get(page(edition)).context["digest"]
    people.pop()
    text = post(client, edition, seen=seen, send="1").content.decode()
    assert "it holds 2 now" in text
    assert not Message.objects.exists()


@pytest.mark.usefixtures("organiser", "those")
def test_an_unknown_variable_is_named(client, edition):
    assert "“password”" in post(client, edition, body="{{ password }}", send="1").content.decode()
    assert not Message.objects.exists()


@pytest.mark.usefixtures("organiser", "those")
def test_a_filter_that_the_list_has_not_is_refused(client, edition):
    assert client.get(page(edition), {"author": "x"}).status_code == 400


@pytest.mark.usefixtures("those")
def test_the_lists_are_shown_to_whom_they_are_for(client, edition):
    where = reverse("notifications:lists", args=[edition.slug])
    client.force_login(RoleFactory(edition=edition).user)
    assert "Those tested" in client.get(where).content.decode()
    client.force_login(RoleFactory(edition=edition, name="grants_officer").user)
    assert "Those tested" not in client.get(where).content.decode()
    assert client.get(page(edition)).status_code == 404


@pytest.mark.usefixtures("organiser", "those")
def test_looking_at_who_gets_it_is_recorded(client, edition):
    client.get(page(edition))
    assert Entry.objects.get(verb="mail.list_read").details == {"list": "Those tested", "people": 3}
