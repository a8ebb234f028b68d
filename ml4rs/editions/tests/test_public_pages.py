"""The public pages of an edition: what stands on them, when, for whom, and what they cost."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.urls import reverse

from ml4rs.editions.models import Sponsor, SponsorTier
from ml4rs.editions.tests.factories import (
    EditionFactory,
    MilestoneFactory,
    PersonFactory,
    RoleFactory,
    TextBlockFactory,
    TopicFactory,
    TrackFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

BEFORE = datetime(2025, 2, 1, 12, tzinfo=UTC)
AFTER = datetime(2025, 5, 1, 12, tzinfo=UTC)
PAGES = ("home", "call", "dates", "speakers", "committee", "sponsors", "contact", "privacy")


@pytest.fixture
def edition():
    return EditionFactory(slug="iclr2025", city="Singapore", contact_email="hello@ml4rs.example")


@pytest.fixture
def read(client):
    """`read(edition, page, at)`: the page's HTML, as anybody gets it."""

    def read(edition, page: str = "home", at: datetime = BEFORE) -> str:
        with time_machine.travel(at, tick=False):
            response = client.get(reverse(f"editions:{page}", args=[edition.slug]))
        assert response.status_code == 200
        return response.content.decode()

    return read


def sponsor(edition, name: str, **dates) -> Sponsor:
    tier, _ = SponsorTier.objects.get_or_create(edition=edition, slug="gold", defaults={"name": "Gold"})
    return Sponsor.objects.create(tier=tier, name=name, **dates)


# --- Dates ------------------------------------------------------------------------------------------


def test_a_date_is_struck_through_once_it_is_over_and_not_before(read, edition):
    milestone = MilestoneFactory(edition=edition)
    before = read(edition, "dates", milestone.instant - timedelta(minutes=1))
    after = read(edition, "dates", milestone.instant + timedelta(days=1))
    assert "AoE" in before
    assert "<s>" not in before
    assert "<s>" in after


def test_a_moved_date_shows_the_old_one_too(read, edition):
    moved_from = datetime(2025, 2, 5, 11, 59, 59, tzinfo=UTC)
    MilestoneFactory(edition=edition, previous_instant=moved_from, revision=2)
    page = read(edition, "dates")
    assert "4 Feb" in page
    assert "10 Feb" in page


def test_a_date_that_is_unknown_is_to_be_confirmed(read, edition):
    MilestoneFactory(edition=edition, instant=None)
    assert "to be confirmed" in read(edition, "dates").casefold()


def test_a_date_of_the_organisers_own_is_on_no_public_page(read, edition):
    MilestoneFactory(edition=edition, label="Internal juniper meeting", is_public=False)
    assert not [page for page in PAGES if "juniper" in read(edition, page)]


# --- What stands there ------------------------------------------------------------------------------


def test_texts_fill_in_the_hosts_name_and_are_free_of_scripts(read, edition):
    bad = "<script>x</script> [a](javascript:alert(1)) <img src=x onerror=alert(1)> <iframe src=x></iframe>"
    TextBlockFactory(edition=edition, key="about", body=f"Held with **{{{{ host }}}}**. {bad}")
    section = re.search(r'aria-label="About">(.*?)</section>', read(edition), re.DOTALL).group(1)
    assert "<strong>ICLR 2025</strong>" in section
    assert not re.search(r"<script|<iframe|<img|href=.javascript", section, re.IGNORECASE)


def test_sponsors_are_shown_between_their_dates(read, edition):
    sponsor(edition, "Juniper Ltd", visible_from=date(2025, 2, 2), visible_until=date(2025, 2, 4))
    days = [datetime(2025, 2, day, 12, tzinfo=UTC) for day in (1, 2, 4, 5)]
    assert ["Juniper" in read(edition, "sponsors", day) for day in days] == [False, True, True, False]


def test_a_sponsors_logo_stands_for_its_name_and_goes_with_it(read, edition, client):
    shown = sponsor(edition, "Juniper Ltd", visible_until=date(2025, 3, 1))
    shown.logo.save("x.png", ContentFile(b"\x89PNG\r\n\x1a\n"))
    address = reverse("editions:logo", args=[edition.slug, shown.public_id])
    assert f'<img src="{address}" alt="Juniper Ltd"' in read(edition, "sponsors")
    with time_machine.travel(BEFORE, tick=False):
        answer = client.get(address)
        assert (answer.headers["Content-Type"], b"".join(answer.streaming_content)[:4]) == ("image/png", b"\x89PNG")
    with time_machine.travel(AFTER, tick=False):
        assert client.get(address).status_code == 404


def test_everybody_listed_is_found_on_their_page(read, edition):
    PersonFactory(edition=edition, name="Ada Keynote", kind="keynote")
    PersonFactory(edition=edition, name="Grace Organiser", kind="organiser")
    PersonFactory(edition=edition, name="Mary Member", kind="committee")
    assert "Ada Keynote" in read(edition, "speakers")
    assert all(name in read(edition, "committee") for name in ("Grace Organiser", "Mary Member"))
    assert "Grace Organiser" in read(edition, "contact")


def test_the_tracks_say_their_rules(read, edition):
    TrackFactory(edition=edition, name="Tiny papers", page_limit=2)
    page = read(edition, "call")
    assert "Tiny papers" in page
    assert "2 pages" in page


# --- Before and after the day ------------------------------------------------------------------------


def test_before_the_deadline_the_home_page_offers_to_submit(read, edition):
    MilestoneFactory(edition=edition)
    start = reverse("submissions:start", args=[edition.slug])
    assert f'btn-hero" href="{start}"' in read(edition)
    assert start not in read(edition, at=datetime(2025, 3, 1, tzinfo=UTC))


def test_afterwards_it_offers_what_was_shown_there(read, edition):
    edition.papers_public = True
    edition.save()
    MilestoneFactory(edition=edition)
    over = read(edition, at=AFTER)
    assert 'btn-hero" href="/iclr2025/programme/"' in over
    assert 'btn-hero" href="/iclr2025/programme/"' not in read(edition)


def test_the_day_is_not_over_while_it_lasts_anywhere(read, edition):
    last_minute = datetime(2025, 4, 28, 11, 59, tzinfo=UTC)
    assert "btn-hero" not in read(edition, at=last_minute)
    assert "btn-hero" in read(edition, at=last_minute + timedelta(minutes=2))


# --- Who may look -------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_an_edition_in_preparation_exists_for_its_organisers_only(client, page):
    hidden = EditionFactory(is_public=False)
    address = reverse(f"editions:{page}", args=[hidden.slug])
    assert client.get(address).status_code == 404
    client.force_login(UserFactory())
    assert client.get(address).status_code == 404
    client.force_login(RoleFactory(edition=hidden).user)
    assert client.get(address).status_code == 200


def test_the_current_edition_stands_at_the_root(client, edition):
    assert 'class="hero"' not in client.get("/").content.decode()
    edition.is_current = True
    edition.save()
    assert 'class="hero"' in client.get("/").content.decode()


def test_the_next_edition_needs_nothing_but_its_rows(read):
    later = EditionFactory(slug="iclr2027", host="ICLR 2027", starts_on=None, ends_on=None, city="")
    TrackFactory(edition=later, name="Short papers", page_limit=5)
    page = read(later)
    assert "ICLR 2027" in page
    assert "to be confirmed" in page.casefold()
    assert "5 pages" in page


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_taken_from_or_sent_to_another_host(read, edition, page):
    PersonFactory(edition=edition)
    sponsor(edition, "Juniper Ltd")
    html = read(edition, page)
    loaded = re.findall(
        r"<(?:script|img|link|source|iframe|form|video)[^>]*?(?:src|href|srcset|action)=\"([^\"]+)", html
    )
    assert [each for each in loaded if re.match(r"(?:https?:)?//", each) and "canonical" not in html] == []


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_they_are_for_reading(client, edition, page, method):
    assert getattr(client, method)(reverse(f"editions:{page}", args=[edition.slug])).status_code == 405


# --- For machines -------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_a_title_and_a_description_of_its_own(read, edition, page):
    html = read(edition, page)
    assert re.search(r"<title>[^<]{5,}</title>", html)
    assert re.search(r'<meta name="description" content="[^"]{5,}"', html)
    assert re.search(r'<meta property="og:title" content="[^"]{5,}"', html)


def test_search_engines_are_told_of_the_event(read, edition):
    edition.tagline = "</script><b>bold</b>"
    edition.save()
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', read(edition)).group(1))
    assert (data["@type"], data["startDate"], data["description"]) == ("Event", "2025-04-27", edition.tagline)
    assert data["location"]["address"]["addressLocality"] == "Singapore"


def test_the_sitemap_lists_public_editions_and_robots_stay_out_of_the_rest(client, edition):
    EditionFactory(slug="secret", is_public=False)
    sitemap = client.get("/sitemap.xml").content.decode()
    assert "/iclr2025/call/" in sitemap
    assert "secret" not in sitemap
    assert "Disallow: /*/organise/" in client.get("/robots.txt").content.decode()


# --- Cost ---------------------------------------------------------------------------------------------


def fill(edition, rows: int) -> None:
    for number in range(rows):
        PersonFactory(edition=edition, kind=("keynote", "organiser", "committee")[number % 3])
        TopicFactory(edition=edition, area=f"Area {number % 5}")
        sponsor(edition, f"Sponsor {number}")
    for number in range(-(-rows // 10)):
        MilestoneFactory(edition=edition, track=TrackFactory(edition=edition), label=f"Day {number}")


BUDGETS = {"home": 11, "call": 6, "dates": 3, "speakers": 3, "committee": 6, "sponsors": 5, "contact": 4, "privacy": 2}


@pytest.mark.parametrize("rows", [1, 50, 300])
def test_the_pages_cost_the_same_however_much_stands_on_them(client, edition, cost_of, rows):
    fill(edition, rows)
    costs = {}
    with time_machine.travel(BEFORE, tick=False):
        for page in PAGES:
            address = reverse(f"editions:{page}", args=[edition.slug])
            client.get(address)
            with cost_of() as cost:
                assert client.get(address).status_code == 200
            costs[page] = cost
    assert {page: cost.queries for page, cost in costs.items() if cost.queries > BUDGETS[page]} == {}
    assert max(cost.objects for cost in costs.values()) <= 20 + 4 * rows
