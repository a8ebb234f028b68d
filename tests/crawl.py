"""Reads everything a person can get: every address with every identifier, and every link found on the way."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import product
from urllib.parse import urljoin, urlsplit

import pikepdf
import pypdfium2
from django.apps import apps
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from ml4rs.editions.models import Edition
from submissions.models import FileVersion

SKIPPED = re.compile(r"^(admin/|accounts/|static/|demo/|mailbox/|__)")
NOBODYS = "zzzzzzzzzzzz"  # an identifier of the right shape that no row has
WORDING = re.compile(r"/organise/mail/wording/[\w.]+/$")
MOST_WORDINGS = 4  # there is such a page for each kind of mail, all by one view
CONTENT_TYPE = re.compile(r"^Content-Type: ([\w./+-]+)", re.MULTILINE)
HREF = re.compile(r"""(?:href|src|action|data-url|hx-get)=["']([^"'#]+)""")


def routes(resolver: URLResolver | None = None, prefix: str = "", app: str = "") -> Iterator[tuple[str, str]]:
    """Every URL pattern of the site as (route, namespace), the libraries' too."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, route, entry.namespace or app)
        elif isinstance(entry, URLPattern):
            yield route, app


def patterns() -> Iterator[tuple[str, str]]:
    """Every URL pattern of ours as (route, namespace)."""
    return ((route, app) for route, app in routes() if not SKIPPED.match(route))


def addresses(edition: Edition, most: int = 3) -> list[str]:
    """Every address of the site, its parameters filled with identifiers of the owning app's rows, oldest first.

    Args:
        most: how many rows of a kind are tried.
    """
    found = []
    for route, app in patterns():
        names = re.findall(r"<(?:\w+:)?(\w+)>", route)
        choices = [values_of(name, _part(app, route), edition)[:most] for name in names]
        for values in product(*choices):
            path = route
            for name, value in zip(names, values, strict=True):
                path = re.sub(rf"<(?:\w+:)?{name}>", str(value), path)
            if view_at("/" + path):  # none where an identifier stands for a number
                found.append("/" + path)
    return found


def _part(app: str, route: str) -> str:
    """Reviewers' addresses name an assignment, organisers' a paper."""
    return "reviewing" if app == "reviews" and "/reviewing/" in route else app


def values_of(name: str, app: str, edition: Edition) -> list:
    """What a parameter of an app's addresses can be."""
    if name == "edition_slug":
        return [edition.slug]
    if name == "track_slug":
        return list(edition.tracks.values_list("slug", flat=True))
    if name == "kind":
        return ["manuscript", "supplementary", "camera_ready"]
    if name == "file_pid":
        return list(FileVersion.objects.values_list("public_id", flat=True))
    if name == "token":
        return ["wrong"]
    if name in _NAMED:
        rows = apps.get_model(_NAMED[name])._default_manager
        return list(rows.order_by("pk").values_list("public_id", flat=True)[:2]) or [NOBODYS]
    return _identifiers(app) or [NOBODYS]


# Parameters that say themselves whose identifiers they take.
_NAMED = {
    "absence_pid": "schedule.Absence",
    "area_pid": "submissions.StudyArea",
    "assignment_pid": "reviews.Assignment",
    "award_pid": "reviews.Award",
    "change_pid": "reviews.BulkChange",
    "conflict_pid": "reviews.Conflict",
    "delegation_pid": "reviews.Delegation",
    "placing_pid": "schedule.PlacingRun",
    "post_pid": "reviews.Post",
    "receipt_pid": "travel.Receipt",
    "resource_pid": "schedule.Resource",
    "review_pid": "reviews.Review",
    "reviewer_pid": "reviews.Reviewer",
    "run_pid": "reviews.AssignmentRun",
    "tag_pid": "reviews.Tag",
}

# Whose identifiers the addresses of an app are tried with; all other rows are reached by links.
_TRIED = {
    "submissions": ("submissions.Submission",),
    "reviews": ("submissions.Submission",),
    "reviewing": ("reviews.Assignment",),
    "schedule": ("schedule.Session",),
    "travel": ("travel.Application",),
    "notifications": ("notifications.Message",),
}


def _identifiers(app: str) -> list:
    found: list = []
    for label in _TRIED.get(app, ()):
        found += apps.get_model(label)._default_manager.order_by("pk").values_list("public_id", flat=True)[:3]
    return found


def reads(path: str) -> bool:
    """Whether a page can be read at all; that the others answer 405 is shown once, in test_addresses.py."""
    return "GET" in getattr(view_at(path), "methods", ("GET",))


def view_at(path: str) -> Callable | None:
    """The view that answers there; None where no pattern fits, as with a word for a number."""
    try:
        return resolve(urlsplit(path).path).func
    except Resolver404:
        return None


@dataclass
class Crawl:
    """What somebody could obtain: texts by address, and for every address that was met what came of it."""

    texts: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    def in_channel(self, channel: str) -> dict[str, str]:
        return {path: text for path, text in self.texts.items() if channel_of(text) == channel}


CHANNELS = ("pages", "files", "feeds and exports")


def channel_of(text: str) -> str:
    kind = CONTENT_TYPE.search(text)
    if kind is None or kind[1].startswith("text/html"):
        return "pages"
    return "files" if kind[1] in ("application/pdf", "application/zip") else "feeds and exports"


def everything(
    client: Client, edition: Edition, *, most: int = 3, unwanted: Callable[[str], str] = lambda path: ""
) -> Crawl:
    """All text that `client` can obtain by GET: bodies, headers, and the insides of files.

    Args:
        most: how many rows of a kind are tried, beside those that links lead to.
        unwanted: why an address is left out, or nothing.
    """
    waiting = addresses(edition, most)
    crawl = Crawl()
    wordings = 0
    while waiting:
        path = waiting.pop()
        if path in crawl.statuses or path in crawl.left_out:
            continue
        wordings += bool(WORDING.search(path))
        too_many = wordings > MOST_WORDINGS and WORDING.search(path)
        reason = "does not take GET" if not reads(path) else "like others of its view" if too_many else unwanted(path)
        if reason:
            crawl.left_out[path] = reason
            continue
        response = client.get(path)
        assert response.status_code < 500, f"{response.status_code} at {path}"
        text = text_of(response)
        crawl.texts[path], crawl.statuses[path] = text, response.status_code
        if "text/html" in response.headers.get("Content-Type", "") and response.status_code == 200:
            waiting += _links(path, text)
    return crawl


def _links(base: str, html: str) -> Iterator[str]:
    for href in HREF.findall(html):
        parts = urlsplit(urljoin(base, href))
        # Of filtered, sorted and paged forms of a list only its exports are read: they show the same rows.
        exports = not parts.query or re.fullmatch(r"(?:format|export|authors)=\w+", parts.query)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        if exports and not parts.netloc and not SKIPPED.match(target.lstrip("/")) and target.startswith("/"):
            yield target


def once_for_each(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The page for what does not exist, made once for each person who meets it."""
    made: dict[tuple, bytes] = {}

    def known(request: HttpRequest, exception: Exception) -> HttpResponse:
        viewer = request.viewer
        key = (connection.alias, viewer.user and viewer.user.pk, viewer.edition and viewer.edition.pk, viewer.watcher)
        if key not in made:
            made[key] = page(request, exception).content
        return HttpResponse(made[key], status=404)

    return known


def text_of(response: HttpResponseBase) -> str:
    """What a person finds in a response: headers, body, and the text and metadata within files."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.headers.get("Content-Type", "")
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    if kind.startswith("application/pdf"):
        return f"{headers}\n{_pdf_text(body)}"
    if body[:2] == b"PK":
        archive = zipfile.ZipFile(io.BytesIO(body))
        return headers + "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return f"{headers}\n{unescape(body.decode('utf-8', 'replace'))}"


def _pdf_text(body: bytes) -> str:
    document = pypdfium2.PdfDocument(body)
    pages = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    document.close()
    with pikepdf.open(io.BytesIO(body)) as pdf:
        metadata = [str(value) for value in pdf.docinfo.values()]
        xmp = pdf.Root.Metadata.read_bytes().decode("utf-8", "replace") if "/Metadata" in pdf.Root else ""
    return "\n".join([*pages, *metadata, xmp])
