"""Everything about applicants goes on the announced day; officers hear a week before; figures without names stay."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction

from ml4rs.audit.models import Entry
from ml4rs.editions.tests.factories import MilestoneFactory, RoleFactory
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.models import Message
from travel import actions
from travel.models import Application, Offer, Proof
from travel.tests.factories import ApplicationFactory, PoolFactory, SettingsFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 4, 1, 12, tzinfo=UTC)
DAY = date(2026, 4, 28)
NOON = datetime(2026, 4, 28, 12, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def edition():
    settings = SettingsFactory(edition__slug="iclr2025", edition__starts_on=date(2025, 4, 27))
    settings.edition.ends_on = date(2025, 4, 28)
    settings.edition.save()
    return settings.edition


@pytest.fixture
def officer(edition):
    return Viewer.of(RoleFactory(edition=edition, name="grants_officer").user, edition, NOW)


@pytest.fixture
def accepted(edition, officer, mails):
    """A grant that was accepted, with a proof, marks, mails and records."""
    row = ApplicationFactory(edition=edition, legal_name="Applicantsorrel", country="KE")
    actions.assess(Application.objects.seen_by(officer).get(), merit=4, need=4, note="Sorrelnote", by=officer)
    proof = Proof(application=row, sha256="ab" * 32, size=3, content_type="application/pdf", uploaded_at=NOW)
    proof.stored.save("x", ContentFile(b"%PDF"))
    pool = PoolFactory(edition=edition, name="Fund")
    made = actions.offer(row, pool=pool, amount_minor=100_000, by=officer)
    actions.accept_offer(made, by=Viewer.of(row.user, edition, NOW))
    return row


def erase(now):
    actions.warn_of_erasure(now)
    return actions.erase_due(now)


def test_a_week_before_officers_hear_once_what_goes(officer, accepted, mails):
    before = len(mails.messages)
    assert erase(NOON - WEEK - timedelta(days=1)) == 0
    assert len(mails.messages) == before
    for _ in range(3):
        assert erase(NOON - WEEK) == 0
    (mail,) = mails.messages[before:]
    assert (mail.event, mail.recipient, mail.grants_only) == ("travel.erasure", officer.user.email, True)
    assert "28 April 2026" in mail.body_text
    assert "1 application with" in mail.body_text
    assert "1 grant not paid in full" in mail.body_text
    assert "Applicantsorrel" not in mail.body_text


def test_on_the_day_all_of_it_goes_and_the_figures_stay(
    client, officer, accepted, mails, django_capture_on_commit_callbacks
):
    proof = accepted.proof.stored
    erase(NOON - WEEK)
    with django_capture_on_commit_callbacks(execute=True):
        assert erase(NOON) == 1
    assert not Application.objects.exists()
    assert not Offer.objects.exists()
    assert not proof.storage.exists(proof.name)
    assert not Message.objects.filter(application_id=accepted.pk).exists()
    assert not Entry.objects.filter(application_id=accepted.pk).exists()
    assert Entry.objects.filter(verb="grant.erased").get().details == {"applications": 1}
    client.force_login(officer.user)
    text = client.get("/iclr2025/grants/money/").text
    assert "1 person was supported with 1,000 EUR" in text
    assert "Applicantsorrel" not in text


def test_nothing_goes_before_its_day_or_without_a_weeks_notice(officer, accepted, mails):
    assert erase(NOON + timedelta(days=30)) == 0
    assert erase(NOON + timedelta(days=30) + WEEK - timedelta(hours=1)) == 0
    assert Application.objects.exists()
    assert erase(NOON + timedelta(days=30) + WEEK) == 1


def test_the_rest_of_the_log_stays(officer, accepted, mails):
    erase(NOON - WEEK)
    erase(NOON)
    assert Entry.objects.filter(verb="grant.draw_committed").exists()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.filter(verb="grant.draw_committed").delete()


def test_a_later_day_does_not_move_what_an_applicant_was_told(edition, officer, mails):
    MilestoneFactory(edition=edition, kind="travel", instant=NOW + timedelta(days=1))
    row = ApplicationFactory(edition=edition, draft=True)
    actions.submit(row, by=Viewer.of(row.user, edition, NOW))
    row.refresh_from_db()
    assert row.erase_on == DAY
    actions.set_settings(edition, erase_on=DAY + timedelta(days=100), by=officer)
    erase(NOON - WEEK)
    assert erase(NOON) == 1


def test_an_earlier_day_holds_for_everybody(edition, officer, mails):
    ApplicationFactory(edition=edition, erase_on=DAY)
    actions.set_settings(edition, erase_on=date(2025, 9, 1), by=officer)
    then = datetime(2025, 9, 1, 1, tzinfo=UTC)
    erase(then - WEEK)
    assert erase(then) == 1


def test_officers_cannot_choose_a_day_that_leaves_no_time_for_the_notice(client, edition, officer):
    client.force_login(officer.user)
    form = {"currency": "EUR", "least_assessments": 2, "offer_days": 14, "erase_on": "2025-04-08"}
    assert "told a week before" in client.post("/iclr2025/grants/settings/", form).text
    client.post("/iclr2025/grants/settings/", {**form, "erase_on": "2025-04-09"})
    edition.travel_settings.refresh_from_db()
    assert edition.travel_settings.erase_on == date(2025, 4, 9)


def test_applicants_are_told_the_day_where_they_agree_to_it(client, edition, accepted):
    assert "deleted on 28 April 2026" in client.get("/iclr2025/travel/").text
    MilestoneFactory(edition=edition, kind="travel", instant=NOW + timedelta(days=1))
    row = ApplicationFactory(edition=edition, draft=True)
    client.force_login(row.user)
    assert "all of it is deleted on 28 April 2026" in client.get("/iclr2025/travel/application/").text


def test_a_second_round_adds_to_the_figures(edition, officer, accepted, mails):
    erase(NOON - WEEK)
    erase(NOON)
    pool = edition.travel_pools.get()
    row = ApplicationFactory(edition=edition, country="BR")
    later = Viewer.of(officer.user, edition, NOON)
    made = actions.offer(row, pool=pool, amount_minor=50_000, by=later)
    actions.accept_offer(made, by=Viewer.of(row.user, edition, NOON))
    erase(NOON + WEEK)
    erase(NOON + 3 * WEEK)
    pool.refresh_from_db()
    assert (pool.final_figures["people"], pool.final_figures["granted_minor"]) == (2, 150_000)
    assert pool.final_figures["countries"] == {"KE": 1, "BR": 1}
