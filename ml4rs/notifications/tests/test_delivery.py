"""Delivery: what is promised goes out, once, however often a worker is asked, refused or killed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction

from ml4rs.editions.tests.factories import EditionFactory, UserFactory
from ml4rs.notifications import delivery
from ml4rs.notifications.models import Message
from ml4rs.notifications.tests.factories import MessageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.both]
NOW = datetime(2025, 2, 1, 13, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock(mails):
    with time_machine.travel(NOW, tick=False):
        yield


def again(message):
    message.refresh_from_db()
    return message


def test_a_mail_goes_out_as_it_was_written():
    message = MessageFactory(edition=EditionFactory(contact_email="chairs@example.org"))
    assert delivery.deliver(message.pk)
    (sent,) = mail.outbox
    assert (sent.subject, sent.body, sent.to) == (message.subject, message.body_text, [message.recipient])
    assert sent.reply_to == ["chairs@example.org"]
    assert sent.alternatives == [(message.body_html, "text/html")]
    assert (again(message).state, message.sent_at, message.lease_until) == ("sent", NOW, None)


def test_answers_go_to_the_edition_whoever_the_mail_is_kept_for():
    edition = EditionFactory(contact_email="chairs@example.org")
    for message in (MessageFactory(edition=edition, user=UserFactory()), MessageFactory(user=UserFactory())):
        delivery.deliver(message.pk)
    assert [sent.reply_to for sent in mail.outbox] == [["chairs@example.org"], []]


def test_its_headers_say_that_a_machine_wrote_it_and_nothing_else():
    message = MessageFactory(event="reviews.decision")
    delivery.deliver(message.pk)
    headers = mail.outbox[0].message()
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Message-ID"] == message.message_id
    names = {"Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted"}
    assert set(headers.keys()) == names


def test_a_mail_that_is_sent_is_not_sent_again():
    message = MessageFactory()
    assert delivery.deliver(message.pk)
    assert not delivery.deliver(message.pk)
    assert len(mail.outbox) == 1


def test_of_two_workers_only_one_gets_it():
    message = MessageFactory()
    assert delivery.claim([message.pk], NOW) == [message]
    assert delivery.claim([message.pk], NOW) == []
    assert not delivery.deliver(message.pk)


@pytest.mark.parametrize("state", ["held", "cancelled", "failed"])
def test_what_is_held_cancelled_or_failed_stays(state):
    message = MessageFactory(state=state)
    assert not delivery.deliver(message.pk)
    assert delivery.sweep() == 0
    assert again(message).state == state


def test_a_dead_workers_mail_goes_out_when_its_lease_is_over_with_the_same_message_id():
    message = MessageFactory()
    delivery.claim([message.pk], NOW - delivery.LEASE)
    assert delivery.sweep() == 0
    with time_machine.travel(NOW + timedelta(seconds=1), tick=False):
        assert delivery.sweep() == 1
    assert mail.outbox[0].message()["Message-ID"] == message.message_id
    assert again(message).attempts == 2


def test_a_worker_that_lost_its_lease_cannot_overwrite_what_came_of_it():
    message = MessageFactory()
    (slow,) = delivery.claim([message.pk], NOW - 2 * delivery.LEASE)
    delivery.sweep()
    delivery._failed(slow, OSError("too late"))
    assert again(message).state == "sent"


ENDS = {
    "sent": delivery._mark_sent,
    "refused": lambda late: delivery._failed(late, OSError("too late")),
    "given back": lambda late: delivery._give_back([late]),
    "cancelled": lambda late: delivery._settle(late, state="cancelled"),
}


@pytest.mark.parametrize("end", ENDS)
def test_a_worker_that_lost_its_lease_says_nothing_about_the_attempt_of_another(end):
    message = MessageFactory()
    (late,) = delivery.claim([message.pk], NOW - 2 * delivery.LEASE)
    delivery.claim([message.pk], NOW)
    ENDS[end](late)
    assert (again(message).state, message.attempts, message.sent_at) == ("sending", 2, None)


@pytest.mark.parametrize("state", ["held", "cancelled", "bounced"])
@pytest.mark.parametrize("end", ENDS)
def test_what_organisers_did_to_a_mail_meanwhile_stays(end, state):
    message = MessageFactory()
    (mine,) = delivery.claim([message.pk], NOW)
    stamps = {"sent_at": NOW} if state == "bounced" else {}
    Message.objects.filter(pk=message.pk).update(state=state, lease_until=None, **stamps)
    ENDS[end](mine)
    assert again(message).state == state


@pytest.mark.parametrize("end", ENDS)
def test_the_worker_that_has_it_says_what_came_of_it(end):
    message = MessageFactory()
    (mine,) = delivery.claim([message.pk], NOW)
    ENDS[end](mine)
    assert again(message).state == {"sent": "sent", "cancelled": "cancelled"}.get(end, "queued")


def test_a_temporary_error_is_tried_again_later_and_later(mail_server):
    message = MessageFactory()
    mail_server.error = SMTPServerDisconnected("gone")
    pauses, now = [], NOW
    for _ in range(9):
        with time_machine.travel(now, tick=False):
            assert not delivery.deliver(message.pk)
        pauses.append((again(message).due_at - now).total_seconds())
        now = message.due_at
    assert pauses == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert (message.state, message.lease_until) == ("queued", None)
    assert "gone" in message.error
    mail_server.error = None
    with time_machine.travel(now, tick=False):
        assert delivery.sweep() == 1
    assert (again(message).state, message.error) == ("sent", "")


def test_it_is_not_tried_before_its_time(mail_server):
    message = MessageFactory()
    mail_server.error = SMTPServerDisconnected("gone")
    delivery.deliver(message.pk)
    mail_server.error = None
    assert delivery.sweep() == 0
    assert again(message).state == "queued"


def test_after_the_last_attempt_it_has_failed_and_says_why(mail_server):
    message = MessageFactory(attempts=delivery.MAX_ATTEMPTS - 1)
    mail_server.error = SMTPServerDisconnected("gone")
    delivery.deliver(message.pk)
    assert again(message).state == "failed"
    assert "gone" in message.error


REFUSALS = {
    "unknown person": (SMTPRecipientsRefused({"a@b.org": (550, b"no such user")}), "failed"),
    "full box": (SMTPRecipientsRefused({"a@b.org": (452, b"mailbox full")}), "queued"),
    "unwanted text": (SMTPDataError(554, b"rejected as spam"), "failed"),
    "greylisted": (SMTPDataError(451, b"try again later"), "queued"),
    "impossible header": (ValueError("header"), "failed"),
    "unforeseen": (RuntimeError("surprise"), "queued"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_cannot_be_helped_is_not_tried_again(mail_server, name):
    mail_server.error, state = REFUSALS[name]
    message = MessageFactory()
    delivery.deliver(message.pk)
    assert again(message).state == state
    assert message.error


def test_a_mail_that_kills_every_worker_is_given_up():
    message = MessageFactory(state="sending", attempts=delivery.MAX_ATTEMPTS, lease_until=NOW - timedelta(seconds=1))
    assert delivery.sweep() == 0
    assert again(message).state == "failed"
    assert mail.outbox == []


def test_what_is_over_is_not_sent_any_more():
    message = MessageFactory(expires_at=NOW)
    assert not delivery.deliver(message.pk)
    assert (again(message).state, message.error) == ("cancelled", "Not sent: what it is about is over.")


def test_the_sweep_sends_what_no_bell_reached_oldest_first(mail_server):
    late, early = MessageFactory(), MessageFactory(due_at=NOW - timedelta(hours=3))
    assert delivery.sweep() == 2
    assert [sent.to[0] for sent in mail.outbox] == [early.recipient, late.recipient]


def test_the_sweep_leaves_to_the_bell_what_was_queued_this_moment():
    MessageFactory(created_at=NOW - timedelta(seconds=1))
    assert delivery.sweep() == 0


def test_the_mails_of_a_batch_are_the_sweeps_from_the_start():
    MessageFactory(created_at=NOW - timedelta(seconds=1), batch="b1")
    assert delivery.sweep() == 1


def test_the_sweep_is_bounded(monkeypatch):
    monkeypatch.setattr(delivery, "SWEEP_BATCH", 2)
    monkeypatch.setattr(delivery, "SWEEP_FOR", timedelta(0))
    for _ in range(3):
        MessageFactory()
    assert [delivery.sweep(), delivery.sweep()] == [2, 1]


def test_within_its_time_a_sweep_takes_batch_after_batch(monkeypatch):
    monkeypatch.setattr(delivery, "SWEEP_BATCH", 2)
    for _ in range(5):
        MessageFactory()
    assert delivery.sweep() == 5


def test_an_idle_sweep_asks_one_question(cost_of):
    MessageFactory(sent=True)
    with cost_of() as cost:
        delivery.sweep()
    assert cost.queries == 1


def test_a_mail_server_that_is_away_costs_no_attempt_and_nothing_is_lost(mail_server):
    messages = [MessageFactory() for _ in range(3)]
    mail_server.away = True
    assert delivery.sweep() == 0
    assert {again(message).attempts for message in messages} == {0}
    mail_server.away = False
    assert delivery.sweep() == 3


def test_one_refused_mail_does_not_stop_the_others(mail_server, monkeypatch):
    messages = [MessageFactory(recipient=f"{n}@example.org") for n in range(3)]
    real = delivery.as_mail

    def refuse_the_second(message, connection):
        if message.pk == messages[1].pk:
            raise ValueError("cannot be written")
        return real(message, connection)

    monkeypatch.setattr(delivery, "as_mail", refuse_the_second)
    assert delivery.sweep() == 2
    assert [again(message).state for message in messages] == ["sent", "failed", "sent"]


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_mail_server_is_asked(mail_server):
    message = MessageFactory()
    assert delivery.deliver(message.pk)
    assert mail_server.asked_in_transaction is False


def test_its_parts_are_divided_by_what_stands_in_neither():
    message = MessageFactory(body_text="--a\n--=_b", body_html="<p>--a</p>")
    delivery.deliver(message.pk)
    made = mail.outbox[0].message()
    assert [part.get_payload(decode=True).decode().strip() for part in made.get_payload()] == [
        "--a\n--=_b",
        "<p>--a</p>",
    ]
    assert len({mail.outbox[0].message().get_boundary() for _ in range(2)}) == 2


@pytest.fixture
def commits_wait_for_the_disk(transactional_db) -> Iterator[None]:
    """As in production; in tests they do not."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
        yield
        cursor.execute("RESET synchronous_commit")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such setting")
@pytest.mark.usefixtures("commits_wait_for_the_disk")
def test_a_mark_may_reach_the_disk_a_moment_later_and_nothing_else_may(mail_server):
    message = MessageFactory(state="sending", attempts=1, lease_until=NOW)
    with transaction.atomic():
        delivery._mark_sent(message)
        assert _commits() == "off"
    assert (_commits(), again(message).state) == ("on", "sent")


def _commits() -> str:
    with connection.cursor() as cursor:
        return cursor.execute("SHOW synchronous_commit").fetchone()[0]
