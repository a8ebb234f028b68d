"""Front-end packages: what pages load is found, what they do not load is not served."""

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import override_settings

from ml4rs.staticfiles import FILES, PREFIX, VendorFinder


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_listed_file_is_found(name):
    assert finders.find(f"{PREFIX}/{name}")


def test_fonts_of_the_formula_renderer_are_found():
    assert finders.find("vendor/katex/fonts/KaTeX_Main-Regular.woff2")


@pytest.mark.parametrize(
    "name",
    [
        "vendor/bootstrap/package.json",
        "vendor/bootstrap/../bootstrap/package.json",
        "vendor/katex/fonts/../katex.js",
        "vendor/katex/fonts/../../package.json",
        "vendor/../manage.py",
        "bootstrap/bootstrap.min.css",
    ],
)
def test_nothing_else_of_the_packages_is_served(name):
    assert not finders.find(name)


def test_missing_packages_are_told_with_the_remedy(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (warning,) = VendorFinder().check()
    assert "vendor" not in warning.msg
    assert "npm ci" in warning.hint


def test_everything_collects_under_hashed_names(tmp_path):
    """The manifest storage refuses references to files that are not there, so this covers source maps and fonts."""
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
    assert list(tmp_path.glob("vendor/bootstrap/bootstrap.min.????????????.css"))
    assert (tmp_path / "staticfiles.json").exists()
