"""The page of reminders: rules, who would get one now, and one sent by hand."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from ml4rs.audit.models import Entry
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import EditionFactory, MilestoneFactory, RoleFactory, TrackFactory
from ml4rs.notifications import managing
from ml4rs.notifications.models import Message, ReminderRule
from ml4rs.notifications.registry import Owed, Recipient
from reviews.models import Conflict
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
DUE = datetime(2025, 2, 11, 11, 59, 59, tzinfo=UTC)
NOW = DUE - timedelta(days=10)


@pytest.fixture
def owing() -> list[Owed]:
    return [Owed(Recipient("ada@example.org", "Ada"), "a", "https://x.org/a/", "Submit “Juniper”")]


@pytest.fixture
def those(audience, owing):
    return audience(owing)


@pytest.fixture
def edition(those):
    return MilestoneFactory(instant=DUE).edition


@pytest.fixture
def organiser(client, edition):
    with time_machine.travel(NOW, tick=False):
        user = RoleFactory(edition=edition).user
        client.force_login(user)
        yield user


def address(edition, name, *args):
    return reverse(f"notifications:{name}", args=[edition.slug, *args])


@pytest.mark.usefixtures("organiser")
def test_the_page_shows_each_reminder_and_when_it_goes_out(client, edition):
    text = client.get(address(edition, "reminders")).content.decode()
    assert "Those who owe" in text
    assert "3 days before" in text
    assert "2025-02-08T11:59:59Z" in text


@pytest.mark.usefixtures("organiser")
def test_a_reminder_can_be_switched_off_and_on(client, edition):
    where = address(edition, "switch_rule", "tests.audience")
    for on in ("0", "1"):
        client.post(where, {"before": "72", "on": on})
        assert edition.reminder_rules.get(before=timedelta(days=3)).is_active is (on == "1")
    assert list(Entry.objects.values_list("verb", flat=True)) == ["reminder.switched_on", "reminder.switched_off"]


@pytest.mark.usefixtures("organiser")
def test_a_reminder_that_somebody_switched_meanwhile_is_not_switched_again(edition, viewer_of, organiser):
    rule, by = ReminderRule.objects.filter(edition=edition, is_active=True).first(), viewer_of(organiser, edition, NOW)
    assert managing.switch_rule(rule, on=False, by=by)
    assert not managing.switch_rule(rule, on=False, by=by)
    assert Entry.objects.filter(verb="reminder.switched_off").count() == 1


@pytest.mark.usefixtures("organiser")
@pytest.mark.parametrize("before", ["", "soon", "-1", "71", "9" * 30])
def test_a_reminder_that_there_is_not_cannot_be_switched(client, edition, before):
    where = address(edition, "switch_rule", "tests.audience")
    assert client.post(where, {"before": before, "on": "0"}).status_code == 404


@pytest.mark.usefixtures("organiser")
def test_a_reminder_can_be_added_once(client, edition):
    where = address(edition, "add_rule", "tests.audience")
    assert client.post(where, {"days": "7", "hours": "0"}).status_code == 302
    assert edition.reminder_rules.filter(before=timedelta(days=7)).count() == 1
    assert "There is such a reminder already" in client.post(where, {"days": "7", "hours": "0"}).content.decode()
    assert "at least an hour" in client.post(where, {"days": "0", "hours": "0"}).content.decode()


@pytest.mark.usefixtures("organiser")
def test_the_preview_says_who_would_get_one_and_sends_nothing(client, edition):
    text = client.get(address(edition, "preview", "tests.audience")).content.decode()
    assert "ada@example.org" in text
    assert "Submit “Juniper”" in text
    assert Message.objects.count() == 0


@pytest.mark.usefixtures("organiser")
def test_sending_by_hand_reminds_each_once_however_often_the_button_is_pressed(client, edition, mails):
    where = address(edition, "preview", "tests.audience")
    for _ in range(2):
        client.post(where, {"occasion": "abcdefghjkmn"})
    assert [message.recipient for message in mails.messages] == ["ada@example.org"]
    assert mails.messages[0].batch == "abcdefghjkmn"
    client.post(where, {"occasion": "nmkjhgfedcba"})
    assert len(mails.messages) == 2


@pytest.mark.usefixtures("organiser")
def test_nobody_is_reminded_of_a_date_that_is_over(client, edition, those, viewer_of, organiser):
    milestone = edition.milestones.get()
    late = viewer_of(organiser, edition, DUE + timedelta(seconds=1))
    with pytest.raises(NotAllowed):
        managing.remind_now(those, milestone, occasion="x", by=late)


@pytest.mark.usefixtures("organiser")
def test_each_track_is_asked_for_by_its_own_address(client, edition):
    track = TrackFactory(edition=edition)
    where = address(edition, "preview", "tests.audience")
    assert client.get(where, {"track": track.slug}).status_code == 404
    MilestoneFactory(edition=edition, track=track, instant=DUE + timedelta(days=1))
    assert client.get(where, {"track": track.slug}).status_code == 200
    assert client.get(where, {"colour": "red"}).status_code == 400


def test_an_organiser_in_conflict_does_not_learn_who_owes_what_for_the_paper_but_they_are_reminded(
    client, edition, organiser, owing, mails
):
    paper = SubmissionFactory(edition=edition, state="submitted", number=1)
    owing[:] = [Owed(Recipient("ada@example.org"), "a", "https://x.org/", "Submit “Juniper”", submission_id=paper.pk)]
    where = address(edition, "preview", "tests.audience")
    assert "Juniper" in client.get(where).content.decode()
    Conflict.objects.create(user=organiser, submission=paper, kind="declared", created_at=NOW)
    assert "Juniper" not in client.get(where).content.decode()
    text = client.post(where, {"occasion": "abcdefghjkmn"}, follow=True).content.decode()
    assert "0 reminders" in text
    assert len(mails.to("ada@example.org")) == 1


def test_that_somebody_owes_something_for_a_grant_is_for_grants_officers(client, audience, owing):
    audience(owing, grants_only=True)
    edition = MilestoneFactory(instant=DUE).edition
    with time_machine.travel(NOW, tick=False):
        user = RoleFactory(edition=edition).user
        client.force_login(user)
        assert "Those who owe" not in client.get(address(edition, "reminders")).content.decode()
        assert client.get(address(edition, "preview", "tests.audience")).status_code == 404
        RoleFactory(edition=edition, user=user, name="grants_officer")
        assert "Those who owe" in client.get(address(edition, "reminders")).content.decode()


@pytest.mark.parametrize("role", ["grants_officer", "reviewer", "schedule_editor"])
def test_only_organisers_decide_about_reminders(client, edition, role, viewer_of, those):
    user = RoleFactory(edition=edition, name=role).user
    client.force_login(user)
    for name, more in (("reminders", []), ("preview", ["tests.audience"]), ("add_rule", ["tests.audience"])):
        assert client.get(address(edition, name, *more)).status_code == 404
    viewer, rule = viewer_of(user, edition), edition.reminder_rules.first()
    with pytest.raises(NotAllowed):
        managing.switch_rule(rule, on=False, by=viewer)
    with pytest.raises(NotAllowed):
        managing.add_rule(those, timedelta(days=9), by=viewer)


def test_an_organiser_of_another_edition_decides_nothing_here(edition, those, viewer_of):
    other = RoleFactory(edition=EditionFactory())
    viewer, rule = viewer_of(other.user, other.edition), edition.reminder_rules.first()
    with pytest.raises(NotAllowed):
        managing.switch_rule(rule, on=False, by=viewer)
    with pytest.raises(NotAllowed):
        managing.remind_now(those, edition.milestones.get(), occasion="x", by=viewer)


@pytest.mark.usefixtures("organiser")
@pytest.mark.parametrize("rows", [1, 50, 300])
def test_the_page_costs_the_same_however_many_rules(client, edition, cost_of, rows):
    ReminderRule.objects.bulk_create(
        ReminderRule(edition=edition, kind="submission", audience="tests.audience", before=timedelta(hours=100 + n))
        for n in range(rows)
    )
    client.get(address(edition, "reminders"))
    with cost_of() as cost:
        client.get(address(edition, "reminders"))
    assert cost.queries <= 20
    assert cost.objects <= 20 + rows
