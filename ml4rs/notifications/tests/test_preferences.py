"""Mails that somebody can do without, the link in each of them, and what always comes."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from ml4rs.editions.tests.factories import EditionFactory, UserFactory
from ml4rs.notifications import delivery, preferences
from ml4rs.notifications.actions import queue_mail
from ml4rs.notifications.models import OptOut
from ml4rs.notifications.registry import Category, Recipient, event_named, mail_events
from ml4rs.notifications.tests.factories import MessageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails")]
ADA = "ada@example.org"
MUST_COME = {"reviews.decision", "reviews.decision_corrected", "reviews.assigned", "travel.offer", "reviews.invitation"}


@pytest.fixture
def link(client):
    return f"/accounts/mail/out/{preferences.token_of(ADA, Category.REMINDERS)}/"


def reminder(address=ADA):
    return MessageFactory(event="notifications.reminder", key="notifications.reminder:1:x:y:1:z", recipient=address)


def sent(message) -> bool:
    delivery.deliver(message.pk)
    message.refresh_from_db()
    return message.state == "sent"


@pytest.fixture(autouse=True)
def _still_owed(monkeypatch):
    monkeypatch.setattr("ml4rs.notifications.rechecking.why_not", lambda message, now: "")


def test_a_mail_of_a_class_carries_the_way_out_for_one_click():
    delivery.deliver(reminder().pk)
    headers = mail.outbox[0].message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith("<http")


def test_the_foot_of_a_reminder_says_how_to_get_no_more(mails):
    sample = event_named("notifications.reminder").sample
    to = Recipient(ADA, "Ada")
    message = queue_mail("notifications.reminder", edition=EditionFactory(), to=to, about="x", context=sample)
    assert preferences.link_out(ADA, "reminders") in message.body_text
    assert preferences.link_out(ADA, "reminders") in message.body_html


@pytest.mark.parametrize("name", sorted(MUST_COME))
def test_what_was_decided_about_somebody_always_comes(name):
    assert event_named(name).category == ""
    message = MessageFactory(event=name)
    assert preferences.link_of(message) == ""


def test_every_class_of_mail_has_a_name_and_a_kind_of_mail():
    assert {event.category for event in mail_events} - {""} == set(preferences.LABELS)


def test_looking_at_the_link_changes_nothing(client, link):
    page = client.get(link)
    assert "Do not send me these mails" in page.text
    assert not OptOut.objects.exists()


def test_one_click_of_a_mail_program_is_enough(link):
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not sent(reminder())


def test_a_mail_that_was_switched_off_says_so_in_the_outbox(client, link):
    client.post(link)
    message = reminder()
    assert not sent(message)
    assert message.error == "Not sent: its reader has switched mails of this kind off."


def test_other_classes_and_other_people_still_get_theirs(client, link):
    client.post(link)
    assert sent(MessageFactory(event="submissions.receipt", recipient=ADA))
    assert sent(reminder("grace@example.org"))


def test_it_can_be_switched_on_again(client, link):
    client.post(link)
    client.post(link, {"on": "1"})
    assert sent(reminder())


@pytest.mark.parametrize("token", ["x", "eyJ"])
def test_a_link_that_is_none_of_ours_finds_nothing(client, token):
    assert client.get(f"/accounts/mail/out/{token}/").status_code == 404


def test_no_link_of_ours_switches_off_what_cannot_be(client):
    assert client.get(f"/accounts/mail/out/{preferences.token_of(ADA, 'decisions')}/").status_code == 404


def test_a_person_chooses_for_all_confirmed_addresses_at_once(client):
    person = UserFactory()
    EmailAddress.objects.create(user=person, email="other@example.org", verified=True)
    client.force_login(person)
    client.post("/accounts/mail/", {"wanted": ["news", "receipts", "digests"]})
    assert set(OptOut.objects.values_list("address", "category")) == {
        (person.email, "reminders"),
        ("other@example.org", "reminders"),
    }
    client.post("/accounts/mail/", {"wanted": list(preferences.LABELS)})
    assert not OptOut.objects.exists()


def test_the_page_shows_the_choice_that_was_made(client):
    person = UserFactory()
    preferences.switch([person.email], Category.REMINDERS, on=False)
    client.force_login(person)
    page = client.get("/accounts/mail/").text
    assert 'value="reminders" id="wanted-reminders" aria' in page
    assert 'value="news" id="wanted-news" checked' in page
