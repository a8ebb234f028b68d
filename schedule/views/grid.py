"""The time grid and the lists of the editor: by pointer, by keyboard, and by plain forms on the other pages."""

from collections.abc import Callable
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache

from ml4rs.editions.models import Edition
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.views.guards import methods, open_to_watchers
from schedule import actions
from schedule.forms import GridForm, ListsForm
from schedule.grid import grid_of
from schedule.presenting import days, place_of
from schedule.queries import draft_programme
from schedule.queries.draft import Draft
from schedule.views.editor import editors_only, session_of, slot_of, to

_LONGEST_WORKSHOP = 14  # days shown even while they are empty


@editors_only
@methods("GET")
@never_cache
@open_to_watchers
def grid(request: HttpRequest) -> HttpResponse:
    """The draft by day and room."""
    draft = draft_programme(request.viewer)
    laid = days(draft.programme)
    rooms = list(request.viewer.edition.rooms.values_list("slug", "name"))
    context = {
        "draft": draft,
        "days": grid_of(laid, rooms, _days_of(request.viewer.edition)),
        "undated": [block.session for day in laid if day.date is None for block in day.blocks],
        "place": place_of(draft.programme.zone),
        **_state(request, draft),
    }
    return render(request, "schedule/grid.html", context)


@editors_only
@methods("GET")
@never_cache
@open_to_watchers
def lists(request: HttpRequest) -> HttpResponse:
    """What is in each session, and the papers without a place, side by side."""
    draft = draft_programme(request.viewer)
    blocks = [block for day in days(draft.programme) for block in day.blocks if not block.is_pause]
    return render(request, "schedule/lists.html", {"draft": draft, "blocks": blocks, **_state(request, draft)})


def _days_of(edition: Edition) -> list[date]:
    if edition.starts_on is None:
        return []
    length = ((edition.ends_on or edition.starts_on) - edition.starts_on).days + 1
    return [edition.starts_on + timedelta(days=n) for n in range(min(length, _LONGEST_WORKSHOP))]


def _state(request: HttpRequest, draft: Draft) -> dict:
    """What a move may change around it: what wants a look, and what can be undone."""
    return {
        "clashes": [each for each in draft.warnings if each.kind != "unplaced"],
        "step": actions.last_step(request.viewer),
        "home": request.resolver_match.url_name if request.method == "GET" else _home(request),
    }


def _home(request: HttpRequest) -> str:
    asked = request.POST.get("home")
    return asked if asked in ("grid", "lists", "editor") else "editor"


@editors_only
@methods("POST")
def move_session(request: HttpRequest, pid: str) -> HttpResponse:
    """A session to another time or room."""
    row = session_of(request, pid)
    form = GridForm(request.POST, edition=request.viewer.edition)
    if not form.is_valid():
        return _refused(request, " ".join(error for errors in form.errors.values() for error in errors))
    given = form.cleaned_data

    def verb() -> str:
        times = given["starts_at"], given["ends_at"]
        moved = actions.move_session(row, given["room"], *times, by=request.viewer, shift=given["shift"])
        followed = f" {moved} session{'s' if moved != 1 else ''} moved with it." if moved else ""
        return f"“{row.title}” is at {form.in_words()}.{followed}"

    return _answer(request, verb)


@editors_only
@methods("POST")
def move_item(request: HttpRequest) -> HttpResponse:
    """A talk, a poster or a paper without a place to a place in a session, or out of its session."""
    form = ListsForm(request.POST)
    if not form.is_valid():
        return _refused(request, "This move could not be understood. Load the page again.")
    given = form.cleaned_data
    slot = slot_of(request, given["item"]) if given["item"] else None
    session = session_of(request, given["session"]) if given["session"] else None

    def verb() -> str:
        if session is None and slot is not None:
            actions.remove_slot(slot, by=request.viewer)
            return "Taken out of the session."
        if slot is not None:
            actions.move_item(slot, session, given["index"], by=request.viewer)
        else:
            actions.place_at(given["paper"], session, given["index"], by=request.viewer)
        return f"Now in “{session.title}”."

    return _answer(request, verb)


@editors_only
@methods("POST")
def undo(request: HttpRequest) -> HttpResponse:
    """Take back what this editor did last."""
    return _answer(request, lambda: f"Undone: {actions.undo(request.viewer.edition, by=request.viewer)}.")


def _answer(request: HttpRequest, verb: Callable[[], str]) -> HttpResponse:
    """Do it and say what happened: as data for the page's script, else on the page that follows."""
    try:
        said = verb()
    except NotAllowed as refusal:
        return _refused(request, str(refusal))
    if not _wants_data(request):
        messages.success(request, said)
        return to(request, _home(request))
    draft = draft_programme(request.viewer)
    context = {**_state(request, draft), "edition": request.viewer.edition}
    around = render_to_string("schedule/_around.html", context, request)
    return JsonResponse({"said": said, "around": around, "cells": _cells(request, draft)})


def _refused(request: HttpRequest, words: str) -> HttpResponse:
    if _wants_data(request):
        return JsonResponse({"said": words}, status=409)
    messages.error(request, words)
    return to(request, _home(request))


def _cells(request: HttpRequest, draft: Draft) -> list[dict]:
    """Where each session is now, since a move may have moved others."""
    rooms = list(request.viewer.edition.rooms.values_list("slug", "name"))
    return [
        {"id": cell.session.id, "day": day.date, "room": column.slug, "starts": cell.starts, "ends": cell.ends}
        for day in grid_of(days(draft.programme), rooms, ())
        for column in day.columns
        for cell in column.cells
    ]


def _wants_data(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"
