"""Who judges: members of the committee, their conflicts, bids and affinities."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ml4rs.accounts.models import random_public_id
from ml4rs.editions.models import Edition, Topic
from reviews.sight import ExclusionQuerySet
from submissions.models import Submission


class Reviewer(models.Model):
    """Membership of the programme committee: an invitation to an address, and its answer.

    Accepting ties the row to a user (the mailed token proves the address), so that an accepted reviewer
    always is a person who can be in conflict.
    """

    class State(models.TextChoices):
        INVITED = "invited", "Invited"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        REMOVED = "removed", "Removed"

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="reviewers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="committee_memberships"
    )
    email = models.EmailField(max_length=254, help_text="Where the invitation went; lower case")
    name = models.CharField(max_length=200, blank=True)
    affiliation = models.CharField(max_length=200, blank=True)
    token_hash = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the invitation's secret")
    state = models.CharField(max_length=10, choices=State, default=State.INVITED)
    load = models.PositiveSmallIntegerField(default=4, help_text="Most papers this person will review")
    steps_in = models.BooleanField(default=False, help_text="Takes a paper on short notice when a reviewer drops out")
    is_senior = models.BooleanField(default=False, help_text="Counts where each paper needs somebody experienced")
    decline_reason = models.TextField(blank=True)
    suggestion = models.CharField(max_length=300, blank=True, help_text="Somebody else to ask")
    profile = models.TextField(blank=True, help_text="Expertise in own words, for matching")
    topics = models.ManyToManyField(Topic, blank=True, related_name="reviewers")
    conflict_lines = models.TextField(
        blank=True, help_text="People, addresses, domains and institutions this person is close to, one a line"
    )
    show_publicly = models.BooleanField(default=True, help_text="Named on the committee page")
    conflicts_declared_at = models.DateTimeField(null=True, blank=True)
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "email"], name="reviewer_address_unique_in_edition"),
            models.UniqueConstraint(
                fields=["edition", "user"], condition=Q(user__isnull=False), name="reviewer_person_unique_in_edition"
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(user__isnull=False), name="reviewer_accepted_has_user"
            ),
            models.CheckConstraint(
                condition=Q(state="invited", answered_at__isnull=True)
                | (~Q(state="invited") & Q(answered_at__isnull=False)),
                name="reviewer_answered_at_iff_answered",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email


class Publication(models.Model):
    """What a member of the committee wrote: it finds them the right papers, and their co-authors."""

    reviewer = models.ForeignKey(Reviewer, on_delete=models.CASCADE, related_name="publications")
    key = models.CharField(max_length=300, help_text="The title, folded")
    title = models.TextField()
    abstract = models.TextField(blank=True)
    authors = models.JSONField(default=list, help_text="Names, as they stand there")
    year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-year", "pk"]
        constraints = [models.UniqueConstraint(fields=["reviewer", "key"], name="publication_once_per_reviewer")]

    def __str__(self) -> str:
        return self.title


class Conflict(models.Model):
    """A reason why a person must not meet a paper. Active unless dismissed."""

    class Kind(models.TextChoices):
        AUTHOR = "author", "Is an author"
        DECLARED = "declared", "Declared by the person"
        BY_AUTHOR = "by_author", "Declared by an author"
        COAUTHOR = "coauthor", "Writes with an author"
        DOMAIN = "domain", "Same e-mail domain as an author"
        INSTITUTION = "institution", "Same institution as an author"
        PUBLISHED = "published", "Published with an author"
        BY_ORGANISER = "by_organiser", "Set by an organiser"

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conflicts")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="conflicts")
    kind = models.CharField(max_length=15, choices=Kind)
    evidence = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    dismissed_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["submission", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["user", "submission", "kind"], name="conflict_unique"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(dismissed_at__isnull=True),
                name="conflict_not_both_confirmed_and_dismissed",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Exclusion(models.Model):
    """Somebody whom the authors of a paper name: who must not review it, and why."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="exclusions")
    line = models.CharField(max_length=200, help_text="A name or an address")
    reason = models.CharField(max_length=200)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    objects = ExclusionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["submission", "line"], name="exclusion_once_per_paper")]

    def __str__(self) -> str:
        return self.line


class Bid(models.Model):
    """How much a reviewer wants a paper."""

    class Level(models.IntegerChoices):
        NO = -1, "Rather not"
        MAYBE = 1, "Can review"
        YES = 2, "Want to review"

    reviewer = models.ForeignKey(Reviewer, on_delete=models.CASCADE, related_name="bids")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="bids")
    level = models.SmallIntegerField(choices=Level)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reviewer", "submission"], name="bid_unique")]

    def __str__(self) -> str:
        return self.get_level_display()


class Affinity(models.Model):
    """How close a reviewer's work is to a paper, from 0 to 1."""

    reviewer = models.ForeignKey(Reviewer, on_delete=models.CASCADE, related_name="affinities")
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="affinities")
    score = models.FloatField()

    class Meta:
        verbose_name_plural = "affinities"
        constraints = [
            models.UniqueConstraint(fields=["reviewer", "submission"], name="affinity_unique"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="affinity_between_0_and_1"),
        ]

    def __str__(self) -> str:
        return f"{self.score:.2f}"
