"""An edition written back as its file, and the commands that read and write one."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from ml4rs.editions.filing import dump, write_yaml
from ml4rs.editions.filing.reading import read_yaml
from ml4rs.editions.filing.values import _instant, written_instant
from ml4rs.editions.models import Edition, Milestone
from ml4rs.editions.tests.factories import EditionFactory, MilestoneFactory
from ml4rs.editions.tests.small_edition import SMALL, load_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def toy() -> Edition:
    return load_text(SMALL).edition


# --- Writing back -------------------------------------------------------------------------------


def test_what_is_written_loads_without_any_change(toy):
    written = write_yaml(dump(toy, roles=True))
    assert load_text(written).differences == []
    assert write_yaml(dump(toy, roles=True)) == written


def test_it_makes_the_same_edition_on_another_machine(toy):
    written = write_yaml(dump(toy))
    elsewhere = written.replace("slug: toy", "slug: elsewhere")
    assert write_yaml(dump(load_text(elsewhere).edition)) == elsewhere


@pytest.mark.parametrize(
    "moment",
    [
        {"instant": None},
        {"instant": None, "whole_day": True},
        {"instant": None, "aoe": True},
        {"instant": datetime(2025, 2, 11, 11, 59, 59, tzinfo=UTC), "aoe": True},
        {"instant": datetime(2025, 2, 11, 11, 59, 59, tzinfo=UTC), "aoe": True, "whole_day": True},
        {"instant": datetime(2025, 2, 11, 0, 0, tzinfo=UTC), "aoe": True},
        {"instant": datetime(2025, 2, 10, 15, 59, 59, tzinfo=UTC), "whole_day": True},
        {"instant": datetime(2025, 2, 10, 15, 59, 59, tzinfo=UTC)},
        {"instant": datetime(2025, 2, 10, 15, 59, tzinfo=UTC)},
        {"instant": datetime(2025, 2, 10, 4, 30, 15, 250_000, tzinfo=UTC)},
        {"instant": datetime(2025, 2, 10, 4, 30, tzinfo=UTC), "whole_day": True},
        {"instant": datetime(2025, 2, 10, 4, 30, tzinfo=UTC), "grace": timedelta(hours=2), "is_public": False},
        {"instant": datetime(2025, 2, 10, 4, 30, tzinfo=UTC), "grace": timedelta(days=1), "label": "Late: papers"},
        {"instant": None, "previous_instant": datetime(2025, 2, 1, 11, 59, 59, tzinfo=UTC), "aoe": True},
    ],
)
def test_every_form_of_a_date_survives(moment):
    edition = EditionFactory(time_zone="Asia/Singapore")
    MilestoneFactory(edition=edition, kind="review", **{"aoe": False, **moment})
    fields = ("instant", "aoe", "whole_day", "grace", "is_public", "label", "previous_instant", "revision")
    before = list(Milestone.objects.values_list(*fields))
    written = write_yaml(dump(edition))
    assert load_text(written).differences == []
    assert list(Milestone.objects.values_list(*fields)) == before
    Milestone.objects.all().delete()
    load_text(written)
    assert list(Milestone.objects.values_list(*fields)) == before


@given(
    instant=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),  # noqa: DTZ001 - made aware below
    zone=st.sampled_from(["Asia/Singapore", "Europe/Paris", "America/St_Johns", "Australia/Lord_Howe", "Etc/GMT+12"]),
)
def test_every_instant_survives_in_every_zone(instant, zone):
    instant = instant.replace(tzinfo=ZoneInfo("UTC"))
    assert _instant(written_instant(instant, zone)).at(zone) == instant


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60), st.text("ab :#-'\"|>\n", max_size=40))
def test_every_text_survives_the_yaml(title, body):
    data = {"texts": {"about": {"title": title, "body": body}}}
    found = read_yaml(write_yaml(data)).data["texts"]["about"]
    # Blocks end with one line break; the schema strips both ends anyway.
    assert ((found["title"] or "").strip(), (found["body"] or "").strip()) == (title.strip(), body.strip())


@pytest.mark.parametrize(
    "word", ["true", "no", "null", "~", "", "12", "1e3", "0x1f", "2025-02-10", "09:00", "- a", "a: b"]
)
def test_words_that_yaml_would_misread_are_kept(word):
    assert read_yaml(write_yaml({"a": {"b": word}})).data["a"]["b"] == word


# --- Commands -----------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path) -> Path:
    (tmp_path / "toy.yaml").write_text(SMALL)
    return tmp_path / "toy.yaml"


def test_the_commands_load_and_write_back(path, tmp_path, capsys):
    call_command("load_edition", str(path))
    assert "Edition toy is created: " in capsys.readouterr().out
    call_command("dump_edition", "toy", out=str(tmp_path / "out.yaml"))
    call_command("load_edition", str(tmp_path / "out.yaml"), dry_run=True)
    assert capsys.readouterr().out == "Edition toy would be updated: nothing to change. This was a dry run.\n"
    call_command("dump_edition", "toy")
    assert capsys.readouterr().out == (tmp_path / "out.yaml").read_text()


def test_standard_input_will_do(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO(SMALL))
    call_command("load_edition", "-")
    assert Edition.objects.get().slug == "toy"


def test_an_invalid_file_ends_with_an_error_and_changes_nothing(path):
    path.write_text(SMALL.replace("page_limit: 4", "page_limit: four"))
    with pytest.raises(CommandError) as caught:
        call_command("load_edition", str(path))
    assert str(caught.value).endswith("toy.yaml:10:17: “four” is no whole number.\n1 problem. Nothing was changed.")
    assert caught.value.returncode == 1
    assert not Edition.objects.exists()


def test_files_and_editions_that_are_not_there(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_edition", str(tmp_path / "none.yaml"))
    (tmp_path / "latin.yaml").write_bytes(b"edition: \xe9")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_edition", str(tmp_path / "latin.yaml"))
    with pytest.raises(CommandError, match=r"There is no edition “toy”\. Known: none yet\."):
        call_command("dump_edition", "toy")
    EditionFactory(slug="toy")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("dump_edition", "toy", out=str(tmp_path / "no" / "folder.yaml"))
