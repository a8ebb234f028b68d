"""The facts of the 2025 edition, as its file has them, and that its file is written as ours are."""

from collections import Counter
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache

from ml4rs.editions.filing import dump, load, read, write_yaml
from ml4rs.editions.models import Edition
from schedule.models import Session, Slot

pytestmark = pytest.mark.django_db

FILE = Path(settings.BASE_DIR) / "ml4rs" / "editions" / "files" / "iclr2025.yaml"


@pytest.fixture(autouse=True)
def _fresh_cache():
    """Published programmes are cached by release, and keys repeat from test to test."""
    cache.clear()


@pytest.fixture
def edition() -> Edition:
    return load(read(FILE.read_text(), FILE.parent)).edition


def test_where_and_when(edition):
    assert (edition.slug, edition.short_name, edition.ordinal, edition.host) == ("iclr2025", "ML4RS", 3, "ICLR 2025")
    assert (edition.starts_on, edition.city, edition.time_zone) == (date(2025, 4, 27), "Singapore", "Asia/Singapore")
    assert edition.starts_on.strftime("%A") == "Sunday"
    assert edition.contact_email == "ml4rs_iclr25@googlegroups.com"
    assert edition.is_current


def test_deadlines_in_utc(edition):
    dates = {(each.kind, each.track.slug if each.track else ""): each for each in edition.milestones.all()}
    anywhere = {
        ("submission", ""): datetime(2025, 2, 11, 11, 59, 59, tzinfo=UTC),
        ("travel", ""): datetime(2025, 3, 29, 11, 59, 59, tzinfo=UTC),
        ("camera_ready", ""): datetime(2025, 4, 20, 11, 59, 59, tzinfo=UTC),
        ("submission", "bonus-slides"): datetime(2025, 4, 24, 11, 59, 59, tzinfo=UTC),
        ("submission", "live-demos"): datetime(2025, 4, 24, 11, 59, 59, tzinfo=UTC),
    }
    assert {key: each.instant for key, each in dates.items() if each.aoe} == anywhere
    # A whole day at the venue is over when it is over in Singapore, eight hours ahead of UTC.
    assert {key: each.instant for key, each in dates.items() if each.whole_day} == {
        ("notification", ""): datetime(2025, 3, 3, 15, 59, 59, tzinfo=UTC),
        ("workshop", ""): datetime(2025, 4, 27, 15, 59, 59, tzinfo=UTC),
    }


def test_the_tracks_and_their_rules(edition):
    papers, tiny, slides, demos = edition.tracks.all()
    assert (papers.page_limit, papers.references, papers.blind, papers.journal_eligible) == (4, "free", "double", True)
    assert (tiny.page_limit, tiny.references, tiny.appendix, tiny.blind) == (2, "free", "free", "double")
    assert not tiny.journal_eligible
    assert [file.kind for file in papers.files.all()][:2] == ["manuscript", "supplementary"]
    assert not papers.files.get(kind="supplementary").required
    assert (slides.kind, slides.page_limit, demos.kind) == ("slide", 1, "demo")
    assert [track.is_reviewed for track in (papers, tiny, slides, demos)] == [True, True, False, False]
    assert not any(track.is_archival for track in edition.tracks.all())
    assert papers.template_url == "https://www.overleaf.com/read/srnfvcbwrqgt#4f7e09"


def test_who_is_there(edition):
    counts = Counter(edition.people.values_list("kind", flat=True))
    assert counts == {"organiser": 10, "keynote": 2, "invited": 3, "committee": 48}
    people = edition.people
    assert people.get(kind="organiser", name="Ronny Hänsch").affiliation == "German Aerospace Center (DLR) / GRSS"
    assert people.get(kind="committee", name="Johannes Jakubik").affiliation == "IBM Research"
    assert people.get(kind="committee", name="Camille Kurtz").affiliation == "Université Paris Cité"
    both = people.filter(name="Marc Rußwurm").values_list("kind", flat=True)
    assert sorted(both) == ["committee", "organiser"]
    assert not people.filter(kind="organiser", url="").exists()
    assert not people.filter(kind__in=["keynote", "invited"], bio="").exists()


def test_topics_and_sponsors(edition):
    assert Counter(edition.topics.values_list("area", flat=True)) == {"Methods and data": 18, "Applications": 11}
    tiers = [
        (tier.name, tier.amount_minor, tier.currency, [sponsor.name for sponsor in tier.sponsors.all()])
        for tier in edition.sponsor_tiers.all()
    ]
    assert tiers == [
        ("Platinum", 500_000, "EUR", []),
        ("Gold", 300_000, "EUR", ["Google DeepMind"]),
        ("Silver", 100_000, "EUR", ["SIG GIS", "Allen Institute for AI (Ai2)"]),
    ]


def test_the_day_runs_from_nine_to_twenty_past_five_without_a_gap(edition):
    sessions = list(edition.sessions.all())
    assert len(sessions) == 15
    assert sessions[0].starts_at == datetime(2025, 4, 27, 1, 0, tzinfo=UTC)  # 09:00 in Singapore
    assert sessions[-1].ends_at == datetime(2025, 4, 27, 9, 20, tzinfo=UTC)
    assert all(one.ends_at == other.starts_at for one, other in pairwise(sessions))


def test_every_talk_and_poster(edition):
    slots = Slot.objects.filter(session__edition=edition)
    assert Counter(slots.values_list("session__kind", flat=True)) == {
        Session.Kind.KEYNOTE: 2,
        Session.Kind.INVITED: 3,
        Session.Kind.ORALS: 6,
        Session.Kind.POSTERS: 26,
    }
    assert set(slots.filter(session__kind="posters").values_list("session").distinct()) == {
        (session.pk,) for session in edition.sessions.filter(kind="posters")
    }
    assert [session.slots.count() for session in edition.sessions.filter(kind="posters")] == [13, 13]


def test_every_oral_has_a_poster_and_no_paper_has_two_names(edition):
    titles = Slot.objects.filter(session__edition=edition).values_list("title", flat=True)
    posters = set(titles.filter(session__kind="posters"))
    assert len(posters) == 26
    assert set(titles.filter(session__kind="orals")) <= posters
    assert len({title.casefold() for title in posters}) == 26


def test_who_speaks_on_what(edition):
    talks = {
        slot.session.slug: (slot.title, [person.name for person in slot.speakers.all()])
        for slot in Slot.objects.filter(session__kind__in=["keynote", "invited"]).select_related("session")
    }
    assert talks["keynote-1"] == ("Towards Generative Foundation Models for Remote Sensing Data", ["Stefano Ermon"])
    assert talks["keynote-2"] == ("", ["Xiaoxiang Zhu"])  # to be announced
    assert talks["invited-talk-1"][1] == ["Hao Li"]
    assert talks["invited-talk-2"] == (
        "Machine Learning for Remote Sensing from a User's Perspective",
        ["Soo Chin Liew"],
    )
    assert talks["invited-talk-3"][1] == ["Konstantin Klemmer"]


def test_the_programme_is_public(edition, client):
    page = client.get("/iclr2025/programme/").content.decode()
    for title in (
        "LandsatQuake",
        "Towards Generative Foundation Models",
        "Do Satellite Tasks Need Special Pretraining?",
    ):
        assert title in page


def test_the_slips_of_the_old_page_are_mended(edition):
    texts = " ".join(edition.texts.values_list("body", flat=True))
    assert "2024" not in texts
    assert "{{ host }}" in edition.texts.get(key="travel").body


@pytest.mark.parametrize(
    "page", ["", "call/", "dates/", "speakers/", "committee/", "sponsors/", "contact/", "programme/", "travel/"]
)
def test_every_public_page_shows_it(edition, client, page):
    answer = client.get(f"/iclr2025/{page}")
    assert answer.status_code == 200
    assert "{{" not in answer.content.decode()


def test_the_file_is_written_as_dump_edition_writes(edition):
    comment, _, rest = FILE.read_text().partition("\n\n")
    assert comment.startswith("# ")
    assert write_yaml(dump(edition)) == rest
