"""Reminders of an edition: which there are, who would get one now, and sending one by hand."""

from datetime import timedelta

from django.contrib import messages as notes
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from ml4rs.editions.models import Edition, Milestone, Role
from ml4rs.editions.queries import milestones
from ml4rs.editions.views.guards import methods, role_required, takes
from ml4rs.notifications import managing, queries
from ml4rs.notifications.forms import RuleForm
from ml4rs.notifications.models import ReminderRule
from ml4rs.notifications.registry import Audience

_ORGANISERS = role_required(Role.Name.ORGANISER)


def _audience(request: HttpRequest, name: str) -> Audience:
    for audience in queries.known_to(request.viewer):
        if audience.name == name:
            return audience
    raise Http404


@methods("GET")
@_ORGANISERS
@never_cache
def rules(request: HttpRequest) -> HttpResponse:
    return render(request, "notifications/reminders.html", {"audiences": queries.reminder_rules(request.viewer)})


@methods("GET", "POST")
@_ORGANISERS
@never_cache
def add(request: HttpRequest, audience_name: str) -> HttpResponse:
    audience = _audience(request, audience_name)
    form = RuleForm(request.POST or None, audience=audience, edition=request.viewer.edition)
    if form.is_valid():
        managing.add_rule(audience, form.cleaned_data["before"], by=request.viewer)
        notes.success(request, "The reminder is added.")
        return redirect("notifications:reminders", request.viewer.edition.slug)
    return render(request, "notifications/add_rule.html", {"form": form, "audience": audience})


@methods("POST")
@_ORGANISERS
def switch(request: HttpRequest, audience_name: str) -> HttpResponse:
    audience, edition = _audience(request, audience_name), request.viewer.edition
    rule = _rule(edition, audience, request.POST.get("before", ""))
    on = request.POST.get("on") == "1"
    managing.switch_rule(rule, on=on, by=request.viewer)
    notes.success(request, f"The reminder is switched {'on' if on else 'off'}.")
    return redirect("notifications:reminders", edition.slug)


def _rule(edition: Edition, audience: Audience, hours: str) -> ReminderRule:
    """The audience's rule that speaks so many hours before; below zero: after."""
    if not (hours.isascii() and hours.removeprefix("-").isdigit() and len(hours) < 6):
        raise Http404
    return get_object_or_404(
        ReminderRule, edition=edition, audience=audience.name, kind=audience.kind, before=timedelta(hours=int(hours))
    )


@methods("GET", "POST")
@takes("track")
@_ORGANISERS
@never_cache
def preview(request: HttpRequest, audience_name: str) -> HttpResponse:
    """Who would get a reminder now; and, when that is confirmed, send it."""
    audience, viewer = _audience(request, audience_name), request.viewer
    milestone = _date(request, audience)
    if request.method == "GET":
        owing = queries.owing_seen_by(viewer, audience, milestone)
        context = {"audience": audience, "milestone": milestone, "owing": owing, "occasion": managing.new_occasion()}
        return render(request, "notifications/preview.html", context)
    occasion = request.POST.get("occasion", "")[:12] or managing.new_occasion()
    count = managing.remind_now(audience, milestone, occasion=occasion, by=viewer)
    notes.success(request, f"{count} reminder{'s are' if count != 1 else ' is'} on the way.")
    return redirect("notifications:batch", viewer.edition.slug, occasion) if count else _to_rules(request)


def _to_rules(request: HttpRequest) -> HttpResponse:
    return redirect("notifications:reminders", request.viewer.edition.slug)


def _date(request: HttpRequest, audience: Audience) -> Milestone:
    """The audience's date in the track that the address names, or the edition's own."""
    asked = request.GET.get("track", "")
    for milestone in milestones(request.viewer.edition):
        track = milestone.track.slug if milestone.track else ""
        if audience.minds(milestone) and track == asked and milestone.instant:
            return milestone
    raise Http404
