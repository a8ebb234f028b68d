"""Accepted papers in public: nothing before release, everything citable after."""

import json
import re

import pytest
from django.urls import reverse

from ml4rs.editions.tests.factories import TopicFactory, TrackFactory
from submissions.models import Submission
from submissions.tests.conftest import LATER, with_file
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db


def papers(client, edition, query: str = "") -> str:
    response = client.get(reverse("submissions:papers", args=[edition.slug]) + query)
    assert response.status_code == 200
    return response.content.decode()


def test_before_release_nothing_is_there(client, track):
    paper = SubmissionFactory(track=track, title="Undecided")
    assert "No papers to show yet" in papers(client, track.edition)
    assert client.get(reverse("submissions:paper", args=[track.edition.slug, paper.public_id])).status_code == 404


@pytest.mark.parametrize(
    "fields", [{"rejected": True}, {"state": "withdrawn"}, {"state": "desk_rejected"}, {"draft": True}]
)
def test_what_was_not_accepted_never_shows(client, track, fields):
    paper = SubmissionFactory(track=track, title="Not this one", **fields)
    SubmissionFactory(track=track, title="But this one", accepted=True)
    shown = papers(client, track.edition)
    assert "But this one" in shown
    assert "Not this one" not in shown
    assert client.get(reverse("submissions:paper", args=[track.edition.slug, paper.public_id])).status_code == 404


def test_an_accepted_paper_shows_names_but_no_addresses(client, track):
    paper = SubmissionFactory(track=track, accepted=True, authors=2)
    shown = papers(client, track.edition)
    assert paper.created_by.name in shown
    assert "@" not in shown.split("<main")[1].split("</main")[0]


@pytest.mark.parametrize("name", ["paper", "paper_bibtex", "papers", "papers_json", "map"])
def test_no_public_page_holds_an_address_of_an_author_in_its_source(client, track, name):
    paper = SubmissionFactory(track=track, accepted=True, authors=2)
    own = [paper.public_id] if name in ("paper", "paper_bibtex") else []
    page = client.get(reverse(f"submissions:{name}", args=[track.edition.slug, *own])).content.decode()
    for author in paper.authorships.all():
        assert author.email not in page


def test_nobody_finds_a_papers_authors_by_their_addresses(client, track):
    paper = SubmissionFactory(track=track, accepted=True, title="Trees")
    assert ">Trees</a>" not in papers(client, track.edition, f"?q={paper.authorships.get().email}")


def test_a_paper_under_review_is_related_to_none(client, track):
    words = {"abstract": "Mangroves in satellite images", "track": track}
    paper = SubmissionFactory(accepted=True, title="Mangroves", **words)
    other = SubmissionFactory(title="Mangroves again", **words)
    address = reverse("submissions:paper", args=[track.edition.slug, paper.public_id])
    assert "Mangroves again" not in client.get(address).text
    Submission.objects.filter(pk=other.pk).update(outcome="accepted", released_at=paper.released_at)
    assert "Mangroves again" in client.get(address).text


def test_search_by_title_author_track_and_topic(client, track):
    topic = TopicFactory(edition=track.edition, slug="forests", name="Forests")
    one = SubmissionFactory(track=track, accepted=True, title="Trees")
    one.topics.add(topic)
    other = TrackFactory(edition=track.edition, slug="tiny")
    SubmissionFactory(track=other, accepted=True, title="Fields")
    for query in ("?q=tree", f"?q={one.created_by.name.replace(' ', '+')}", "?topic=forests", f"?track={track.slug}"):
        shown = papers(client, track.edition, query)
        assert ">Trees</a>" in shown, query
        assert ">Fields</a>" not in shown, query
    assert "Nothing found" in papers(client, track.edition, "?q=nothing%00")


def test_no_page_of_the_list_repeats_what_a_tracker_added_to_the_link(client, track):
    SubmissionFactory.create_batch(51, track=track, accepted=True)
    shown = papers(client, track.edition, f"?utm_source=x&track={track.slug}&fbclid=y")
    assert f"?track={track.slug}&amp;page=2" in shown
    assert "utm_source" not in shown


def test_a_paper_can_be_cited(client, track):
    paper = SubmissionFactory(track=track, accepted=True, title='Trees </script> & "quotes"', authors=2)
    with_file(paper, kind="camera_ready")
    address = reverse("submissions:paper", args=[track.edition.slug, paper.public_id])
    shown = client.get(address).content.decode()
    assert "citation_pdf_url" not in shown
    Submission.objects.update(published_at=LATER)
    track.edition.papers_public = True
    track.edition.save()
    shown = client.get(address).content.decode()
    assert shown.count('name="citation_author"') == 2
    assert 'name="citation_pdf_url"' in shown
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', shown, re.DOTALL)
    article = json.loads(data)
    assert article["@type"] == "ScholarlyArticle"
    assert article["headline"] == 'Trees </script> & "quotes"'
    assert len(article["author"]) == 2


def test_poster_and_slides_stand_beside_the_paper_once_published(client, track):
    paper = SubmissionFactory(track=track, accepted=True)
    for kind in ("camera_ready", "poster", "manuscript"):
        with_file(paper, kind=kind)
    with_file(paper, kind="poster", version=2)
    address = reverse("submissions:paper", args=[track.edition.slug, paper.public_id])
    assert "Poster" not in client.get(address).text
    assert client.get(f"/{track.edition.slug}/papers/{paper.public_id}/files/poster").status_code == 404
    Submission.objects.update(published_at=LATER)
    track.edition.papers_public = True
    track.edition.save()
    text = client.get(address).text
    assert text.count(f"/papers/{paper.public_id}/files/poster") == 1
    assert "files/manuscript" not in text
    assert client.get(f"/{track.edition.slug}/papers/{paper.public_id}/files/manuscript").status_code == 404


def test_bonus_items_show_once_published(client, track):
    bonus = TrackFactory(edition=track.edition, bonus=True)
    slide = SubmissionFactory(track=bonus, accepted=True, title="One slide", presentation="slide")
    assert "One slide" not in papers(client, track.edition)
    Submission.objects.filter(pk=slide.pk).update(published_at=LATER)
    track.edition.papers_public = True
    track.edition.save()
    assert "One slide" in papers(client, track.edition)


@pytest.mark.parametrize("count", [1, 50, 300])
def test_the_list_costs_the_same_at_any_length(client, track, cost_of, count):
    for _ in range(count):
        SubmissionFactory(track=track, accepted=True, authors=2)
    with cost_of() as cost:
        papers(client, track.edition)
    assert cost.queries <= 10, cost.statements
    assert cost.objects <= 30 + 4 * min(count, 50)


def test_the_sitemap_lists_accepted_papers_and_no_others(client, track):
    shown = SubmissionFactory(track=track, accepted=True)
    hidden = [SubmissionFactory(track=track), SubmissionFactory(track=track, rejected=True)]
    sitemap = client.get("/sitemap.xml").content.decode()
    assert reverse("submissions:paper", args=[track.edition.slug, shown.public_id]) in sitemap
    assert not any(paper.public_id in sitemap for paper in hidden)


@pytest.mark.parametrize(
    ("title", "key", "written"),
    [
        ("Clouds & 100% of forests_", "clouds", r"{Clouds \& 100\% of forests\_}"),
        ("On the $R_0$ of {rivers}", "r", r"{On the $R_0$ of \{rivers\}}"),
        ("It costs $5", "it", r"{It costs \$5}"),
        ("From $5} to $6", "5", r"{From \$5\} to \$6}"),
        ("Über-Wälder: a\nsurvey", "uber", "{Über-Wälder: a survey}"),
        ("C:\\temp ~ x^2", "c", r"{C:\textbackslash temp \textasciitilde  x\textasciicircum 2}"),
    ],
)
def test_a_paper_is_cited_with_what_tex_can_read(client, track, title, key, written):
    import bibtexparser

    paper = SubmissionFactory(track=track, accepted=True, title=title, authors=2)
    paper.authorships.filter(position=1).update(name="Zoë Łukasiewicz-Smith")
    response = client.get(reverse("submissions:paper_bibtex", args=[track.edition.slug, paper.public_id]))
    [entry] = bibtexparser.parse_string(response.text).entries
    assert entry.key.endswith(f"{track.edition.starts_on:%Y}{key}" if track.edition.starts_on else key)
    assert entry["title"] == written
    assert " and " in entry["author"]
    assert "@inproceedings" in client.get(reverse("submissions:paper", args=[track.edition.slug, paper.public_id])).text


def test_the_papers_are_there_as_data_with_an_etag(client, track, django_assert_max_num_queries):
    topic = TopicFactory(edition=track.edition, slug="forests", name="Forests")
    for number in range(3):
        paper = SubmissionFactory(track=track, accepted=True, authors=2, title=f"Paper {number}")
        paper.topics.add(topic)
    SubmissionFactory(track=track, title="Undecided")
    address = reverse("submissions:papers_json", args=[track.edition.slug])
    with django_assert_max_num_queries(9):
        response = client.get(address)
    papers = response.json()["papers"]
    assert {each["title"] for each in papers} == {"Paper 0", "Paper 1", "Paper 2"}
    assert papers[0]["topics"] == ["forests"]
    assert papers[0]["pdf"] is None
    assert "@" not in str(papers)
    assert client.get(address, headers={"If-None-Match": response["ETag"]}).status_code == 304
