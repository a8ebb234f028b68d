"""The page that lists the demo accounts and signs in as one of them; only in debug mode does it exist."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from ml4rs.accounts.demo import PASSWORD, START, TO_TRY, demo_people
from ml4rs.accounts.models import User


@require_GET
def demo(request: HttpRequest) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404
    people = [(person, TO_TRY.get(_key(person), ())) for person in demo_people()]
    return render(request, "accounts/demo.html", {"people": people, "password": PASSWORD})


def _key(person: User) -> str:
    return person.email.partition("@")[0]


@require_POST
def enter(request: HttpRequest, user_pid: str) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404
    person = get_object_or_404(demo_people(), public_id=user_pid)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    pages = [page for _, page in TO_TRY.get(_key(person), ())]
    wanted = request.POST.get("to", "")
    return redirect(wanted if wanted in pages else START)
