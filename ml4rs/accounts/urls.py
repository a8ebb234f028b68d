"""Addresses of the accounts app: allauth's, a person's own profile, and the demo accounts."""

from django.urls import include, path

from ml4rs.accounts.views.demo import demo, enter
from ml4rs.accounts.views.profile import profile

own = [
    path("accounts/profile/", profile, name="profile"),
    path("demo/", demo, name="demo"),
    path("demo/<str:user_pid>/", enter, name="demo-enter"),
]

urlpatterns = [
    path("", include((own, "accounts"))),
    path("accounts/", include("allauth.urls")),
]
