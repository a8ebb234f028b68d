"""Reminders: to those who still owe something, once per date, in their time, and never late or twice."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail

from ml4rs.editions.models import Edition, Milestone
from ml4rs.editions.tests.factories import EditionFactory, MilestoneFactory, TrackFactory, UserFactory
from ml4rs.notifications import delivery, reminders, rules
from ml4rs.notifications.actions import ensure_default_rules
from ml4rs.notifications.models import Message, ReminderRule, ReminderRun, Template
from ml4rs.notifications.registry import Owed, Recipient

pytestmark = pytest.mark.django_db
DUE = datetime(2025, 2, 11, 11, 59, 59, tzinfo=UTC)
DAY = timedelta(days=1)


def owed(name="ada", **values) -> Owed:
    recipient = values.pop("recipient", Recipient(f"{name}@example.org", name.capitalize()))
    return Owed(
        recipient, about=f"paperof{name}", url=f"https://x.org/{name}/", what=f"Submit {name}'s paper", **values
    )


@pytest.fixture
def owing() -> list[Owed]:
    return [owed()]


@pytest.fixture
def milestone(audience, owing) -> Milestone:
    audience(owing)
    return MilestoneFactory(instant=DUE)


@pytest.fixture
def tick(mails):
    """`tick(before)`: what beat does so long before the date; the mails it caused."""

    def at(before: timedelta, due: datetime = DUE) -> list[Message]:
        start = len(mails.messages)
        with time_machine.travel(due - before, tick=False):
            reminders.send_due()
        return mails.messages[start:]

    return at


def test_whoever_still_owes_something_is_reminded_three_days_and_one_day_before(milestone, tick):
    assert tick(3 * DAY + timedelta(minutes=1)) == []
    (first,) = tick(3 * DAY)
    assert first.recipient == "ada@example.org"
    assert tick(1 * DAY + timedelta(minutes=1)) == []
    (second,) = tick(1 * DAY)
    assert second != first


def test_each_reminder_comes_once_however_often_beat_ticks(milestone, tick):
    assert len(tick(3 * DAY)) == 1
    assert [tick(3 * DAY - timedelta(minutes=n)) for n in range(5)] == [[]] * 5


def test_whoever_has_done_it_gets_none(milestone, tick, owing):
    tick(3 * DAY)
    owing.clear()
    assert tick(1 * DAY) == []


def test_nothing_comes_after_the_date(milestone, tick):
    assert tick(timedelta(0)) == []
    assert tick(-1 * DAY) == []


def test_a_worker_that_slept_sends_only_the_newest_reminder(milestone, tick):
    assert len(tick(timedelta(hours=5))) == 1
    assert tick(timedelta(hours=4)) == []


def test_whoever_begins_after_a_reminder_went_out_waits_for_the_next(milestone, tick, owing):
    tick(3 * DAY)
    owing.append(owed("grace"))
    assert tick(2 * DAY) == []
    assert {message.recipient for message in tick(1 * DAY)} == {"ada@example.org", "grace@example.org"}


def test_a_run_that_was_killed_halfway_goes_on_without_repeating(milestone, tick, owing, monkeypatch):
    owing.append(owed("grace"))
    queue, calls = reminders.queue_mail, []

    def killed_at_the_second(*args, **values):
        calls.append(values["to"])
        if len(calls) == 2:
            raise KeyboardInterrupt
        return queue(*args, **values)

    monkeypatch.setattr(reminders, "queue_mail", killed_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        tick(3 * DAY)
    (late,) = tick(3 * DAY - timedelta(minutes=1))
    assert late.recipient == "grace@example.org"
    assert ReminderRun.objects.get().count == 2


def test_a_moved_date_has_its_reminders_before_it_again(milestone, tick):
    tick(3 * DAY)
    Milestone.objects.filter(pk=milestone.pk).update(instant=DUE + 7 * DAY, revision=2)
    assert tick(1 * DAY) == []
    assert len(tick(3 * DAY, due=DUE + 7 * DAY)) == 1


def test_a_rule_that_is_off_says_nothing(milestone, tick):
    milestone.edition.reminder_rules.update(is_active=False)
    assert tick(1 * DAY) == []


def test_a_date_to_be_confirmed_has_no_reminder(milestone, tick):
    Milestone.objects.update(instant=None)
    assert tick(1 * DAY) == []


def test_each_tracks_own_date_has_its_own_reminders(milestone, tick):
    track = TrackFactory(edition=milestone.edition)
    MilestoneFactory(edition=milestone.edition, track=track, instant=DUE + 7 * DAY)
    assert len(tick(1 * DAY)) == 1
    assert len(tick(1 * DAY, due=DUE + 7 * DAY)) == 1


def test_it_says_what_is_owed_where_until_when_and_why(milestone, tick, owing):
    berlin = UserFactory(name="Emmy Noether", time_zone="Europe/Berlin")
    owing[:] = [owed(recipient=Recipient(berlin.email, berlin.name, berlin))]
    (message,) = tick(3 * DAY)
    assert message.subject == "[ML4RS 2025] 3 days left: Submit ada's paper"
    for words in (
        "Hello Emmy Noether",
        "Mon 10 Feb 2025, 23:59 AoE",
        "Tue 11 Feb 2025, 12:59 (Berlin)",
        "https://x.org/ada/",
        "You get this mail because this is still open",
    ):
        assert words in message.body_text


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (3 * DAY, "3 days"),
        (3 * DAY - timedelta(minutes=20), "3 days"),
        (DAY, "24 hours"),
        (timedelta(hours=47, minutes=40), "2 days"),
        (timedelta(minutes=95), "2 hours"),
        (timedelta(minutes=85), "85 minutes"),
        (timedelta(seconds=20), "1 minute"),
    ],
)
def test_what_is_left_is_rounded_as_people_do(left, words):
    assert reminders.remaining(left) == words


def test_a_reminder_of_a_paper_concerns_that_paper_and_one_of_a_grant_concerns_grants(audience, tick):
    audience([owed(submission_id=7)], grants_only=True)
    MilestoneFactory(instant=DUE)
    (message,) = tick(1 * DAY)
    assert (message.submission_id, message.grants_only) == (7, True)


# --- Checked again when it is sent ----------------------------------------------------------------


def deliver(message: Message, at: datetime) -> str:
    with time_machine.travel(at, tick=False):
        delivery.deliver(message.pk)
    message.refresh_from_db()
    return message.state


def test_a_reminder_that_waited_is_not_sent_to_somebody_who_has_done_it_meanwhile(milestone, tick, owing):
    (message,) = tick(1 * DAY)
    owing.clear()
    assert deliver(message, DUE - timedelta(hours=20)) == "cancelled"
    assert mail.outbox == []


def test_a_reminder_that_waited_is_sent_to_somebody_who_still_owes_it(milestone, tick):
    (message,) = tick(1 * DAY)
    assert deliver(message, DUE - timedelta(hours=20)) == "sent"


def test_a_reminder_that_waited_until_the_date_is_over_is_not_sent(milestone, tick):
    (message,) = tick(1 * DAY)
    assert deliver(message, DUE + timedelta(seconds=1)) == "cancelled"


def test_a_reminder_of_a_date_that_was_taken_back_is_not_sent(milestone, tick):
    (message,) = tick(1 * DAY)
    Milestone.objects.update(instant=None)
    assert deliver(message, DUE - timedelta(hours=20)) == "cancelled"


@pytest.mark.parametrize("waited", [timedelta(0), timedelta(hours=4)], ids=["at once", "later"])
def test_a_reminder_whose_date_moved_while_it_was_written_is_not_sent(audience, tick, owing, waited):
    """The move had nothing to take back yet."""

    def moved(milestone, now):
        Milestone.objects.update(instant=DUE + DAY, revision=milestone.revision + 1)
        return owing

    audience([], owing=moved)
    MilestoneFactory(instant=DUE)
    (message,) = tick(1 * DAY)
    assert deliver(message, DUE - DAY + waited) == "cancelled"
    assert (message.error, mail.outbox) == ("Not sent: the date was moved.", [])


def test_a_reminder_whose_date_stands_is_sent_at_once(milestone, tick):
    (message,) = tick(1 * DAY)
    assert deliver(message, DUE - DAY) == "sent"


# --- Rules ------------------------------------------------------------------------------------------


def test_every_new_edition_has_the_usual_rules(audience, owing):
    audience(owing)
    edition = EditionFactory()
    assert [rule.before for rule in edition.reminder_rules.order_by("-before")] == [3 * DAY, 1 * DAY]


def test_giving_the_usual_rules_again_adds_none_and_keeps_what_was_switched_off(audience, owing):
    audience(owing)
    edition = EditionFactory()
    edition.reminder_rules.update(is_active=False)
    ensure_default_rules(edition)
    assert list(edition.reminder_rules.values_list("is_active", flat=True)) == [False, False]


def test_an_audience_that_comes_with_an_upgrade_gets_its_rules_by_itself(milestone, tick):
    ReminderRule.objects.all().delete()
    assert len(tick(1 * DAY)) == 1


def test_the_next_edition_keeps_rules_and_wording(audience, owing):
    audience(owing)
    old, new = EditionFactory(), EditionFactory()
    old.reminder_rules.filter(before=DAY).update(is_active=False)
    ReminderRule.objects.create(edition=old, kind="submission", audience="tests.audience", before=7 * DAY)
    Template.objects.create(edition=old, event="submissions.receipt", subject="Thanks", body="We have it.")
    rules.copy_to_next(old, new)
    kept = ("kind", "audience", "before", "is_active")
    assert set(new.reminder_rules.values_list(*kept)) == set(old.reminder_rules.values_list(*kept))
    assert new.mail_templates.get().subject == "Thanks"


@pytest.mark.parametrize("editions", [1, 50])
def test_a_tick_with_nothing_to_do_costs_the_same_however_many_editions(audience, owing, cost_of, editions):
    audience(owing)
    made = Edition.objects.bulk_create(Edition(slug=f"e{n}", name="N", short_name="S") for n in range(editions))
    for edition in made:
        ensure_default_rules(edition)
        MilestoneFactory(edition=edition, instant=DUE)
    with time_machine.travel(DUE - 10 * DAY, tick=False), cost_of() as cost:
        reminders.send_due()
    assert cost.queries <= 5


# --- In the reader's time ---------------------------------------------------------------------------


def somebody_in(zone: str) -> Recipient:
    person = UserFactory(time_zone=zone)
    return Recipient(person.email, person.name, person)


def test_a_reminder_waits_for_the_readers_morning(milestone, tick, owing):
    owing[:] = [owed(recipient=somebody_in("America/Los_Angeles"))]
    (message,) = tick(3 * DAY)  # 11:59 UTC, 3:59 there
    assert message.due_at == datetime(2025, 2, 8, 15, 0, tzinfo=UTC)


def test_the_words_say_what_remains_when_it_is_read(milestone, tick, owing):
    ReminderRule.objects.create(edition=milestone.edition, kind="submission", audience="tests.audience", before=2 * DAY)
    owing[:] = [owed(recipient=somebody_in("Pacific/Auckland"))]
    (message,) = tick(2 * DAY)  # 00:59 there; sent six hours later
    assert "42 hours left" in message.subject


def test_on_the_last_day_it_comes_at_night_too(milestone, tick, owing):
    owing[:] = [owed(recipient=somebody_in("America/Los_Angeles"))]
    (message,) = tick(DAY - timedelta(minutes=1))
    assert message.due_at == message.created_at


def test_who_has_done_it_by_the_morning_gets_none(milestone, tick, owing):
    owing[:] = [owed(recipient=somebody_in("America/Los_Angeles"))]
    (message,) = tick(3 * DAY)
    owing.clear()
    assert deliver(message, message.due_at) == "cancelled"


# --- By hand ----------------------------------------------------------------------------------------


def by_hand(milestone, owing, before):
    with time_machine.travel(DUE - before, tick=False):
        audience = reminders.audiences._entries[0]
        reminders.remind_by_hand(milestone, audience, owing, DUE - before, occasion="abc")


def test_a_reminder_by_hand_pushes_the_next_automatic_one_to_a_day_later(milestone, tick, owing, mails):
    by_hand(milestone, owing, 3 * DAY + timedelta(hours=4))
    (pushed,) = tick(3 * DAY)
    assert pushed.due_at == DUE - 2 * DAY - timedelta(hours=4)


def test_it_replaces_an_automatic_one_that_would_come_too_late(milestone, tick, owing, mails):
    by_hand(milestone, owing, DAY + timedelta(minutes=5) - timedelta(hours=24, minutes=-10))
    assert tick(timedelta(minutes=14)) == []


def test_it_pushes_nobody_elses(milestone, tick, owing, mails):
    by_hand(milestone, owing, 3 * DAY + timedelta(hours=4))
    owing[:] = [owed("grace")]
    (message,) = tick(3 * DAY)
    assert message.due_at == message.created_at


# --- After a date -----------------------------------------------------------------------------------


@pytest.fixture
def late(audience, owing):
    audience(owing, after=True, event="notifications.overdue", offsets=(-DAY, -3 * DAY))
    return MilestoneFactory(instant=DUE)


def test_whoever_is_late_is_reminded_after_the_date(late, tick):
    assert tick(-DAY + timedelta(minutes=1)) == []
    (first,) = tick(-DAY)
    assert first.subject.endswith("Overdue: Submit ada's paper")
    assert "24 hours ago" in first.body_text


def test_a_worker_that_slept_for_days_sends_no_stale_reminder_of_a_date_that_is_over(late, tick):
    assert tick(-3 * DAY - reminders.STALE) == []


def test_an_overdue_reminder_waits_for_the_morning_however_late_it_is(late, tick, owing):
    owing[:] = [owed(recipient=somebody_in("America/Los_Angeles"))]
    (message,) = tick(-DAY)
    assert message.due_at > message.created_at


# --- Things with dates of their own -----------------------------------------------------------------


@pytest.fixture
def offered(audience, owing):
    edition = EditionFactory()
    found = audience([], dated=lambda now: list(owing))
    ensure_default_rules(edition)
    owing[:] = [owed(due=DUE, date="The last day", edition=edition)]
    return found


def test_something_with_a_date_of_its_own_is_reminded_before_that(offered, tick):
    assert tick(3 * DAY + timedelta(minutes=1)) == []
    (message,) = tick(3 * DAY)
    assert "The last day is near" in message.body_text
    assert tick(3 * DAY - timedelta(minutes=1)) == []
    assert len(tick(1 * DAY)) == 1


def test_a_later_date_has_its_reminders_again(offered, tick, owing):
    tick(1 * DAY)
    owing[:] = [owed(due=DUE + 7 * DAY, date="The last day", edition=owing[0].edition)]
    assert tick(-1 * DAY) == []
    assert len(tick(-6 * DAY)) == 1


def test_what_is_done_meanwhile_is_not_reminded_of(offered, tick, owing):
    (message,) = tick(1 * DAY)
    owing.clear()
    assert deliver(message, DUE - timedelta(hours=20)) == "cancelled"


def test_what_is_still_open_is(offered, tick):
    (message,) = tick(1 * DAY)
    assert deliver(message, DUE - timedelta(hours=20)) == "sent"


def test_two_beats_by_mistake_remind_once(milestone, tick, monkeypatch):
    first = list(reminders.due(DUE - DAY))
    monkeypatch.setattr(reminders, "due", lambda now: iter(first))  # both asked before either had run
    assert len(tick(1 * DAY)) == 1
    assert tick(1 * DAY - timedelta(hours=1)) == []
    assert ReminderRun.objects.get().finished_at == DUE - 1 * DAY
