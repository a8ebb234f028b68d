"""Officers mark applications, and read the ranking that follows from the marks."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods
from travel import actions, pictures
from travel.forms import AssessForm, WeightsForm
from travel.models import TravelSettings
from travel.quorum import missing_assessments
from travel.ranking import TIERS
from travel.standings import standings
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
@methods("POST")
def declare(request: HttpRequest, pid: str) -> HttpResponse:
    """An officer says that something ties them to the applicant."""
    row = case_or_404(request, pid)
    done = "Noted. Another grants officer answers this application."
    attempt(request, lambda: actions.declare_conflict(row, by=request.viewer), done)
    return to(request, "officer")


@officers_only
@methods("POST")
def lift(request: HttpRequest, pid: str) -> HttpResponse:
    """Take back the conflict of interest that a colleague declared in error."""
    row = case_or_404(request, pid)
    found = row.conflicts.select_related("application").filter(officer__public_id=request.POST.get("officer", "")[:20])
    if (conflict := found.first()) is None:
        raise Http404
    attempt(request, lambda: actions.lift_conflict(conflict, by=request.viewer), "The conflict of interest is lifted.")
    return to(request, "case", pid)


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
        "missing": missing_assessments(request.viewer, [line.application for line in found.lines]),
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
