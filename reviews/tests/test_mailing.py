"""Whom organisers reach when they write to the committee."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from reviews.actions.forms import ensure_forms
from reviews.mailing import committee
from reviews.models import Review
from reviews.tests.conftest import REVIEWING
from reviews.tests.factories import AssignmentFactory, ConflictFactory, ReviewerFactory

TIMES = {"created_at": REVIEWING, "updated_at": REVIEWING}


@pytest.fixture
def people(stage):
    """Somebody who has done everything, somebody who has not, and somebody without papers."""
    done, busy = (AssignmentFactory(submission__track=stage.track) for _ in range(2))
    form = ensure_forms(stage.track)
    Review.objects.create(assignment=done, form=form, state="submitted", submitted_at=REVIEWING, **TIMES)
    return {"done": done.reviewer, "busy": busy.reviewer, "free": ReviewerFactory(edition=stage.edition)}


def reached(stage, query=""):
    return {person.recipient.address for person in committee(stage.chair, QueryDict(query))}


def test_everybody_who_was_asked_and_has_not_declined(stage, people):
    unanswered = {"state": "invited", "user": None, "answered_at": None, "conflicts_declared_at": None, "role": False}
    ReviewerFactory(edition=stage.edition, email="asked@lab.example", name="Asked", **unanswered)
    ReviewerFactory(edition=stage.edition, state="declined", role=False)
    assert reached(stage) == {person.user.email for person in people.values()} | {"asked@lab.example"}
    assert reached(stage, "state=invited") == {"asked@lab.example"}
    assert reached(stage, "state=declined") == set()


@pytest.mark.parametrize(("work", "names"), [("done", ["done"]), ("unfinished", ["busy"]), ("free", ["free"])])
def test_by_how_far_their_reviews_are(stage, people, work, names):
    assert reached(stage, f"work={work}") == {people[name].user.email for name in names}


def test_late_are_those_whose_date_is_over(stage, people, at):
    assert reached(stage, "work=late") == set()
    with at(REVIEWING.replace(month=3)):
        assert reached(stage, "work=late") == {people["busy"].user.email}


def test_a_paper_in_conflict_makes_nobody_late_for_this_organiser(stage, people):
    ConflictFactory(user=stage.organiser, submission=people["busy"].assignments.get().submission)
    assert reached(stage, "work=unfinished") == set()


def test_a_mail_chosen_by_reviews_is_about_those_papers(stage, people):
    (busy,) = committee(stage.chair, QueryDict("work=unfinished"))
    assert busy.papers == {people["busy"].assignments.get().submission_id}
    assert all(not person.papers for person in committee(stage.chair, QueryDict()))


@pytest.mark.parametrize("page", ["committee", "progress"])
def test_the_pages_of_the_committee_lead_there(stage, people, page):
    client = stage.client(stage.organiser)
    where = reverse("notifications:write", args=[stage.edition.slug, "reviews.committee"])
    assert where in client.get(reverse(f"reviews:{page}", args=[stage.edition.slug])).content.decode()
    assert client.get(where).status_code == 200
    assert stage.client(people["busy"].user).get(where).status_code == 404
