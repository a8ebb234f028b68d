"""Putting a mail into the outbox: once, whoever asks twice, and only if the action it belongs to happened."""

import pytest
from django.db import transaction

from ml4rs.editions.tests.factories import EditionFactory, UserFactory
from ml4rs.notifications import actions
from ml4rs.notifications.actions import Recipient, queue_account_mail, queue_mail
from ml4rs.notifications.models import Message, Template
from ml4rs.notifications.registry import event_named
from ml4rs.notifications.tasks import deliver

pytestmark = pytest.mark.django_db
SAMPLE = event_named("notifications.reminder").sample
ROLE = event_named("notifications.role_given").sample
ADA = Recipient("Ada@Example.org", "Ada Lovelace")


def queue(edition=None, to=ADA, about="paper", **values) -> Message:
    given = {"edition": edition or EditionFactory(), "to": to, "about": about, "context": SAMPLE, **values}
    return queue_mail("notifications.reminder", **given)


@pytest.fixture
def rung(monkeypatch) -> list[int]:
    found: list[int] = []
    monkeypatch.setattr("ml4rs.notifications.tasks.deliver.delay", found.append)
    return found


def test_the_same_event_for_the_same_person_is_one_mail(mails):
    edition = EditionFactory()
    assert queue(edition) == queue(edition, to=Recipient("ada@example.ORG "))
    assert Message.objects.count() == 1


@pytest.mark.parametrize("other", [{"about": "other"}, {"revision": 2}, {"to": Recipient("grace@example.org")}])
def test_another_subject_revision_or_person_is_another_mail(mails, other):
    edition = EditionFactory()
    assert queue(edition) != queue(edition, **other)


def test_two_long_subjects_that_begin_alike_are_two_mails(mails):
    edition = EditionFactory()
    first, second = (queue(edition, about="a" * 250 + end) for end in "xy")
    assert first != second
    assert len(first.key) <= 200
    assert queue(edition, about="a" * 250 + "x") == first


def test_whoever_comes_second_in_the_same_moment_gets_the_first_ones_mail(mails, monkeypatch):
    """The row appears between the look and the insert."""
    edition = EditionFactory()
    monkeypatch.setattr(Message.objects, "filter", lambda **look: _late(look))
    looks = []

    def _late(look):
        looks.append(look)
        found = Message._default_manager.get_queryset()
        return found.none() if len(looks) in (1, 2) else found.filter(**look)

    first = queue(edition)
    assert queue(edition) == first
    assert Message._default_manager.get_queryset().count() == 1


def test_a_mail_whose_action_is_rolled_back_was_never_queued(rung, mails, django_capture_on_commit_callbacks):
    edition = EditionFactory()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        queue(edition)
        transaction.set_rollback(True)
    assert rung == []
    assert Message.objects.count() == 0


def test_the_bell_rings_after_the_commit(rung, mails, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        message = queue()
        assert rung == []
    assert rung == [message.pk]


def test_no_bell_rings_for_each_mail_of_a_batch(rung, mails, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        queue(batch="b1")
    assert rung == []


def test_no_bell_rings_for_a_held_mail(rung, mails, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert queue(held=True).state == "held"
    assert rung == []


@pytest.fixture
def no_broker(monkeypatch):
    def away(*args):
        raise deliver.OperationalError("no broker")

    monkeypatch.setattr(deliver, "delay", away)


@pytest.mark.usefixtures("no_broker")
def test_a_broker_that_is_away_loses_nothing(mails, caplog, run_outbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        # No reminder: whether its date still stands is asked on the way out, and this one has none.
        message = queue_mail("notifications.role_given", edition=EditionFactory(), to=ADA, about="x", context=ROLE)
    assert "broker away" in caplog.text
    assert run_outbox() == 1
    message.refresh_from_db()
    assert message.state == "sent"


@pytest.mark.usefixtures("no_broker")
def test_somebody_who_waits_for_a_code_gets_it_even_without_broker(mails, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        message = queue_account_mail("ada@example.org", "Your code", "1234", "", "login_code")
    message.refresh_from_db()
    assert message.state == "sent"


def test_every_account_mail_is_one_of_its_own(mails):
    first, second = (queue_account_mail("ada@example.org", "Code", "1234", "", "login_code") for _ in range(2))
    assert first != second
    assert first.edition is None


@pytest.mark.parametrize("address", ["nobody", "a@b", "two@example.org, three@example.org", "x" * 300 + "@example.org"])
def test_an_address_that_is_none_is_kept_as_failed_for_organisers_to_see(mails, address, run_outbox):
    message = queue(to=Recipient(address))
    assert message.state == "failed"
    assert message.error.startswith("This ")
    assert run_outbox() == 0


def test_the_message_id_tells_nothing_of_machine_or_paper(mails):
    message = queue(about="secretpaper")
    assert "secretpaper" not in message.message_id
    assert message.message_id.endswith("@localhost>")


def test_the_person_behind_the_address_is_kept(mails):
    user = UserFactory()
    assert queue(to=Recipient(user.email, user.name, user)).user == user


def test_queueing_costs_the_same_for_every_mail(mails, cost_of):
    edition = EditionFactory()
    with cost_of() as cost:
        queue(edition)
    assert cost.queries <= 5


def test_all_verbs_are_offered_by_one_module():
    assert all(hasattr(actions, name) for name in actions.__all__)


@pytest.mark.parametrize("about", [{"submission_id": 7}, {"papers": {7}}, {"application_id": 7}, {"grants_only": True}])
def test_a_copy_goes_to_the_contact_address_but_never_of_what_not_all_organisers_may_know(mails, about):
    edition, event = EditionFactory(contact_email="chairs@example.org"), event_named("notifications.role_given")
    Template.objects.create(edition=edition, event=event.name, subject="A role", body="Yours", copy=True)
    given = {"edition": edition, "to": ADA, "context": event.sample}
    assert queue_mail(event.name, about="open", **given).cc == "chairs@example.org"
    assert queue_mail(event.name, about="private", **given, **about).cc == ""
