"""Stars in an account: the page's script reads and writes them, a calendar follows them at a secret address."""

import json
import re

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from ml4rs.editions.views.guards import methods, signed_in
from schedule import actions
from schedule.models import StarList
from schedule.queries.published import picked, published
from schedule.views.public import as_calendar

_IDS = re.compile(r"[A-Za-z0-9]{1,20}")


@signed_in
@methods("POST")
@never_cache
def stars(request: HttpRequest) -> HttpResponse:
    """Adds and removes, and answers what there is then. Ids that cannot be any are left out."""
    viewer = request.viewer
    try:
        changes = _changes(request.body)
    except ValueError:
        return JsonResponse({"error": "Send JSON with lists of ids under “add” and “remove”."}, status=400)
    mine = actions.star(viewer.edition, viewer.user, **changes)
    feed = reverse("schedule:star_calendar", args=[viewer.edition.slug, mine.secret])
    return JsonResponse({"items": mine.items, "calendar": feed})


def _changes(body: bytes) -> dict[str, list[str]]:
    data = json.loads(body)
    if not isinstance(data, dict):
        raise ValueError("no object")
    found = {}
    for name in ("add", "remove"):
        given = data.get(name, [])
        if not isinstance(given, list) or len(given) > actions.MOST_STARS:
            raise ValueError("no list of ids")
        found[name] = [each for each in given if isinstance(each, str) and _IDS.fullmatch(each)]
    return found


@signed_in
@methods("POST")
def renew(request: HttpRequest) -> HttpResponse:
    """A new secret address, for somebody whose old one came into wrong hands."""
    actions.renew_secret(request.viewer.edition, request.viewer.user)
    return redirect("schedule:programme", request.viewer.edition.slug)


@methods("GET")
@never_cache
def star_calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """What the owner of this address starred, as it is now."""
    viewer = request.viewer
    mine = StarList.objects.filter(edition=viewer.edition, secret=secret).first()
    found = published(viewer.edition, viewer.earliest)
    if mine is None or found is None:
        raise Http404
    return as_calendar(request, found, picked(found.programme, set(mine.items)), "starred")
