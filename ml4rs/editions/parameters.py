"""What stands in a page's query and was not declared: ignored where strangers read, refused on all other pages."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.db import DataError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict

from ml4rs.editions.views.errors import bad_request
from ml4rs.editions.views.guards import may_enter, needs_sign_in, taken_by

_OURS = ("ml4rs", "submissions", "reviews", "schedule", "travel")
_MOST_NAMED, _LONGEST_NAME = 5, 40


class ParametersMiddleware:
    """Holds every page of ours to the parameters that its view declares with `takes`, which `request.takes` has then.

    Links to pages that strangers may read are shared with the additions of trackers: those pages never see what they
    do not take, whoever reads them. On pages inside, a filter that is silently ignored would show the wrong rows.
    The last middleware: who comes in at all has been settled before.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, view_args, view_kwargs) -> HttpResponseBase | None:
        if not _is_ours(view):
            return None
        request.takes = taken_by(view, view_kwargs)
        undeclared = sorted(set(request.GET) - request.takes)
        if not undeclared:
            return None
        if not needs_sign_in(view):
            _narrow(request)
            return None
        if not may_enter(view, request.viewer):
            return None  # the view sends them to sign in, or says that there is nothing, as it does without
        if request.method in ("GET", "HEAD"):
            _narrow(request)
            return _tried(request, undeclared, lambda: view(request, *view_args, **view_kwargs))
        if request.method in getattr(view, "methods", (request.method,)):
            return _refused(
                request, undeclared
            )  # before any row is looked for: what exists and what does not answer alike
        return None


def _is_ours(view) -> bool:
    """Libraries' pages have their own ways with queries; where one of them declares, it is held to that too."""
    return hasattr(view, "takes") or view.__module__.partition(".")[0] in _OURS


def _narrow(request: HttpRequest) -> None:
    """Take out what the page does not take, so that neither its links nor its tag can repeat it."""
    parts = request.META["QUERY_STRING"].split("&")
    kept = [part for part in parts if part and set(QueryDict(part, encoding=request.encoding)) <= request.takes]
    request.META["QUERY_STRING"] = "&".join(kept)
    request.GET = QueryDict(request.META["QUERY_STRING"], encoding=request.encoding)


def _tried(
    request: HttpRequest, undeclared: list[str], read: Callable[[], HttpResponseBase]
) -> HttpResponseBase | None:
    """The page's own answer where it shows nothing; where it would, nothing is kept of the reading.

    Only the view knows whether this person may read this row, and the refusal is for them alone.
    """
    session, was_modified = dict(request.session.items()), request.session.modified
    try:
        with transaction.atomic():
            response = read()
            is_shown = response.status_code < 300 or response.status_code == 304
            transaction.set_rollback(is_shown)
    except DataError:
        return None  # the view meets it again, outside of a transaction, and the answer to it is given there
    if not is_shown:
        return response
    if file := getattr(response, "file_to_stream", None):
        file.close()
    request.session.update(session)
    request.session.modified = was_modified
    return _refused(request, undeclared)


def _refused(request: HttpRequest, undeclared: list[str]) -> HttpResponse:
    """In our words also where Django would show its own page of a BadRequest, in debug mode."""
    names = ", ".join(name[:_LONGEST_NAME] for name in undeclared[:_MOST_NAMED])
    words = f"This page has no filter or other parameter called {names}. Take that out of the address."
    return bad_request(request, BadRequest(words))
