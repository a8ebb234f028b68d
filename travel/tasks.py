"""What beat does for travel support."""

from celery import shared_task
from django.utils import timezone

from travel.actions import erase_due, expire_due, warn_of_erasure


@shared_task
def expire() -> int:
    """End offers whose day is over."""
    return expire_due(timezone.now())


@shared_task
def erase() -> int:
    """Tell officers what will be erased in a week, and erase what is due."""
    warn_of_erasure(timezone.now())
    return erase_due(timezone.now())
