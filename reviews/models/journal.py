"""From the workshop to a journal: the stream, the papers invited to it, and how far they are."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ml4rs.editions.models import Edition
from reviews.sight import CandidateQuerySet
from submissions.models import Submission


class JournalStream(models.Model):
    """Where selected papers of an edition are invited to go on. Its closing date is a milestone."""

    edition = models.OneToOneField(Edition, on_delete=models.CASCADE, related_name="journal_stream")
    name = models.CharField(max_length=200, help_text="Of the journal")
    portal_url = models.URLField(help_text="Where authors submit")
    article_types = models.JSONField(default=list, blank=True, help_text="Kinds of articles that it takes")
    instructions = models.TextField(blank=True, help_text="To invited authors; Markdown")

    def __str__(self) -> str:
        return self.name


class JournalCandidate(models.Model):
    """An accepted paper whose authors were invited to the journal, and what came of it."""

    class State(models.TextChoices):
        INVITED = "invited", "Invited, no answer"
        GOING = "going", "Will submit"
        DECLINED = "declined", "Will not submit"
        SUBMITTED = "submitted", "Submitted to the journal"
        PUBLISHED = "published", "Published there"
        REJECTED = "rejected", "Not taken by the journal"

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="journal_candidate")
    article_type = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.INVITED)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["going", "declined"]) | Q(answered_at__isnull=False),
                name="journal_answer_has_time",
            )
        ]

    def __str__(self) -> str:
        return self.get_state_display()
