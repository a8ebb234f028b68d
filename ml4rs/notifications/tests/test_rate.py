"""A limit of mails a minute holds for all workers together, and codes never wait behind it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from ml4rs.editions.tests.factories import EditionFactory
from ml4rs.notifications import delivery
from ml4rs.notifications.models import Message
from ml4rs.notifications.tests.factories import MessageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails")]
NOW = datetime(2025, 2, 1, 13, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _limit(settings):
    settings.MAIL_PER_MINUTE = 30
    with time_machine.travel(NOW, tick=False):
        yield


def sent():
    return Message.objects.filter(state="sent").count()


def test_no_more_than_the_limit_goes_out_in_a_minute():
    MessageFactory.create_batch(70, edition=EditionFactory())
    for minute, total in ((0, 30), (0.9, 30), (1.1, 60), (2.2, 70)):
        with time_machine.travel(NOW + timedelta(minutes=minute), tick=False):
            delivery.sweep()
            delivery.sweep()
        assert sent() == total


def test_what_other_workers_are_sending_counts():
    edition = EditionFactory()
    MessageFactory.create_batch(25, edition=edition, state="sending", lease_until=NOW + timedelta(minutes=1))
    MessageFactory.create_batch(10, edition=edition)
    delivery.sweep()
    assert sent() == 5


def test_a_code_goes_out_at_once_all_the_same():
    MessageFactory.create_batch(40, edition=EditionFactory())
    delivery.sweep()
    code, receipt = MessageFactory(edition=None), MessageFactory(edition=EditionFactory())
    assert delivery.deliver(code.pk)
    assert not delivery.deliver(receipt.pk)
    receipt.refresh_from_db()
    assert (receipt.state, receipt.attempts) == ("queued", 0)


def test_without_a_limit_nothing_is_counted(settings, cost_of):
    settings.MAIL_PER_MINUTE = 0
    MessageFactory.create_batch(70, edition=EditionFactory())
    assert delivery.sweep() == 70


def test_a_group_of_mails_costs_one_query_each_and_few_for_all(cost_of):
    MessageFactory.create_batch(20, edition=EditionFactory(), event="submissions.receipt")
    keys = list(Message.objects.values_list("pk", flat=True))
    with cost_of() as cost:
        assert delivery.deliver_many(keys) == 20
    assert cost.queries <= 20 + 8
