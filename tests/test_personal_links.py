"""Addresses that are secrets: whoever opens one, with whatever behind the question mark, changes nothing by it.

Mail scanners and previews follow links, so that only a POST may act. Every address of ours with a secret in it is
tried; one that is not in the table fails the first test.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

import pytest
import time_machine
from django.apps import apps
from django.test import Client
from django.urls import reverse

from ml4rs.accounts.models import User
from ml4rs.editions import parameters
from ml4rs.editions.models import Edition
from ml4rs.editions.tests.factories import EditionFactory, MilestoneFactory, RoleFactory, TrackFactory, UserFactory
from ml4rs.editions.viewer import Viewer
from ml4rs.editions.views.guards import taken_by
from ml4rs.notifications import calendar_feed, preferences
from ml4rs.notifications.models import Message
from reviews import actions as reviewing
from reviews.invitees import read_invitees
from reviews.models import Review
from reviews.queries.service import own_certificate
from reviews.tests.factories import AssignmentFactory, ReviewerFactory
from schedule import actions as scheduling
from schedule.tests.factories import SlotFactory
from submissions.actions.links import answer_link
from submissions.models import Submission
from submissions.queries.certificates import certificates_of
from submissions.tests.factories import SubmissionFactory
from tests.crawl import routes, view_at
from travel import actions as granting
from travel.tests.factories import ApplicationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails")]
REVIEWING = datetime(2025, 2, 20, 12, tzinfo=UTC)
OVER = datetime(2025, 5, 2, 12, tzinfo=UTC)
# Parameters that say which, not who may. All others are secrets, unless they end as identifiers and slugs do.
ORDINARY = {"kind", "number", "pk"}
FOR_A_ROLE = ("admin/", "<slug:edition_slug>/organise/")  # nobody is let in there by an address alone
WORDS = "No, thank you."
# What a link that acts by itself might be asked with.
GUESSES = {
    "answer": "yes", "confirm": "1", "confirmed": "1", "accept": "1", "accepted": "1", "action": "accept", "on": "0",
    "verb": "confirm", "decline": "1", "unsubscribe": "1", "List-Unsubscribe": "One-Click", "_method": "POST",
}  # fmt: skip


@dataclass
class Link:
    """An address that works, and whose it is."""

    address: str
    owner: User
    when: datetime


def secret_routes() -> set[str]:
    """Every route of the site with a secret in it, the libraries' too."""
    open_ones = (route for route, _ in routes() if not route.startswith(FOR_A_ROLE))
    return {route for route in open_ones if any(map(_is_secret, re.findall(r"<(?:\w+:)?(\w+)>", route)))}


def _is_secret(name: str) -> bool:
    return not name.endswith(("pid", "slug")) and name not in ORDINARY


def mailed(part: str) -> str:
    """The address in the newest mail."""
    return re.search(rf"https?://\S+{part}\S+", Message.objects.latest("pk").body_text)[0]


def named(edition: Edition) -> Link:
    paper = SubmissionFactory(track=TrackFactory(edition=edition), authors=2)
    return Link(answer_link(paper.authorships.first(), edition), paper.created_by, REVIEWING)


def certificate(edition: Edition) -> Link:
    paper = SubmissionFactory(track=TrackFactory(edition=edition), accepted=True)
    viewer = Viewer.of(paper.created_by, edition, OVER)
    seen = Submission.objects.seen_by(viewer).select_related("track").get(pk=paper.pk)
    return Link(certificates_of(viewer, seen)[0].url, paper.created_by, OVER)


def invitation(edition: Edition) -> Link:
    user, chair = UserFactory(email="grace@far.example"), RoleFactory(edition=edition).user
    people = read_invitees(edition, f"Grace Quail <{user.email}>")
    reviewing.invite(edition, people, by=Viewer.of(chair, edition, REVIEWING))
    return Link(mailed("/invitation/"), user, REVIEWING)


def service(edition: Edition) -> Link:
    reviewer, track = ReviewerFactory(edition=edition), TrackFactory(edition=edition)
    seat = AssignmentFactory(submission=SubmissionFactory(track=track), reviewer=reviewer)
    times = dict.fromkeys(("created_at", "updated_at", "submitted_at"), REVIEWING)
    Review.objects.create(assignment=seat, form=reviewing.ensure_forms(track), state="submitted", **times)
    return Link(own_certificate(Viewer.of(reviewer.user, edition, OVER)).url, reviewer.user, OVER)


def deadlines(edition: Edition) -> Link:
    user = UserFactory()
    calendar_feed.renew(user, REVIEWING)
    return Link(calendar_feed.address_of(user), user, REVIEWING)


def way_out(edition: Edition) -> Link:
    user = UserFactory()
    return Link(preferences.link_out(user.email, "reminders"), user, REVIEWING)


def advisor(edition: Edition) -> Link:
    row = ApplicationFactory(edition=edition, draft=True)
    granting.ask_advisor(row, name="Augusta", email="augusta@poly.example", by=Viewer.of(row.user, edition, REVIEWING))
    return Link(mailed("/travel/confirm/"), row.user, REVIEWING)


def stars(edition: Edition) -> Link:
    slot = SlotFactory(session__edition=edition)
    scheduling.publish(edition, by=None)
    user = UserFactory()
    mine = scheduling.star(edition, user, add=[slot.public_id], remove=[])
    return Link(reverse("schedule:star_calendar", args=[edition.slug, mine.secret]), user, REVIEWING)


LINKS: dict[str, Callable[[Edition], Link]] = {
    "<slug:edition_slug>/named/<str:token>/": named,
    "<slug:edition_slug>/certificates/<str:token>/": certificate,
    "<slug:edition_slug>/invitation/<slug:reviewer_pid>/<slug:token>/": invitation,
    "<slug:edition_slug>/service/<str:token>/": service,
    "accounts/mail/<str:user_pid>/<str:token>/deadlines.ics": deadlines,
    "accounts/mail/out/<str:token>/": way_out,
    "<slug:edition_slug>/travel/confirm/<slug:pid>/<slug:token>/": advisor,
    "<slug:edition_slug>/stars/<str:secret>.ics": stars,
}


@pytest.fixture
def edition() -> Edition:
    edition = EditionFactory(slug="iclr2025", starts_on=date(2025, 4, 28), ends_on=None)
    for kind, day in (("review", datetime(2025, 2, 27, tzinfo=UTC)), ("travel", datetime(2025, 3, 29, tzinfo=UTC))):
        MilestoneFactory(edition=edition, kind=kind, instant=day)
    MilestoneFactory(edition=edition, kind="notification", instant=datetime(2025, 3, 3, tzinfo=UTC))
    return edition


@contextmanager
def opened(link: Link, *, signed_in: bool) -> Iterator[Client]:
    client = Client()
    with time_machine.travel(link.when, tick=False):
        if signed_in:
            client.force_login(link.owner)
        yield client


@dataclass
class Form(HTMLParser):
    """What the forms of a page ask for: names with a value that would do, and every button."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.buttons: list[dict[str, str]] = [{}]
        self.select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        name, value = found.get("name", ""), found.get("value", "")
        if tag == "button" and name:
            self.buttons.append({name: value})
        elif tag == "select":
            self.select = name
        elif tag == "option" and value and self.select:
            self.fields.setdefault(self.select, value)
        elif tag == "textarea" or (tag == "input" and found.get("type") in ("text", "email", "url")):
            self.fields[name] = value or WORDS
        elif tag == "input" and name:
            self.fields[name] = value or "1"

    def ways(self) -> list[dict[str, str]]:
        """All that it asks for, with each of its buttons."""
        return [{**self.fields, **button} for button in self.buttons]


def everything() -> dict[str, list]:
    """All rows there are, but for sessions."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for model in apps.get_models()
        if model._meta.app_label != "sessions"
    }


def test_every_address_with_a_secret_is_tried():
    assert secret_routes() == LINKS.keys()


@pytest.fixture
def open_door(monkeypatch):
    """`open_door(ways)`: whatever these ask reaches the view, also what it does not declare: it must not act either."""

    def arrange(ways: list[dict[str, str]]) -> None:
        names = {name for way in ways for name in way}
        monkeypatch.setattr(parameters, "taken_by", lambda view, kwargs: taken_by(view, kwargs) | names)

    return arrange


@pytest.mark.parametrize("signed_in", [False, True], ids=["a stranger", "its owner"])
@pytest.mark.parametrize("route", LINKS)
def test_opening_a_personal_link_changes_nothing_whatever_the_query_says(edition, open_door, route, signed_in):
    link = LINKS[route](edition)
    path = urlsplit(link.address).path
    with opened(link, signed_in=signed_in) as client:
        before = everything()
        page = client.get(path)
        assert page.status_code == 200
        form = Form(page.text if page.headers["Content-Type"].startswith("text/html") else "")
        ways = [{}, GUESSES, *[{**GUESSES, **way} for way in form.ways()], *form.ways()]
        open_door(ways)
        for asked in ways:
            for method in (client.get, client.head):
                method(f"{path}?{urlencode(asked)}")
                assert everything() == before, f"{method.__name__} with {asked}"


@pytest.mark.parametrize("route", LINKS)
def test_a_press_on_the_page_behind_it_is_what_acts(edition, route):
    link = LINKS[route](edition)
    path = urlsplit(link.address).path
    with opened(link, signed_in=False) as client:
        before = everything()
        if "POST" not in view_at(path).methods:
            assert client.post(path).status_code == 405
            assert everything() == before
            return
        for way in Form(client.get(path).text).ways():
            client.post(path, way)
        assert everything() != before
