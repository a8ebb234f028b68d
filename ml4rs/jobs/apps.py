"""Configuration of the jobs app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "ml4rs.jobs"
    verbose_name = "Jobs"

    def ready(self) -> None:
        from ml4rs.jobs import checks  # noqa: F401 (registers the system checks)
