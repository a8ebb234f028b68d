"""Factories of submissions and their authors."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from ml4rs.editions.tests.factories import TrackFactory, UserFactory
from submissions.models import Authorship, Submission


class AuthorshipFactory(DjangoModelFactory):
    class Meta:
        model = Authorship

    submission = factory.SubFactory("submissions.tests.factories.SubmissionFactory", authors=0)
    position = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"Author Number{n}")
    email = factory.Sequence(lambda n: f"author{n}@lab{n}.example")
    affiliation = factory.Sequence(lambda n: f"Laboratory {n}")


class SubmissionFactory(DjangoModelFactory):
    """A submitted paper; `authors` is how many authors it has, the first being its creator."""

    class Meta:
        model = Submission
        skip_postgeneration_save = True

    class Params:
        draft = factory.Trait(state="draft", number=None, submitted_at=None)
        accepted = factory.Trait(
            outcome="accepted", presentation="poster", released_at=datetime(2025, 3, 3, 12, tzinfo=UTC)
        )
        rejected = factory.Trait(outcome="rejected", released_at=datetime(2025, 3, 3, 12, tzinfo=UTC))

    track = factory.SubFactory(TrackFactory)
    edition = factory.SelfAttribute("track.edition")
    number = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Paper title {n}")
    abstract = "We look at satellite images."
    state = "submitted"
    created_by = factory.SubFactory(UserFactory)
    created_at = updated_at = submitted_at = datetime(2025, 2, 1, 12, tzinfo=UTC)

    @factory.post_generation
    def authors(self, create, extracted, **kwargs):
        count = 1 if extracted is None else extracted
        if not create or not count:
            return
        creator = self.created_by
        Authorship.objects.create(
            submission=self, position=0, name=creator.name, email=creator.email, user=creator, is_corresponding=True
        )
        for position in range(1, count):
            AuthorshipFactory(submission=self, position=position)
