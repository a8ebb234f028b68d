"""Configuration of the travel app."""

from django.apps import AppConfig


class TravelConfig(AppConfig):
    name = "travel"
    verbose_name = "Travel grants"

    def ready(self) -> None:
        """Announce to the floors below what they show and send for this app."""
        from ml4rs.audit.registry import applications
        from ml4rs.editions import registry
        from ml4rs.notifications.registry import audiences, circles, mail_events, mailing_lists
        from submissions.registry import detail_sections
        from travel import filing, mailing, registering, reminding

        applications.register(registering.records)
        registry.duties.register(registering.duties)
        registry.figures.register(registering.figures)
        registry.menu.register(registering.menu)
        detail_sections.register(registering.section)
        registry.file_sections.register(filing.section)
        registry.cloners.register(filing.copy_settings)
        for event in registering.MAIL_EVENTS:
            mail_events.register(event)
        for audience in reminding.AUDIENCES:
            audiences.register(audience)
        for circle in reminding.CIRCLES:
            circles.register(circle)
        mail_events.register(mailing.MESSAGE)
        mailing_lists.register(mailing.APPLICANTS)
