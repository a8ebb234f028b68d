"""Configuration of the audit app."""

from collections.abc import Iterator

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "ml4rs.audit"
    verbose_name = "Audit"
    # Beyond the models the database must have this, or the log could be rewritten (0002_append_only).
    made_by_hand = {
        "postgresql": ["trigger audit_entry_append_only on audit_entry"],
        "sqlite": [f"trigger audit_entry_no_{verb} on audit_entry" for verb in ("update", "delete")],
    }

    def ready(self) -> None:
        from ml4rs.audit import describing, listeners
        from ml4rs.editions import registry

        listeners.connect()
        describing.register()
        registry.menu.register(menu)


def menu(viewer) -> Iterator:
    from django.urls import reverse

    from ml4rs.editions.registry import MenuEntry

    if viewer.edition is None:
        return
    url = reverse("audit:log", args=[viewer.edition.slug])
    if viewer.is_organiser:
        yield MenuEntry("organising", "What happened", url, 95)
    elif viewer.is_grants_officer:
        yield MenuEntry("grants", "What happened", url, 95)
