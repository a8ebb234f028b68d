"""Refusals in our words and our frame."""

from http import HTTPStatus

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ml4rs.editions.models import Edition
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.views.keeping import is_ours, keep


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    reason = str(exception) if isinstance(exception, BadRequest) else "The request was not complete."
    return render(request, "400.html", {"reason": reason}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    reason = str(exception) if isinstance(exception, NotAllowed) else "You may not do this."
    return render(request, "403.html", {"reason": reason}, status=403)


def frozen(request: HttpRequest, edition: Edition) -> HttpResponse:
    """Closed for everybody; what somebody was sending is kept for when it opens again."""
    is_kept = request.method == "POST" and is_ours(request) and keep(request)
    context = {"reason": edition.frozen_because, "is_kept": is_kept}
    return render(request, "editions/frozen.html", context, status=HTTPStatus.LOCKED)


def closed_to_watchers(request: HttpRequest, reason: str) -> HttpResponse:
    """What stays closed to whoever looks through somebody's eyes."""
    return render(request, "editions/closed_to_watchers.html", {"reason": reason}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """One wording for what does not exist and for what may not be seen."""
    return render(request, "404.html", status=404)


def expired_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token no longer fits, mostly after a session ended: it waits until its sender has signed in."""
    if is_ours(request) and keep(request):
        return redirect("editions:unsent")
    return render(request, "403_csrf.html", status=403)
