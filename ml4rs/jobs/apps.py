"""Configuration of the jobs app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "ml4rs.jobs"
    verbose_name = "Jobs"
