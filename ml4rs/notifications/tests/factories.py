"""Factories of the outbox."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from ml4rs.editions.tests.factories import EditionFactory
from ml4rs.notifications.models import Message


class MessageFactory(DjangoModelFactory):
    """A mail that waits to be sent; `sent` has gone out."""

    class Meta:
        model = Message

    class Params:
        sent = factory.Trait(state="sent", sent_at=datetime(2025, 2, 1, 12, 1, tzinfo=UTC))

    edition = factory.SubFactory(EditionFactory)
    event = "submissions.receipt"
    key = factory.Sequence(lambda n: f"submissions.receipt:paper{n}:1")
    recipient = factory.Sequence(lambda n: f"reader{n}@example.org")
    subject = factory.Sequence(lambda n: f"[ML4RS 2025] Received: paper {n}")
    body_text = "We have your submission.\n"
    body_html = "<p>We have your submission.</p>"
    message_id = factory.Sequence(lambda n: f"<{n}@localhost>")
    created_at = due_at = datetime(2025, 2, 1, 12, tzinfo=UTC)
