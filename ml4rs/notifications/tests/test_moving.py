"""One action moves a date: what was written for the old one is taken back, and those concerned learn of it once."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from ml4rs.editions import actions as editions
from ml4rs.editions.clock import aoe_deadline
from ml4rs.editions.meanwhile import ChangedMeanwhileError, fingerprint
from ml4rs.editions.models import Milestone
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import MilestoneFactory, RoleFactory
from ml4rs.notifications import moving, registry, reminders
from ml4rs.notifications.models import Message
from ml4rs.notifications.registry import DATE_MOVED, Circle, Concerned, Owed, Recipient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails")]
DUE = aoe_deadline(date(2025, 2, 7))
LATER = aoe_deadline(date(2025, 2, 10))
NOW = datetime(2025, 2, 5, 12, tzinfo=UTC)
State = Message.State


@pytest.fixture
def due(audience):
    audience([Owed(Recipient("ada@example.org", "Ada"), "a", "https://x.org/a/", "Submit “Juniper”")])
    with time_machine.travel(NOW, tick=False):
        yield MilestoneFactory(instant=DUE, aoe=True)


@pytest.fixture
def concerned(monkeypatch):
    people = [Concerned(Recipient("ada@example.org", "Ada"), "https://x.org/a/")]
    circle = Circle("Authors", frozenset([Milestone.Kind.SUBMISSION]), lambda *_: list(people), meaning="You can edit.")
    monkeypatch.setattr(registry.circles, "_entries", [circle])
    return people


@pytest.fixture
def by(due, viewer_of):
    return viewer_of(RoleFactory(edition=due.edition).user, due.edition, now=NOW)


def extend(due, by, *, instant=LATER, batch="first", **values):
    values = {"grace": timedelta(), "seen": None, **values}
    found = Milestone.objects.select_related("edition").get(pk=due.pk)
    return moving.extend(found, instant=instant, batch=batch, by=by, **values)


def told():
    return Message.objects.filter(event=DATE_MOVED).order_by("pk")


def test_those_concerned_read_both_dates_and_the_organisers_words(due, by, concerned):
    assert extend(due, by, words="Many of you asked.") == 1
    mail = told().get()
    assert mail.subject.endswith("New date: Submission deadline")
    for words in ("Mon 10 Feb 2025, 23:59 AoE", "Fri 7 Feb 2025, 23:59 AoE", "Many of you asked.", "You can edit."):
        assert words in mail.body_text
    assert mail.batch == "first"


def test_the_old_date_stays_to_be_struck_through_and_the_grace_is_kept(due, by, concerned):
    extend(due, by, grace=timedelta(hours=1))
    due.refresh_from_db()
    assert (due.instant, due.previous_instant, due.grace) == (LATER, DUE, timedelta(hours=1))


def test_undone_the_grace_is_what_it_was(due, by, concerned):
    Milestone.objects.update(grace=timedelta(minutes=5))
    extend(due, by, grace=timedelta(hours=1))
    editions.undo_move(due, by=by)
    due.refresh_from_db()
    assert (due.instant, due.grace) == (DUE, timedelta(minutes=5))


def test_reminders_of_the_old_date_that_wait_are_cancelled(due, by, concerned):
    reminders.send_due()
    waiting = Message.objects.get(event=registry.REMINDER)
    extend(due, by)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.error) == (State.CANCELLED, "Not sent: the date was moved.")


@pytest.mark.parametrize("state", [State.SENT, State.BOUNCED, State.FAILED])
def test_reminders_of_the_old_date_that_are_through_stay_as_they_are(due, by, concerned, state):
    reminders.send_due()
    through = Message.objects.filter(event=registry.REMINDER)
    through.update(state=state, sent_at=None if state == State.FAILED else NOW)
    extend(due, by)
    assert through.get().state == state


def test_reminders_of_another_date_stay(due, by, concerned):
    other = MilestoneFactory(edition=due.edition, kind="camera_ready", instant=DUE)
    reminders.send_due()
    waiting = Message.objects.get(event=registry.REMINDER)
    editions.move_milestone(other, instant=LATER, by=by)
    waiting.refresh_from_db()
    assert waiting.state == State.QUEUED


def test_the_same_form_twice_moves_and_tells_once(due, by, concerned):
    extend(due, by, seen=fingerprint(due))
    assert extend(due, by, seen=fingerprint(due)) == 1
    assert told().count() == 1


def test_somebody_with_two_papers_gets_one_mail_about_both(due, by, concerned):
    ada = Recipient("Ada@example.org", "Ada")
    concerned[:] = [
        Concerned(ada, "https://x.org/1/", papers=frozenset([1])),
        Concerned(Recipient("ada@example.org", "Ada"), "https://x.org/2/", papers=frozenset([2])),
    ]
    extend(due, by)
    mail = told().get()
    assert set(mail.concerns.values_list("submission_id", flat=True)) == {1, 2}
    assert reverse("editions:desk", args=[due.edition.slug]) in mail.body_text


def test_nobody_is_told_where_the_organiser_says_so(due, by, concerned):
    assert extend(due, by, tell=False) == 0
    assert not told().exists()


@pytest.mark.parametrize("instant", [NOW - timedelta(days=1), DUE - timedelta(days=1)])
def test_a_date_is_not_extended_into_the_past(due, by, concerned, instant):
    with pytest.raises(NotAllowed):
        extend(due, by, instant=instant)


def test_the_date_that_holds_is_no_extension(due, by, concerned):
    with pytest.raises(NotAllowed):
        extend(due, by, instant=DUE, grace=timedelta(hours=1))
    due.refresh_from_db()
    assert due.grace == timedelta()


def test_who_looked_at_another_state_of_it_is_told_so(due, by, concerned):
    with pytest.raises(ChangedMeanwhileError):
        extend(due, by, seen="0" * 16)
    assert not told().exists()


def test_only_organisers_extend(due, concerned, viewer_of):
    stranger = viewer_of(RoleFactory(edition=due.edition, name="grants_officer").user, due.edition, now=NOW)
    with pytest.raises(NotAllowed):
        extend(due, stranger)
    assert not told().exists()


def test_undone_before_the_mails_left_nobody_hears_of_it(due, by, concerned):
    extend(due, by)
    editions.undo_move(due, by=by)
    assert list(told().values_list("state", flat=True)) == [State.CANCELLED]


def test_undone_after_they_were_told_they_are_told_again(due, by, concerned):
    extend(due, by, words="Many of you asked.")
    told().update(state=State.SENT, sent_at=NOW)
    editions.undo_move(due, by=by)
    first, second = told()
    assert (first.state, second.state) == (State.SENT, State.QUEUED)
    assert "New date: Fri 7 Feb 2025, 23:59 AoE" in second.body_text
    assert "Before: Mon 10 Feb 2025, 23:59 AoE" in second.body_text
    assert "Many of you asked." not in second.body_text
    assert "no longer holds" in second.body_text


def test_extended_twice_only_the_last_date_is_sent(due, by, concerned):
    extend(due, by)
    extend(due, by, instant=LATER + timedelta(days=7), batch="second")
    assert list(told().values_list("state", "error")) == [
        (State.CANCELLED, "Not sent: the date was moved again."),
        (State.QUEUED, ""),
    ]


# --- The pages ------------------------------------------------------------------------------------------


@pytest.fixture
def organiser(client, due):
    user = RoleFactory(edition=due.edition).user
    client.force_login(user)
    return user


def page(due, name, *args):
    return reverse(f"notifications:{name}", args=[due.edition.slug, *args])


@pytest.mark.usefixtures("organiser", "concerned")
def test_the_timeline_shows_dates_and_the_reminders_to_come(client, due, cost_of):
    MilestoneFactory(edition=due.edition, kind="workshop", instant=None)
    where = page(due, "timeline")
    client.get(where)
    with cost_of() as cost:
        text = client.get(where).content.decode()
    assert cost.queries <= 12
    assert "Submission deadline" in text
    assert "To be confirmed" in text
    assert "1 reminder to come" in text


@pytest.mark.usefixtures("organiser", "concerned")
def test_extending_is_previewed_with_the_mail_and_then_done(client, due):
    where = page(due, "extend", due.public_id)
    form = client.get(where).context["form"]
    data = {"day": "2025-02-10", "tell": "on", "seen": form.initial["seen"], "batch": form.initial["batch"]}
    text = client.post(where, {**data, "preview": "1"}).content.decode()
    assert "Extend and tell 1" in text
    assert "Fri 7 Feb 2025, 23:59 AoE" in text
    due.refresh_from_db()
    assert due.instant == DUE
    answer = client.post(where, {**data, "extend": "1"}, follow=True)
    assert "1 mail is on the way" in answer.content.decode()
    due.refresh_from_db()
    assert due.instant == LATER


@pytest.mark.usefixtures("organiser", "concerned")
def test_an_earlier_day_is_refused_in_words(client, due):
    where = page(due, "extend", due.public_id)
    text = client.post(where, {"day": "2025-02-06", "seen": "x", "batch": "b", "preview": "1"}).content.decode()
    assert "This is earlier than now" in text


@pytest.mark.usefixtures("organiser", "concerned")
def test_the_timeline_undoes_the_last_move(client, due, by):
    extend(due, by)
    client.post(page(due, "undo_extension", due.public_id))
    due.refresh_from_db()
    assert due.instant == DUE


@pytest.mark.parametrize("role", ["grants_officer", "schedule_editor", "reviewer"])
def test_the_timeline_is_for_organisers(client, due, role):
    client.force_login(RoleFactory(edition=due.edition, name=role).user)
    assert client.get(page(due, "timeline")).status_code == 404
    assert client.get(page(due, "extend", due.public_id)).status_code == 404
    assert client.post(page(due, "undo_extension", due.public_id)).status_code == 404
