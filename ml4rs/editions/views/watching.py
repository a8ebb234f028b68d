"""Choosing through whose eyes to look, and to look with one's own again."""

from datetime import UTC, datetime, time

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from ml4rs.editions import view_as as watching
from ml4rs.editions.clock import NoSuchTimeError, local_instant
from ml4rs.editions.forms import day_input
from ml4rs.editions.models import Edition, Role
from ml4rs.editions.views.guards import methods, role_required, takes, with_own_eyes

_YEARS = range(2000, 2100)


class ViewAsForm(forms.Form):
    """Whose eyes, and when; the time is the venue's."""

    who = forms.ChoiceField(label="Through whose eyes")
    day = forms.DateField(label="On", required=False, widget=day_input(), help_text="Empty: now.")
    at = forms.TimeField(
        label="At",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Empty: noon.",
    )

    def __init__(self, *args, edition: Edition, choices: list, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.edition = edition
        self.fields["who"].choices = choices
        self.fields["at"].help_text = f"In {edition.time_zone or 'UTC'}. Empty: noon."

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day is not None and day.year not in _YEARS:
            raise ValidationError("Write a day of this century.")
        return day

    def clean(self) -> dict:
        cleaned = super().clean()
        day = cleaned.get("day")
        try:
            cleaned["instant"] = day and local_instant(day, cleaned.get("at") or time(12), self.edition.time_zone)
        except NoSuchTimeError as problem:
            self.add_error("at", str(problem))
        return cleaned


@methods("GET", "POST")
@takes("who", "day", "at", "next")
@role_required(Role.Name.ORGANISER)
@never_cache
@with_own_eyes
def view_as(request: HttpRequest) -> HttpResponse:
    """Choose; from then on every page of the edition is seen through these eyes."""
    viewer = request.viewer
    choices = watching.choices(viewer)
    initial = {name: request.GET[name] for name in ("who", "day", "at") if request.GET.get(name)}
    form = ViewAsForm(
        request.POST if request.method == "POST" else None, initial=initial, edition=viewer.edition, choices=choices
    )
    if request.method == "POST" and form.is_valid():
        instant: datetime | None = form.cleaned_data["instant"] or None
        watching.begin(request.session, form.cleaned_data["who"], instant and instant.astimezone(UTC), by=viewer)
        return redirect(_next(request) or reverse("editions:home", args=[viewer.edition.slug]))
    context = {"form": form, "next": _next(request), "eyes": watching.viewer_of(request, viewer.edition)}
    return render(request, "editions/view_as.html", context)


@methods("POST")
@takes("next")
@role_required(Role.Name.ORGANISER)
@with_own_eyes
def end_view_as(request: HttpRequest) -> HttpResponse:
    """With one's own eyes again, on the page where one was."""
    watching.end(request.session)
    return redirect(_next(request) or reverse("editions:organise", args=[request.viewer.edition.slug]))


def _next(request: HttpRequest) -> str:
    """Where to go from here, if it is a page of this edition."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours and wanted.startswith(f"/{request.viewer.edition.slug}/") else ""
