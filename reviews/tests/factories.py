"""Factories of the committee and its work."""

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from ml4rs.editions.models import Role
from ml4rs.editions.tests.factories import EditionFactory, UserFactory
from reviews.models import Assignment, Conflict, Decision, Reviewer
from submissions.tests.factories import SubmissionFactory

_THEN = datetime(2025, 2, 12, 12, tzinfo=UTC)


class ReviewerFactory(DjangoModelFactory):
    """An accepted reviewer who has declared conflicts, with the role that goes with it."""

    class Meta:
        model = Reviewer
        skip_postgeneration_save = True

    edition = factory.SubFactory(EditionFactory)
    user = factory.SubFactory(UserFactory)
    email = factory.SelfAttribute("user.email")
    name = factory.SelfAttribute("user.name")
    state = "accepted"
    invited_at = answered_at = conflicts_declared_at = _THEN

    @factory.post_generation
    def role(self, create, extracted, **kwargs):
        if create and extracted is not False:
            Role.objects.get_or_create(edition=self.edition, user=self.user, name=Role.Name.REVIEWER)


class ConflictFactory(DjangoModelFactory):
    class Meta:
        model = Conflict

    user = factory.SubFactory(UserFactory)
    submission = factory.SubFactory(SubmissionFactory)
    kind = "declared"
    created_at = _THEN


class AssignmentFactory(DjangoModelFactory):
    class Meta:
        model = Assignment

    submission = factory.SubFactory(SubmissionFactory)
    reviewer = factory.SubFactory(ReviewerFactory, edition=factory.SelfAttribute("..submission.edition"))
    pseudonym = factory.Iterator("ABCDEFGHJKLMNPQRSTUVWXYZ")
    created_at = _THEN


class DecisionFactory(DjangoModelFactory):
    class Meta:
        model = Decision

    submission = factory.SubFactory(SubmissionFactory)
    outcome = "accepted"
    presentation = "poster"
    decided_by = factory.SubFactory(UserFactory)
    decided_at = _THEN
