"""`manage.py check_pdf`: one answer a file, whatever the files are; wrong usage is told apart."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from ml4rs.editions.tests.factories import TrackFactory
from submissions.tests.pdfs import encrypted_pdf, make_pdf


@pytest.fixture
def files(tmp_path):
    """`files(data, …)`: paths of files with these bytes."""

    def files(*contents: bytes) -> list[str]:
        paths = [tmp_path / f"{number}.pdf" for number in range(len(contents))]
        for path, data in zip(paths, contents, strict=True):
            path.write_bytes(data)
        return [str(path) for path in paths]

    return files


def answers(*arguments: str) -> list[dict]:
    out = StringIO()
    call_command("check_pdf", *arguments, "--format", "json", stdout=out)
    return json.loads(out.getvalue())


def test_every_file_is_answered_without_a_database(files):
    good, locked, text = files(make_pdf(2), encrypted_pdf(), b"words")
    found = answers(good, locked, text, "/no/such/file.pdf", "--page-limit", "4")
    assert [answer["verdict"] for answer in found] == ["ok", "refused", "refused", "refused"]
    assert set(found[0]) == {
        "file", "verdict", "pages", "main_text_pages", "references_page", "appendix_page", "findings",
    }  # fmt: skip
    assert set(found[1]["findings"][0]) == {"code", "severity", "page", "excerpt", "message"}


def test_authors_are_looked_for(files):
    [named] = files(make_pdf(1, text="By Ada Quuxworth of Quux"))
    [found] = answers(named, "--author", "Ada Quuxworth <ada@quux.example>; Quux")
    assert [finding["code"] for finding in found["findings"]] == ["identity.author_name"]
    assert answers(named, "--author", "Ada Quuxworth", "--blind", "none")[0]["verdict"] == "ok"


@pytest.mark.django_db
def test_a_tracks_own_rules_can_be_named(files):
    track = TrackFactory(page_limit=1, references="counted", appendix="counted")
    [two] = files(make_pdf(2))
    [found] = answers(two, "--edition", track.edition.slug, "--track", track.slug)
    assert found["verdict"] == "blocked"
    with pytest.raises(CommandError, match="no such track"):
        answers(two, "--edition", track.edition.slug, "--track", "nonsense")


@pytest.mark.parametrize("wrong", [["--page-limit", "0"], ["--appendix", "maybe"], ["--track", "papers"], []])
def test_wrong_usage_is_an_error(files, wrong):
    arguments = [*files(make_pdf(1)), *wrong] if wrong else []
    with pytest.raises(CommandError):
        answers(*arguments)


def test_words_for_people(files):
    out = StringIO()
    call_command("check_pdf", *files(encrypted_pdf()), stdout=out)
    assert "refused" in out.getvalue()
    assert "locked with a password" in out.getvalue()
