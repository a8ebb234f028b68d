"""Landed migrations are held by their digests."""

from pathlib import Path

import pytest

from tests import digests


@pytest.fixture
def house(tmp_path) -> Path:
    """A project with one landed migration."""
    folder = tmp_path / "ml4rs" / "jobs" / "migrations"
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "0001_initial.py").write_text("first\n")
    (tmp_path / "tests").mkdir()
    assert digests.main(["--add"], root=tmp_path) == 0
    return tmp_path


def test_our_own_are_as_they_were_landed():
    assert digests.main([]) == 0


def test_a_changed_migration_is_refused(house, capsys):
    (house / "ml4rs/jobs/migrations/0001_initial.py").write_text("edited\n")
    assert digests.main([], root=house) == 1
    assert "ml4rs/jobs/migrations/0001_initial.py was landed and is changed" in capsys.readouterr().out


def test_a_migration_that_is_gone_is_refused(house, capsys):
    (house / "ml4rs/jobs/migrations/0001_initial.py").unlink()
    assert digests.main([], root=house) == 1
    assert "is gone" in capsys.readouterr().out


def test_a_new_migration_waits_for_its_digest_and_is_held_from_then_on(house, capsys):
    new = house / "ml4rs/jobs/migrations/0002_more.py"
    new.write_text("more\n")
    assert digests.main([], root=house) == 1
    assert "python -m tests.digests --add" in capsys.readouterr().out
    assert digests.main(["--add"], root=house) == 0
    assert digests.main([], root=house) == 0
    new.write_text("edited\n")
    assert digests.main([], root=house) == 1


def test_adding_changes_no_digest_that_is_kept(house):
    (house / "ml4rs/jobs/migrations/0001_initial.py").write_text("edited\n")
    (house / "ml4rs/jobs/migrations/0002_more.py").write_text("more\n")
    before = (house / digests.KEPT).read_bytes()
    assert digests.main(["--add"], root=house) == 1
    assert (house / digests.KEPT).read_bytes() == before
