"""The forms that pages show, and what becomes of one that somebody else sends."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.db import connection
from django.middleware.csrf import get_token
from django.test import RequestFactory

from tests.crawl import SKIPPED, Crawl, view_at
from tests.world import World

# A stranger's form waits in the session for its sender to sign in; nothing else may be written.
_HARMLESS = re.compile(
    r'^(INSERT INTO|UPDATE|DELETE FROM) "django_session"|^(SAVEPOINT|RELEASE|ROLLBACK)', re.IGNORECASE
)
_WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|TRUNCATE|MERGE)", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Form:
    """A form as it stands on a page: where it is sent, and the values that it has."""

    action: str
    page: str
    fields: tuple[tuple[str, str], ...]

    @property
    def target(self) -> str:
        return urlsplit(self.action).path


class _Reader(HTMLParser):
    """Collects the forms of a page that are sent by POST, and what htmx would post."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.forms: list[Form] = []
        self._action: str | None = None
        self._fields: list[tuple[str, str]] = []
        self._select = self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "hx-post" in given:
            self.forms.append(Form(urljoin(self.page, given["hx-post"]), self.page, ()))
        if tag == "form" and given.get("method", "").lower() == "post":
            self._action, self._fields = urljoin(self.page, given.get("action", "")), []
        elif self._action is not None:
            self._read_field(tag, given)

    def _read_field(self, tag: str, given: dict[str, str]) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in dict(self._fields)):
            self._fields = [each for each in self._fields if each[0] != self._select] + [(self._select, value)]
        elif tag == "textarea":
            self._text = name
        elif name and tag in ("input", "button") and _is_sent(given):
            self._fields.append((name, value or "on" if given.get("type") == "checkbox" else value))

    def handle_data(self, data: str) -> None:
        if self._text and self._action is not None:
            self._fields.append((self._text, data.strip()))
            self._text = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "form" and self._action is not None:
            fields = tuple(each for each in self._fields if each[0] != "csrfmiddlewaretoken")
            self.forms.append(Form(self._action, self.page, fields))
            self._action = None


def _is_sent(given: dict[str, str]) -> bool:
    kind = given.get("type")
    return kind != "file" and (kind not in ("checkbox", "radio") or "checked" in given)


def forms_of(crawl: Crawl) -> Iterator[Form]:
    """One form of each view and shape, from the pages that were read; those of libraries are theirs to guard."""
    met: set[tuple] = set()
    for page, text in sorted(crawl.texts.items()):
        if crawl.statuses[page] != 200 or ("<form" not in text and "hx-post" not in text):
            continue
        reader = _Reader(page)
        reader.feed(text.partition("\n<")[2])
        for form in reader.forms:
            shape = (view_at(form.target), view_at(page), tuple(name for name, _ in form.fields))
            if shape not in met and shape[0] is not None and not SKIPPED.match(form.target.lstrip("/")):
                met.add(shape)
                yield form


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    writes: tuple[str, ...]

    @property
    def is_refusal(self) -> bool:
        """Nothing was written, and the answer is that of a page that does not exist, or the way to sign in."""
        to_sign_in = self.status == 302 and self.location.startswith("/accounts/login/")
        return not self.writes and (self.status in (400, 403, 404, 405) or to_sign_in)


def send(world: World, actor: str, form: Form) -> Answer:
    """Send a form as it stands, by this actor, with a token of their own, as production checks it."""
    client = world.client(actor, enforce_csrf_checks=True)
    request = RequestFactory().get("/")
    token = get_token(request)
    client.cookies["csrftoken"] = request.META["CSRF_COOKIE"]
    writes: list[str] = []

    def watch(execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
        if _WRITES.match(sql) and not _HARMLESS.match(sql.strip()):
            writes.append(sql[:120])
        return execute(sql, params, many, context)

    data: dict[str, list[str]] = {"csrfmiddlewaretoken": [token]}
    for name, value in form.fields:
        data.setdefault(name, []).append(value)
    with connection.execute_wrapper(watch):
        response = client.post(form.action, data)
    return Answer(response.status_code, response.headers.get("Location", ""), tuple(writes))
