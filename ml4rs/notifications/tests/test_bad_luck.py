"""Hostile and unlucky mails: sent as they are meant, or refused with a reason, over a real SMTP connection."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from functools import partial

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.core import mail as outgoing
from django.core.mail import get_connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ml4rs.editions.tests.factories import EditionFactory, MilestoneFactory, UserFactory
from ml4rs.notifications import delivery, reminders
from ml4rs.notifications.actions import Recipient, queue_mail
from ml4rs.notifications.models import Message
from ml4rs.notifications.registry import Owed, event_named
from ml4rs.notifications.tests.factories import MessageFactory
from tests.live import free_port

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails")]
NOW = datetime(2025, 2, 1, 13, tzinfo=UTC)
ROLE = event_named("notifications.role_given")
SCRIPTS = {
    "Amharic": "አበበ በቂላ",
    "Arabic": "محمد بن موسى الخوارزمي",
    "Bengali": "সত্যেন্দ্রনাথ বসু",
    "Chinese": "祖冲之",
    "Combining": "Tru\u031b\u01a1\u0323ng V\u0129nh Ky\u0301",
    "Cyrillic": "Софья Ковалевская",
    "Devanagari": "आर्यभट",
    "Emoji": "Ada 👩🏽‍🔬🛰️🏳️‍🌈",
    "Georgian": "შოთა რუსთაველი",
    "Greek": "Υπατία",
    "Hebrew": "עדה יונת",
    "Japanese": "湯川 秀樹",
    "Korean": "장영실",
    "Quotes": 'Ada "the first" O\'Brien, PhD <x>',
    "Right to left": "Ada \u202eecalevoL",
    "Thai": "สมเด็จพระจอมเกล้า",
    "Very long": "Wolfeschlegelsteinhausenbergerdorff " * 5,
}


class Kept:
    """A mail server that keeps what it gets, as bytes and envelope."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], bytes]] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd calls it so
        self.mails.append((envelope.rcpt_tos, envelope.content))
        return "250 taken"


@pytest.fixture
def server(monkeypatch):
    kept, port = Kept(), free_port()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    smtp = partial(get_connection, "django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=port)
    monkeypatch.setattr(delivery, "get_connection", smtp)
    yield kept
    controller.stop()


def arrived(server):
    (recipients, raw) = server.mails[-1]
    return recipients, message_from_bytes(raw, policy=default)


def send(**values):
    context = {**ROLE.sample, **values.pop("context", {})}
    to = values.pop("to", Recipient("ada@example.org", "Ada"))
    message = queue_mail(ROLE.name, edition=EditionFactory(), to=to, about="x", context=context, **values)
    delivery.deliver(message.pk)
    message.refresh_from_db()
    return message


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_name_in_any_script_arrives_as_it_is(server, script):
    name = SCRIPTS[script].strip()
    message = send(to=Recipient("ada@example.org", name), context={"given_by": name})
    assert message.state == "sent"
    recipients, mail = arrived(server)
    assert recipients == ["ada@example.org"]
    assert f"Hello {name}," in mail.get_body(("plain",)).get_content()


@pytest.mark.parametrize(
    "role",
    [
        "Organiser\r\nBcc: eve@example.org",
        "Organiser\nBcc: eve@example.org\n\nBuy now",
        "Organiser\r\n\r\n<script>alert(1)</script>",
        "Organiser\x00\x0b\x0c\u2028Bcc: eve@example.org",
    ],
)
def test_a_line_break_in_a_value_makes_no_header(server, role):
    assert send(context={"role": role}).state == "sent"
    recipients, mail = arrived(server)
    assert recipients == ["ada@example.org"]
    assert mail["Bcc"] is None
    assert "Bcc: eve@example.org" not in [f"{name}: {value}" for name, value in mail.items()]
    assert "<script>" not in mail.get_body(("html",)).get_content()


def test_a_subject_of_ten_thousand_characters_is_cut_and_sent(server):
    message = send(context={"role": "Long " * 2000})
    assert message.state == "sent"
    assert len(message.subject) == 300
    assert arrived(server)[1]["Subject"] == message.subject.strip()


@pytest.mark.parametrize(
    "address", ["", "ada", "ada@", "@example.org", "ada@example.org, eve@example.org", "a b@example.org",
                "ada@example.org\nBcc: eve@example.org", "a" * 250 + "@example.org"]
)  # fmt: skip
def test_what_is_no_address_is_refused_with_a_reason_and_never_sent(server, address):
    message = send(to=Recipient(address, "Ada"))
    assert message.state == "failed"
    assert "e-mail address" in message.error
    assert server.mails == []


def test_an_address_that_this_server_cannot_take_is_told_apart(server):
    message = send(to=Recipient("ada@exämple.org", "Ada"))
    assert message.state == "sent"
    assert arrived(server)[0] == ["ada@xn--exmple-cua.org"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=400), st.text(max_size=2000))
def test_whatever_somebody_writes_reaches_its_reader_and_nobody_else(server, role, powers):
    message = send(context={"role": role, "powers": powers}, revision=f"{len(server.mails)}")
    assert message.state == "sent"
    recipients, mail = arrived(server)
    assert recipients == ["ada@example.org"]
    assert mail["To"] == "ada@example.org"


# --- The mail server is away for an hour --------------------------------------------------------------


def test_nothing_is_lost_and_nobody_is_flooded_when_it_returns(mail_server, audience):
    ada = Recipient("ada@example.org", "Ada", UserFactory(time_zone="Europe/Berlin"))
    audience([Owed(ada, "a", "https://x.org/a/", "Submit “Juniper”")])
    MilestoneFactory(instant=NOW + timedelta(days=3, minutes=30))
    mail_server.away = True
    with time_machine.travel(NOW, tick=False):
        waiting = [MessageFactory(batch=batch) for batch in ("", "b") for _ in range(30)]
        for message in waiting[:30]:
            delivery.deliver(message.pk)
    for minute in range(0, 65, 5):
        with time_machine.travel(NOW + timedelta(minutes=minute), tick=False):
            reminders.send_due()
            assert delivery.sweep() == 0
    mail_server.away = False
    for minute in range(65, 200, 5):
        with time_machine.travel(NOW + timedelta(minutes=minute), tick=False):
            reminders.send_due()
            delivery.sweep()
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    received = [message.to[0] for message in outgoing.outbox]
    assert len(received) == len(set(received)) == 61
