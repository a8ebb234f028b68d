"""Celery's side of jobs: the bell and the sweep."""

from celery import shared_task

from ml4rs.jobs import actions


@shared_task
def run(pk: int) -> None:
    actions.perform(pk)


@shared_task
def sweep() -> None:
    actions.sweep()
