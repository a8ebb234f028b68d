"""What officers mean to answer, and the offers that were made."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ml4rs.accounts.models import random_public_id
from ml4rs.editions.money import in_words
from travel.models.applications import Application
from travel.models.money import Pool


class Plan(models.Model):
    """What officers mean to answer an application. Nobody else knows of it until all answers are released.

    On the waiting list it stays, as the place there: who stands first is reached first by money that returns.
    """

    class Answer(models.TextChoices):
        OFFER = "offer", "Offer"
        WAIT = "wait", "Waiting list"
        DECLINE = "decline", "Not granted"

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="plan")
    answer = models.CharField(max_length=10, choices=Answer)
    pool = models.ForeignKey(Pool, null=True, blank=True, on_delete=models.CASCADE, related_name="plans")
    amount_minor = models.PositiveBigIntegerField(null=True, blank=True, help_text="To be offered, now or later")
    place = models.PositiveIntegerField(default=0, help_text="In the ranking when it was planned")
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="offer", pool__isnull=False, amount_minor__gt=0)
                | Q(answer="wait", pool__isnull=True, amount_minor__gt=0)
                | Q(answer="decline", pool__isnull=True, amount_minor__isnull=True),
                name="plan_has_money_iff_offered",
            )
        ]

    def __str__(self) -> str:
        return self.get_answer_display()


class Offer(models.Model):
    """A grant offered for an application."""

    class State(models.TextChoices):
        OPEN = "open", "Waiting for an answer"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        REVOKED = "revoked", "Taken back"
        EXPIRED = "expired", "Expired"

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="offers")
    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="offers")
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    message = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    expires_at = models.DateTimeField(null=True, blank=True)
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    approved_minor = models.PositiveBigIntegerField(default=0, help_text="Sum of what approved receipts count for")
    paid_minor = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-offered_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state__in=["open", "accepted"]),
                name="one_open_offer_per_application",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="offer_amount_positive"),
            models.CheckConstraint(
                condition=Q(paid_minor__lte=models.F("amount_minor")) & Q(paid_minor__lte=models.F("approved_minor")),
                name="offer_paid_within_grant_and_receipts",
            ),
            models.CheckConstraint(
                condition=Q(paid_minor=0) | Q(state="accepted"), name="offer_paid_only_when_accepted"
            ),
        ]

    def __str__(self) -> str:
        return in_words(self.amount_minor, self.currency)

    @property
    def payable_minor(self) -> int:
        """What may be paid now: approved receipts up to the grant, less what was paid."""
        return max(0, min(self.amount_minor, self.approved_minor) - self.paid_minor)
