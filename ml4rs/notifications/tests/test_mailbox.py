"""The mailbox shows every mail in the browser, on a developer's machine and nowhere else."""

import pytest
from django.urls import reverse

from ml4rs.notifications.actions import queue_account_mail
from ml4rs.notifications.tests.factories import MessageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails")]


@pytest.fixture
def debug(settings):
    settings.DEBUG = True


@pytest.mark.parametrize("name", ["mailbox", "mailbox_mail", "mailbox_html"])
def test_outside_debug_mode_it_does_not_exist(client, name):
    args = [] if name == "mailbox" else [MessageFactory().public_id]
    assert client.get(reverse(f"notifications:{name}", args=args)).status_code == 404


@pytest.mark.usefixtures("debug")
def test_it_shows_every_mail_also_those_about_accounts(client):
    MessageFactory(subject="Juniper", recipient="ada@x.org")
    queue_account_mail("grace@x.org", "Laburnum", "Your code is 1234", "", "login_code")
    text = client.get(reverse("notifications:mailbox")).content.decode()
    assert "Juniper" in text
    assert "Laburnum" in text
    found = client.get(reverse("notifications:mailbox"), {"q": "ada@"}).content.decode()
    assert "Laburnum" not in found


@pytest.mark.usefixtures("debug")
def test_links_in_a_mail_can_be_followed(client):
    message = MessageFactory(body_text="See https://x.org/a/ <b>now</b>")
    text = client.get(reverse("notifications:mailbox_mail", args=[message.public_id])).content.decode()
    assert '<a href="https://x.org/a/"' in text
    assert "<b>now</b>" not in text


@pytest.mark.usefixtures("debug")
@pytest.mark.parametrize("rows", [1, 50, 300])
def test_it_costs_the_same_however_many_mails(client, cost_of, rows):
    edition = MessageFactory().edition
    type(edition).objects.filter(pk=edition.pk).update(slug="iclr2025")
    MessageFactory._meta.model.objects.bulk_create(MessageFactory.build(edition=edition) for _ in range(rows))
    with cost_of() as cost:
        client.get(reverse("notifications:mailbox"))
    assert cost.queries <= 8
    assert cost.objects <= 205
