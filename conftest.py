"""Fixtures that every test may use: viewers, what a page costs, and guards."""

import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseOperations  # .operations first would be a circular import
from django.db.models.signals import post_init, post_save
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, settings

from ml4rs.editions.viewer import Viewer
from ml4rs.jobs import actions as jobs
from ml4rs.jobs.models import Job
from ml4rs.notifications import delivery
from ml4rs.notifications.models import Message
from tests.suite import template, undefined
from tests.suite.kinds import kind_of

# How long a machine takes is no finding of a test, nor of the making of its examples.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

undefined.install()


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.user_properties.append(("kind", kind_of(item)))


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings) -> Iterator[None]:
    """In place of pytest-django's: a copy of the migrated template instead of migrations for each worker."""
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            stack.enter_context(template.copied(connection))
        yield
        with django_db_blocker.unblock():
            stack.close()


@pytest.fixture
def viewer_of() -> Callable[..., Viewer]:
    """`viewer_of(user, edition, now=None)`: somebody looking at an edition."""
    return Viewer.of


@dataclass
class Cost:
    """What a block of code took: SQL statements, and model objects built."""

    queries: int = 0
    objects: int = 0
    statements: tuple[str, ...] = ()


@pytest.fixture
def cost_of() -> Callable:
    """`with cost_of() as cost: ...` then `cost.queries` and `cost.objects`."""

    @contextmanager
    def measure() -> Iterator[Cost]:
        cost = Cost()

        def count(**kwargs) -> None:
            cost.objects += 1

        post_init.connect(count, dispatch_uid="cost", weak=False)
        try:
            with CaptureQueriesContext(connection) as captured:
                yield cost
        finally:
            post_init.disconnect(dispatch_uid="cost")
        cost.queries = len(captured)
        cost.statements = tuple(query["sql"] for query in captured.captured_queries)

    return measure


class Mails:
    """The mails that a test caused, oldest first, as (recipient, subject, text)."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def _keep(self, instance: Message, created: bool, **kwargs) -> None:
        if created and instance.state != Message.State.SENT:  # a row born as sent is a scene that a test sets
            self.messages.append(instance)

    def to(self, address: str, event: str = "") -> list[Message]:
        """Messages to an address, of one event if it is named."""
        return [m for m in self.messages if m.recipient == address.lower() and event in ("", m.event)]

    def events(self) -> list[str]:
        return [message.event for message in self.messages]


@pytest.fixture(autouse=True)
def _expected_mail_only(request) -> Iterator[Mails]:
    """Any mail that a test did not expect fails it: take the `mails` fixture to expect some."""
    mails = Mails()
    post_save.connect(mails._keep, sender=Message, dispatch_uid="mails", weak=False)
    yield mails
    post_save.disconnect(sender=Message, dispatch_uid="mails")
    if "mails" not in request.fixturenames:
        caused = mails.events() + [sent.subject for sent in getattr(mail, "outbox", [])]
        assert caused == [], "this test caused mail; take the `mails` fixture if that is meant"


@pytest.fixture
def mails(_expected_mail_only: Mails) -> Mails:
    """Expects mail: what the test queued, as `Message` rows in order."""
    return _expected_mail_only


@pytest.fixture
def run_outbox() -> Callable[[], int]:
    """Deliver what waits, as the worker would; returns how many mails went to `django.core.mail.outbox`."""

    def run() -> int:
        return sum(delivery.deliver(pk) for pk in Message.objects.filter(state="queued").values_list("pk", flat=True))

    return run


@pytest.fixture
def run_jobs() -> Callable[[], list[Job]]:
    """Do every queued job, as the worker would."""

    def run() -> list[Job]:
        waiting = list(Job.objects.filter(state="queued"))
        for job in waiting:
            jobs.perform(job.pk)
            job.refresh_from_db()
        return waiting

    return run


@pytest.fixture(autouse=True)
def _silent_bell(monkeypatch) -> None:
    """No broker in unit tests: the bell rings for nobody, and `run_outbox` and `run_jobs` do the work."""
    monkeypatch.setattr("celery.app.task.Task.apply_async", lambda *args, **kwargs: None)


@pytest.fixture(autouse=True, scope="session")
def _emptying_the_database_empties_the_log() -> Iterator[None]:
    """After a test with real transactions Django deletes all rows, which on SQLite our own trigger refuses."""
    guard = import_module("ml4rs.audit.migrations.0002_append_only")
    flush = DatabaseOperations.execute_sql_flush

    def flush_unguarded(self, sql_list: list[str]) -> None:
        flush(self, [*guard.SQLITE_BACK, *sql_list, *guard.SQLITE])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush_unguarded)
        yield


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Row numbers repeat between tests: what one cached must not be read by the next."""
    cache.clear()
