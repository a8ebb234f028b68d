"""When a presenter cannot be there, as they say it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.views.guards import methods, signed_in
from schedule import actions
from schedule.forms import AbsenceForm
from schedule.models import Absence
from schedule.policy import may_state_absences
from schedule.presenting import place_of


@signed_in
@methods("GET", "POST")
@never_cache
def absences(request: HttpRequest) -> HttpResponse:
    """Their own times, and a form for one more."""
    viewer = request.viewer
    if not may_state_absences(viewer):
        raise Http404
    form = AbsenceForm(request.POST or None, edition=viewer.edition)
    if request.method == "POST" and form.is_valid():
        times = form.cleaned_data["starts_at"], form.cleaned_data["ends_at"]
        try:
            actions.state_absence(viewer.edition, *times, by=viewer)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The organisers see it when they plan.")
            return redirect("schedule:absences", viewer.edition.slug)
    mine = Absence.objects.filter(edition=viewer.edition, user=viewer.user)
    context = {
        "form": form,
        "absences": mine,
        "zone": viewer.edition.time_zone,
        "place": place_of(viewer.edition.time_zone),
    }
    return render(request, "schedule/absences.html", context)


@signed_in
@methods("POST")
def withdraw(request: HttpRequest, absence_pid: str) -> HttpResponse:
    viewer = request.viewer
    mine = Absence.objects.filter(edition=viewer.edition, user=viewer.user, public_id=absence_pid).first()
    if mine is None:
        raise Http404
    actions.withdraw_absence(mine, by=viewer)
    messages.success(request, "Removed.")
    return redirect("schedule:absences", viewer.edition.slug)
