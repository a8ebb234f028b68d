"""Addresses of the audit app."""

from django.urls import path

from ml4rs.audit.views import log

app_name = "audit"

urlpatterns = [path("<slug:edition_slug>/organise/audit/", log.log, name="log")]
