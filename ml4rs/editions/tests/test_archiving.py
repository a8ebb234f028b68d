"""An edition as static files: what is kept, how its pages lead to each other, and that no link is dead."""

import json

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from ml4rs.editions.archiving import Answer, ArchiveError, archive, dead_links
from ml4rs.editions.archiving.pages import relative
from ml4rs.editions.tests.factories import EditionFactory, TextBlockFactory, TrackFactory
from submissions.tests.factories import SubmissionFactory

PAGE = "text/html; charset=utf-8"


def site(**pages):
    """A site of these answers: an address to HTML, or to a whole answer; anything else is not there."""
    known = {f"/w/{name.strip('/')}/" if name != "/" else "/w/": body for name, body in pages.items()}

    def fetch(address):
        found = known.get(address) or pages.get(address)
        if found is None:
            return Answer(404)
        return found if isinstance(found, Answer) else Answer(200, PAGE, f"<html><body>{found}</body></html>".encode())

    return fetch


def kept(tmp_path, fetch):
    number, dead = archive(fetch, prefix="/w/", static="/static/", folder=tmp_path)
    return number, dead


def links(tmp_path, file="index.html"):
    return html.parse(str(tmp_path / file)).getroot().xpath("//a/@href")


def test_pages_become_files_that_lead_to_each_other(tmp_path):
    fetch = site(**{"/": '<a href="/w/call/#who">Call</a>', "call": '<p id="who"></p><a href="/w/">Home</a>'})
    assert kept(tmp_path, fetch) == (2, [])
    assert links(tmp_path) == ["call/index.html#who"]
    assert links(tmp_path, "call/index.html") == ["../index.html"]
    assert dead_links(tmp_path) == []


def test_what_needs_a_sign_in_or_lies_elsewhere_becomes_plain_text(tmp_path):
    pages = {"/": '<a href="/w/submit/">Submit</a> <a href="/editions/">All</a> <a href="https://x.example/">X</a>'}
    kept(tmp_path, site(**pages, **{"/w/submit/": Answer(302)}))
    assert links(tmp_path) == ["https://x.example/"]
    assert "Submit" in (tmp_path / "index.html").read_text()


def test_what_is_not_there_is_told_with_the_page_that_leads_to_it(tmp_path):
    _, dead = kept(tmp_path, site(**{"/": '<a href="/w/nowhere/">?</a>'}))
    assert dead == ["/w/nowhere/ (on /w/) answers 404"]


def test_files_have_names_that_say_what_they_are(tmp_path):
    pages = {
        "/": '<a href="/w/papers/1/pdf">P</a><img src="/w/logo"><a href="/w/papers/?topic=Sea%20ice">S</a>',
        "/w/papers/1/pdf": Answer(200, "application/pdf", b"%PDF", "w-17.pdf"),
        "/w/logo": Answer(200, "image/png", b"PNG"),
        "/w/papers/?topic=Sea%20ice": Answer(200, PAGE, b"<p>Ice</p>"),
    }
    kept(tmp_path, site(**pages))
    assert (tmp_path / "papers/1/w-17.pdf").read_bytes() == b"%PDF"
    assert (tmp_path / "logo.png").is_file()
    assert (tmp_path / "papers/topic-sea-20ice/index.html").is_file()


def test_styles_bring_their_pictures_and_data_its_addresses(tmp_path):
    data = '<script type="application/json">{"picture": "/w/slide?v=1", "other": "/else"}</script>'
    pages = {
        "/": f'<link rel="stylesheet" href="/static/css/a.css">{data}',
        "/static/css/a.css": Answer(200, "text/css", b'a { background: url("../img/b.svg") } i { x: url(data:,) }'),
        "/static/img/b.svg": Answer(200, "image/svg+xml", b"<svg/>"),
        "/w/slide?v=1": Answer(200, "image/png", b"PNG", "slide.png"),
    }
    kept(tmp_path, site(**pages))
    assert (tmp_path / "static/img/b.svg").is_file()
    assert 'url("../img/b.svg")' in (tmp_path / "static/css/a.css").read_text()
    text = html.parse(str(tmp_path / "index.html")).getroot().xpath("string(//script)")
    assert json.loads(text) == {"picture": "slide.png", "other": "/else"}


def test_what_only_works_on_the_live_site_is_taken_out(tmp_path):
    kept(
        tmp_path, site(**{"/": '<form action="/w/"><input></form><p data-live>Sign in</p><p data-worker="/w/x">Y</p>'})
    )
    text = (tmp_path / "index.html").read_text()
    assert "<form" not in text
    assert "Sign in" not in text
    assert "data-worker" not in text


def test_a_home_that_is_not_public_is_no_archive(tmp_path):
    with pytest.raises(ArchiveError, match="not public"):
        kept(tmp_path, site())


def test_the_check_finds_missing_files_and_anchors(tmp_path):
    (tmp_path / "index.html").write_text(
        '<a href="gone.html">a</a><a href="#nowhere">b</a><a href="#here" id="here">c</a>'
    )
    assert dead_links(tmp_path) == ["index.html: #nowhere", "index.html: gone.html"]


_names = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=4).map("/".join)


@given(_names, _names)
def test_a_relative_link_leads_back(own, other):
    from posixpath import dirname, join, normpath

    assert normpath(join(dirname(own), relative(own, other))) == other


# --- The command ----------------------------------------------------------------------------------------------


@pytest.fixture
def edition(db):
    return EditionFactory(slug="iclr2025")


def test_an_edition_is_kept_without_what_is_not_public(edition, tmp_path):
    track = TrackFactory(edition=edition)
    paper = SubmissionFactory(track=track, title="Clouds over forests", accepted=True)
    SubmissionFactory(track=track, title="Undecidedrowan")
    call_command("export_site", "iclr2025", tmp_path / "site", verbosity=0)
    files = {path: path.read_text() for path in (tmp_path / "site").rglob("*.html")}
    assert "Clouds over forests" in files[tmp_path / "site/papers" / paper.public_id / "index.html"]
    assert not any("Undecidedrowan" in text or "/accounts/" in text for text in files.values())
    assert (tmp_path / "site/static/css/ml4rs.css").is_file()


def test_a_second_export_replaces_the_first_and_nothing_else(edition, tmp_path):
    folder = tmp_path / "site"
    call_command("export_site", "iclr2025", folder, verbosity=0)
    (folder / "old.html").write_text("old")
    call_command("export_site", "iclr2025", folder, verbosity=0)
    assert not (folder / "old.html").exists()
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("precious")
    with pytest.raises(CommandError, match="not empty"):
        call_command("export_site", "iclr2025", mine, verbosity=0)
    assert (mine / "thesis.txt").read_text() == "precious"


def test_a_dead_link_fails_the_export_and_leaves_the_old_one(edition, tmp_path):
    folder = tmp_path / "site"
    call_command("export_site", "iclr2025", folder, verbosity=0)
    TextBlockFactory(edition=edition, key="about", body="[Call](/iclr2025/nowhere/)")
    with pytest.raises(CommandError, match="nowhere"):
        call_command("export_site", "iclr2025", folder, verbosity=0)
    assert (folder / "index.html").is_file()


@pytest.mark.parametrize(("slug", "words"), [("iclr1999", "no edition"), ("hidden", "not public")])
def test_what_cannot_be_exported_is_told_in_words(edition, tmp_path, slug, words):
    EditionFactory(slug="hidden", is_public=False)
    with pytest.raises(CommandError, match=words):
        call_command("export_site", slug, tmp_path / "site", verbosity=0)
