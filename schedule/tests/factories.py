"""Factories of the programme."""

from datetime import UTC, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from ml4rs.editions.tests.factories import EditionFactory
from schedule.models import Room, Session, Slot

NINE = datetime(2025, 4, 27, 1, tzinfo=UTC)  # 09:00 in Singapore


class RoomFactory(DjangoModelFactory):
    class Meta:
        model = Room

    edition = factory.SubFactory(EditionFactory)
    slug = factory.Sequence(lambda n: f"room-{n}")
    name = factory.Sequence(lambda n: f"Room {n}")


class SessionFactory(DjangoModelFactory):
    """An hour of oral talks at nine in the morning of the workshop's day."""

    class Meta:
        model = Session

    edition = factory.SubFactory(EditionFactory)
    slug = factory.Sequence(lambda n: f"session-{n}")
    title = factory.Sequence(lambda n: f"Session {n}")
    kind = "orals"
    starts_at = NINE
    ends_at = factory.LazyAttribute(lambda row: row.starts_at + timedelta(hours=1) if row.starts_at else None)


class SlotFactory(DjangoModelFactory):
    class Meta:
        model = Slot

    session = factory.SubFactory(SessionFactory)
    title = factory.Sequence(lambda n: f"Talk {n}")
    position = factory.Sequence(lambda n: n + 1)
