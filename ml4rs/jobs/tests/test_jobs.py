"""Long work: asked for once, done once, given up after three deaths, stopped when somebody says so."""

from datetime import UTC, datetime, timedelta
from time import monotonic, sleep

import pytest
import time_machine

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import EditionFactory, RoleFactory, UserFactory
from ml4rs.jobs import actions
from ml4rs.jobs.models import Job
from ml4rs.jobs.registry import Cancelled, JobError, job_kinds

pytestmark = [pytest.mark.django_db, pytest.mark.both]
NOW = datetime(2025, 2, 1, 12, tzinfo=UTC)


@pytest.fixture
def kind(monkeypatch):
    """`kind(runner)`: a kind of work for this test only."""

    def announce(runner, name="jobs.tested"):
        monkeypatch.setitem(job_kinds._runners, name, runner)
        return name

    return announce


@pytest.fixture
def rung(monkeypatch) -> list[int]:
    """Jobs whose bell was rung, in order."""
    found: list[int] = []
    monkeypatch.setattr(actions, "_ring_quietly", found.append)
    return found


def ask(kind, subject="this", **values) -> Job:
    return actions.enqueue(kind, **{"subject": subject, "edition": EditionFactory(), "by": None, **values})


def nothing(job, progress):
    return {}


def test_work_is_done_and_its_result_kept(kind, run_jobs):
    job = ask(kind(lambda job, progress: {"found": job.parameters["wanted"]}), parameters={"wanted": 7})
    run_jobs()
    job.refresh_from_db()
    assert (job.state, job.result, job.progress) == ("done", {"found": 7}, 100)


def test_asking_twice_gives_the_same_open_job(kind):
    name = kind(nothing)
    assert ask(name) == ask(name)
    assert ask(name) != ask(name, subject="that")


def test_finished_work_can_be_asked_for_again(kind, run_jobs):
    name = kind(nothing)
    first = ask(name)
    run_jobs()
    assert ask(name) != first


def test_the_bell_rings_only_once_the_row_is_really_there(kind, rung, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = ask(kind(nothing))
        assert rung == []
    assert rung == [job.pk]


def test_a_job_knows_the_paper_it_works_on(kind):
    assert ask(kind(nothing), parameters={"submission_id": 5}).submission_id == 5


def test_progress_is_written_down_with_its_steps(kind, run_jobs):
    def work(job, progress):
        progress(10, "Reading")
        progress(20, "Reading")
        progress(130, "Writing")
        job.refresh_from_db()
        assert (job.progress, job.step) == (100, "Writing")
        return {}

    job = ask(kind(work))
    with time_machine.travel(NOW, tick=False):
        run_jobs()
    job.refresh_from_db()
    assert job.log == "12:00:00 Reading\n12:00:00 Writing\n"


def test_an_error_foreseen_is_told_in_its_own_words(kind, run_jobs):
    def work(job, progress):
        raise JobError("There are no papers to assign.")

    job = ask(kind(work))
    run_jobs()
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "There are no papers to assign.")


def test_an_error_nobody_foresaw_is_kept_for_organisers_and_logged(kind, run_jobs, caplog):
    def work(job, progress):
        raise RuntimeError("/srv/secret/path")

    job = ask(kind(work))
    run_jobs()
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", actions.UNEXPECTED)
    assert "RuntimeError: /srv/secret/path" in job.log
    assert "RuntimeError" in caplog.text


def test_a_waiting_job_is_stopped_at_once(kind, viewer_of, run_jobs):
    user = UserFactory()
    viewer = viewer_of(user, EditionFactory())
    job = ask(kind(nothing), by=viewer)
    actions.cancel(job, by=viewer)
    assert run_jobs() == []
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_a_running_job_stops_at_its_next_report(kind, viewer_of, run_jobs):
    viewer = viewer_of(UserFactory(), EditionFactory())
    reached = []

    def work(job, progress):
        actions.cancel(job, by=viewer)
        progress(50, "Half")
        reached.append("the end")

    job = ask(kind(work), by=viewer)
    run_jobs()
    job.refresh_from_db()
    assert (job.state, reached) == ("cancelled", [])


def test_a_stranger_cannot_stop_it(kind, viewer_of):
    job = ask(kind(nothing))
    with pytest.raises(NotAllowed):
        actions.cancel(job, by=viewer_of(UserFactory(), job.edition))


def test_an_organiser_can_stop_what_the_system_asked_for(kind, viewer_of):
    job = ask(kind(nothing))
    actions.cancel(job, by=viewer_of(RoleFactory(edition=job.edition).user, job.edition))
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_of_two_workers_only_one_gets_the_job(kind):
    job = ask(kind(nothing))
    assert actions.claim(job.pk, NOW) is not None
    assert actions.claim(job.pk, NOW) is None


def test_the_job_of_a_dead_worker_is_taken_over_when_its_lease_is_over(kind):
    job = ask(kind(nothing))
    actions.claim(job.pk, NOW)
    assert actions.claim(job.pk, NOW + actions.LEASE) is None
    assert actions.claim(job.pk, NOW + actions.LEASE + timedelta(seconds=1)).attempts == 2


def test_a_worker_that_lost_its_lease_can_no_longer_write(kind):
    job = ask(kind(nothing))
    slow = actions.claim(job.pk, NOW)
    actions.claim(job.pk, NOW + actions.LEASE + timedelta(seconds=1))
    with pytest.raises(Cancelled):
        actions._reporter(slow)(50, "Half")
    actions._finish(slow, Job.State.DONE, result={"by": "the slow one"})
    job.refresh_from_db()
    assert (job.state, job.result) == ("running", {})


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_what_was_settled_meanwhile_is_not_written_over_by_the_worker(kind, state):
    mine = actions.claim(ask(kind(nothing)).pk, NOW)
    Job.objects.filter(pk=mine.pk).update(state=state, finished_at=NOW, lease_until=None)
    actions._finish(mine, Job.State.DONE, result={"by": "the late one"})
    with pytest.raises(Cancelled):
        actions._reporter(mine)(50, "Half")
    mine.refresh_from_db()
    assert (mine.state, mine.result, mine.progress) == (state, {}, 0)


def test_no_fourth_worker_takes_a_job_that_stopped_three(kind):
    job = ask(kind(nothing))
    Job.objects.filter(pk=job.pk).update(attempts=actions.MAX_ATTEMPTS)
    assert actions.claim(job.pk, NOW) is None


def test_a_job_whose_worker_spoke_up_meanwhile_is_not_given_up(kind):
    job = ask(kind(nothing))
    seen = actions.claim(job.pk, NOW)
    late = NOW + actions.LEASE + timedelta(seconds=1)
    Job.objects.filter(pk=job.pk).update(lease_until=late + actions.LEASE)
    actions._give_up(seen, late)
    job.refresh_from_db()
    assert job.state == "running"


@pytest.mark.parametrize(("now", "is_asked"), [("running", True), ("done", False), ("failed", False)])
def test_stopping_a_job_that_moved_on_stops_only_what_still_runs(kind, viewer_of, now, is_asked):
    viewer = viewer_of(UserFactory(), EditionFactory())
    seen = ask(kind(nothing), by=viewer)
    values = {"lease_until": NOW} if now == "running" else {"finished_at": NOW}
    Job.objects.filter(pk=seen.pk).update(state=now, **values)
    actions.cancel(seen, by=viewer)
    seen.refresh_from_db()
    assert (seen.state, seen.cancel_requested) == (now, is_asked)


def test_the_sweep_rings_for_what_waits_and_for_what_was_abandoned(kind, rung):
    name = kind(nothing)
    with time_machine.travel(NOW, tick=False):
        waiting, abandoned, fresh = ask(name, "a"), ask(name, "b"), ask(name, "c")
        actions.claim(abandoned.pk, NOW)
    Job.objects.filter(pk=fresh.pk).update(created_at=NOW + actions.LEASE)
    with time_machine.travel(NOW + actions.LEASE + timedelta(seconds=1), tick=False):
        assert actions.sweep() == 2
    assert rung == [waiting.pk, abandoned.pk]


def test_a_job_that_killed_its_worker_three_times_is_given_up(kind, rung):
    job, then = ask(kind(nothing)), NOW
    for _ in range(actions.MAX_ATTEMPTS):
        assert actions.claim(job.pk, then)
        then += actions.LEASE + timedelta(seconds=1)
    with time_machine.travel(then, tick=False):
        actions.sweep()
    job.refresh_from_db()
    assert (job.state, rung) == ("failed", [])
    assert "three times" in job.error


def test_an_idle_sweep_asks_one_question(cost_of):
    with cost_of() as cost:
        actions.sweep()
    assert cost.queries == 1


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_renewed_while_long_work_says_nothing(kind):
    job = actions.claim(ask(kind(nothing)).pk, NOW)
    with actions.heartbeat(job, every=timedelta(milliseconds=20)):
        end = monotonic() + 10
        while Job.objects.get(pk=job.pk).lease_until < datetime(2026, 1, 1, tzinfo=UTC) and monotonic() < end:
            sleep(0.01)  # another thread's heart, which no frozen clock can move
    assert Job.objects.get(pk=job.pk).lease_until > datetime(2026, 1, 1, tzinfo=UTC)
