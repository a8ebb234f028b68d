"""Which app answers which address. Pages of an edition live below its slug, so fixed addresses come first."""

from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from ml4rs.editions.seo import EditionPages, robots
from ml4rs.editions.views.guards import methods, takes
from ml4rs.jobs.views.health import health
from submissions.sitemaps import PaperPages

SITEMAPS = {"editions": EditionPages, "papers": PaperPages}

urlpatterns = [
    path("admin/", admin.site.urls),
    path("health/", health, name="health"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", takes("p")(methods("GET")(sitemap)), {"sitemaps": SITEMAPS}, name="sitemap"),
    path("", include("ml4rs.accounts.urls")),
    path("", include("ml4rs.jobs.urls")),
    path("", include("ml4rs.notifications.urls")),
    path("", include("ml4rs.audit.urls")),
    path("", include("submissions.urls")),
    path("", include("reviews.urls")),
    path("", include("schedule.urls")),
    path("", include("travel.urls")),
    path("", include("ml4rs.editions.urls")),
]

handler400 = "ml4rs.editions.views.errors.bad_request"
handler403 = "ml4rs.editions.views.errors.forbidden"
handler404 = "ml4rs.editions.views.errors.not_found"
