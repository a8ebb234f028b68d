"""The switch for bad days."""

from datetime import UTC, datetime

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from ml4rs.editions.views.attempts import attempt
from ml4rs.editions.views.guards import methods, works_when_frozen
from reviews import actions
from reviews.queries.freezing import changed_since, snapshots
from reviews.views.shared import organisers_only, to


class FreezeForm(forms.Form):
    reason = forms.CharField(
        label="Why, for everybody who comes",
        max_length=300,
        help_text="Such as: We look into a problem. Until tomorrow.",
    )


class RollBackForm(forms.Form):
    when = forms.DateTimeField(
        label="As the reviews stood at (UTC)",
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def instant(self) -> datetime:
        return self.cleaned_data["when"].replace(tzinfo=UTC)


@methods("GET", "POST")
@organisers_only
@never_cache
@works_when_frozen
def freeze(request: HttpRequest) -> HttpResponse:
    """Freeze and thaw; and, while it is frozen, put reviews back to a time, after a look at what that changes."""
    viewer, verb = request.viewer, request.POST.get("verb", "")
    form = FreezeForm(request.POST if verb == "freeze" else None)
    back = RollBackForm(request.POST if verb in ("look", "roll_back") else None)
    if verb == "freeze" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = "Frozen. Only the public pages are open, and no mail goes out."
        attempt(request, lambda: actions.freeze(viewer.edition, reason=reason, by=viewer), done)
        return to(request, "freeze")
    if verb == "thaw":
        done = "Open again. Mails that were held wait under Mail."
        attempt(request, lambda: actions.thaw(viewer.edition, by=viewer), done)
        return to(request, "freeze")
    found = None
    if back.is_bound and back.is_valid():
        if verb == "roll_back":
            done = "The reviews stand as they did. What they said since is in their histories."
            attempt(request, lambda: actions.roll_back(viewer.edition, to=back.instant(), by=viewer), done)
            return to(request, "freeze")
        found = changed_since(viewer, back.instant())
    context = {"form": form, "back": back, "found": found, "snapshots": snapshots(viewer)}
    return render(request, "reviews/freeze.html", context)
