"""Fixtures of the whole-system tests."""

import shutil

import pytest


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The machine's own Chromium; no test downloads a browser."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.skip("no Chromium on this machine")
