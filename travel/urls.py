"""Addresses of the travel app."""

from django.urls import URLPattern

app_name = "travel"

urlpatterns: list[URLPattern] = []
