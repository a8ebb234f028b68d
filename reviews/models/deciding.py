"""What becomes of papers."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ml4rs.editions.models import Edition
from reviews.sight import DecisionQuerySet
from submissions.models import Submission


class Decision(models.Model):
    """What becomes of a submission: invisible to all but unconflicted organisers until released."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        HELD = "held", "Held back"
        RELEASED = "released", "Released"

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=Submission.Outcome)
    presentation = models.CharField(max_length=10, choices=Submission.Presentation, blank=True)
    comment = models.TextField(blank=True, help_text="To the authors")
    conditions = models.TextField(blank=True, help_text="What must change before the paper is published")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="released", released_at__isnull=False)
                | (~Q(state="released") & Q(released_at__isnull=True)),
                name="decision_released_at_iff_released",
            ),
            models.CheckConstraint(
                condition=Q(outcome="accepted") | Q(presentation=""), name="decision_presentation_only_if_accepted"
            ),
            models.CheckConstraint(
                condition=Q(outcome="accepted") | Q(conditions=""), name="decision_conditions_only_if_accepted"
            ),
        ]

    def __str__(self) -> str:
        return self.get_presentation_display() if self.presentation else self.get_outcome_display()


class Capacity(models.Model):
    """How many papers fit into a form of presentation: places, or minutes in all and for each."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="capacities")
    presentation = models.CharField(max_length=10, choices=Submission.Presentation)
    places = models.PositiveSmallIntegerField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="In all")
    minutes_each = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "capacities"
        constraints = [
            models.UniqueConstraint(fields=["edition", "presentation"], name="capacity_unique_in_edition"),
            models.CheckConstraint(
                condition=Q(places__isnull=False, minutes__isnull=True, minutes_each__isnull=True)
                | Q(places__isnull=True, minutes__isnull=False, minutes_each__isnull=False, minutes_each__gte=1),
                name="capacity_in_places_or_minutes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_presentation_display()}: {self.room_for}"

    @property
    def room_for(self) -> int:
        """Papers."""
        return self.places if self.places is not None else self.minutes // self.minutes_each
