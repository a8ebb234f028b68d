"""What stands in a query: pages answer what they declare; strangers' pages ignore the rest, all others refuse it."""

import re
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
import time_machine
from django.http import HttpResponseBase, QueryDict
from django.test import Client
from django.urls import resolve, reverse

from ml4rs.audit.models import Entry
from ml4rs.editions.tests.factories import RoleFactory, UserFactory
from ml4rs.editions.viewer import Viewer
from ml4rs.editions.views.guards import may_enter, needs_sign_in, taken_by
from ml4rs.notifications.preferences import switched_off, token_of
from submissions.models import Submission
from submissions.tests.factories import SubmissionFactory
from tests.crawl import patterns, values_of
from tests.world import CLOCK, World, build_world

pytestmark = pytest.mark.django_db

FIELDS = ("input", "select", "textarea", "button")
TOKEN = "csrfmiddlewaretoken"  # stands in forms too that only scripts send
TRACKED = "utm_source=x&fbclid=y"
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
CHANGING = re.compile(rb'(nonce=|csrfmiddlewaretoken" value=|"X-CSRFToken": )"[^"]*"')
# Words in addresses, for which no row stands.
WORDS = {
    "list_name": "reviews.committee",
    "event_name": "reviews.decision",
    "audience_name": "submissions.drafts",
    "section": "tracks",
}


@pytest.fixture
def world() -> Iterator[World]:
    with time_machine.travel(CLOCK["released"], tick=False):
        yield build_world("released")


def somebody(world: World, actor: str) -> Client:
    client = Client(raise_request_exception=False)
    if (user := world.actors[actor]) is not None:
        client.force_login(user)
    return client


def addresses(world: World) -> Iterator[str]:
    """The address of every page of ours that can be read, of a row that there is wherever there is one."""

    def value(name: re.Match, route: str, app: str) -> str:
        part = "reviewing" if app == "reviews" and "/reviewing/" in route else app
        if name[0].startswith("<int"):
            return "1"
        return WORDS.get(name[1]) or str(values_of(name[1], part, world.edition)[0])

    for route, app in patterns():
        path = "/" + PARAMETER.sub(partial(value, route=route, app=app), route)
        if "GET" in getattr(resolve(path).func, "methods", ("GET",)):
            yield path


def reached(world: World, actor: str) -> Iterator[str]:
    """The addresses to try as somebody; of the pages behind a door that stays shut for them only one."""
    viewer, doors = Viewer.of(world.actors[actor], world.edition), set()
    for path in addresses(world):
        view = resolve(path).func
        door = getattr(view, "admits", None)
        if viewer.is_signed_in and not may_enter(view, viewer):
            if door in doors:
                continue
            doors.add(door)
        yield path


def taken_at(path: str) -> frozenset[str]:
    """What the page at an address declares."""
    match = resolve(path)
    return taken_by(match.func, {name: value for name, value in match.kwargs.items() if name != "edition_slug"})


class Asked(QueryDict):
    """The query of a request, which notes what a page asks it for."""

    names: set[str] = set()

    def get(self, name, *rest):
        self.names.add(name)
        return super().get(name, *rest)

    def getlist(self, name, *rest):
        self.names.add(name)
        return super().getlist(name, *rest)

    def pop(self, name, *rest):
        self.names.add(name)
        return super().pop(name, *rest)

    def __getitem__(self, name):
        if not hasattr(QueryDict, name):  # templates look for `urlencode` here first
            self.names.add(name)
        return super().__getitem__(name)

    def __contains__(self, name):
        self.names.add(name)
        return super().__contains__(name)


class Queries(HTMLParser):
    """Every address that a page leads to, with the parameters that it hands over: links and forms that read."""

    def __init__(self, base: str, html: str) -> None:
        super().__init__()
        self.base, self.found, self.form = base, [], None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        for name in ("href", "src", "hx-get", "hx-post", "action", "formaction"):
            if "?" in (given.get(name) or ""):
                self._note(given[name])
        if tag == "form":
            self.form = (given.get("action") or self.base) if given.get("method", "get").lower() == "get" else None
        elif self.form is not None and tag in FIELDS and given.get("name", TOKEN) != TOKEN:
            self._note(f"{self.form}?{given['name']}=")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None

    def _note(self, address: str) -> None:
        parts = urlsplit(urljoin(self.base, address))
        if not parts.netloc and not parts.path.startswith(("/accounts/", "/static/")):
            self.found.append((parts.path, {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}))


def body(response: HttpResponseBase) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def given(response: HttpResponseBase, content: bytes) -> tuple[bytes, dict[str, str]]:
    """What a reader gets, but for the numbers that are used once."""
    headers = {name: value for name, value in response.headers.items() if "Security-Policy" not in name}
    return CHANGING.sub(rb"\1", content), headers


def leads_to_what_is_taken(path: str, response: HttpResponseBase, content: bytes) -> int:
    """How many links and forms of a page hand parameters over, each to a page that takes them."""
    if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/html"):
        return 0
    found = Queries(path, content.decode()).found
    assert [(path, target, names) for target, names in found if not names <= taken_at(target)] == []
    return len(found)


@pytest.mark.crawl
@pytest.mark.parametrize(
    ("actor", "outside", "inside", "leading"), [("anyone", 20, 0, 3), ("author", 20, 12, 3), ("chair", 20, 70, 100)]
)
def test_every_page_keeps_to_what_it_declares(actor, outside, inside, leading, world, monkeypatch, mails):
    """It asks for nothing else, leads to nothing else, and is the same with more in its query or refuses it."""
    monkeypatch.setattr("django.core.handlers.wsgi.QueryDict", Asked)
    client, seen, led = somebody(world, actor), {True: 0, False: 0}, 0
    for path in reached(world, actor):
        Asked.names.clear()
        plain = client.get(path)
        content = body(plain)
        assert Asked.names <= taken_at(path), path
        led += leads_to_what_is_taken(path, plain, content)
        is_inside, is_shown = needs_sign_in(resolve(path).func), plain.status_code == 200
        seen[is_inside] += is_shown
        tracked = client.get(f"{path}?{TRACKED}")
        assert tracked.status_code == (400 if is_inside and is_shown else plain.status_code), path
        if is_inside and is_shown:
            assert b"called fbclid, utm_source." in tracked.content, path
        elif not is_inside:
            assert given(tracked, body(tracked)) == given(plain, content), path
    assert (seen[False] >= outside, seen[True] >= inside, led >= leading) == (True, True, True), (seen, led)


@pytest.mark.crawl
def test_every_page_takes_what_it_declares(world, mails):
    client, tried = somebody(world, "chair"), 0
    for path in reached(world, "chair"):
        if taken := taken_at(path):
            tried += 1
            assert b"other parameter called" not in body(client.get(path, dict.fromkeys(taken, ""))), path
    assert tried > 20


# --- one page at a time ---------------------------------------------------------------------------------------


@pytest.fixture
def paper() -> Submission:
    return SubmissionFactory(track__edition__slug="iclr2025")


@pytest.fixture
def organiser(paper, client) -> Client:
    client.force_login(RoleFactory(edition=paper.edition).user)
    return client


LIST = "/iclr2025/organise/submissions/"


def test_a_refused_page_counts_as_unread(organiser):
    assert organiser.get(f"{LIST}?authors=1&fbclid=y").status_code == 400
    assert not Entry.objects.filter(verb="submissions.authors_read").exists()
    assert organiser.get(f"{LIST}?authors=1").status_code == 200
    assert Entry.objects.filter(verb="submissions.authors_read").exists()


def test_what_was_typed_before_the_session_ended_waits_behind_a_refusal(paper, client):
    client.force_login(paper.created_by)
    session = client.session
    session[f"typed:{paper.public_id}"] = "title=Typed+before"
    session.save()
    page = f"/iclr2025/submissions/{paper.public_id}/edit/"
    assert client.get(f"{page}?fbclid=y").status_code == 400
    assert "Typed before" in client.get(page).content.decode()


def test_head_is_refused_and_ignored_as_get_is(organiser):
    assert organiser.head(f"{LIST}?fbclid=y").status_code == 400
    assert organiser.head("/iclr2025/papers/?fbclid=y").status_code == 200


@pytest.mark.both
def test_a_character_that_no_text_has_beside_an_unknown_filter_breaks_nothing(organiser):
    for page in (f"{LIST}?%00=y", f"{LIST}?fbclid=%00", "/iclr2025/organise/decisions/release/?track=%00&fbclid=y"):
        assert organiser.get(page).status_code == 400


def test_strangers_sign_in_first_and_find_the_page_as_they_asked_for_it(paper, client):
    assert client.get(f"{LIST}?q=x&fbclid=y").url == f"/accounts/login/?next={LIST}%3Fq%3Dx%26fbclid%3Dy"


@pytest.mark.parametrize("verb", ["get", "post"])
def test_who_may_not_come_in_is_told_nothing_else(verb, paper, client):
    client.force_login(UserFactory())
    for pid in (paper.public_id, "zzzzzzzzzzzz"):
        page = f"/iclr2025/organise/reviews/{pid}/assign/?fbclid=y"
        assert getattr(client, verb)(page).status_code == 404


def test_a_form_sent_to_an_address_with_more_in_it_does_nothing_whatever_it_is_about(paper, organiser):
    pages = [f"/iclr2025/submissions/{pid}/desk-reject/?fbclid=y" for pid in (paper.public_id, "zzzzzzzzzzzz")]
    answers = [organiser.post(page, {"reason": "Out of scope"}) for page in pages]
    assert [answer.status_code for answer in answers] == [400, 400]
    paper.refresh_from_db()
    assert paper.state == "submitted"


def test_a_personal_link_works_whatever_a_mail_program_added_to_it(client):
    page = reverse("notifications:way_out", args=[token_of("ada@x.org", "reminders")])
    assert client.get(f"{page}?fbclid=y").status_code == 200
    assert client.post(f"{page}?fbclid=y").status_code == 200
    assert switched_off(["ada@x.org"]) == {"reminders"}


def test_pages_of_libraries_keep_their_own_ways(client):
    assert client.get("/accounts/login/?next=/iclr2025/&fbclid=y").status_code == 200


def test_ones_profile_is_a_page_inside(client):
    client.force_login(UserFactory())
    assert client.get("/accounts/profile/?fbclid=y").status_code == 400
    assert client.get("/accounts/profile/").status_code == 200


def test_a_refusal_names_a_few_and_no_more(organiser):
    text = organiser.get(LIST, {f"{number:02}{'x' * 60}": "" for number in range(9)}).content.decode()
    assert f"called {', '.join(f'{number:02}' + 'x' * 38 for number in range(5))}. Take" in text


def test_the_refusal_is_in_our_words_also_where_the_site_is_tried_out(world, settings):
    settings.DEBUG = True
    page = somebody(world, "chair").get("/iclr2025/organise/?colour=red")
    assert page.status_code == 400
    assert "no filter or other parameter called colour" in page.content.decode()
    assert "Traceback" not in page.content.decode()
