"""Addresses of the editions app."""

from django.urls import path

from ml4rs.editions import organise_urls
from ml4rs.editions.views import desk, phases, public, unsent, watching

app_name = "editions"

urlpatterns = [
    path("", public.root, name="root"),
    path("unsent/", unsent.unsent, name="unsent"),
    path("editions/", public.past, name="past"),
    path("<slug:edition_slug>/", public.home, name="home"),
    path("<slug:edition_slug>/call/", public.call, name="call"),
    path("<slug:edition_slug>/dates/", public.dates, name="dates"),
    path("<slug:edition_slug>/speakers/", public.speakers, name="speakers"),
    path("<slug:edition_slug>/people/<str:person_pid>/", public.person, name="person"),
    path("<slug:edition_slug>/people/<str:person_pid>/portrait.jpg", public.portrait, name="portrait"),
    path("<slug:edition_slug>/committee/", public.committee, name="committee"),
    path("<slug:edition_slug>/sponsors/", public.sponsors, name="sponsors"),
    path("<slug:edition_slug>/sponsors/<str:sponsor_pid>/logo", public.logo, name="logo"),
    path("<slug:edition_slug>/contact/", public.contact, name="contact"),
    path("<slug:edition_slug>/privacy/", public.privacy, name="privacy"),
    path("<slug:edition_slug>/my/", desk.desk, name="desk"),
    path("<slug:edition_slug>/organise/", desk.organise, name="organise"),
    path("<slug:edition_slug>/organise/view-as/", watching.view_as, name="view_as"),
    path("<slug:edition_slug>/organise/view-as/end/", watching.end_view_as, name="end_view_as"),
    path("<slug:edition_slug>/organise/phases/", phases.phases, name="phases"),
    *organise_urls.urlpatterns,
]
