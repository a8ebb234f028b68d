"""Puts the viewer on every request, and resolves the edition that an address names."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from ml4rs.editions.models import Edition
from ml4rs.editions.policy import may_see_edition
from ml4rs.editions.view_as import viewer_of
from ml4rs.editions.viewer import Viewer
from ml4rs.editions.views.errors import bad_request, closed_to_watchers, frozen
from ml4rs.editions.views.guards import (
    is_closed_to_watchers,
    is_shut,
    needs_sign_in,
    to_sign_in,
    uses_own_eyes,
)

_NUL = "There is a NUL character in it, which no name or text has."
_READING = ("GET", "HEAD", "OPTIONS")
LONGEST_UPLOAD = timedelta(hours=1)


def arrival(request: HttpRequest) -> datetime:
    """When the request reached the house: an upload begun before a deadline is in time, however slow its line.

    Our proxy takes an upload in before it passes it on, and says how long that took. Without a proxy that
    overwrites this header anybody could send it, so then it means nothing.
    """
    now = timezone.now()
    if not settings.SECURE_PROXY_SSL_HEADER:
        return now
    try:
        elapsed = timedelta(seconds=float(request.headers.get("X-Request-Elapsed", "0")))
    except (ValueError, OverflowError):
        return now
    return now - min(max(elapsed, timedelta()), LONGEST_UPLOAD)


def has_nul(fields: QueryDict) -> bool:
    """Whether there is the character that PostgreSQL can neither keep nor look for."""
    return any("\0" in value for _, values in fields.lists() for value in values)


def _why_closed(request: HttpRequest, view) -> str:
    """Why somebody who looks through other eyes does not get this page; empty where they do."""
    request.META.pop("HTTP_IF_NONE_MATCH", None)  # their own copy of a page is not what these eyes would see
    if request.method not in _READING:
        return "Nothing can be changed while you look through somebody's eyes, so nothing was."
    if needs_sign_in(view) and not request.viewer.is_signed_in:
        return "Whoever is not signed in is asked to sign in here."
    if is_closed_to_watchers(view):
        return "This page may hold what only its reader knows, so it stays closed to you."
    return ""


class ViewerMiddleware:
    """Sets `request.viewer`; takes `edition_slug` out of the URL arguments and answers 404 for unknown ones.

    A hidden edition and a missing one are refused with the same words. Whoever is not signed in is sent to
    sign in from the pages of both that are for people who are: it may be an organiser whose session ended.
    Of a frozen edition only the public pages are open. Whoever looks through somebody's eyes reads, changing nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.arrived_at = arrival(request)
        request.viewer = Viewer.of(request.user, None, request.arrived_at)
        response = self.get_response(request)
        if request.viewer.is_watched:
            response.headers["Cache-Control"] = "private, no-store"
        return response

    def process_view(self, request: HttpRequest, view, view_args, view_kwargs) -> HttpResponse | None:
        slug = view_kwargs.pop("edition_slug", None)
        if slug is None:
            return None
        edition = Edition.objects.filter(slug=slug).first()
        viewer = viewer_of(request, edition)
        if uses_own_eyes(view):
            viewer = viewer.watcher or viewer
        if viewer.is_watched:
            request.viewer = viewer  # a refusal too says through whose eyes one looks
        if not may_see_edition(viewer):
            if not viewer.is_signed_in and not viewer.is_watched and needs_sign_in(view):
                return to_sign_in(request)
            raise Http404
        request.viewer = viewer
        if viewer.is_watched and (why := _why_closed(request, view)):
            return closed_to_watchers(request, why)
        return frozen(request, edition) if edition.frozen_at and is_shut(view) else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Forms and lists have their own answer to the character; here is what no form reads."""
        if isinstance(exception, DataError) and ("\0" in request.path or has_nul(request.GET) or has_nul(request.POST)):
            return bad_request(request, BadRequest(_NUL))
        return None
