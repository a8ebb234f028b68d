"""Portraits and logos that an edition's file names."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from ml4rs.editions.filing import CannotLoadError
from ml4rs.editions.models import Edition
from ml4rs.editions.tests.small_edition import SMALL, load_text
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def toy() -> Edition:
    return load_text(SMALL).edition


# --- Pictures -----------------------------------------------------------------------------------


@pytest.fixture
def with_portrait(settings, tmp_path) -> str:
    settings.MEDIA_ROOT = tmp_path / "media"
    Image.effect_noise((80, 60), 90).convert("RGB").save(tmp_path / "w.png")
    return SMALL.replace("affiliation: Institute", "affiliation: Institute, portrait: w.png")


def stored(settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_picture_is_stored_once(with_portrait, tmp_path, settings):
    edition = load_text(with_portrait, tmp_path).edition
    first = edition.people.get().portrait.name
    assert first.startswith("portraits/")
    assert load_text(with_portrait, tmp_path).notes == []
    load_text(SMALL)
    assert edition.people.get().portrait.name == first
    assert len(stored(settings)) == 1


def test_a_dry_run_leaves_no_picture_behind(with_portrait, tmp_path, settings):
    assert load_text(with_portrait, tmp_path, dry_run=True).notes == ["The portrait of Wangari Example is now w.png."]
    assert stored(settings) == []


def test_a_load_that_fails_leaves_no_picture_behind(with_portrait, tmp_path, settings, toy):
    SubmissionFactory(track=toy.tracks.get())
    with pytest.raises(CannotLoadError):
        load_text(with_portrait.replace("slug: papers", "slug: other"), tmp_path)
    assert stored(settings) == []


def test_another_picture_takes_the_place_of_the_first(
    with_portrait, tmp_path, settings, django_capture_on_commit_callbacks
):
    edition = load_text(with_portrait, tmp_path).edition
    first = edition.people.get().portrait.name
    Image.new("RGB", (30, 30), "red").save(tmp_path / "w.png")
    with django_capture_on_commit_callbacks(execute=True):
        load_text(with_portrait, tmp_path)
    assert edition.people.get().portrait.name != first
    assert len(stored(settings)) == 1


def test_who_leaves_the_file_takes_the_picture_along(
    with_portrait, tmp_path, settings, django_capture_on_commit_callbacks
):
    without = SMALL.replace("keynote:\n    - {name: Wangari Example, affiliation: Institute}", "keynote: []")
    load_text(with_portrait, tmp_path)
    load_text(without, dry_run=True)
    assert len(stored(settings)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        load_text(without)
    assert stored(settings) == []


def test_what_is_no_picture_is_told_at_its_line(with_portrait, tmp_path, capsys):
    (tmp_path / "w.png").write_text("no picture")
    path = tmp_path / "toy.yaml"
    path.write_text(with_portrait)
    with pytest.raises(CommandError, match=r"toy.yaml:24:\d+: This is no picture that we can read"):
        call_command("load_edition", str(path))
