"""Puts the viewer on every request, and resolves the edition that an address names."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from ml4rs.editions.models import Edition
from ml4rs.editions.policy import may_see_edition
from ml4rs.editions.viewer import Viewer

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


class ViewerMiddleware:
    """Sets `request.viewer`; takes `edition_slug` out of the URL arguments and answers 404 for unknown ones.

    A hidden edition and a missing one are refused with the same words.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.arrived_at = arrival(request)
        request.viewer = Viewer.of(request.user, None, request.arrived_at)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, view_args, view_kwargs) -> None:
        slug = view_kwargs.pop("edition_slug", None)
        if slug is None:
            return
        edition = Edition.objects.filter(slug=slug).first()
        viewer = Viewer.of(request.user, edition, request.arrived_at)
        if not may_see_edition(viewer):
            raise Http404
        request.viewer = viewer
