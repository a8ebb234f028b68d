"""One reviewer sums up what all reviewers of a paper said."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from reviews.models.assigning import Assignment
from reviews.sight import MetaReviewQuerySet
from submissions.models import Submission


class MetaReview(models.Model):
    """Asked of one of the paper's reviewers, under the letter of their assignment."""

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="meta_review")
    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="meta_review")
    text = models.TextField(blank=True, help_text="For authors and the paper's reviewers; Markdown")
    recommendation = models.CharField(max_length=10, choices=Submission.Outcome, blank=True, help_text="To organisers")
    revision = models.PositiveIntegerField(default=0, help_text="Counts every save, so that two tabs notice")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = MetaReviewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | (~Q(text="") & ~Q(recommendation="")),
                name="meta_review_submitted_is_whole",
            )
        ]

    def __str__(self) -> str:
        return "submitted" if self.submitted_at else "asked for"
