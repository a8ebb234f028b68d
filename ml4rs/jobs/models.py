"""Long work as rows: the broker only rings the bell, the truth is here."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ml4rs.accounts.models import random_public_id
from ml4rs.editions.models import Edition


class Job(models.Model):
    """One piece of long work: what, on what, how far, and what came out."""

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    edition = models.ForeignKey(Edition, null=True, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=60, help_text="submissions.check_pdf")
    subject = models.CharField(max_length=100, help_text="What it works on; one open job per kind and subject")
    submission_id = models.BigIntegerField(null=True, help_text="The paper it concerns, for the conflict rule")
    parameters = models.JSONField(default=dict)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0, help_text="Per cent")
    step = models.CharField(max_length=200, blank=True, help_text="What it is doing, in words")
    log = models.TextField(blank=True)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(state__in=["queued", "running"]),
                name="one_open_job_per_subject",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="job_progress_is_per_cent"),
            models.CheckConstraint(
                condition=Q(state__in=["done", "failed", "cancelled"], finished_at__isnull=False)
                | Q(state__in=["queued", "running"], finished_at__isnull=True),
                name="job_finished_at_iff_finished",
            ),
        ]
        indexes = [models.Index(fields=["state", "lease_until"], name="job_state_lease")]

    def __str__(self) -> str:
        return f"{self.kind} on {self.subject}"
