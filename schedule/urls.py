"""Addresses of the schedule app."""

from django.urls import URLPattern

app_name = "schedule"

urlpatterns: list[URLPattern] = []
