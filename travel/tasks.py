"""What beat does for travel support."""

from celery import shared_task
from django.utils import timezone

from travel.actions import expire_due


@shared_task
def expire() -> int:
    """End offers whose day is over."""
    return expire_due(timezone.now())
