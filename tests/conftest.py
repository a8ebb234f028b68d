"""Fixtures of the whole-system tests."""

import logging
import shutil
from collections.abc import Iterator

import pytest
import time_machine
from django.db import transaction
from playwright.sync_api import Browser, sync_playwright

from ml4rs.editions.views import errors
from tests.crawl import once_for_each
from tests.live import Site, postbox
from tests.world import CLOCK, World, build_world


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The machine's own Chromium; no test downloads a browser."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.skip("no Chromium on this machine")


@pytest.fixture(scope="module")
def chromium(chromium_path: str) -> Iterator[Browser]:
    """A browser for the tests of one module: its event loop must be gone before others use the database."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def scene(request, django_db_setup, django_db_blocker) -> Iterator[World]:
    """The world of a phase, made once for the tests of a module that look at it; what one of them changes is undone.

    Ask for it with `in_phases`, which also keeps the tests of a phase together.
    """
    phase = request.param
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(CLOCK[phase], tick=False):
            scene = build_world(phase)
        yield scene
        transaction.set_rollback(True)


@pytest.fixture
def world(scene: World, db) -> Iterator[World]:
    """The scene's world for one test, at its time: `db` puts a savepoint around what the test changes."""
    with time_machine.travel(CLOCK[scene.phase], tick=False):
        yield scene


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory) -> Iterator[Site]:
    """A site with the demo's editions and people, under two names: a passkey belongs to a name, not to an address.

    Tests that take it are one group of xdist's, so that it is started once.
    """
    with postbox() as (_, smtp_port):
        site = Site(tmp_path_factory.mktemp("demo"), smtp_port, ALLOWED_HOSTS="localhost,127.0.0.1")
        site.environment["SITE_URL"] = f"http://localhost:{site.port}"
        with site.running():
            yield site


@pytest.fixture(autouse=True)
def _crawls_keep_no_contexts(request, monkeypatch) -> Iterator[None]:
    """A crawl reads what people read. Django's test client would copy every template's variables as well, and

    every refusal would be written to the log with its traceback. The page for what does not exist is the same
    wherever somebody meets it: it is made once for each person.
    """
    if request.node.get_closest_marker("crawl") is None:
        yield
        return
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *args, **kwargs: None)
    monkeypatch.setattr("ml4rs.urls.handler404", once_for_each(errors.not_found))
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)
