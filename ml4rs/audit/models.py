"""What happened: append-only entries, written by each action in its own transaction."""

from django.conf import settings
from django.db import models

from ml4rs.editions.models import Edition


class Erasure(models.Model):
    """An application for travel support whose data was deleted as announced: its entries may go, and nothing else may.

    The database asks for such a row before it lets an entry be deleted.
    """

    application_id = models.BigIntegerField(unique=True)
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"application {self.application_id}"


class Entry(models.Model):
    """Who did what to what, when. `subject_type` and `subject_id` name a row without holding it, so that
    the entry outlives it; `submission_id` and `application_id` are set where it concerns a paper or an application for
    travel support, for the conflict rule."""

    edition = models.ForeignKey(Edition, null=True, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=60, help_text="submission.withdrawn")
    subject_type = models.CharField(max_length=60, blank=True, help_text="submissions.submission")
    subject_id = models.BigIntegerField(null=True)
    submission_id = models.BigIntegerField(null=True, db_index=True)
    application_id = models.BigIntegerField(null=True, db_index=True)
    grants_only = models.BooleanField(default=False, help_text="For grants officers' eyes only")
    details = models.JSONField(default=dict, help_text="Before and after, as the verb needs it")
    origin = models.GenericIPAddressField(null=True, help_text="From where; empty when the system did it")
    happened_at = models.DateTimeField()

    class Meta:
        ordering = ["-happened_at", "-pk"]
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="audit_entry_subject"),
            models.Index(fields=["edition", "-happened_at"], name="audit_entry_edition_time"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type} {self.subject_id or ''}".strip()
