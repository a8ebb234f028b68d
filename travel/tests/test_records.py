"""Mails and log entries of travel support: for the officers who may handle the applicant, and for no other."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ml4rs.audit import policy as log
from ml4rs.editions.models import Role
from ml4rs.editions.tests.factories import MilestoneFactory, RoleFactory
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications import policy as outbox
from ml4rs.notifications import reminders
from ml4rs.notifications.actions import hold, resend
from ml4rs.notifications.models import Message
from ml4rs.notifications.queries import owing_seen_by
from ml4rs.notifications.registry import audience_named
from travel import actions
from travel.models import Application
from travel.queries import officers_table, own_application
from travel.tests.factories import ApplicationFactory, PoolFactory, SettingsFactory

NOW = datetime(2025, 3, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def edition(db):
    edition = SettingsFactory(edition__slug="iclr2025").edition
    MilestoneFactory(edition=edition, kind="travel", instant=NOW + timedelta(days=9))
    return edition


@pytest.fixture
def officer(edition):
    return _officer(edition, "Elsewhere College")


@pytest.fixture
def colleague(edition):
    """An officer from the applicant's institution."""
    return _officer(edition, "Northern Lights University")


def _officer(edition, affiliation):
    role = RoleFactory(edition=edition, name=Role.Name.GRANTS_OFFICER, user__affiliation=affiliation)
    return Viewer.of(role.user, edition, NOW)


@pytest.fixture
def offered(edition, officer, mails):
    row = ApplicationFactory(edition=edition, institution="Northern Lights University")
    actions.offer(row, pool=PoolFactory(edition=edition, name="Sponsors"), amount_minor=50_000, by=officer)
    return row


def test_an_officer_without_ties_reads_the_mail_and_the_log_of_an_offer(offered, officer):
    assert [mail.event for mail in outbox.seen_by(officer)] == ["travel.offer"]
    assert [entry.verb for entry in log.seen_by(officer)] == ["grant.offered"]


def test_a_colleague_of_the_applicant_reads_neither(offered, colleague):
    assert not outbox.seen_by(colleague).exists()
    assert not log.seen_by(colleague).exists()


def test_a_mail_held_by_an_officer_leaves_no_trace_for_the_applicants_colleague(offered, officer, colleague):
    mail = Message.objects.get()
    assert hold(mail, by=officer)
    assert "mail.held" in {entry.verb for entry in log.seen_by(officer)}
    assert not log.seen_by(colleague).exists()


def test_a_copy_sent_again_is_as_private_as_the_first(offered, officer, colleague, mails):
    resend(Message.objects.get(), by=officer)
    assert outbox.seen_by(officer).count() == 2
    assert not outbox.seen_by(colleague).exists()


def test_entries_about_money_are_for_every_officer(edition, officer, colleague):
    actions.add_pool(edition, name="Sponsors", amount_minor=100, currency="EUR", by=officer)
    for viewer in (officer, colleague):
        assert [entry.verb for entry in log.seen_by(viewer)] == ["grant.pool_added"]


def test_who_would_be_reminded_is_told_to_officers_without_ties(edition, officer, colleague, mails):
    ApplicationFactory(edition=edition, draft=True, institution="Northern Lights University")
    audience, milestone = audience_named("travel.drafts"), edition.milestones.get()
    assert len(owing_seen_by(officer, audience, milestone)) == 1
    assert owing_seen_by(colleague, audience, milestone) == []
    owing = audience.owing(milestone, NOW)
    reminders.remind_by_hand(milestone, audience, owing, NOW, occasion="test")
    assert outbox.seen_by(officer).count() == 1
    assert not outbox.seen_by(colleague).exists()


def test_an_application_is_not_read_through_its_applicants_eyes(edition):
    row = ApplicationFactory(edition=edition)
    own = Viewer.of(row.user, edition)
    watcher = Viewer.of(RoleFactory(edition=edition).user, edition)
    assert own_application(own) == row
    assert own_application(replace(own, watcher=watcher)) is None


def test_officers_do_not_learn_who_has_begun_to_apply(edition, officer):
    row = ApplicationFactory(edition=edition, draft=True)
    assert not Application.objects.seen_by(officer).exists()
    assert Application.objects.seen_by(Viewer.of(row.user, edition)).get() == row


def test_the_words_of_somebody_close_cannot_be_searched(edition, officer):
    ApplicationFactory(edition=edition, institution="Far University", benefit="Mulberry")
    assert [row.institution for row in officers_table(officer, text="far univ")] == ["Far University"]
    assert officers_table(officer, text="mulberry") == []
