"""A reviewer's certificate of service: after the decisions, for reviews that were written, naming no paper."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from ml4rs.editions.tests.factories import MilestoneFactory
from reviews import actions
from reviews.models import Review, Reviewer
from reviews.tests.factories import AssignmentFactory, ReviewerFactory
from submissions.tests.factories import SubmissionFactory

OUT = datetime(2025, 3, 3, 12, tzinfo=UTC)
LATER = datetime(2025, 3, 4, 12, tzinfo=UTC)


@pytest.fixture
def seat(stage):
    MilestoneFactory(edition=stage.edition, kind="notification", instant=OUT)
    reviewer = ReviewerFactory(edition=stage.edition, user__name="Grace Quail", user__affiliation="Far Institute")
    seat = AssignmentFactory(submission=SubmissionFactory(track=stage.track, title="Zephyrglade"), reviewer=reviewer)
    at = seat.created_at
    form = actions.ensure_forms(stage.track)
    Review.objects.create(assignment=seat, form=form, state="submitted", created_at=at, updated_at=at, submitted_at=at)
    return seat


def link(stage, seat):
    desk = stage.client(seat.reviewer.user).get(reverse("reviews:desk", args=["iclr2025"]))
    found = desk.context["certificate"]
    return found.url if found else None


def test_anybody_can_check_it_and_no_paper_is_named(stage, seat, at, client):
    with at(LATER):
        page = client.get(link(stage, seat)).text
    assert "Grace Quail" in page
    assert "Far Institute" in page
    assert "1 review" in page
    assert "Zephyrglade" not in page


def test_before_the_decisions_there_is_none(stage, seat, at, client):
    with at(LATER):
        url = link(stage, seat)
    assert link(stage, seat) is None
    assert client.get(url).status_code == 404


def test_without_a_review_there_is_none(stage, seat, at):
    Review.objects.update(state="draft", submitted_at=None)
    with at(LATER):
        assert link(stage, seat) is None


def test_a_forged_address_certifies_nothing(stage, seat, at, client):
    with at(LATER):
        other = Reviewer.objects.get().public_id
        for token in (other, f"{other}:x", link(stage, seat).rstrip("/").rpartition("/")[2] + "x"):
            assert client.get(reverse("reviews:service", args=["iclr2025", token])).status_code == 404


def test_who_left_the_committee_keeps_what_was_written(stage, seat, at, client):
    with at(LATER):
        url = link(stage, seat)
        Reviewer.objects.update(state="removed")
        assert client.get(url).status_code == 200
