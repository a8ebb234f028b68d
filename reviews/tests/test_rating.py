"""Organisers rate reviews for themselves: nobody else learns it, and nobody rates their own."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import RoleFactory, UserFactory
from reviews import actions
from reviews.models import Rating, Review
from reviews.queries.rating import mean_grades, ratings_of
from reviews.tests.factories import ConflictFactory
from reviews.tests.test_discussing import row, seat_of
from submissions.tests.factories import SubmissionFactory


@pytest.fixture
def seat(stage):
    return seat_of(SubmissionFactory(track=stage.track, title="Clouds", authors=1), "K")


def rate(viewer, seat, grade=3, note="Careful."):
    actions.rate(row(viewer, seat.submission), seat.review.public_id, grade=grade, note=note, by=viewer)


def url(seat):
    return reverse("reviews:rate", args=["iclr2025", seat.submission.public_id, seat.review.public_id])


def test_a_rating_is_kept_changed_and_taken_back(stage, seat):
    client = stage.client(stage.organiser)
    client.post(url(seat), {"grade": "2", "note": "Thin"})
    client.post(url(seat), {"grade": "4", "note": "  Read   it again "})
    assert Rating.objects.values_list("grade", "note").get() == (4, "Read it again")
    page = client.get(reverse("reviews:paper", args=["iclr2025", seat.submission.public_id])).text
    assert "Read it again" in page
    client.post(url(seat), {"grade": ""})
    assert not Rating.objects.exists()


def test_only_organisers_without_conflict_read_it(stage, seat):
    rate(stage.chair, seat)
    other = RoleFactory(edition=stage.edition).user
    ConflictFactory(user=other, submission=seat.submission)
    assert mean_grades(stage.chair) == {seat.reviewer.pk: 3}
    assert mean_grades(stage.viewer(other)) == {}
    mine = stage.viewer(seat.reviewer.user)
    assert ratings_of(mine, row(mine, seat.submission)) == {}
    assert stage.client(other).post(url(seat), {"grade": "1"}).status_code == 404


def test_nobody_rates_or_reads_of_their_own_review(stage, seat):
    RoleFactory(edition=stage.edition, user=seat.reviewer.user)
    viewer = stage.viewer(seat.reviewer.user)
    with pytest.raises(NotAllowed, match="own review"):
        rate(viewer, seat)
    rate(stage.chair, seat, note="Hidden from its writer")
    page = stage.client(seat.reviewer.user).get(reverse("reviews:paper", args=["iclr2025", seat.submission.public_id]))
    assert "Hidden from its writer" not in page.text
    assert mean_grades(viewer) == {}


@pytest.mark.parametrize("grade", ["5", "0", "x"])
def test_other_grades_are_none(stage, seat, grade):
    stage.client(stage.organiser).post(url(seat), {"grade": grade})
    assert not Rating.objects.exists()


def test_a_draft_is_not_rated_and_another_papers_review_is_not_found(stage, seat):
    Review.objects.update(state="draft", submitted_at=None)
    with pytest.raises(NotAllowed, match="not submitted"):
        rate(stage.chair, seat)
    other = SubmissionFactory(track=stage.track, authors=1)
    with pytest.raises(NotAllowed, match="no such review"):
        actions.rate(row(stage.chair, other), seat.review.public_id, grade=3, by=stage.chair)


def test_the_database_keeps_the_scale(stage, seat):
    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.create(review=seat.review, grade=7, rated_by=stage.organiser, rated_at=stage.chair.now)


def test_the_mean_stands_with_the_reviewer_and_in_the_export(stage, seat):
    rate(stage.chair, seat)
    address = reverse("reviews:progress", args=["iclr2025"])
    client = stage.client(stage.organiser)
    assert "3.0 of 4" in client.get(address).text
    assert client.get(f"{address}?format=json").json()[0]["usefulness"] == 3


def test_nobody_else_finds_the_way(stage, seat):
    for person in (seat.reviewer.user, seat.submission.created_by, UserFactory()):
        assert stage.client(person).post(url(seat), {"grade": "1"}).status_code == 404
    assert not Rating.objects.exists()
