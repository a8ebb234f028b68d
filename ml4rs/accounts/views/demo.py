"""The page that lists the demo accounts and signs in as one of them; only in debug mode does it exist."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from ml4rs.accounts.demo import PASSWORD, START, demo_people


@require_GET
def demo(request: HttpRequest) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404
    return render(request, "accounts/demo.html", {"people": demo_people(), "password": PASSWORD})


@require_POST
def enter(request: HttpRequest, user_pid: str) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404
    person = get_object_or_404(demo_people(), public_id=user_pid)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    first = next(iter(person.roles.all()), None)
    return redirect(f"/{first.edition.slug}/my/" if first else START)
