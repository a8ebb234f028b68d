"""Fixtures that every test may use: viewers, what a page costs, and guards."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.db import connection
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext

from ml4rs.editions.viewer import Viewer


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
