"""`manage.py migrate`: Django's own, and at its end the database is compared with the models."""

from django.core.management.base import BaseCommand, CommandError
from django.core.management.commands import migrate
from django.db import DatabaseError, connections
from django.db.migrations.exceptions import BadMigrationError, InconsistentMigrationHistory

from ml4rs.jobs import schema


class Command(migrate.Command):
    def get_check_kwargs(self, options: dict) -> dict:
        """Without the checks of the database: they would say what this command is there to mend."""
        return BaseCommand.get_check_kwargs(self, options)

    def handle(self, *args, **options) -> None:
        connection = connections[options["database"]]
        try:
            super().handle(*args, **options)
        except (DatabaseError, BadMigrationError, InconsistentMigrationHistory) as error:
            reason = str(error).strip().partition("\n")[0].rstrip(".")
            raise CommandError(
                f"The migrations stopped: {reason}. Those that went through before stay applied. If this database was "
                "made before version 1.0.0, it cannot be upgraded: docs/upgrading.md says what to do."
            ) from error
        if options["plan"] or options["check_unapplied"] or schema.pending(connection):
            return
        if words := schema.refusal(connection):
            raise CommandError(words)
