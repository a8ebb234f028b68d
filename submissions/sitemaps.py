"""Accepted papers for search engines: exactly what somebody who is not signed in may see."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from ml4rs.editions.models import Edition
from ml4rs.editions.viewer import Viewer
from submissions.models import Submission


class PaperPages(Sitemap):
    """The page of every accepted paper of every public edition. One query for each edition."""

    protocol = "https" if settings.HTTPS else "http"

    def items(self) -> list[tuple[str, str]]:
        return [
            (edition.slug, pid)
            for edition in Edition.objects.filter(is_public=True)
            for pid in Submission.objects.seen_by(Viewer.of(None, edition)).values_list("public_id", flat=True)
        ]

    def location(self, item: tuple[str, str]) -> str:
        return reverse("submissions:paper", args=item)
