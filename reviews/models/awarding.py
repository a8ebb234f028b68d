"""Awards: what is awarded, who is a candidate, and who gave how many points to whom."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ml4rs.accounts.models import random_public_id
from ml4rs.editions.models import Edition, Track
from reviews.sight import AwardCandidateQuerySet
from submissions.models import Submission


class Award(models.Model):
    """A distinction of an edition. Whose it is nobody but organisers without conflict learns before it is announced."""

    class State(models.TextChoices):
        PREPARING = "preparing", "Candidates are chosen"
        VOTING = "voting", "Voting is open"
        CLOSED = "closed", "Voting is closed"
        ANNOUNCED = "announced", "Announced"

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="awards")
    name = models.CharField(max_length=120)
    track = models.ForeignKey(
        Track, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="Empty: papers of all"
    )
    committee_votes = models.BooleanField(
        default=False, help_text="Members of the committee vote as well, once decisions are released"
    )
    state = models.CharField(max_length=10, choices=State, default=State.PREPARING)
    created_at = models.DateTimeField()
    announced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "name"], name="award_name_unique_in_edition"),
            models.CheckConstraint(
                condition=Q(state="announced", announced_at__isnull=False)
                | (~Q(state="announced") & Q(announced_at__isnull=True)),
                name="award_announced_at_iff_announced",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AwardCandidate(models.Model):
    """A paper that may get an award."""

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="candidates")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="candidacies")
    wins = models.BooleanField(default=False, help_text="Public once the award is announced")
    laudation = models.TextField(blank=True, help_text="Why it wins; public with the award")
    nominated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    nominated_at = models.DateTimeField()

    objects = AwardCandidateQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["award", "submission"], name="award_candidate_unique")]

    def __str__(self) -> str:
        return f"{self.award}: {self.submission}"


class Ballot(models.Model):
    """One person's vote on an award."""

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="ballots")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cast_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["award", "voter"], name="ballot_one_per_person_and_award")]

    def __str__(self) -> str:
        return f"{self.award}, by {self.voter}"


class Mark(models.Model):
    """The points that a ballot gives to a candidate: none for one that its voter is in conflict with."""

    MOST = 4

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="marks")
    candidate = models.ForeignKey(AwardCandidate, on_delete=models.CASCADE, related_name="marks")
    points = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ballot", "candidate"], name="mark_one_per_candidate"),
            models.CheckConstraint(condition=Q(points__lte=4), name="mark_points_at_most_4"),
        ]

    def __str__(self) -> str:
        return f"{self.points}"
