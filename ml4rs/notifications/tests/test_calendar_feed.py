"""A person's own deadlines in their calendar program: private, as of now, and taken back at will."""

from datetime import UTC, datetime

import pytest
import time_machine
from icalendar import Calendar

from ml4rs.editions.models import Milestone
from ml4rs.editions.tests.factories import MilestoneFactory, RoleFactory, UserFactory
from ml4rs.notifications import calendar_feed
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
DUE = datetime(2025, 2, 11, 11, 59, 59, tzinfo=UTC)
NOW = datetime(2025, 2, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def author():
    return UserFactory(name="Ada Quuxworth")


@pytest.fixture
def draft(author):
    paper = SubmissionFactory(draft=True, created_by=author, title="Seeing fields from space")
    MilestoneFactory(edition=paper.edition, instant=DUE)
    return paper


@pytest.fixture
def address(client, author):
    client.force_login(author)
    client.post("/accounts/mail/calendar/")
    client.logout()
    return calendar_feed.address_of(author)


def events(client, address):
    answer = client.get(address.removeprefix("http://127.0.0.1:8000"))
    assert answer.headers["Content-Type"].startswith("text/calendar")
    return Calendar.from_ical(answer.content).walk("VEVENT")


def test_it_holds_what_the_person_owes_at_the_very_second(client, draft, address):
    (event,) = events(client, address)
    assert event.decoded("dtstart") == DUE
    assert "Seeing fields from space" in event["summary"]
    assert "23:59 AoE" in event["description"]


def test_it_holds_nothing_of_anybody_else(client, draft, address):
    SubmissionFactory(track=draft.track, draft=True, title="Canary")
    assert len(events(client, address)) == 1


def test_a_date_that_moved_is_the_same_event_at_another_time(client, draft, address):
    (before,) = events(client, address)
    Milestone.objects.update(instant=DUE.replace(day=14))
    (after,) = events(client, address)
    assert after["uid"] == before["uid"]
    assert after.decoded("dtstart").day == 14


def test_what_is_done_is_gone(client, draft, address):
    draft.delete()
    assert events(client, address) == []


def test_a_new_address_ends_the_old_one(client, author, draft, address):
    calendar_feed.renew(author, NOW)
    assert client.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 404
    assert len(events(client, calendar_feed.address_of(author))) == 1


def test_it_can_be_ended(client, author, address):
    client.force_login(author)
    client.post("/accounts/mail/calendar/end/")
    assert calendar_feed.address_of(author) == ""
    assert client.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 404


@pytest.mark.parametrize("token", ["x", "0" * 40])
def test_a_guess_opens_nothing(client, author, address, token):
    assert client.get(f"/accounts/mail/{author.public_id}/{token}/deadlines.ics").status_code == 404


def test_an_account_that_is_closed_has_no_calendar(client, author, address):
    author.is_active = False
    author.save()
    assert client.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 404


@pytest.mark.parametrize("papers", [1, 20])
def test_its_cost_does_not_grow_with_papers(client, author, draft, address, cost_of, papers):
    for _ in range(papers):
        SubmissionFactory(track=draft.track, draft=True, created_by=author)
    with cost_of() as cost:
        assert len(events(client, address)) == papers + 1
    assert cost.queries <= 15, cost.statements


def test_organisers_have_the_editions_dates_in_it_and_nobody_else_has(client, author, draft, address):
    MilestoneFactory(edition=draft.edition, kind="review", instant=DUE.replace(month=3))
    assert len(events(client, address)) == 1
    RoleFactory(edition=draft.edition, user=author)
    assert sorted(str(event["summary"]).partition(": ")[2] for event in events(client, address)) == [
        "Finish and submit “Seeing fields from space”",
        "Reviews due",
        "Submission deadline",
    ]
