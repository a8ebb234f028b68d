"""What search engines and link previews are told."""

import json
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from ml4rs.editions.models import Edition
from ml4rs.editions.registry import sub_events
from ml4rs.editions.viewer import Viewer
from ml4rs.editions.views.guards import methods

PUBLIC_PAGES = ("home", "call", "dates", "speakers", "committee", "sponsors", "contact")


def as_script(data: dict[str, Any]) -> SafeString:
    """JSON-LD that cannot end its <script> element early."""
    text = json.dumps(data, ensure_ascii=False)
    for character, escaped in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(character, escaped)
    return mark_safe(text)  # noqa: S308 - escaped just above


def event_data(viewer: Viewer) -> SafeString:
    """schema.org Event of the viewer's edition, with its public sub-events."""
    edition = viewer.edition
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": f"{edition.name} ({edition})",
        "url": f"{settings.SITE_URL}{reverse('editions:home', args=[edition.slug])}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
    }
    if edition.tagline:
        data["description"] = edition.tagline
    if edition.starts_on:
        data["startDate"] = edition.starts_on.isoformat()
        data["endDate"] = (edition.ends_on or edition.starts_on).isoformat()
    if edition.city or edition.venue:
        data["location"] = {
            "@type": "Place",
            "name": edition.venue or edition.city,
            "address": {"@type": "PostalAddress", "addressLocality": edition.city, "addressCountry": edition.country},
        }
    if edition.host:
        data["superEvent"] = {"@type": "Event", "name": edition.host, "url": edition.host_url}
    if events := [event for source in sub_events for event in source(viewer)]:
        data["subEvent"] = events
    return as_script(data)


class EditionPages(Sitemap):
    """The public pages of every public edition."""

    protocol = "https" if settings.HTTPS else "http"

    def items(self) -> list[tuple[str, str]]:
        slugs = Edition.objects.filter(is_public=True).values_list("slug", flat=True)
        return [(page, slug) for slug in slugs for page in PUBLIC_PAGES]

    def location(self, item: tuple[str, str]) -> str:
        return reverse(f"editions:{item[0]}", args=[item[1]])


@methods("GET")
def robots(request: HttpRequest) -> HttpResponse:
    """Public pages may be indexed; desks and files of submissions are nobody's business."""
    private = ("/accounts/", "/admin/", "/jobs/", "/*/my/", "/*/organise/", "/*/reviewing/", "/*/submissions/",
               "/*/submit/", "/*/grants/", "/*/invitation/")  # fmt: skip
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in private), f"Sitemap: {settings.SITE_URL}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
