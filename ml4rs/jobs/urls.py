"""Addresses of the jobs app."""

from django.urls import path

from ml4rs.jobs.views import pages

app_name = "jobs"

urlpatterns = [
    path("jobs/<str:job_pid>/", pages.detail, name="detail"),
    path("jobs/<str:job_pid>/cancel/", pages.cancel, name="cancel"),
]
