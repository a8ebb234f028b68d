"""Requests for travel support, what proves them, and what officers make of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_countries.fields import CountryField

from ml4rs.accounts.models import random_public_id
from ml4rs.editions.models import Edition
from travel.sight import ApplicationQuerySet


class Application(models.Model):
    """A person's request for travel support."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"
        WITHDRAWN = "withdrawn", "Withdrawn"
        DECLINED = "declined", "Not granted"
        OFFERED = "offered", "Offered"
        WAITING = "waiting", "On the waiting list"

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
    is_true = models.BooleanField(default=False, help_text="They say that all of it is true")
    consents = models.BooleanField(default=False, help_text="They agree to who reads it, and until when")
    erase_on = models.DateField(null=True, blank=True, help_text="What they were told when they submitted it")
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


def _proof_name(proof: "Proof", _: str) -> str:
    """Where it lies: by content, under a name of ours."""
    return f"travel/proofs/{proof.sha256[:2]}/{proof.sha256}-{proof.application_id}"


class Proof(models.Model):
    """A file that shows an applicant's status, such as a letter of the university."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="proof")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100)
    stored = models.FileField(upload_to=_proof_name, max_length=200)
    original_name = models.CharField(max_length=255, blank=True)
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.original_name or "Proof of status"


class Confirmation(models.Model):
    """An advisor who is asked by mail whether the applicant studies where they say."""

    class Answer(models.TextChoices):
        WAITING = "waiting", "Asked, no answer yet"
        CONFIRMED = "confirmed", "Confirmed"
        DENIED = "denied", "Not confirmed"

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="confirmation")
    name = models.CharField(max_length=100)
    email = models.EmailField(max_length=254)
    token_hash = models.CharField(max_length=64, help_text="SHA-256 of the secret in the link")
    times_asked = models.PositiveSmallIntegerField(default=1)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.WAITING)
    answered_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True, help_text="To the grants officers")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="waiting", answered_at__isnull=True)
                | (~Q(answer="waiting") & Q(answered_at__isnull=False)),
                name="confirmation_answered_at_iff_answered",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_answer_display()}"


class Conflict(models.Model):
    """An officer who said that something ties them to an applicant: from then on another answers."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="conflicts")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "officer"], name="travel_conflict_once_per_officer")
        ]

    def __str__(self) -> str:
        return f"{self.officer} and application {self.application_id}"


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
