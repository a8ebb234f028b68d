"""The signed-in home, which is what one owes, and the overview, which is where the edition stands."""

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ml4rs.editions import queries
from ml4rs.editions.models import Role
from ml4rs.editions.registry import duties, figures
from ml4rs.editions.views.guards import methods, open_to_watchers, role_required, signed_in

_ORDER = {"open": 0, "waiting": 1, "done": 2}


@methods("GET")
@signed_in
@never_cache
@open_to_watchers
def desk(request: HttpRequest) -> HttpResponse:
    viewer = request.viewer
    found = [duty for source in duties for duty in source(viewer)]
    found.sort(key=lambda duty: (_ORDER[duty.state], duty.due is None, duty.due or viewer.now))
    context = {
        "owed": [duty for duty in found if duty.state == "open"],
        "waiting": [duty for duty in found if duty.state == "waiting"],
        "done": [duty for duty in found if duty.state == "done"],
        "next_milestone": queries.next_milestone(viewer),
    }
    return render(request, "editions/desk.html", context)


@methods("GET")
@role_required(Role.Name.ORGANISER, Role.Name.DEPUTY, Role.Name.GRANTS_OFFICER, Role.Name.SCHEDULE_EDITOR)
@never_cache
@open_to_watchers
def organise(request: HttpRequest) -> HttpResponse:
    """The figures of everybody who runs a part of the edition: each source knows whom its numbers are for."""
    viewer = request.viewer
    found = sorted((figure for source in figures for figure in source(viewer)), key=lambda figure: figure.position)
    groups = [(name, list(rows)) for name, rows in groupby(found, key=lambda figure: figure.group)]
    dates = queries.milestones if viewer.is_organiser else queries.public_milestones
    context = {"groups": groups, "milestones": dates(viewer.edition)}
    return render(request, "editions/organise.html", context)
