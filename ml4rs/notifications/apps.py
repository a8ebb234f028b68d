"""Configuration of the notifications app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "ml4rs.notifications"
    verbose_name = "Notifications"
