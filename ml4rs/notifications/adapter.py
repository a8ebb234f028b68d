"""How allauth's mails reach people: through the outbox, like every other mail."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from ml4rs.notifications.actions import queue_account_mail


class AccountAdapter(DefaultAccountAdapter):
    """allauth's words and flows; our outbox, so that a mail server that is away loses no code."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue one account mail. `kind` is the template's name, such as "email_confirmation_signup"."""
        words = {"email": email, "site_url": settings.SITE_URL, **context}
        subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", words).split())
        text = render_to_string(f"{template_prefix}_message.txt", words).strip() + "\n"
        kind = template_prefix.rpartition("/")[2]
        with transaction.atomic():
            queue_account_mail(to=email, subject=subject, text=text, html="", kind=kind)
