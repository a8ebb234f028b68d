"""Doors of views: who may come in at all. What they may see inside is decided by policies and queries."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed

from ml4rs.editions.models import Role

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Sends a stranger to sign in and back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.viewer.is_signed_in:
            return redirect_to_login(_way_back(request))
        return view(request, *args, **kwargs)

    return guarded


def _way_back(request: HttpRequest) -> str:
    """The page itself, or for a POST the page that it was sent from if that is ours."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    origin = f"{request.scheme}://{request.get_host()}"
    referrer = request.headers.get("Referer", "")
    return referrer.removeprefix(origin) if referrer.startswith(f"{origin}/") else request.path


def role_required(*names: Role.Name) -> Callable[[View], View]:
    """Lets in who has one of the roles in this edition; for all others the page does not exist."""

    def decorate(view: View) -> View:
        @signed_in
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.viewer.roles & set(names):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def methods(*allowed: str) -> Callable[[View], View]:
    """Answers 405 to other methods; HEAD comes with GET."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            asked = "GET" if request.method == "HEAD" else request.method
            if asked not in allowed:
                return HttpResponseNotAllowed(allowed)
            return view(request, *args, **kwargs)

        return guarded

    return decorate
