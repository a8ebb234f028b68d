"""More time for one reviewer: granted with a reason, told once, shown to them, and nobody is reminded too early."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from ml4rs.editions.models import Extension, Milestone
from ml4rs.editions.policy import NotAllowed
from ml4rs.notifications import moving
from ml4rs.notifications.models import Message
from ml4rs.notifications.timeline import timeline
from reviews import actions
from reviews.queries import papers
from reviews.queries.reviews import desk
from reviews.tests.conftest import REVIEWING
from reviews.tests.factories import AssignmentFactory, ReviewerFactory

DUE = datetime(2025, 2, 27, 11, 59, 59, tzinfo=UTC)
UNTIL = DUE + timedelta(days=3)


@pytest.fixture
def late(stage):
    """A reviewer with a paper."""
    return AssignmentFactory(submission__track=stage.track).reviewer


def give(stage, reviewer, until=UNTIL, reason="A new child."):
    return actions.give_time(reviewer, until=until, reason=reason, by=stage.chair)


def test_the_reviewer_is_told_of_the_date_and_not_of_the_reason(stage, late, mails):
    give(stage, late)
    (mail,) = mails.to(late.user.email, "reviews.extended")
    assert "Sat 1 Mar 2025, 23:59 AoE" in mail.body_text
    assert "A new child." not in mail.body_text


def test_the_same_form_twice_tells_once(stage, late, mails):
    give(stage, late)
    give(stage, late)
    assert len(mails.to(late.user.email, "reviews.extended")) == 1


def test_their_desk_shows_their_own_date_and_nobody_elses_does(stage, late, mails):
    other = AssignmentFactory(submission__track=stage.track).reviewer
    give(stage, late)
    assert [row.due.instant for row in desk(stage.viewer(late.user))] == [UNTIL]
    assert [row.due.instant for row in desk(stage.viewer(other.user))] == [DUE]


def test_they_are_late_only_after_their_own_date(stage, late, mails, at):
    other = AssignmentFactory(submission__track=stage.track).reviewer
    give(stage, late)
    with at(DUE + timedelta(days=1)):
        carried = papers.carried(stage.chair)
        assert (carried[late.pk][2], carried[other.pk][2]) == (0, 1)
    with at(UNTIL + timedelta(days=1)):
        assert papers.carried(stage.chair)[late.pk][2] == 1


def test_a_common_date_that_moves_beyond_it_holds_for_them_too(stage, late, mails):
    give(stage, late)
    Milestone.objects.filter(kind="review").update(instant=UNTIL + timedelta(days=1))
    assert [row.due.instant for row in desk(stage.viewer(late.user))] == [UNTIL + timedelta(days=1)]


def test_taken_back_the_common_date_holds_again(stage, late, mails):
    give(stage, late)
    actions.take_time_back(late, by=stage.chair)
    assert [row.due.instant for row in desk(stage.viewer(late.user))] == [DUE]


@pytest.mark.parametrize("until", [REVIEWING - timedelta(hours=1), DUE - timedelta(hours=1)])
def test_it_is_no_earlier_date(stage, late, until):
    with pytest.raises(NotAllowed):
        give(stage, late, until=until)


def test_it_has_a_reason(stage, late):
    with pytest.raises(NotAllowed):
        give(stage, late, reason=" ")


def test_who_is_not_on_the_committee_gets_none(stage):
    with pytest.raises(NotAllowed):
        give(stage, ReviewerFactory(edition=stage.edition, state="declined", role=False))


def test_only_organisers_give_time(stage, late):
    with pytest.raises(NotAllowed):
        actions.give_time(late, until=UNTIL, reason="Mine.", by=stage.viewer(late.user))


def test_organisers_give_it_on_the_page_and_take_it_back(stage, late, mails):
    client = stage.client(stage.organiser)
    where = reverse("reviews:more_time", args=[stage.edition.slug, late.public_id])
    client.post(where, {"until": "2025-03-01T23:59", "reason": "Illness."})
    assert Extension.objects.get().reason == "Illness."
    assert "Illness." in client.get(where).content.decode()
    client.post(reverse("reviews:take_time_back", args=[stage.edition.slug, late.public_id]))
    assert not Extension.objects.exists()


def test_the_page_does_not_exist_for_reviewers(stage, late):
    where = reverse("reviews:more_time", args=[stage.edition.slug, late.public_id])
    assert stage.client(late.user).get(where).status_code == 404


def test_the_timeline_lists_it_with_its_reason(stage, late, mails):
    give(stage, late)
    (review,) = [stop for stop in timeline(stage.chair) if stop.milestone.kind == "review"]
    assert [(each.label, each.reason) for each in review.granted] == [(str(late), "A new child.")]


def test_the_committee_is_told_when_the_date_of_reviews_moves(stage, late, mails):
    due = Milestone.objects.get(edition=stage.edition, kind="review")
    moving.extend(due, instant=UNTIL, grace=timedelta(), batch="b", by=stage.chair)
    assert set(Message.objects.values_list("recipient", flat=True)) == {late.user.email}
