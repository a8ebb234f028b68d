"""What the views of this app have in common: doors, trying a verb, and keeping what was typed."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from ml4rs.editions.models import Role
from ml4rs.editions.views.guards import role_required
from reviews.models import Reviewer
from reviews.queries.reviews import membership
from submissions.models import Submission

organisers_only = role_required(Role.Name.ORGANISER)
# What is about single papers: each sees those that are theirs to handle.
chairs_only = role_required(Role.Name.ORGANISER, Role.Name.DEPUTY)
reviewers_only = role_required(Role.Name.REVIEWER)

_MOST_TYPED = 400_000  # characters kept for somebody who was signed out while typing


def to(request: HttpRequest, name: str, *arguments: str, query: str = "") -> HttpResponseRedirect:
    """Redirect to a page of this app in the same edition."""
    return redirect(address(request, name, *arguments) + (f"?{query}" if query else ""))


def address(request: HttpRequest, name: str, *arguments: str) -> str:
    return reverse(f"reviews:{name}", args=[request.viewer.edition.slug, *arguments])


def member_or_404(request: HttpRequest) -> Reviewer:
    reviewer = membership(request.viewer)
    if reviewer is None:
        raise Http404
    return reviewer


def chairs_paper_or_404(request: HttpRequest, pid: str) -> Submission:
    """The paper for organisers without conflict; for all others this page does not exist."""
    seen = Submission.objects.seen_by(request.viewer).select_related("track", "edition")
    submission = seen.filter(public_id=pid, is_chair=True, track__is_reviewed=True).first()
    if submission is None:
        raise Http404
    return submission


def chosen(request: HttpRequest) -> dict[str, str]:
    """What the reader asked a list for: the parameters that it takes, empty where not given."""
    return {name: request.GET.get(name, "") for name in request.takes}


def page_of(request: HttpRequest, rows: QuerySet | list, size: int = 50) -> tuple[Page, str]:
    """The page that was asked for (the nearest one if there is none), and the query without its number."""
    query = request.GET.copy()
    number = query.pop("page", ["1"])[-1]
    return Paginator(rows, size).get_page(number), query.urlencode()


def revision_of(request: HttpRequest) -> int:
    """The revision that a form was opened with; one that never fits where it is missing."""
    given = request.POST.get("revision", "")
    return int(given) if given.isdecimal() and len(given) < 10 else -1


def keeps_what_was_typed(page: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Somebody whose session ended while typing signs in again, comes to this page and finds the text as it was."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapper(request: HttpRequest, **ids: str) -> HttpResponse:
            if request.viewer.is_signed_in or request.method != "POST":
                return view(request, **ids)
            typed = request.POST.urlencode()
            if len(typed) <= _MOST_TYPED:
                request.session[_kept(page, *ids.values())] = typed
            sign_in = reverse("account_login") + "?" + urlencode({"next": address(request, page, *ids.values())})
            if request.headers.get("HX-Request"):
                return render(request, "reviews/_signed_out.html", {"sign_in": sign_in})
            return redirect(sign_in)

        return wrapper

    return decorate


def _kept(page: str, *ids: str) -> str:
    return ":".join(["typed", page, *ids])


def take_typed(request: HttpRequest, page: str, *ids: str) -> QueryDict | None:
    """What was typed on a page before the session ended, once."""
    typed = request.session.pop(_kept(page, *ids), None)
    return QueryDict(typed) if typed else None
