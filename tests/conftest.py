"""Fixtures of the whole-system tests."""

import logging
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from playwright.sync_api import Browser, sync_playwright

from ml4rs.editions.views import errors
from tests.live import Site, postbox


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


def _once_for_each(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    made: dict[tuple, bytes] = {}

    def known(request: HttpRequest, exception: Exception) -> HttpResponse:
        viewer = request.viewer
        key = (connection.alias, viewer.user and viewer.user.pk, viewer.edition and viewer.edition.pk, viewer.watcher)
        if key not in made:
            made[key] = page(request, exception).content
        return HttpResponse(made[key], status=404)

    return known


@pytest.fixture(autouse=True)
def _crawls_keep_no_contexts(request, monkeypatch) -> Iterator[None]:
    """A crawl reads what people read. Django's test client would copy every template's variables as well, and

    every refusal would be written to the log with its traceback. The page for what does not exist is the same
    wherever somebody meets it: it is made once for each person, unless the crawl counts queries.
    """
    marker = request.node.get_closest_marker("crawl")
    if marker is None:
        yield
        return
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *args, **kwargs: None)
    if not marker.kwargs.get("counts_queries"):
        monkeypatch.setattr("ml4rs.urls.handler404", _once_for_each(errors.not_found))
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)
