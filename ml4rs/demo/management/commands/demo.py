"""`manage.py demo`: everything to look around with, on a machine for trying things out."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ml4rs.accounts.demo import PASSWORD
from ml4rs.demo.showcase import PARTS, prepare


class Command(BaseCommand):
    help = "Set up the 2025 edition, a sandbox and demo accounts. In debug mode only; running it again is harmless."

    def handle(self, **options) -> None:
        if not settings.DEBUG:
            raise CommandError("Demo accounts have a password that everybody knows: they exist in debug mode only.")
        for line in prepare():
            self.stdout.write(line)
        addresses = ", ".join(part.email for part in PARTS)
        self.stdout.write(f"Sign in at {settings.SITE_URL}/demo/ with one press, or with the password “{PASSWORD}”:")
        self.stdout.write(f"  {addresses}")
