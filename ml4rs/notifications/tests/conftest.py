"""Fixtures of the tests about mail."""

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection

from ml4rs.editions.models import Milestone
from ml4rs.notifications import registry
from ml4rs.notifications.registry import Audience, MailEvent


@pytest.fixture
def known_event(monkeypatch):
    """`known_event(**values)`: a kind of mail for this test only, named notifications.reminder unless said else."""

    def announce(**values) -> MailEvent:
        event = MailEvent(**{"name": "notifications.reminder", "label": "Tested", **values})
        others = [each for each in registry.mail_events if each.name != event.name]
        monkeypatch.setattr(registry.mail_events, "_entries", [*others, event])
        return event

    return announce


@pytest.fixture
def audience(monkeypatch):
    """`audience(owing, **values)`: the only audience that there is in this test; `owing` is a list that may change."""

    def announce(owing: list, /, *more: Audience, **values) -> Audience:
        values = {"name": "tests.audience", "label": "Those who owe", "kind": Milestone.Kind.SUBMISSION, **values}
        found = Audience(**{"owing": lambda milestone, now: list(owing), **values})
        monkeypatch.setattr(registry.audiences, "_entries", [found, *more])
        return found

    return announce


@pytest.fixture
def mail_server(settings, monkeypatch):
    """A mail server that may be told to refuse: `mail_server.error`, `mail_server.away`."""

    class Server:
        error: Exception | None = None
        away = False
        asked_in_transaction: bool | None = None

    server = Server()

    class Backend(BaseEmailBackend):
        def open(self):
            if server.away:
                raise ConnectionRefusedError("Connection refused")
            return True

        def send_messages(self, email_messages):
            server.asked_in_transaction = connection.in_atomic_block
            if server.away:
                raise ConnectionRefusedError("Connection refused")
            if server.error:
                raise server.error
            for message in email_messages:
                message.message()
            mail.outbox.extend(email_messages)
            return len(email_messages)

    monkeypatch.setattr("ml4rs.notifications.delivery.get_connection", lambda: Backend())
    return server
