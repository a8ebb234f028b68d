"""Configuration of the demo app: what lets people look around, above all floors."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "ml4rs.demo"
    verbose_name = "Demonstration"

    def ready(self) -> None:
        from ml4rs.demo import checks  # noqa: F401
