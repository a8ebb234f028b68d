"""Several hands at the same moment, each on a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def at_once(verbs: list[Callable[[], object]], refusals: tuple[type[Exception], ...]) -> list[object]:
    """What each came to, a refusal as itself; all begin together."""
    start = Barrier(len(verbs))

    def run(verb: Callable[[], object]) -> object:
        start.wait()
        try:
            return verb()
        except refusals as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as hands:
        return list(hands.map(run, verbs))
