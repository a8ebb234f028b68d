"""What the views of this app have in common: finding the paper, trying a verb, keeping what was typed."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from ml4rs.editions.viewer import Viewer
from submissions.models import Submission
from submissions.queries import seen_or_none

_MOST_TYPED = 100_000  # characters kept for somebody who was signed out while typing


def seen_or_404(viewer: Viewer, pid: str) -> Submission:
    """The paper, or the same refusal for what does not exist and what may not be seen."""
    submission = seen_or_none(viewer, pid)
    if submission is None:
        raise Http404
    return submission


def author_or_404(viewer: Viewer, pid: str) -> Submission:
    """The paper for its authors; for all others this page does not exist."""
    submission = seen_or_404(viewer, pid)
    if not submission.is_author:
        raise Http404
    return submission


def chaired_or_404(viewer: Viewer, pid: str) -> Submission:
    """The paper for organisers without conflict; for all others this page does not exist."""
    submission = seen_or_404(viewer, pid)
    if not submission.is_chair:
        raise Http404
    return submission


def url_of(request: HttpRequest, name: str, *arguments: str) -> str:
    return reverse(f"submissions:{name}", args=[request.viewer.edition.slug, *arguments])


def to_paper(request: HttpRequest, pid: str) -> HttpResponseRedirect:
    return redirect(url_of(request, "detail", pid))


def keeps_what_was_typed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Somebody whose session ended while typing signs in again and finds the text as it was."""

    @wraps(view)
    def wrapper(request: HttpRequest, pid: str, **kwargs) -> HttpResponse:
        if request.viewer.is_signed_in or request.method != "POST":
            return view(request, pid, **kwargs)
        typed = request.POST.urlencode()
        if len(typed) <= _MOST_TYPED:
            request.session[f"typed:{pid}"] = typed
        sign_in = reverse("account_login") + "?" + urlencode({"next": request.path})
        if request.headers.get("HX-Request"):
            return render(request, "submissions/_save_state.html", {"sign_in": sign_in, "problem": "", "form": None})
        return redirect(sign_in)

    return wrapper


def take_typed(request: HttpRequest, pid: str) -> QueryDict | None:
    """What was typed before the session ended, once."""
    typed = request.session.pop(f"typed:{pid}", None)
    return QueryDict(typed) if typed else None
