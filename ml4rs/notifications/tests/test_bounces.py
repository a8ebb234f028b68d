"""Reports of mail servers: which message came back, and that nobody can be made to believe another."""

import io
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from ml4rs.notifications.bounces import read, take_in
from ml4rs.notifications.tests.factories import MessageFactory

SENT = datetime(2025, 2, 1, 13, tzinfo=UTC)

REPORT = """\
From: MAILER-DAEMON@mx.example.org
To: ml4rs@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="edge"

--edge
Content-Type: text/plain

I am sorry.

--edge
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <{recipient}>:
    no such user

--edge
Content-Type: {kind}

Message-ID: {message_id}
To: {recipient}
Subject: Your paper

--edge--
"""


def report(message_id="<a@b>", **values) -> bytes:
    usual = {"recipient": "ada@example.org", "action": "failed", "status": "5.1.1", "kind": "message/rfc822"}
    return REPORT.format(message_id=message_id, **{**usual, **values}).encode()


@pytest.fixture
def sent(mails):
    return MessageFactory(recipient="ada@example.org", state="sent", sent_at=SENT)


@pytest.fixture
def state_of(sent):
    def look() -> str:
        sent.refresh_from_db()
        return sent.state

    return look


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_the_message_is_marked_with_what_its_server_said(sent, state_of, kind):
    assert take_in(report(sent.message_id, kind=kind)) == 1
    assert state_of() == "bounced"
    assert sent.error == "It came back: smtp; 550 5.1.1 <ada@example.org>: no such user"
    assert sent.sent_at == SENT


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [{"action": "delayed"}, {"action": "relayed"}, {"status": "4.2.2"}, {"recipient": "eve@example.org"}],
    ids=["a delay", "no failure", "a full box", "an address that we did not write to"],
)
def test_what_is_no_lasting_failure_of_ours_changes_nothing(sent, state_of, values):
    assert take_in(report(sent.message_id, **values)) == 0
    assert state_of() == "sent"


@pytest.mark.django_db
def test_who_does_not_know_the_message_id_marks_nothing(sent, state_of):
    assert take_in(report("<guessed@example.org>")) == 0
    assert state_of() == "sent"


@pytest.mark.django_db
def test_the_same_report_twice_is_one(sent, state_of):
    take_in(report(sent.message_id))
    assert take_in(report(sent.message_id)) == 0
    assert state_of() == "bounced"


@given(st.binary(max_size=2000))
def test_garbage_is_no_report(raw):
    assert read(raw) == []


@given(st.integers(0, 700), st.binary(max_size=40))
def test_a_broken_report_never_breaks_the_reader(place, noise):
    whole = report()
    assert len(read(whole[:place] + noise + whole[place + len(noise) :])) <= 1


@pytest.mark.django_db
def test_the_command_reads_from_a_pipe(sent, state_of, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(report(sent.message_id))))
    out = io.StringIO()
    call_command("take_bounce", stdout=out)
    assert out.getvalue() == "1 mail marked as come back.\n"
    assert state_of() == "bounced"


@pytest.mark.django_db
@pytest.mark.parametrize(("given_token", "status", "state"), [("secret", 200, "bounced"), ("guess", 404, "sent")])
def test_the_door_opens_to_the_token_alone(client, settings, sent, state_of, given_token, status, state):
    settings.BOUNCE_TOKEN = "secret"
    answer = client.post(
        reverse("notifications:bounce"),
        report(sent.message_id),
        content_type="message/rfc822",
        headers={"Authorization": f"Bearer {given_token}"},
    )
    assert (answer.status_code, state_of()) == (status, state)


@pytest.mark.django_db
def test_without_a_token_in_the_environment_there_is_no_door(client, settings, sent):
    settings.BOUNCE_TOKEN = ""
    headers = {"Authorization": "Bearer "}
    answer = client.post(reverse("notifications:bounce"), b"", content_type="message/rfc822", headers=headers)
    assert answer.status_code == 404
