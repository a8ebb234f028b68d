"""Puts the viewer on every request, and resolves the edition that an address names."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from ml4rs.editions.models import Edition
from ml4rs.editions.policy import may_see_edition
from ml4rs.editions.viewer import Viewer


class ViewerMiddleware:
    """Sets `request.viewer`; takes `edition_slug` out of the URL arguments and answers 404 for unknown ones.

    A hidden edition and a missing one are refused with the same words.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.arrived_at = timezone.now()
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
