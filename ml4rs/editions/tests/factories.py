"""Factories of the ground: people, editions, tracks, dates, roles."""

from datetime import UTC, date, datetime

import factory
from allauth.account.models import EmailAddress
from factory.django import DjangoModelFactory

from ml4rs.accounts.models import User
from ml4rs.editions.models import Edition, Milestone, Person, Role, TextBlock, Topic, Track, TrackFile


class UserFactory(DjangoModelFactory):
    """A person with one verified address. The password is "correct horse battery"."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Person Number{n}")
    email = factory.Sequence(lambda n: f"person{n}@example{n}.org")
    password = factory.django.Password("correct horse battery")

    @factory.post_generation
    def verified(self, create, extracted, **kwargs):
        if create and extracted is not False:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class EditionFactory(DjangoModelFactory):
    class Meta:
        model = Edition

    slug = factory.Sequence(lambda n: f"edition-{n}")
    name = "Machine Learning for Remote Sensing"
    short_name = "ML4RS"
    host = "ICLR 2025"
    starts_on = ends_on = date(2025, 4, 27)
    time_zone = "Asia/Singapore"
    is_public = True


class TrackFactory(DjangoModelFactory):
    """A double-blind paper track of four pages; `bonus` makes it a slide track without review."""

    class Meta:
        model = Track
        skip_postgeneration_save = True

    class Params:
        bonus = factory.Trait(
            kind="slide", is_reviewed=False, reviews_per_paper=None, blind="none", page_limit=1, presentations=["slide"]
        )

    edition = factory.SubFactory(EditionFactory)
    slug = factory.Sequence(lambda n: f"track-{n}")
    name = factory.Sequence(lambda n: f"Track {n}")
    page_limit = 4
    reviews_per_paper = 3
    presentations = factory.LazyFunction(lambda: ["oral", "poster"])

    @factory.post_generation
    def manuscript(self, create, extracted, **kwargs):
        if create and extracted is not False:
            kind = "slide" if self.kind == "slide" else "manuscript"
            TrackFile.objects.create(track=self, kind=kind, types=["pdf"], max_megabytes=20, required=True)


class MilestoneFactory(DjangoModelFactory):
    class Meta:
        model = Milestone

    edition = factory.SubFactory(EditionFactory)
    kind = "submission"
    instant = datetime(2025, 2, 11, 11, 59, 59, tzinfo=UTC)
    aoe = True


class RoleFactory(DjangoModelFactory):
    class Meta:
        model = Role

    edition = factory.SubFactory(EditionFactory)
    user = factory.SubFactory(UserFactory)
    name = "organiser"


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = Topic

    edition = factory.SubFactory(EditionFactory)
    slug = factory.Sequence(lambda n: f"topic-{n}")
    name = factory.Sequence(lambda n: f"Topic {n}")


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    edition = factory.SubFactory(EditionFactory)
    kind = "keynote"
    name = factory.Sequence(lambda n: f"Speaker Number{n}")


class TextBlockFactory(DjangoModelFactory):
    class Meta:
        model = TextBlock

    edition = factory.SubFactory(EditionFactory)
    key = factory.Sequence(lambda n: f"text-{n}")
    body = "Some text."
