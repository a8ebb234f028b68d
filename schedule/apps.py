"""Configuration of the schedule app."""

from django.apps import AppConfig


class ScheduleConfig(AppConfig):
    name = "schedule"
    verbose_name = "Programme"
    # Beyond the models the database must have this, or a room could be booked twice (0002_room_never_double_booked).
    made_by_hand = {"postgresql": ["constraint session_room_never_double_booked on schedule_session"]}

    def ready(self) -> None:
        """Announce to the floors below what they show for this app."""
        from ml4rs.editions import registry
        from ml4rs.notifications.registry import mail_events
        from schedule import proposing, registering  # noqa: F401  (the job registers itself)
        from schedule.filing import ProgrammeSection
        from submissions.registry import detail_sections, public_sections

        registry.menu.register(registering.menu)
        registry.figures.register(registering.figures)
        registry.home_sections.register(registering.teaser)
        registry.person_sections.register(registering.speaking)
        registry.sub_events.register(registering.sub_events)
        registry.file_sections.register(ProgrammeSection())
        public_sections.register(registering.shown_at)
        detail_sections.register(registering.presenting)
        mail_events.register(registering.PRESENTING)
