"""For the screen in the room, and for readers without a network."""

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse

from ml4rs.editions.models import Edition
from ml4rs.editions.views.guards import methods, takes
from schedule.presenting import place_of
from schedule.queries.published import published
from submissions.models import Submission
from submissions.queries import slides

_SECONDS, _FEWEST, _MOST = 20, 5, 600
_STYLES = ("vendor/bootstrap/bootstrap.min.css", "css/ml4rs.css", "schedule/programme.css", "schedule/kiosk.css")
_SCRIPTS = (
    "vendor/bootstrap/bootstrap.bundle.min.js",
    "django_htmx/htmx-2.min.js",
    "js/ml4rs.js",
    "schedule/programme.js",
    "schedule/kiosk.js",
)


@methods("GET")
@takes("seconds")
def kiosk(request: HttpRequest) -> HttpResponse:
    """Bonus slides in a loop while nothing is on stage; what is on, while something is."""
    viewer = request.viewer
    found = published(viewer.edition, viewer.earliest)
    shown = slides(viewer)
    programme = found.programme.to_data() if found else {"zone": viewer.edition.time_zone, "sessions": []}
    data = {
        "seconds": _seconds(request.GET.get("seconds", "")),
        "place": place_of(programme["zone"]),
        "slides": [_slide(viewer.edition, each) for each in shown],
        **programme,
    }
    return render(request, "schedule/kiosk.html", {"data": data, "slides": shown, "published": found})


def _seconds(asked: str) -> int:
    """How long each slide stays, within bounds; the usual time for what is no number."""
    return max(_FEWEST, min(_MOST, int(asked))) if asked.isdecimal() and len(asked) < 6 else _SECONDS


def _slide(edition: Edition, paper: Submission) -> dict[str, Any]:
    address = reverse("submissions:slide_picture", args=[edition.slug, paper.public_id])
    return {
        "id": paper.public_id,
        "title": paper.title,
        "people": [author.name for author in paper.authorships.all()],
        "picture": f"{address}?v={paper.slide.sha256[:12]}",
    }


@methods("GET")
def worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the programme, its papers and the kiosk for readers without a network."""
    viewer = request.viewer
    found = published(viewer.edition, viewer.earliest)
    pages = _addresses(viewer.edition, ("schedule:programme", "submissions:papers", "schedule:kiosk", "schedule:json"))
    papers = [
        reverse("submissions:paper", args=[viewer.edition.slug, pid])
        for pid in sorted(found.programme.papers() if found else ())
    ]
    context = {
        "settings": json.dumps(
            {
                "name": f"{viewer.edition.slug}/{found.key if found else 'none'}",
                "prefix": f"{viewer.edition.slug}/",
                "pages": [*pages, *papers],
                "namedByContent": not settings.DEBUG,
                "static": [static(path) for path in (*_STYLES, *_SCRIPTS)],
                "staticRoot": settings.STATIC_URL,
            }
        )
    }
    response = render(request, "schedule/worker.js", context, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _addresses(edition: Edition, names: Iterable[str]) -> list[str]:
    return [reverse(name, args=[edition.slug]) for name in names]
