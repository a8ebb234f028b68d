"""Configuration of the jobs app."""

from celery.signals import worker_init
from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "ml4rs.jobs"
    verbose_name = "Jobs"

    def ready(self) -> None:
        from ml4rs.jobs import checks  # noqa: F401 (registers the system checks)

        worker_init.connect(_refuse_an_unfit_database, dispatch_uid="jobs.schema")


def _refuse_an_unfit_database(**kwargs) -> None:
    from ml4rs.jobs.schema import stop_unless_fit

    stop_unless_fit()
