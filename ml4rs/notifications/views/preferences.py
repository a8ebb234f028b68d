"""What somebody wants to be told: the link in each mail, and the page of a signed-in person."""

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from ml4rs.editions.views.guards import methods, signed_in
from ml4rs.notifications import calendar_feed
from ml4rs.notifications.preferences import LABELS, switch, switched_off, way_out


@csrf_exempt  # RFC 8058: the reader's mail provider posts here, without a session; the signed link is the proof
@methods("GET", "POST")
@never_cache
def link(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what the link would do, since mail scanners follow links; POST does it."""
    found = way_out(token)
    if found is None:
        raise Http404
    if request.method == "POST":
        switch([found.address], found.category, on=request.POST.get("on") == "1")
    label, words = LABELS[found.category]
    is_on = found.category not in switched_off([found.address])
    context = {"address": found.address, "label": label, "words": words, "is_on": is_on, "token": token}
    return render(request, "notifications/way_out.html", context | {"is_done": request.method == "POST"})


@methods("GET", "POST")
@signed_in
@never_cache
def own(request: HttpRequest) -> HttpResponse:
    """A person's choice for all of their confirmed addresses, and the address of their calendar."""
    viewer = request.viewer
    if request.method == "POST":
        wanted = set(request.POST.getlist("wanted"))
        for category in LABELS:
            switch(viewer.addresses, category, on=category in wanted)
        notes.success(request, "Your choice is kept.")
        return redirect("notifications:own")
    off = switched_off(viewer.addresses)
    rows = [(category, *words, category not in off) for category, words in LABELS.items()]
    context = {"rows": rows, "feed": calendar_feed.address_of(viewer.user), "addresses": sorted(viewer.addresses)}
    return render(request, "notifications/own.html", context)


@methods("POST")
@signed_in
def renew_calendar(request: HttpRequest) -> HttpResponse:
    """A new address; what followed the old one stops."""
    calendar_feed.renew(request.viewer.user, request.viewer.now)
    notes.success(request, "Your calendar has a new address. The old one, if there was one, no longer works.")
    return redirect("notifications:own")


@methods("POST")
@signed_in
def end_calendar(request: HttpRequest) -> HttpResponse:
    calendar_feed.end(request.viewer.user)
    notes.success(request, "Your calendar has no address any more.")
    return redirect("notifications:own")


@methods("GET")
@never_cache
def calendar(request: HttpRequest, user_pid: str, token: str) -> HttpResponse:
    """The deadlines of whoever made this address, as of now, for calendar programs, which do not sign in."""
    person = calendar_feed.person_of(user_pid, token)
    if person is None:
        raise Http404
    words = calendar_feed.to_calendar(person, request.viewer.now)
    return HttpResponse(words, content_type="text/calendar; charset=utf-8")
