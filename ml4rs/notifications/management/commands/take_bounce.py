"""`manage.py take_bounce < report`: what a mail server pipes a bounce into."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from ml4rs.notifications.bounces import LARGEST, take_in


class Command(BaseCommand):
    """Always succeeds: a failing pipe would make the mail server bounce the bounce."""

    help = "Read a mail server's report from standard input and mark the mails that came back."

    def handle(self, *args: Any, **options: Any) -> None:
        marked = take_in(sys.stdin.buffer.read(LARGEST))
        self.stdout.write(f"{marked} mail{'s' if marked != 1 else ''} marked as come back.")
