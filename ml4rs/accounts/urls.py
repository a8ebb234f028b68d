"""Addresses of the accounts app: allauth's, and a person's own profile."""

from django.urls import include, path

urlpatterns = [path("", include("allauth.urls"))]
