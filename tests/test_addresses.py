"""Every address of the site, asked in ways that no page of ours asks: nothing breaks, and nothing typed is lost."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.http import QueryDict
from django.test import Client

from tests.crawl import patterns, routes, values_of
from tests.world import CLOCK, World, build_world

pytestmark = [pytest.mark.django_db, pytest.mark.crawl]

# Whose addresses are not ours to choose. The keys of the library's own pages are found among one's own only.
OTHERS_ROUTES = ("admin/", "accounts/2fa/webauthn/keys/")
UNKNOWN = "zzzzzzzzzzzz"
EXPORTS = {"format", "export"}
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
LARGE = "9" * 30
GARBAGE = ("-1", LARGE, "\0", b"\xff\xed\xa0\x80" * 2000)


@pytest.fixture
def world() -> Iterator[World]:
    with time_machine.travel(CLOCK["released"], tick=False):
        yield build_world("released")


def somebody(world: World, actor: str) -> Client:
    client = Client(raise_request_exception=False)
    if (user := world.actors[actor]) is not None:
        client.force_login(user)
    return client


def filled(route: str, app: str, world: World, *, known: bool) -> str:
    """The address of a route: with a row that is there, or with one that is not."""

    def value(found: re.Match) -> str:
        if found[1] == "edition_slug":
            return world.edition.slug
        return str(values_of(found[1], app, world.edition)[0]) if known else UNKNOWN

    return "/" + PARAMETER.sub(value, route)


def every_address(world: World, *, known: bool) -> list[str]:
    return [filled(route, app, world, known=known) for route, app in patterns()]


def test_no_address_counts_rows():
    own = [route.replace("/pages/<int:number>", "") for route, _ in routes() if not route.startswith(OTHERS_ROUTES)]
    counting = [route for route in own if "<int:" in route]  # the pages of a file are no rows
    assert counting == []


@pytest.mark.both
@pytest.mark.parametrize("actor", ["author", "reviewer_done", "chair", "officer"])
def test_every_page_opens(actor, world, mails):
    client = somebody(world, actor)
    statuses = {}
    for path in every_address(world, known=True):
        answer = client.get(path)
        answer.getvalue()  # a file stays open until it was read
        statuses[path] = answer.status_code
    assert [path for path, status in statuses.items() if status >= 500] == []
    assert list(statuses.values()).count(200) > 20  # most are for others


@pytest.mark.parametrize("actor", ["anyone", "chair"])
def test_no_unexpected_method_breaks_a_page(actor, world, mails):
    client = somebody(world, actor)
    for path in every_address(world, known=True):
        assert client.post(path).status_code < 500, path
        assert client.put(path).status_code in (302, 404, 405), path


@pytest.mark.parametrize(
    ("path", "name"), [("organise/reviews/remind/", "reviewer"), ("organise/decisions/release/", "track")]
)
def test_a_field_that_no_form_reads_cannot_break_a_page(path, name, world):
    assert somebody(world, "chair").post(f"/iclr2025/{path}", {name: "\0"}).status_code < 500


def test_what_an_unknown_id_names_is_not_found(world):
    client = somebody(world, "chair")
    for path in every_address(world, known=False):
        if UNKNOWN in path:
            assert client.get(path).status_code in (404, 405), path


class Reading:
    """Notes which parameters a page asks its query for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: set[str] = set()
        for verb in ("get", "getlist", "pop", "__getitem__", "__contains__"):
            monkeypatch.setattr(QueryDict, verb, self._noting(getattr(QueryDict, verb)))

    def _noting(self, original):
        def noted(query, name, *args, **kwargs):
            self.names.add(name)
            return original(query, name, *args, **kwargs)

        return noted

    def of(self, client: Client, path: str) -> set[str]:
        self.names.clear()
        client.get(path)
        return self.names - {"csrfmiddlewaretoken"}


@pytest.mark.parametrize("actor", ["anyone", "chair"])
def test_no_garbage_in_a_query_breaks_a_page(actor, world, monkeypatch, mails):
    client, reading = somebody(world, actor), Reading(monkeypatch)
    lists = [route for route, _ in patterns() if set(PARAMETER.findall(route)) <= {"edition_slug"}]
    for path in (filled(route, "", world, known=True) for route in lists):
        names = reading.of(client, path)
        for value in GARBAGE if names else ():
            # The kind of an export is refused before all else.
            query = dict.fromkeys(names - EXPORTS, value)
            assert client.get(path, query).status_code < 500, (path, query)
        for name in names & EXPORTS:
            assert client.get(path, {name: LARGE}).status_code == 400, path


def test_no_garbage_in_an_address_breaks_a_page(world):
    client = somebody(world, "chair")
    for route, app in patterns():
        if "<str:" in route:
            path = filled(route, app, world, known=False)
            for value in ("%00", "%ff", "x" * 5000):
                assert client.get(path.replace(UNKNOWN, value)).status_code in (400, 404, 405), path


# --- forms whose sender was signed out meanwhile --------------------------------------------------------------

FORM = "/iclr2025/organise/edition/topics/add/"
HOME = {"Referer": "http://testserver/iclr2025/organise/edition/topics/add/"}


def test_a_form_sent_after_the_session_ended_waits_for_its_sender(world):
    client = somebody(world, "anyone")
    answer = client.post(FORM, {"name": "Snow & ice", "area": "Cold\r\nplaces"})
    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=/unsent/")
    client.force_login(world.actors["chair"])
    page = client.get("/unsent/").content.decode()
    assert f'action="{FORM}"' in page
    assert "Snow &amp; ice" in page
    assert client.post("/unsent/").status_code == 302
    assert "Snow" not in client.get("/unsent/", follow=True).content.decode()


def test_a_form_with_an_old_token_waits_too(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.actors["chair"])
    sent = {"name": "Snow", "csrfmiddlewaretoken": "of another session"}
    assert client.post(FORM, sent, headers=HOME).url == "/unsent/"
    page = client.get("/unsent/").content.decode()
    assert "Snow" in page
    assert "of another session" not in page


def test_what_another_site_sent_is_not_kept(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.actors["chair"])
    for headers in ({}, {"Referer": "http://testserver.evil.example/"}, {"Origin": "https://evil.example"}):
        assert client.post(FORM, {"name": "Snow"}, headers=headers).status_code == 403
    assert "Snow" not in client.get("/unsent/", follow=True).content.decode()


def test_a_password_is_never_kept(world):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"login": "a@b.example", "password": "x"}, headers=HOME)
    assert answer.status_code == 403


def test_a_hidden_edition_and_none_at_all_send_a_stranger_to_sign_in_alike(world):
    type(world.edition).objects.update(is_current=False, is_public=False)
    client = somebody(world, "anyone")
    for path in ("organise/", "organise/edition/dates/", "my/", "reviewing/"):
        hidden, missing = (client.get(f"/{slug}/{path}") for slug in ("iclr2025", "iclr2030"))
        assert hidden.status_code == missing.status_code == 302
        assert hidden.url.replace("iclr2025", "") == missing.url.replace("iclr2030", "")
    assert client.get("/iclr2025/").status_code == client.get("/iclr2030/").status_code == 404
