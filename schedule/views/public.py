"""The programme as everybody sees it: the page, and its feeds. All of it comes from the newest release."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.safestring import mark_safe

from ml4rs.editions.models import Edition
from ml4rs.editions.registry import menu_of
from ml4rs.editions.views.guards import methods, takes
from ml4rs.notifications.links import absolute
from schedule.actions import MOST_STARS
from schedule.exports import Programme, Session
from schedule.exports.frab import About
from schedule.exports.frab import to_json as to_frab_json
from schedule.exports.frab import to_xml as to_frab_xml
from schedule.feeding import calendar_of, domain, link_in, venue_of
from schedule.models import Session as SessionRow
from schedule.presenting import BOARDS_IN_ROW, board_rows, days, kinds_of, place_of, rooms_of
from schedule.queries.published import (
    Asked,
    Published,
    found_in,
    now_and_next,
    papers_about,
    papers_saying,
    picked,
    published,
)

_KEEP = 24 * 60 * 60
_LONGEST_SEARCH = 100


def _tag(*parts: object) -> str:
    return quote_etag(sha256("\0".join(map(str, parts)).encode()).hexdigest()[:24])


def _unchanged_or(request: HttpRequest, tag: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """304 where the reader has this already, else the answer with its tag."""
    not_modified = get_conditional_response(request, etag=tag)
    response = not_modified if not_modified is not None else answer()
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "no-cache"  # keep it, but ask whether it still holds
    return response


@methods("GET")
@takes("kind", "q", "room", "topic")
def programme(request: HttpRequest) -> HttpResponse:
    """The timeline, with search and a filter by kind that work without script."""
    viewer = request.viewer
    found = published(viewer.edition, viewer.earliest)
    if found is None:
        return render(request, "schedule/nothing_yet.html")
    topics = list(viewer.edition.topics.values_list("slug", "name"))
    asked = _asked(request, found, topics)
    running, following = now_and_next(found.programme, viewer.now)

    def answer() -> HttpResponse:
        context = {
            "published": found,
            "timeline": _timeline(found, viewer.edition, asked),
            "running": running,
            "following": following,
            "asked": asked,
            "kinds": kinds_of(found.programme),
            "rooms": rooms_of(found.programme),
            "topics": topics,
            "place": place_of(found.programme.zone),
        }
        return render(request, "schedule/programme.html", context)

    if viewer.is_signed_in or "messages" in request.COOKIES or request.session.get("_messages"):
        return answer()
    return _unchanged_or(request, _page_tag(request, found, running, following, topics), answer)


@methods("GET")
def board_map(request: HttpRequest, pid: str) -> HttpResponse:
    """How the boards of a poster session stand in its room, and what hangs where."""
    viewer = request.viewer
    found = published(viewer.edition, viewer.earliest)
    session = next(iter(found.programme.only(pid).sessions), None) if found else None
    if session is None or session.kind != SessionRow.Kind.POSTERS:
        raise Http404
    room = viewer.edition.rooms.filter(name=session.room).first()
    context = {"session": session, "rows": board_rows(session, room.boards_in_row if room else BOARDS_IN_ROW)}
    return render(request, "schedule/board_map.html", context)


def _asked(request: HttpRequest, found: Published, topics: list[tuple[str, str]]) -> Asked:
    """What the reader looks for; kinds, rooms and topics that do not occur change nothing."""
    kind, room = request.GET.get("kind", ""), request.GET.get("room", "")
    topic, text = request.GET.get("topic", ""), request.GET.get("q", "").replace("\0", "").strip()[:_LONGEST_SEARCH]
    topic = topic if topic in dict(topics) else ""
    return Asked(
        kind if kind in SessionRow.Kind.values else "",
        text,
        room if room in rooms_of(found.programme) else "",
        topic,
        papers_about(found.release, topic) if topic else frozenset(),
        papers_saying(found.release, text) if text else frozenset(),
    )


def _page_tag(
    request: HttpRequest,
    found: Published,
    running: list[Session],
    following: Session | None,
    topics: list[tuple[str, str]],
) -> str:
    """Everything that an anonymous reader's page is made of: release, frame, style, and what runs now."""
    edition = request.viewer.edition
    frame = [(entry.label, entry.url) for entry in menu_of(request.viewer)]
    moment = [session.id for session in running], following.id if following else ""
    names = (edition.name, edition.short_name, edition.host, edition.venue, edition.city)
    return _tag(
        found.key, request.get_full_path(), names, frame, moment, topics, static("css/ml4rs.css"), settings.SITE_URL
    )


def _timeline(found: Published, edition: Edition, asked: Asked) -> str:
    """The heavy part of the page, kept for each release; a search is made anew."""

    def made() -> str:
        shown = found_in(found.programme, asked)
        context = {"days": days(shown), "edition": edition, "asked": asked, "place": place_of(shown.zone)}
        return render_to_string("schedule/_timeline.html", context)

    if asked.text or asked.topic:
        return made()
    part = sha256(f"{asked.kind}:{asked.room}".encode()).hexdigest()[:12]
    kept = cache.get_or_set(f"timeline:{found.key}:{edition.slug}:{part}", made, _KEEP)
    return mark_safe(kept)  # noqa: S308 - it is our own template's output


def _feed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Finds the newest release, answers 304 to those who have it, and lets any site read what is public anyway."""

    @wraps(view)
    def wrapper(request: HttpRequest, **kwargs: str) -> HttpResponse:
        viewer = request.viewer
        found = published(viewer.edition, viewer.earliest)
        if found is None:
            raise Http404
        edition = viewer.edition
        facts = (edition.short_name, edition.host, edition.venue, edition.city, settings.SITE_URL)
        tag = _tag(found.key, request.get_full_path(), facts)
        response = _unchanged_or(request, tag, lambda: view(request, found, **kwargs))
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return wrapper


@methods("GET")
@takes("session", "only")
@_feed
def ics(request: HttpRequest, found: Published) -> HttpResponse:
    """The whole programme for a calendar, one session of it, or what a reader starred."""
    if starred := request.GET.get("only", ""):
        return as_calendar(request, found, picked(found.programme, set(starred.split(".")[:MOST_STARS])), "starred")
    return _calendar(request, found, request.GET.get("session", ""))


@methods("GET")
@_feed
def session_ics(request: HttpRequest, found: Published, pid: str) -> HttpResponse:
    return _calendar(request, found, pid)


def _calendar(request: HttpRequest, found: Published, session_id: str) -> HttpResponse:
    shown = found.programme
    if session_id:
        shown = shown.only(session_id)
        if not shown.sessions:
            raise Http404
    return as_calendar(request, found, shown, session_id)


def as_calendar(request: HttpRequest, found: Published, shown: Programme, part: str) -> HttpResponse:
    """Part of what is published, for a calendar; `part` names the file."""
    edition = request.viewer.edition
    content = calendar_of(edition, shown, version=found.version, published_at=found.published_at)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    name = f"{edition.slug}-{part}" if part else edition.slug
    response.headers["Content-Disposition"] = f'inline; filename="{name}.ics"'
    return response


@methods("GET")
@_feed
def programme_json(request: HttpRequest, found: Published) -> HttpResponse:
    """The release as data, for other programs."""
    edition = request.viewer.edition
    data = {
        "edition": edition.slug,
        "name": str(edition),
        "venue": venue_of(edition),
        "version": found.version,
        "published_at": found.published_at,
        "url": absolute("schedule:programme", edition.slug),
        **found.programme.to_data(),
    }
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False})


@methods("GET")
@_feed
def frab_xml(request: HttpRequest, found: Published) -> HttpResponse:
    """The release in frab's XML, for apps that follow conferences."""
    content = to_frab_xml(found.programme, _about(request.viewer.edition, found))
    return HttpResponse(content, content_type="application/xml; charset=utf-8")


@methods("GET")
@_feed
def frab_json(request: HttpRequest, found: Published) -> HttpResponse:
    """The same in frab's JSON."""
    data = to_frab_json(found.programme, _about(request.viewer.edition, found))
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False})


def _about(edition: Edition, found: Published) -> About:
    return About(
        acronym=edition.slug,
        title=str(edition),
        domain=domain(),
        version=found.version,
        url=absolute("schedule:programme", edition.slug),
        link=link_in(edition),
    )
