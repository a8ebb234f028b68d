"""An edition under review: its dates, people and papers, at a fixed time."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from ml4rs.accounts.models import User
from ml4rs.editions.models import Edition, Track
from ml4rs.editions.tests.factories import EditionFactory, MilestoneFactory, RoleFactory, TrackFactory
from ml4rs.editions.viewer import Viewer
from reviews.actions import ensure_forms
from reviews.models import Review
from reviews.tests.factories import AssignmentFactory
from submissions.tests.factories import SubmissionFactory

BIDDING = datetime(2025, 2, 12, 12, tzinfo=UTC)
REVIEWING = datetime(2025, 2, 20, 12, tzinfo=UTC)


@dataclass
class Stage:
    edition: Edition
    track: Track
    organiser: User

    def viewer(self, user: User | None) -> Viewer:
        return Viewer.of(user, Edition.objects.get(pk=self.edition.pk))

    @property
    def chair(self) -> Viewer:
        return self.viewer(self.organiser)

    def client(self, user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client


@pytest.fixture
def stage(db):
    """Submissions closed on 11 February, bidding until the 15th, reviews due on the 27th; it is the 20th."""
    with time_machine.travel(REVIEWING, tick=False):
        edition = EditionFactory(slug="iclr2025")
        track = TrackFactory(edition=edition, slug="papers", reviews_per_paper=2)
        for kind, day in (("submission", 11), ("bidding", 15), ("review", 27)):
            MilestoneFactory(edition=edition, kind=kind, instant=datetime(2025, 2, day, 11, 59, 59, tzinfo=UTC))
        yield Stage(edition, track, RoleFactory(edition=edition).user)


@pytest.fixture
def at():
    """`with at(instant): ...`: the same world at another time."""
    return lambda instant: time_machine.travel(instant, tick=False)


COMPLETE = {
    "q-summary": "It removes clouds.", "q-strengths": "Clear.", "q-weaknesses": "Short.", "q-soundness": "3",
    "q-relevance": "3", "q-overall": "5", "q-confidence": "3", "q-presentation": "", "q-confidential": "",
    "q-language_models": "no",
}  # fmt: skip


class Desk:
    def __init__(self, assignment, client):
        self.assignment, self.client = assignment, client

    def url(self, name):
        return reverse(f"reviews:{name}", args=["iclr2025", self.assignment.public_id])

    def page(self):
        return self.client.get(self.url("review"))

    def post(self, name, htmx=False, **data):
        headers = {"HX-Request": "true"} if htmx else {}
        return self.client.post(self.url(name), data, headers=headers)

    def review(self):
        return Review.objects.get(assignment=self.assignment)

    def stored(self, key):
        return self.review().answers.get(field__key=key)


@pytest.fixture
def desk(stage):
    """A paper on a reviewer's desk, with her browser."""
    paper = SubmissionFactory(track=stage.track, title="Clouds", authors=2)
    ensure_forms(stage.track)
    assignment = AssignmentFactory(submission=paper, pseudonym="K")
    return Desk(assignment, stage.client(assignment.reviewer.user))
