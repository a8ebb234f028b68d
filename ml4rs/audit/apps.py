"""Configuration of the audit app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "ml4rs.audit"
    verbose_name = "Audit"

    def ready(self) -> None:
        from ml4rs.audit import listeners

        listeners.connect()
