"""Configuration of the editions app."""

from django.apps import AppConfig


class EditionsConfig(AppConfig):
    name = "ml4rs.editions"
    verbose_name = "Editions"
