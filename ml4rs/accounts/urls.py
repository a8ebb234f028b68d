"""Addresses of the accounts app: allauth's, and a person's own profile."""

from django.urls import include, path

from ml4rs.accounts.views.profile import profile

own = [path("profile/", profile, name="profile")]

urlpatterns = [
    path("", include((own, "accounts"))),
    path("", include("allauth.urls")),
]
