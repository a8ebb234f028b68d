"""What authors answer to the reviews of their paper, before its decision."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from reviews.sight import ResponseQuerySet
from submissions.models import Submission


class Response(models.Model):
    """The authors' one response: saved while typed, and read by others as it was last sent."""

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="response")
    text = models.TextField(blank=True, help_text="As its authors see it in their form; Markdown")
    sent_text = models.TextField(blank=True, help_text="As everybody else reads it")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1, help_text="Counts every save, so that two tabs notice")

    objects = ResponseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_text="", sent_at__isnull=True) | (~Q(sent_text="") & Q(sent_at__isnull=False)),
                name="response_sent_has_text_and_time",
            )
        ]

    def __str__(self) -> str:
        return "sent" if self.sent_at else "draft"
