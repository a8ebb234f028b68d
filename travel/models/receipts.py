"""Bills that grantees hand in, and what was paid on them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ml4rs.accounts.models import random_public_id
from ml4rs.editions.money import in_words, plainly
from travel.models.answers import Offer


def _receipt_name(receipt: "Receipt", _: str) -> str:
    """Where a receipt lies: by content, under a name of ours."""
    return f"receipts/{receipt.sha256[:2]}/{receipt.sha256}"


class Receipt(models.Model):
    """One bill that a grantee paid. `counted_minor`, in the offer's currency, is what an officer approves of it."""

    class Line(models.TextChoices):
        TRANSPORT = "transport", "Flight, train or bus"
        LODGING = "lodging", "Accommodation"
        REGISTRATION = "registration", "Conference registration"
        VISA = "visa", "Visa"
        LOCAL = "local", "Local transport"
        OTHER = "other", "Other"

    class State(models.TextChoices):
        SUBMITTED = "submitted", "Waiting for approval"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Not accepted"
        WITHDRAWN = "withdrawn", "Withdrawn"

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="receipts")
    line = models.CharField(max_length=12, choices=Line)
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=State, default=State.SUBMITTED)
    counted_minor = models.PositiveBigIntegerField(null=True, blank=True, help_text="In the offer's currency")
    note = models.CharField(max_length=500, blank=True, help_text="To the grantee: why not, or why less")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100)
    stored = models.FileField(upload_to=_receipt_name, max_length=200)
    original_name = models.CharField(max_length=255, blank=True)
    handed_in_at = models.DateTimeField()
    judged_at = models.DateTimeField(null=True, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["handed_in_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "sha256"],
                condition=Q(state__in=["submitted", "approved"]),
                name="receipt_counts_once_per_offer",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="receipt_amount_positive"),
            models.CheckConstraint(
                condition=Q(state="approved", counted_minor__gt=0)
                | (~Q(state="approved") & Q(counted_minor__isnull=True)),
                name="receipt_counted_iff_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_line_display()}, {in_words(self.amount_minor, self.currency)}"

    @property
    def suggested(self) -> str:
        """What it may count for, as it is typed: its own amount where that is in the offer's currency."""
        return plainly(self.amount_minor, self.currency) if self.currency == self.offer.currency else ""


class Payment(models.Model):
    """Money that was sent to a grantee, as an officer records it."""

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="payments")
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=100, blank=True, help_text="The bank's or the accountant's")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_amount_positive")]

    def __str__(self) -> str:
        return in_words(self.amount_minor, self.currency)
