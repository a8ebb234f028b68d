"""Words that organisers put on papers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from ml4rs.accounts.models import random_public_id
from ml4rs.editions.models import Edition
from reviews.sight import TaggingQuerySet
from submissions.models import Submission


class Tag(models.Model):
    """A word of an edition. One with an owner is private; its name begins with "~"."""

    class Audience(models.TextChoices):
        ORGANISERS = "organisers", "Organisers"
        COMMITTEE = "committee", "Organisers, and reviewers on their papers"
        PRIVATE = "private", "Myself only"

    class Tone(models.TextChoices):
        QUIET = "quiet", "Grey"
        INFO = "info", "Blue"
        GOOD = "good", "Green"
        WARN = "warn", "Amber"
        BAD = "bad", "Red"

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=30)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.ORGANISERS)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    tone = models.CharField(max_length=5, choices=Tone, default=Tone.QUIET)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "edition", Lower("name"), condition=Q(owner__isnull=True), name="tag_name_unique_in_edition"
            ),
            models.UniqueConstraint(
                "edition", "owner", Lower("name"), condition=Q(owner__isnull=False), name="tag_name_unique_for_owner"
            ),
            models.CheckConstraint(
                condition=Q(audience="private", owner__isnull=False, name__startswith="~")
                | (~Q(audience="private") & Q(owner__isnull=True) & ~Q(name__startswith="~")),
                name="tag_private_iff_owned",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Tagging(models.Model):
    """A tag on a paper."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taggings")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="taggings")
    tagged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    tagged_at = models.DateTimeField()

    objects = TaggingQuerySet.as_manager()

    class Meta:
        ordering = ["tag__name"]
        constraints = [models.UniqueConstraint(fields=["tag", "submission"], name="tagging_once")]

    def __str__(self) -> str:
        return f"{self.tag} on {self.submission}"


class BulkChange(models.Model):
    """A file of changes to assignments, conflicts, decisions and tags, applied whole; and what undoes it."""

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="bulk_changes")
    steps = models.JSONField(help_text="[{action, paper, ...what was before}, ...] by public ids, in their order")
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-applied_at"]

    def __str__(self) -> str:
        return f"{len(self.steps)} changes"


class SavedView(models.Model):
    """A way of looking at the table of decisions that an organiser gave a name; their own alone."""

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.TextField(help_text="As in the address of the page")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "owner", "name"], name="saved_view_name_unique_per_owner")
        ]

    def __str__(self) -> str:
        return self.name
