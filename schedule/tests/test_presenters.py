"""Publishing tells those whom it concerns, once, with a calendar file that fits."""

from datetime import UTC, datetime

import icalendar
import pytest
from django.core import mail
from django.core.cache import cache

from ml4rs.editions.tests.factories import PersonFactory, TrackFactory
from ml4rs.notifications.delivery import deliver
from ml4rs.notifications.models import Message
from schedule import actions
from schedule.models import Slot
from schedule.queries import draft_programme
from schedule.queries.presenters import concerned
from schedule.tests.factories import NINE, SessionFactory, SlotFactory
from submissions.tests.factories import SubmissionFactory

NOW = datetime(2025, 3, 20, 12, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails")]


@pytest.fixture(autouse=True)
def _fresh(time_machine):
    time_machine.move_to(NOW, tick=False)
    cache.clear()


@pytest.fixture
def talk(edition):
    paper = SubmissionFactory(track=TrackFactory(edition=edition), accepted=True, title="Clouds", authors=2)
    return SlotFactory(session=SessionFactory(edition=edition, title="Morning talks"), submission=paper, title="")


def told(event="schedule.presenting"):
    return list(Message.objects.filter(event=event).order_by("created_at", "pk"))


def publish(editor, **options):
    return actions.publish(editor.edition, by=editor, tell=True, **options)


def test_the_presenter_and_nobody_else_of_the_authors_is_written_to(editor, talk):
    first, second = talk.submission.authorships.order_by("position")
    publish(editor)
    assert [message.recipient for message in told()] == [first.email]
    talk.submission.authorships.filter(pk=second.pk).update(is_presenter=True)
    assert [person.address for person in concerned(draft_programme(editor))] == []
    talk.minutes = 20
    talk.save()
    publish(editor)
    assert [message.recipient for message in told()][1:] == [second.email]


def test_the_mail_says_where_and_when_and_what_moved(editor, talk):
    publish(editor)
    assert "“Clouds”: Sun 27 Apr 2025, 09:00 to 10:00, in “Morning talks”, room to be confirmed." in told()[0].body_text
    session = talk.session
    session.starts_at, session.ends_at = NINE.replace(hour=2), NINE.replace(hour=3)
    session.save()
    publish(editor)
    text = " ".join(told()[1].body_text.split())
    assert "now Sun 27 Apr 2025, 10:00 to 11:00" in text
    assert "it was Sun 27 Apr 2025, 09:00 to 10:00" in text


def test_who_is_not_concerned_gets_nothing_and_nobody_gets_two_mails(edition, editor, talk):
    publish(editor)
    SlotFactory(session=SessionFactory(edition=edition, starts_at=NINE.replace(hour=4)), title="By nobody")
    publish(editor)
    publish(editor)
    assert len(told()) == 1


def test_somebody_with_two_talks_gets_one_mail_with_both(edition, editor, talk):
    author = talk.submission.authorships.order_by("position")[0]
    speaker = PersonFactory(edition=edition, name="Ada Lovelace", user=author.user)
    session = SessionFactory(edition=edition, kind="keynote", starts_at=NINE.replace(hour=5))
    SlotFactory(session=session, title="Engines").speakers.add(speaker)
    publish(editor)
    [message] = told()
    assert "Engines" in message.body_text
    assert "Clouds" in message.body_text


def test_what_is_gone_is_told_and_the_calendar_keeps_what_stays(editor, talk):
    publish(editor)
    paper = talk.submission
    Slot.objects.all().delete()
    publish(editor)
    assert "is not in the programme any more" in told()[1].body_text
    assert told()[1].calendar == ""
    assert paper.pk in {each.submission_id for each in told()[1].concerns.all()}


def test_the_calendar_file_arrives_and_moves_the_same_event(editor, talk, settings):
    publish(editor)
    talk.minutes = 30
    talk.save()
    publish(editor)
    events = []
    for message in told():
        assert deliver(message.pk)
        [(name, content, kind)] = mail.outbox[-1].attachments
        assert (name, kind) == ("programme.ics", "text/calendar")
        events += icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert events[0]["uid"] == events[1]["uid"]
    assert (events[0]["sequence"], events[1]["sequence"]) == (1, 2)
    lengths = [event.decoded("dtend") - event.decoded("dtstart") for event in events]
    assert [length.total_seconds() / 60 for length in lengths] == [60, 30]


def test_the_editor_sees_whom_it_concerns_and_can_leave_them_in_peace(client, editor, talk):
    client.force_login(editor.user)
    page = client.get("/iclr2025/organise/programme/publish/")
    assert "1 presenter whom this concerns" in page.text
    assert page.context["form"]["tell"].value() is True
    client.post("/iclr2025/organise/programme/publish/", {"note": ""})
    assert told() == []
    talk.board, talk.session.kind = "7", "posters"
    talk.session.save()
    talk.save()
    client.post("/iclr2025/organise/programme/publish/", {"note": "", "tell": "on"})
    assert "board 7" in told()[0].body_text


def test_a_withdrawn_paper_is_not_written_about(editor, talk):
    publish(editor)
    talk.submission.state = "withdrawn"
    talk.submission.save()
    publish(editor)
    assert len(told()) == 1
