"""How allauth's mails reach people: through the outbox, like every other mail."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.db import transaction
from django.template import Context
from django.template.loader import get_template

from ml4rs.notifications.actions import queue_account_mail


class AccountAdapter(DefaultAccountAdapter):
    """allauth's words and flows; our outbox, so that a mail server that is away loses no code."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue one account mail. `kind` is the template's name, such as "email_confirmation_signup"."""
        words = Context({"email": email, "site_url": settings.SITE_URL, **context}, autoescape=False)
        subject = get_template(f"{template_prefix}_subject.txt").template.render(words)
        text = get_template(f"{template_prefix}_message.txt").template.render(words)
        kind = template_prefix.rpartition("/")[2]
        with transaction.atomic():
            queue_account_mail(to=email, subject=subject, text=text, html="", kind=kind)
