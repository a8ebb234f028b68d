"""Configuration of the submissions app."""

from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "submissions"
    verbose_name = "Submissions"

    def ready(self) -> None:
        """Announce to the floors below what they show and do for this app."""
        from ml4rs.audit.registry import describers
        from ml4rs.editions import registry
        from ml4rs.notifications.registry import audiences, mail_events
        from submissions import registering, tasks  # noqa: F401  (tasks registers the job kind)

        describers.register("submissions.submission", registering.describe)
        registry.duties.register(registering.duties)
        registry.figures.register(registering.figures)
        registry.menu.register(registering.menu)
        for event in registering.MAIL_EVENTS:
            mail_events.register(event)
        for audience in registering.AUDIENCES:
            audiences.register(audience)
