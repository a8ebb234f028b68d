"""What reviewers are asked, and what they answer."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from ml4rs.accounts.models import random_public_id
from ml4rs.editions.models import Edition, Track
from reviews.models.assigning import Assignment
from reviews.sight import AnswerQuerySet, RatingQuerySet, ReviewQuerySet


class Form(models.Model):
    """What reviewers of a track are asked. A new version never changes reviews written under an old one."""

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="review_forms")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["track", "-version"]
        constraints = [models.UniqueConstraint(fields=["track", "version"], name="form_version_unique_per_track")]

    def __str__(self) -> str:
        return f"{self.track}, version {self.version}"


class Field(models.Model):
    """One question of a review form, with who may read its answers."""

    class Kind(models.TextChoices):
        SCALE = "scale", "Scale"
        CHOICE = "choice", "Choice"
        TEXT = "text", "Text"

    class Audience(models.TextChoices):
        AUTHORS = "authors", "Authors, committee and organisers"
        COMMITTEE = "committee", "Committee and organisers"
        ORGANISERS = "organisers", "Organisers only"

    class Use(models.TextChoices):
        NONE = "", "None"
        OVERALL = "overall", "Overall score"
        CONFIDENCE = "confidence", "Confidence"

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="fields")
    key = models.CharField(max_length=40)
    label = models.CharField(max_length=150)
    help = models.CharField(max_length=500, blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    audience = models.CharField(max_length=12, choices=Audience, default=Audience.AUTHORS)
    use = models.CharField(max_length=12, choices=Use, blank=True, help_text="What the decision table does with it")
    required = models.BooleanField(default=True)
    options = models.JSONField(default=list, blank=True, help_text="[[value, label], ...] of scales and choices")
    max_length = models.PositiveIntegerField(default=10_000)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["form", "key"], name="field_key_unique_in_form")]

    def __str__(self) -> str:
        return self.label


class Review(models.Model):
    """One review: answers to a version of the form, saved while typed, visible once submitted."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="review")
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="reviews")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=1, help_text="Counts every save, so that two tabs notice")
    pending = models.JSONField(
        null=True, blank=True, help_text="Changes typed after submitting and not submitted yet: field key to value"
    )
    named_to_journal = models.BooleanField(
        default=False, help_text="Its writer agrees that guest editors of a journal learn who wrote it"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(submitted_at__isnull=False), name="review_submitted_has_time"
            )
        ]

    def __str__(self) -> str:
        return f"Review by Reviewer {self.assignment.pseudonym}"


class Answer(models.Model):
    """What a review says to one question: a number for scales, text for everything else."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="answers")
    field = models.ForeignKey(Field, on_delete=models.PROTECT, related_name="answers")
    number = models.SmallIntegerField(null=True, blank=True)
    text = models.TextField(blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["field__position", "pk"]
        constraints = [models.UniqueConstraint(fields=["review", "field"], name="answer_once_per_field")]

    def __str__(self) -> str:
        return self.text or str(self.number)


class ReviewVersion(models.Model):
    """What a review said at a submit: its history, for its writer and the organisers."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="versions")
    revision = models.PositiveIntegerField()
    answers = models.JSONField(help_text="Field key to number or text")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-revision"]
        constraints = [models.UniqueConstraint(fields=["review", "revision"], name="review_version_unique")]

    def __str__(self) -> str:
        return f"Version {self.revision}"


class Rating(models.Model):
    """How useful organisers found a review: for themselves, and for whom to invite again."""

    class Grade(models.IntegerChoices):
        POOR = 1, "Of no use"
        THIN = 2, "Thin"
        GOOD = 3, "Helpful"
        BEST = 4, "Outstanding"

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="rating")
    grade = models.PositiveSmallIntegerField(choices=Grade, validators=[MinValueValidator(1), MaxValueValidator(4)])
    note = models.CharField(max_length=300, blank=True)
    rated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    rated_at = models.DateTimeField()

    objects = RatingQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(grade__gte=1, grade__lte=4), name="rating_grade_in_scale")]

    def __str__(self) -> str:
        return self.get_grade_display()


class Snapshot(models.Model):
    """Reviews and decisions of an edition as they stood when it was frozen. Kept for the record, shown to nobody."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="snapshots")
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    content = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content")

    class Meta:
        ordering = ["-taken_at"]

    def __str__(self) -> str:
        return f"{self.taken_at:%Y-%m-%d %H:%M}"
