"""Configuration of the notifications app."""

from django.apps import AppConfig
from django.db.models.signals import post_save


class NotificationsConfig(AppConfig):
    name = "ml4rs.notifications"
    verbose_name = "Notifications"

    def ready(self) -> None:
        from ml4rs.audit.registry import describers
        from ml4rs.editions import registry
        from ml4rs.editions.models import Edition, Milestone, Role
        from ml4rs.editions.signals import acted
        from ml4rs.notifications import announcing, moving, roles, rules
        from ml4rs.notifications.filing import MailSection
        from ml4rs.notifications.registry import mail_events

        for event in announcing.MAIL_EVENTS:
            mail_events.register(event)
        mail_events.register(roles.ROLE_GIVEN)
        registry.menu.register(announcing.menu)
        registry.figures.register(announcing.figures)
        registry.cloners.register(rules.copy_to_next)
        registry.file_sections.register(MailSection())
        describers.register("notifications.message", announcing.describe)
        post_save.connect(rules.give_new_edition_rules, sender=Edition, dispatch_uid="reminder-rules")
        acted.connect(roles.tell_of_role, sender=Role, dispatch_uid="mail-of-roles")
        acted.connect(moving.follow_moves, sender=Milestone, dispatch_uid="mail-of-moves")
