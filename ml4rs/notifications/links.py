"""Absolute addresses for mails and feeds, which have no request to derive them from."""

from django.conf import settings
from django.urls import reverse


def absolute(name: str, *args: object) -> str:
    """The full address of a named page, below `SITE_URL`."""
    return f"{settings.SITE_URL}{reverse(name, args=args)}"
