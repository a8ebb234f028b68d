"""The verbs of jobs: ask for work, do it, cancel it, and pick up what a dead worker left.

The broker only rings the bell: a job is claimed by a conditional update with a lease that the worker renews
whenever it reports, so that a killed worker's job is done again and a living one's never twice at a time.
"""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from ml4rs.editions.models import Edition
from ml4rs.editions.policy import require
from ml4rs.editions.viewer import Viewer
from ml4rs.jobs.models import Job
from ml4rs.jobs.policy import may_cancel
from ml4rs.jobs.registry import Cancelled, job_kinds

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 3
SWEEP_BATCH = 50

log = logging.getLogger(__name__)
OPEN = (Job.State.QUEUED, Job.State.RUNNING)


def enqueue(
    kind: str, *, subject: str, edition: Edition | None, by: Viewer | None, parameters: dict | None = None
) -> Job:
    """Ask for work of a kind on a subject; the open job of that kind and subject if there is one already."""
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=kind,
                subject=subject,
                edition=edition,
                parameters=parameters or {},
                submission_id=(parameters or {}).get("submission_id"),
                requested_by=by.user if by else None,
                created_at=timezone.now(),
            )
    except IntegrityError:
        standing = Job.objects.filter(kind=kind, subject=subject, state__in=OPEN).first()
        # It may have finished between the two statements: then this is new work after all.
        return standing or enqueue(kind, subject=subject, edition=edition, by=by, parameters=parameters)
    ring(job)
    return job


def ring(job: Job) -> None:
    """Tell a worker, once the row is really there. A bell that nobody hears is made good by the sweep."""
    from ml4rs.jobs.tasks import run

    transaction.on_commit(lambda: _ring_quietly(run, job.pk), robust=True)


def _ring_quietly(task, pk: int) -> None:
    try:
        task.delay(pk)
    except task.OperationalError as error:
        log.warning("broker away, the sweep will find job %s: %s", pk, error)


def claim(pk: int, now: datetime) -> Job | None:
    """Take a queued job, or a running one whose lease is over; None if somebody else has it or it is done."""
    free = Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, lease_until__lt=now)
    taken = Job.objects.filter(free, pk=pk, attempts__lt=MAX_ATTEMPTS).update(
        state=Job.State.RUNNING, started_at=now, lease_until=now + LEASE, attempts=F("attempts") + 1
    )
    return Job.objects.select_related("edition").get(pk=pk) if taken else None


def perform(pk: int) -> None:
    """Claim a job and do it. An error of the work is kept on the row for people to read, and logged."""
    job = claim(pk, timezone.now())
    if job is None:
        return
    try:
        result = job_kinds.runner(job.kind)(job, _reporter(job))
    except Cancelled:
        _finish(job, Job.State.CANCELLED)
    except Exception as error:
        log.exception("job %s failed", job)
        _finish(job, Job.State.FAILED, error=f"{type(error).__name__}: {error}"[:2000])
    else:
        _finish(job, Job.State.DONE, result=result, progress=100)


def _reporter(job: Job):
    def progress(per_cent: int, step: str) -> None:
        now = timezone.now()
        still_ours = Job.objects.filter(
            pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts, cancel_requested=False
        ).update(progress=max(0, min(100, per_cent)), step=step[:200], lease_until=now + LEASE)
        if not still_ours:
            raise Cancelled

    return progress


def _finish(job: Job, state: str, **values) -> None:
    """Only the worker whose attempt this is may write the end."""
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts).update(
        state=state, finished_at=timezone.now(), lease_until=None, **values
    )


def cancel(job: Job, *, by: Viewer) -> None:
    """Stop a job: at once if it waits, at its next report if it runs."""
    require(may_cancel(by, job))
    Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).update(state=Job.State.CANCELLED, finished_at=by.now)
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(cancel_requested=True)


def sweep() -> int:
    """Do what the bell did not reach: jobs queued or abandoned; returns how many were rung again."""
    now = timezone.now()
    abandoned = Q(state=Job.State.RUNNING, lease_until__lt=now)
    Job.objects.filter(abandoned, attempts__gte=MAX_ATTEMPTS).update(
        state=Job.State.FAILED,
        error="The worker stopped three times while doing this.",
        finished_at=now,
        lease_until=None,
    )
    overdue = Q(state=Job.State.QUEUED, created_at__lt=now - timedelta(seconds=5))
    waiting = list(Job.objects.filter(overdue | abandoned).order_by("pk").values_list("pk", flat=True)[:SWEEP_BATCH])
    for pk in waiting:
        perform(pk)
    return len(waiting)
