"""Doors of views: who may come in at all. What they may see inside is decided by policies and queries."""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from ml4rs.editions.models import Role
from ml4rs.editions.viewer import Viewer
from ml4rs.editions.views.keeping import keep

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Sends a stranger to sign in and back; a form that was sent with a session that ended waits for them."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.viewer.is_signed_in:
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    guarded.needs_sign_in = True
    return guarded


def needs_sign_in(view: View) -> bool:
    """Whether a view sends strangers to sign in, whatever else it would answer."""
    return getattr(view, "needs_sign_in", False)


def rests_when_frozen(view: View) -> View:
    """For pages that need no sign-in and are not public either, such as an answer by a personal link."""
    view.rests_when_frozen = True
    return view


def works_when_frozen(view: View) -> View:
    """For what organisers need while their edition is frozen: to say so, to see what happened, to let go."""
    view.works_when_frozen = True
    return view


def open_to_watchers(view: View) -> View:
    """For pages that an organiser may see through the eyes of somebody else: all they show is guarded by sight."""
    view.open_to_watchers = True
    return view


def with_own_eyes(view: View) -> View:
    """For what organisers do as themselves even while they look through somebody's eyes."""
    view.with_own_eyes = True
    return view


def uses_own_eyes(view: View) -> bool:
    return getattr(view, "with_own_eyes", False)


def is_closed_to_watchers(view: View) -> bool:
    """Closed unless said otherwise: a page that is not public may hold what is its reader's alone."""
    inside = needs_sign_in(view) or getattr(view, "rests_when_frozen", False)
    return inside and not getattr(view, "open_to_watchers", False)


def is_shut(view: View) -> bool:
    """Whether a page is closed while its edition is frozen: all are but public ones and what organisers need."""
    inside = needs_sign_in(view) or getattr(view, "rests_when_frozen", False)
    return inside and not getattr(view, "works_when_frozen", False)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back; where a part of a page was asked for, the whole page goes."""
    answer = redirect_to_login(_way_back(request))
    return HttpResponseClientRedirect(answer.url) if request.htmx else answer


def _way_back(request: HttpRequest) -> str:
    """The page itself; for a POST the form that waits, or else the page that it was sent from if that is ours."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    # Where the token is not checked yet, the body is not read yet either, and no stranger makes us read it.
    if getattr(request, "csrf_processing_done", False) and keep(request):
        return reverse("editions:unsent")
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

        guarded.admits = frozenset(names)
        return guarded

    return decorate


def may_enter(view: View, viewer: Viewer) -> bool:
    """Whether a view's doors open for somebody; what they find behind them is another matter."""
    if not needs_sign_in(view):
        return True
    admits = getattr(view, "admits", None)
    return viewer.is_signed_in and (admits is None or bool(viewer.roles & admits))


def methods(*allowed: str) -> Callable[[View], View]:
    """Answers 405 to other methods; HEAD comes with GET. A view says by `methods` which it takes."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            asked = "GET" if request.method == "HEAD" else request.method
            if asked not in allowed:
                return HttpResponseNotAllowed(allowed)
            return view(request, *args, **kwargs)

        guarded.methods = allowed
        return guarded

    return decorate


def takes(*names: str, also: Callable[..., Iterable[str]] | None = None) -> Callable[[View], View]:
    """Declares what may stand in the query of a page; a view without it takes nothing.

    `also` says from the identifiers in the address what else is taken, where that is known by a table only.
    """

    def decorate(view: View) -> View:
        def taken(**ids: Any) -> frozenset[str]:
            return frozenset(names) | frozenset(also(**ids) if also else ())

        view.takes = taken
        return view

    return decorate


def taken_by(view: View, ids: Mapping[str, Any]) -> frozenset[str]:
    """The parameters that a view declares, for the page with these identifiers."""
    taken = getattr(view, "takes", None)
    return taken(**ids) if taken else frozenset()
