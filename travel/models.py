"""Travel grants: pools of sponsors' money, applications, and offers. Money in minor units, never a float."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.lookups import LessThanOrEqual
from django_countries.fields import CountryField

from ml4rs.accounts.models import random_public_id
from ml4rs.editions.models import Edition, Sponsor
from ml4rs.editions.money import in_words, plainly
from travel.sight import ApplicationQuerySet


class TravelSettings(models.Model):
    """What an edition's travel support needs to know: where people fly to, and who may ask."""

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="travel_settings")
    airport = models.CharField(max_length=3, blank=True, help_text="IATA code of the airport nearest to the venue")
    currency = models.CharField(max_length=3, default="EUR", help_text="Offered first in the application")
    students_only = models.BooleanField(default=True)
    merit_weight = models.PositiveSmallIntegerField(default=50, help_text="Per cent of a score")
    need_weight = models.PositiveSmallIntegerField(default=30)
    distance_weight = models.PositiveSmallIntegerField(default=20)
    seed = models.CharField(max_length=43, blank=True, help_text="Draws exact ties; its hash is logged when it is made")

    class Meta:
        verbose_name_plural = "travel settings"
        constraints = [
            models.CheckConstraint(
                condition=Q(merit_weight__gte=models.F("need_weight") + models.F("distance_weight"))
                & Q(merit_weight=100 - models.F("need_weight") - models.F("distance_weight")),
                name="travel_merit_outweighs_the_rest",
            )
        ]

    def __str__(self) -> str:
        return f"Travel settings of {self.edition}"


def room_for(committed: models.F | models.expressions.CombinedExpression) -> LessThanOrEqual:
    """The condition that a pool may have this much committed. Without a division, so without rounding."""
    offered = (models.F("amount_minor") - models.F("reserve_minor")) * models.F("overcommit_percent")
    return LessThanOrEqual(committed * 100, offered)


class Pool(models.Model):
    """Money for grants, in one currency. `committed_minor` is kept by conditional updates, never above what the sum

    less the reserve allows; since some decline, officers may let up to 15 per cent more be offered.
    """

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="travel_pools")
    name = models.CharField(max_length=100)
    sponsor = models.ForeignKey(Sponsor, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    reserve_minor = models.PositiveBigIntegerField(default=0, help_text="Kept back, never offered")
    overcommit_percent = models.PositiveSmallIntegerField(default=100, help_text="What may be offered, of the rest")
    committed_minor = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "name"], name="pool_name_unique_in_edition"),
            models.CheckConstraint(condition=room_for(models.F("committed_minor")), name="pool_never_overrun"),
            models.CheckConstraint(
                condition=Q(overcommit_percent__gte=100, overcommit_percent__lte=115), name="pool_overcommits_little"
            ),
            models.CheckConstraint(
                condition=Q(reserve_minor__lte=models.F("amount_minor")), name="pool_reserve_within_sum"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def limit_minor(self) -> int:
        """The most that may be offered or accepted at a time."""
        return (self.amount_minor - self.reserve_minor) * self.overcommit_percent // 100

    @property
    def left_minor(self) -> int:
        return self.limit_minor - self.committed_minor


class Application(models.Model):
    """A person's request for travel support."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"
        WITHDRAWN = "withdrawn", "Withdrawn"
        DECLINED = "declined", "Not granted"
        OFFERED = "offered", "Offered"

    class Status(models.TextChoices):
        BACHELOR = "bachelor", "Bachelor's student"
        MASTER = "master", "Master's student"
        PHD = "phd", "PhD student"
        OTHER = "other", "Other"

    class Without(models.TextChoices):
        NO = "no", "No"
        MAYBE = "maybe", "Perhaps, with difficulty"
        YES = "yes", "Yes"

    COSTS = (
        ("transport", "Flight, train or bus"),
        ("lodging", "Accommodation"),
        ("registration", "Conference registration"),
        ("visa", "Visa"),
        ("local", "Local transport and meals"),
    )

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="travel_applications")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="travel_applications")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    legal_name = models.CharField(max_length=200, blank=True)
    preferred_name = models.CharField(max_length=200, blank=True, help_text="On the badge, if another one")
    status = models.CharField(max_length=10, choices=Status, blank=True)
    institution = models.CharField(max_length=200, blank=True)
    country = CountryField(blank=True, help_text="Of the institution")
    airport = models.CharField(max_length=3, blank=True, help_text="IATA code nearest to the departure")
    will_present = models.BooleanField(default=False)
    amount_minor = models.PositiveBigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    costs = models.JSONField(default=dict, blank=True, help_text="Expected, by line, in the same currency's minor unit")
    least_minor = models.PositiveBigIntegerField(null=True, blank=True, help_text="With which it becomes possible")
    without = models.CharField(max_length=10, choices=Without, blank=True, help_text="Could they come without support")
    arrives_on = models.DateField(null=True, blank=True)
    leaves_on = models.DateField(null=True, blank=True)
    wants_letter = models.BooleanField(default=False)
    other_funding = models.TextField(blank=True)
    benefit = models.TextField(blank=True, help_text="At most 200 words")
    need = models.TextField(blank=True, help_text="At most 150 words")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    edited_in = models.CharField(max_length=12, blank=True, help_text="The browser tab of the last edit")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "user"], name="application_once_per_person"),
            models.CheckConstraint(
                condition=Q(amount_minor__isnull=True) | (Q(amount_minor__gt=0) & ~Q(currency="")),
                name="application_amount_positive_with_currency",
            ),
            models.CheckConstraint(
                condition=Q(least_minor__isnull=True) | Q(least_minor__gt=0, least_minor__lte=models.F("amount_minor")),
                name="application_least_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(leaves_on__isnull=True)
                | Q(arrives_on__isnull=True)
                | Q(leaves_on__gte=models.F("arrives_on")),
                name="application_leaves_after_arriving",
            ),
        ]

    def __str__(self) -> str:
        return self.legal_name or str(self.user)

    @property
    def costs_minor(self) -> int:
        """All expected costs."""
        return sum(self.costs.values())

    @property
    def cost_lines(self) -> list[tuple[str, int]]:
        """Expected costs by line, those that are given."""
        return [(label, self.costs[key]) for key, label in self.COSTS if self.costs.get(key)]


class Assessment(models.Model):
    """One officer's marks for an application, from 1 to 5. Others read them once their own are in."""

    MARKS = ((1, "1, very little"), (2, "2"), (3, "3, solid"), (4, "4"), (5, "5, outstanding"))

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="assessments")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    merit = models.PositiveSmallIntegerField(choices=MARKS)
    need = models.PositiveSmallIntegerField(choices=MARKS)
    note = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "officer"], name="assessment_once_per_officer"),
            models.CheckConstraint(
                condition=Q(merit__gte=1, merit__lte=5, need__gte=1, need__lte=5), name="assessment_marks_from_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merit} and {self.need}"


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
