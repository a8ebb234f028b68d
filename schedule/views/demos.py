"""Live demos: places, the waiting list, and needs."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods
from schedule import actions
from schedule.queries.demos import demos
from schedule.views.editor import editors_only, to


@editors_only
@methods("GET", "POST")
@never_cache
def demo_list(request: HttpRequest) -> HttpResponse:
    """All accepted demos in the order in which they get places; a POST moves one."""
    viewer = request.viewer
    if request.method == "POST":
        track = viewer.edition.tracks.filter(kind="demo", public_id=request.POST.get("track", "")).first()
        if track is None:
            raise Http404
        direction = "up" if request.POST.get("direction") == "up" else "down"
        pid = request.POST.get("demo", "")
        attempt(request, lambda: actions.move_demo(track, pid, direction, by=viewer), f"Moved {direction}.")
        return to(request, "demos")
    return render(request, "schedule/demos.html", {"groups": demos(viewer)})
