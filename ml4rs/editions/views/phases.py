"""What each role sees and does, now, next and on any date; and the rights that organisers can change."""

from datetime import date, datetime, time

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from ml4rs.editions.clock import local_instant
from ml4rs.editions.forms import RightsForm
from ml4rs.editions.meanwhile import ChangedMeanwhileError
from ml4rs.editions.models import Edition, Role, Track
from ml4rs.editions.phases import phases as phases_of
from ml4rs.editions.phases import sights
from ml4rs.editions.views.guards import methods, role_required, takes


@methods("GET", "POST")
@takes("track", "on")
@role_required(Role.Name.ORGANISER)
@never_cache
def phases(request: HttpRequest) -> HttpResponse:
    """One track at a time, on the date that was asked for."""
    edition = request.viewer.edition
    tracks = list(edition.tracks.all())
    track = _track(tracks, request.GET.get("track", ""))
    form = None
    if track is not None and track.is_reviewed:
        form = RightsForm(request.POST if request.method == "POST" else None, instance=track, edition=edition)
        if form.is_bound and form.is_valid() and _stored(form, request):
            messages.success(request, "The rights are changed, from now on.")
            return redirect(f"{reverse('editions:phases', args=[edition.slug])}?{urlencode({'track': track.slug})}")
        track = Track.objects.get(pk=track.pk)  # what holds, not what was typed
    day, now = _moment(request, edition)
    context = {
        "tracks": tracks,
        "track": track,
        "day": day,
        "now": now,
        "phases": phases_of(edition, track, now) if track else [],
        "sights": sights(edition, track, now) if track else [],
        "form": form,
    }
    return render(request, "editions/phases.html", context)


def _track(tracks: list[Track], slug: str) -> Track | None:
    """The one that was asked for, else the first that is reviewed."""
    if slug:
        found = next((each for each in tracks if each.slug == slug), None)
        if found is None:
            raise Http404
        return found
    return next(iter(sorted(tracks, key=lambda each: not each.is_reviewed)), None)


def _stored(form: RightsForm, request: HttpRequest) -> bool:
    try:
        with transaction.atomic():
            form.store(request.viewer)
    except ChangedMeanwhileError as changed:
        form.refuse_because_changed(changed.stored)
        return False
    return True


def _moment(request: HttpRequest, edition: Edition) -> tuple[date | None, datetime]:
    """The day that was asked for, at noon of the venue, or now.

    Raises:
        BadRequest: no day of this century.
    """
    text = request.GET.get("on", "")
    if not text:
        return None, request.viewer.now
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadRequest("Write a day as YYYY-MM-DD.") from None
    if not 2000 <= day.year < 2100:
        raise BadRequest("Write a day of this century.")
    return day, local_instant(day, time(12), edition.time_zone)
