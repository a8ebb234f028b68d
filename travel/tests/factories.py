"""Factories of travel support."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from ml4rs.editions.tests.factories import EditionFactory, UserFactory
from travel.models import Application, Pool, TravelSettings

_THEN = datetime(2025, 3, 10, 12, tzinfo=UTC)


class SettingsFactory(DjangoModelFactory):
    """Answers need no assessments and applications no proof, for tests about something else."""

    class Meta:
        model = TravelSettings

    edition = factory.SubFactory(EditionFactory)
    least_assessments = 0
    needs_proof = False


class PoolFactory(DjangoModelFactory):
    """3,000 EUR."""

    class Meta:
        model = Pool

    edition = factory.SubFactory(EditionFactory)
    name = factory.Sequence(lambda n: f"Pool {n}")
    amount_minor = 300_000
    currency = "EUR"


class ApplicationFactory(DjangoModelFactory):
    """A complete application, submitted; `draft` is one that is not."""

    class Meta:
        model = Application

    class Params:
        draft = factory.Trait(state="draft", submitted_at=None)

    edition = factory.SubFactory(EditionFactory)
    user = factory.SubFactory(UserFactory)
    state = "submitted"
    legal_name = factory.SelfAttribute("user.name")
    status = "phd"
    institution = factory.Sequence(lambda n: f"Polytechnic Number{n}")
    country = "KE"
    airport = "NBO"
    amount_minor = 120_000
    currency = "EUR"
    benefit = "I would learn a lot."
    is_true = consents = True
    created_at = updated_at = submitted_at = _THEN
