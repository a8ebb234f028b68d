"""Configuration of the editions app."""

from django.apps import AppConfig


class EditionsConfig(AppConfig):
    name = "ml4rs.editions"
    verbose_name = "Editions"

    def ready(self) -> None:
        from ml4rs.editions import claims, menu, registry, second_factor, view_as  # noqa: F401

        registry.menu.register(menu.entries)
        registry.parts.register(view_as.role_holders)
