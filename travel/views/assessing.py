"""Officers mark applications, and read the ranking that follows from the marks."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.views.guards import methods
from travel import actions, pictures
from travel.forms import AssessForm, WeightsForm
from travel.models import TravelSettings
from travel.ranking import TIERS
from travel.standings import FEWEST, standings
from travel.views.officer import case_or_404, case_page, officers_only, to


@officers_only
@methods("POST")
def assess(request: HttpRequest, pid: str) -> HttpResponse:
    row, form = case_or_404(request, pid), AssessForm(request.POST)
    if form.is_valid():
        try:
            actions.assess(row, by=request.viewer, **form.cleaned_data)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Your marks are in.")
        return to(request, "case", pid)
    return case_page(request, row, assess_form=form, status=422)


@officers_only
@methods("GET", "POST")
@never_cache
def ranking(request: HttpRequest) -> HttpResponse:
    """Who stands where and why; a POST changes the weights."""
    found = standings(request.viewer)
    form = WeightsForm(request.POST or None, initial=_weights(found.settings))
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_weights(request.viewer.edition, by=request.viewer, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The weights are changed.")
            return to(request, "ranking")
    context = {
        "found": found,
        "form": form,
        "tiers": TIERS,
        "fewest": FEWEST,
        "scores": pictures.scores(found.lines),
        "departures": pictures.departures(found.lines),
    }
    return render(request, "travel/ranking.html", context)


def _weights(settings: TravelSettings) -> dict[str, int]:
    return {
        "merit": settings.merit_weight,
        "need": settings.need_weight,
        "distance": settings.distance_weight,
    }
