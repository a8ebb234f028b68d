"""Organisers, grants officers and staff prove themselves twice: their pages open once a second factor is set up."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ml4rs.accounts.factors import has_second_factor
from ml4rs.editions.registry import Duty, duties
from ml4rs.editions.viewer import Viewer

WORDS = "Organisers sign in with a second factor here. Set up an authenticator app or a passkey to go on."
_ROLE_PAGES = ("<slug:edition_slug>/organise/", "<slug:edition_slug>/grants/")


class SecondFactorMiddleware:
    """Sends people to the set-up page from a page that their resting role would open.

    The viewer already does without the resting role everywhere (`Viewer.resting_roles`); this only explains it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, view_args, view_kwargs) -> HttpResponse | None:
        if not (_is_stopped_at_admin(request) or _is_stopped_at_role_page(request)):
            return None
        messages.info(request, WORDS)
        return redirect("mfa_index")


def _is_stopped_at_role_page(request: HttpRequest) -> bool:
    return request.resolver_match.route.startswith(_ROLE_PAGES) and bool(request.viewer.resting_roles)


def _is_stopped_at_admin(request: HttpRequest) -> bool:
    match = request.resolver_match
    if not settings.REQUIRE_MFA or match.app_name != "admin" or match.url_name in ("login", "logout"):
        return False
    return request.user.is_authenticated and request.user.is_staff and not has_second_factor(request.user)


@duties.register
def second_factor_duty(viewer: Viewer) -> Iterable[Duty]:
    """A line on the desk of those whose role rests."""
    if viewer.resting_roles:
        detail = "Your role in this edition rests until then."
        yield Duty(title="Set up a second factor for signing in", url=reverse("mfa_index"), detail=detail)
