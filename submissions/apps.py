"""Configuration of the submissions app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SubmissionsConfig(AppConfig):
    name = "submissions"
    verbose_name = "Submissions"
    # Beyond the models the database must have this, or words would not be found (search.keep_index).
    made_by_hand = {
        "sqlite": [
            "table submissions_words",
            *(
                f"trigger submissions_words_{event} on submissions_submission"
                for event in ("insert", "update", "delete")
            ),
        ]
    }

    def ready(self) -> None:
        """Announce to the floors below what they show and do for this app."""
        from ml4rs.audit.registry import describers
        from ml4rs.editions import registry
        from ml4rs.notifications.registry import audiences, circles, extensions, mail_events, mailing_lists
        from submissions import mailing, registering, reminding, search, tasks  # noqa: F401  (tasks registers the job kind)

        post_migrate.connect(search.keep_index, sender=self, dispatch_uid="submissions.search")
        describers.register("submissions.submission", registering.describe)
        registry.duties.register(registering.duties)
        registry.figures.register(registering.figures)
        registry.menu.register(registering.menu)
        registry.parts.register(registering.authors)
        for event in registering.MAIL_EVENTS:
            mail_events.register(event)
        for audience in reminding.AUDIENCES:
            audiences.register(audience)
        for circle in reminding.CIRCLES:
            circles.register(circle)
        extensions.register(reminding.granted)
        mailing_lists.register(mailing.AUTHORS)
