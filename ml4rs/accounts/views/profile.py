"""A person's own profile."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ml4rs.accounts.actions import update_profile
from ml4rs.accounts.forms import ProfileForm
from ml4rs.accounts.models import User


@require_http_methods(["GET", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    # A copy: a form that fails leaves its values on the instance, and the frame shows request.user's name.
    person = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, instance=person)
    if form.is_valid():
        update_profile(person, {name: form.cleaned_data[name] for name in form.changed_data})
        messages.success(request, "Your profile is up to date.")
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form})


profile.needs_sign_in = True  # as the doors say it, which stand on the floor above
