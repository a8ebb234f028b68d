"""Celery's side of the outbox: the bell, the sweep, and the reminders."""

from celery import shared_task

from ml4rs.notifications import delivery, reminders


@shared_task
def deliver(pk: int) -> None:
    delivery.deliver(pk)


@shared_task
def sweep() -> None:
    delivery.sweep()


@shared_task
def remind() -> None:
    reminders.send_due()
