"""The verbs of jobs: ask for work, do it, cancel it, and pick up what a dead worker left.

The broker only rings the bell: a job is claimed by a conditional update with a lease that the worker renews
whenever it reports, so that a killed worker's job is done again and a living one's never twice at a time.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from ml4rs.editions.models import Edition
from ml4rs.editions.policy import require
from ml4rs.editions.viewer import Viewer
from ml4rs.jobs.models import Job
from ml4rs.jobs.policy import may_cancel
from ml4rs.jobs.registry import Cancelled, JobError, job_kinds

LEASE = timedelta(minutes=2)
BEAT = timedelta(seconds=30)
STALE_RING = timedelta(seconds=10)
MAX_ATTEMPTS = 3
SWEEP_BATCH = 50
UNEXPECTED = "Something went wrong that nobody foresaw. The organisers see what."

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
    transaction.on_commit(lambda: _ring_quietly(job.pk), robust=True)


def _ring_quietly(pk: int) -> None:
    """A ring that waited behind other work is stale by the next sweep, which rings again if it is still needed."""
    from ml4rs.jobs.tasks import run

    try:
        run.apply_async((pk,), expires=STALE_RING.total_seconds())
    except run.OperationalError as error:
        log.warning("broker away, the sweep will find job %s: %s", pk, error)


def claim(pk: int, now: datetime) -> Job | None:
    """Take a queued job, or a running one whose lease is over; None if somebody else has it or it is done."""
    free = Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, lease_until__lt=now)
    taken = Job.objects.filter(free, pk=pk, attempts__lt=MAX_ATTEMPTS).update(
        state=Job.State.RUNNING, started_at=now, lease_until=now + LEASE, attempts=F("attempts") + 1
    )
    return Job.objects.select_related("edition").get(pk=pk) if taken else None


def perform(pk: int) -> None:
    """Claim a job and do it. What goes wrong is kept on the row, in words for people, and logged."""
    job = claim(pk, timezone.now())
    if job is None:
        return
    try:
        with heartbeat(job):
            result = job_kinds.runner(job.kind)(job, _reporter(job))
    except Cancelled:
        _finish(job, Job.State.CANCELLED)
    except JobError as error:
        _finish(job, Job.State.FAILED, error=str(error)[:2000])
    except Exception as error:
        log.exception("job %s failed", job)
        trace = f"{type(error).__name__}: {error}"[:2000]
        _finish(job, Job.State.FAILED, error=UNEXPECTED, log=Concat(F("log"), Value(f"{trace}\n")))
    else:
        _finish(job, Job.State.DONE, result=result, progress=100)


def _reporter(job: Job):
    said = ""

    def progress(per_cent: int, step: str) -> None:
        nonlocal said
        now = timezone.now()
        line = f"{now:%H:%M:%S} {step[:200]}\n" if step != said else ""
        said = step
        still_ours = _ours(job).filter(cancel_requested=False)
        if not still_ours.update(
            progress=max(0, min(100, per_cent)),
            step=step[:200],
            lease_until=now + LEASE,
            log=Concat(F("log"), Value(line)),
        ):
            raise Cancelled

    return progress


def _ours(job: Job) -> QuerySet[Job]:
    """The row, as long as this worker's attempt is the one that counts."""
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)


def _finish(job: Job, state: str, **values) -> None:
    """Only the worker whose attempt this is may write the end."""
    _ours(job).update(state=state, finished_at=timezone.now(), lease_until=None, **values)


@contextmanager
def heartbeat(job: Job, every: timedelta = BEAT) -> Iterator[None]:
    """Renew the lease while the work goes on, however rarely it reports; it ends with the process that it is in."""
    over = Event()

    def beat() -> None:
        while not over.wait(every.total_seconds()):
            try:
                _ours(job).update(lease_until=timezone.now() + LEASE)
            except DatabaseError:
                log.exception("job %s: the lease could not be renewed", job)
            finally:
                connection.close()  # this thread's own

    thread = Thread(target=beat, daemon=True, name=f"heartbeat of job {job.pk}")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def cancel(job: Job, *, by: Viewer) -> None:
    """Stop a job: at once if it waits, at its next report if it runs."""
    require(may_cancel(by, job))
    Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).update(state=Job.State.CANCELLED, finished_at=by.now)
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(cancel_requested=True)


def sweep() -> int:
    """Ring again for what no bell reached: jobs queued for a while or abandoned; returns how many.

    A job that killed its worker three times is given up. One query when there is nothing to do.
    """
    now = timezone.now()
    abandoned = Q(state=Job.State.RUNNING, lease_until__lt=now)
    overdue = Q(state=Job.State.QUEUED, created_at__lt=now - timedelta(seconds=5))
    waiting = list(Job.objects.filter(overdue | abandoned).order_by("pk")[:SWEEP_BATCH])
    for job in waiting:
        if job.state == Job.State.RUNNING and job.attempts >= MAX_ATTEMPTS:
            _give_up(job, now)
        else:
            _ring_quietly(job.pk)
    return len(waiting)


def _give_up(job: Job, now: datetime) -> None:
    _ours(job).filter(lease_until__lt=now).update(
        state=Job.State.FAILED,
        error="The worker stopped three times while doing this.",
        finished_at=now,
        lease_until=None,
    )
