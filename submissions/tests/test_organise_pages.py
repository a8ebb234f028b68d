"""The organisers' list and what they do from it: filters, exports, desk rejects, answers to bonus items."""

import csv
import io
import json

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from ml4rs.audit.models import Entry
from ml4rs.editions.tests.factories import RoleFactory, TrackFactory, UserFactory
from ml4rs.editions.viewer import Viewer
from reviews.tests.factories import ConflictFactory, ReviewerFactory
from submissions.models import CheckReport, Submission
from submissions.queries.listing import SORTS
from submissions.registering import duties, figures, menu
from submissions.tests.conftest import AFTER, many_papers, with_file
from submissions.tests.factories import AuthorshipFactory, SubmissionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def chair(track):
    return RoleFactory(edition=track.edition).user


@pytest.fixture
def desk(chair):
    client = Client()
    client.force_login(chair)
    return client


@pytest.fixture
def listing(desk, track):
    """`listing("q=fields")`: the list's page, parsed no further than its text."""

    def listing(query: str = "") -> str:
        response = desk.get(f"{reverse('submissions:manage', args=[track.edition.slug])}?{query}")
        assert response.status_code == 200, response.status_code
        return response.content.decode()

    return listing


def checked(paper: Submission, verdict: str) -> None:
    CheckReport.objects.create(file_version=with_file(paper), rule_version="1", verdict=verdict, checked_at=AFTER)


def test_only_organisers_reach_the_list(track):
    address = reverse("submissions:manage", args=[track.edition.slug])
    assert Client().get(address).status_code == 302
    for user in (UserFactory(), ReviewerFactory(edition=track.edition).user,
                 RoleFactory(edition=track.edition, name="schedule_editor").user):  # fmt: skip
        client = Client()
        client.force_login(user)
        assert client.get(address).status_code == 404


def test_an_organisers_own_and_conflicted_papers_leave_no_trace(listing, desk, chair, track):
    SubmissionFactory(track=track, title="Her own paper", created_by=chair)
    conflicted = SubmissionFactory(track=track, title="Her student's paper", number=4711)
    ConflictFactory(user=chair, submission=conflicted)
    SubmissionFactory(track=track, title="Somebody's paper")
    for query in ("", "q=paper", f"q={conflicted.number}", "authors=1", "sort=-title"):
        shown = listing(query)
        assert "Her own" not in shown
        assert "student" not in shown
        assert "4711" not in shown.replace('value="4711"', "")
    assert "1 found" in listing("q=paper")
    address = reverse("submissions:manage", args=[track.edition.slug])
    for kind in ("csv", "json"):
        exported = desk.get(f"{address}?export={kind}").content.decode()
        assert "Somebody" in exported
        assert "Her own" not in exported
        assert "student" not in exported


def test_the_filters_find_what_they_say(listing, track):
    other = TrackFactory(edition=track.edition, slug="tiny", name="Tiny papers")
    good, bad = SubmissionFactory(track=track, title="Good"), SubmissionFactory(track=other, title="Bad", number=70707)
    bare = SubmissionFactory(track=track, draft=True, title="Bare")
    checked(good, "ok")
    checked(bad, "blocked")
    AuthorshipFactory(submission=bad, name="Zora Unique")
    found = {
        "track=tiny": {"Bad"}, "state=draft": {"Bare"}, "check=ok": {"Good"}, "check=blocked": {"Bad"},
        "check=none": {"Bare"}, "q=70707": {"Bad"}, "q=%2370707": {"Bad"}, "q=zora": {"Bad"},
        "outcome=open": {"Good", "Bad"},
        "outcome=accepted": set(), "track=nonsense": set(), "check=nonsense": set(), "q=%00": {"Good", "Bad", "Bare"},
        "sort=nonsense": {"Good", "Bad", "Bare"}, "page=nonsense": {"Good", "Bad", "Bare"},
    }  # fmt: skip
    for query, titles in found.items():
        shown = listing(query)
        assert {title for title in ("Good", "Bad", "Bare") if f">{title}</a>" in shown} == titles, query
    assert bare.pk


@pytest.mark.parametrize("sort", [f"{sign}{name}" for name in SORTS for sign in ("", "-")])
def test_every_column_sorts(listing, track, sort):
    many_papers(track, 3)
    assert "3 found" in listing(f"sort={sort}")


def test_an_undeclared_filter_is_a_clear_refusal(desk, track):
    response = desk.get(reverse("submissions:manage", args=[track.edition.slug]) + "?reviewer=1")
    assert response.status_code == 400


def test_exports_hold_what_the_list_shows_and_are_recorded(desk, track):
    SubmissionFactory(track=track, title="=cmd()", authors=2)
    address = reverse("submissions:manage", args=[track.edition.slug])
    [row] = csv.DictReader(io.StringIO(desk.get(f"{address}?export=csv").content.decode("utf-8-sig")))
    assert row["title"] == "'=cmd()"
    assert row["addresses"].count("@") == 2
    assert json.loads(desk.get(f"{address}?export=json").content)[0]["title"] == "=cmd()"
    assert desk.get(f"{address}?export=xlsx").content[:2] == b"PK"
    assert desk.get(f"{address}?export=exe").status_code == 400
    assert Entry.objects.filter(verb="submissions.exported").count() >= 3


def test_names_are_shown_on_asking_and_that_is_recorded(listing, track):
    paper = SubmissionFactory(track=track)
    assert paper.created_by.name not in listing()
    assert paper.created_by.name in listing("authors=1")
    assert Entry.objects.get(verb="submissions.authors_read").details == {"papers": [paper.number]}


@pytest.mark.parametrize("count", [1, 50, 300])
def test_the_list_costs_the_same_at_any_length(desk, track, cost_of, count):
    many_papers(track, count)
    address = reverse("submissions:manage", args=[track.edition.slug])
    with cost_of() as cost:
        assert desk.get(address).status_code == 200
    assert cost.queries <= 15, cost.statements
    assert cost.objects <= 60 + 3 * min(count, 50)


def test_desk_rejecting_asks_for_a_reason_then_does_it(desk, submitted):
    address = reverse("submissions:desk_reject", args=[submitted.edition.slug, submitted.public_id])
    assert "word for word" in desk.get(address).content.decode()
    assert desk.post(address, {"reason": ""}).status_code == 200
    assert "desk-rejected" in desk.post(address, {"reason": "Nine pages."}, follow=True).content.decode()
    submitted.refresh_from_db()
    assert submitted.state == "desk_rejected"
    back = reverse("submissions:reinstate", args=[submitted.edition.slug, submitted.public_id])
    desk.post(back)
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_a_conflicted_organiser_finds_no_such_page(desk, chair, submitted):
    ConflictFactory(user=chair, submission=submitted)
    for name in ("detail", "desk_reject", "reinstate", "answer"):
        address = reverse(f"submissions:{name}", args=[submitted.edition.slug, submitted.public_id])
        assert desk.post(address, {"reason": "x"}).status_code in (404, 405)
        assert desk.get(address).status_code in (404, 405)


@pytest.mark.parametrize(
    ("answer", "outcome", "mail"), [("accept", "accepted", "glad"), ("decline", "rejected", "thank")]
)
def test_bonus_items_are_answered_at_once_and_once(desk, track, mails, answer, outcome, mail):
    bonus = TrackFactory(edition=track.edition, bonus=True)
    slide = SubmissionFactory(track=bonus)
    address = reverse("submissions:answer", args=[track.edition.slug, slide.public_id])
    for _ in range(2):
        desk.post(address, {"answer": answer, "comment": "See you."})
    slide.refresh_from_db()
    assert (slide.outcome, slide.presentation) == (outcome, "slide" if answer == "accept" else "")
    [message] = mails.messages
    assert mail in message.body_text
    assert "See you." in message.body_text


def test_a_paper_is_not_answered_without_review(desk, submitted):
    address = reverse("submissions:answer", args=[submitted.edition.slug, submitted.public_id])
    assert desk.get(address).status_code == 403
    desk.post(address, {"answer": "accept"})
    submitted.refresh_from_db()
    assert submitted.outcome == ""


def test_publishing_asks_first(desk, accepted):
    address = reverse("submissions:publish", args=[accepted.edition.slug])
    assert "Publish the papers" in desk.get(address).content.decode()
    assert desk.post(address, follow=True).status_code == 200
    accepted.edition.refresh_from_db()
    assert accepted.edition.papers_public
    desk.post(address, {"close": "1"})
    accepted.edition.refresh_from_db()
    assert not accepted.edition.papers_public


def test_the_figures_leave_out_conflicted_papers(chair, track):
    papers = many_papers(track, 2)
    ConflictFactory(user=chair, submission=papers[0])
    numbers = {figure.label: figure.value for figure in figures(Viewer.of(chair, track.edition, AFTER))}
    assert numbers["submitted"] == 1
    assert list(figures(Viewer.of(UserFactory(), track.edition, AFTER))) == []


@pytest.mark.parametrize("count", [1, 50, 300])
def test_figures_and_duties_cost_the_same_at_any_length(chair, track, cost_of, count):
    many_papers(track, count, created_by=UserFactory())
    author = Submission.objects.first().created_by
    with cost_of() as cost:
        list(figures(Viewer.of(chair, track.edition, AFTER)))
        list(menu(Viewer.of(chair, track.edition, AFTER)))
    assert cost.queries <= 6, cost.statements
    with cost_of() as cost:
        assert len(list(duties(Viewer.of(author, track.edition, AFTER)))) == count
    assert cost.queries <= 5, cost.statements


def test_menu_shows_papers_once_decisions_are_due(track, viewer_of):
    with time_machine.travel(AFTER, tick=False):
        before = [entry.label for entry in menu(viewer_of(None, track.edition))]
    assert "Papers" not in before
    after = [entry.label for entry in menu(viewer_of(None, track.edition))]
    assert "Papers" in after
