"""What the committee says to each other about a paper."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ml4rs.accounts.models import random_public_id
from reviews.models.assigning import Assignment
from reviews.sight import PostQuerySet
from submissions.models import Submission


class Discussion(models.Model):
    """An organiser opened the talk about a paper; closed, it can be read on."""

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="discussion")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return "closed" if self.closed_at else "open"


class Post(models.Model):
    """One contribution. Reviewers speak under the pseudonym of their assignment, organisers as organisers."""

    class Kind(models.TextChoices):
        COMMENT = "comment", "Comment"
        CHANGE = "change", "Changed review"

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="posts")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.COMMENT)
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assignment = models.ForeignKey(
        Assignment, null=True, blank=True, on_delete=models.PROTECT, related_name="posts", help_text="Whose pseudonym"
    )
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies")
    text = models.TextField()
    nonce = models.CharField(max_length=12, blank=True, help_text="Of the form it came from: a second click is none")
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="post_says_something"),
            models.UniqueConstraint(
                fields=["submission", "writer", "nonce"], condition=~Q(nonce=""), name="post_once_per_form"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
