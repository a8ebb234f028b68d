"""Who reviews what."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ml4rs.accounts.models import random_public_id
from ml4rs.editions.models import Edition
from reviews.models.committee import Reviewer
from reviews.proposing.aims import AIMS, TOTAL
from reviews.sight import AssignmentQuerySet
from submissions.models import Submission


class AssignmentRun(models.Model):
    """A proposal of who reviews what: parameters, figures, and the pairs, until applied."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        APPLIED = "applied", "Applied"
        DISCARDED = "discarded", "Discarded"

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="assignment_runs")
    parameters = models.JSONField(default=dict)
    figures = models.JSONField(default=dict, help_text="Total, worst paper, loads, what is missing and why")
    pairs = models.JSONField(
        default=list, help_text="[[submission id, reviewer id, score, reason, next best reviewer id, its cost], ...]"
    )
    scores = models.BinaryField(default=bytes, help_text="Of all pairs, as reviews.proposing.scores packs them")
    mails = models.CharField(max_length=12, blank=True, help_text="The batch of its mails, while they are held")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def aim_in_words(self) -> str:
        return AIMS.get(self.parameters.get("aim", TOTAL), "")


class Assignment(models.Model):
    """A reviewer on a paper, under a pseudonym that is random for each paper."""

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        DECLINED = "declined", "Declined by the reviewer"
        REMOVED = "removed", "Removed"

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="assignments")
    run = models.ForeignKey(AssignmentRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="assignments")
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    pseudonym = models.CharField(max_length=2, help_text="A letter: Reviewer A")
    reason = models.CharField(max_length=300, blank=True, help_text="Why this pair, for organisers")
    decline_reason = models.TextField(blank=True)
    due_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="A date of its own, where the review is urgent; empty: as for others",
    )
    created_at = models.DateTimeField()

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["submission", "pseudonym"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "reviewer"], condition=Q(state="active"), name="assignment_one_active_per_pair"
            ),
            models.UniqueConstraint(fields=["submission", "pseudonym"], name="assignment_pseudonym_unique_per_paper"),
        ]

    def __str__(self) -> str:
        return f"Reviewer {self.pseudonym}"


class Delegation(models.Model):
    """A reviewer asks that a colleague take over a paper: an organiser approves, the colleague accepts."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Waits for an organiser"
        APPROVED = "approved", "Waits for the colleague"
        DONE = "done", "Taken over"
        REFUSED = "refused", "Not possible"

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="delegations")
    name = models.CharField(max_length=200)
    email = models.EmailField(max_length=254, help_text="Lower case")
    reason = models.TextField(help_text="To the organisers")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    colleague = models.ForeignKey(
        Reviewer, null=True, blank=True, on_delete=models.PROTECT, related_name="delegations", help_text="Once approved"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(state__in=["proposed", "approved"]), name="delegation_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "done"]) | Q(colleague__isnull=False),
                name="delegation_approved_has_colleague",
            ),
        ]

    def __str__(self) -> str:
        return self.name
