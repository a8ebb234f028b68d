"""Batches of mails: the list, one with its progress, stopping it and letting it go on."""

from collections.abc import Callable

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ml4rs.editions.models import Role
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.views.guards import methods, role_required, works_when_frozen
from ml4rs.notifications import batches

_STAFF = role_required(Role.Name.ORGANISER, Role.Name.GRANTS_OFFICER)


@methods("GET")
@_STAFF
@never_cache
@works_when_frozen
def recent(request: HttpRequest) -> HttpResponse:
    return render(request, "notifications/batches.html", {"batches": batches.recent(request.viewer)})


@methods("GET")
@_STAFF
@never_cache
@works_when_frozen
def batch(request: HttpRequest, batch_name: str) -> HttpResponse:
    """The whole page; only its moving part when the page itself asks."""
    found = batches.batch_seen_by(request.viewer, batch_name)
    if found is None:
        raise Http404
    template = "notifications/_batch.html" if request.htmx else "notifications/batch.html"
    return render(request, template, {"batch": found})


@methods("POST")
@_STAFF
@works_when_frozen
def stop(request: HttpRequest, batch_name: str) -> HttpResponse:
    return _done(request, batch_name, batches.stop, "stopped")


@methods("POST")
@_STAFF
@works_when_frozen
def go_on(request: HttpRequest, batch_name: str) -> HttpResponse:
    return _done(request, batch_name, batches.go_on, "on the way")


def _done(request: HttpRequest, batch_name: str, verb: Callable[..., int], word: str) -> HttpResponse:
    try:
        count = verb(batch_name, by=request.viewer)
    except NotAllowed:
        raise Http404 from None
    if count:
        notes.success(request, f"{count} mail{'s' if count != 1 else ''} {word}.")
    else:
        notes.warning(request, "Nothing was left to do: all of it has moved on meanwhile.")
    return redirect("notifications:batch", request.viewer.edition.slug, batch_name)
