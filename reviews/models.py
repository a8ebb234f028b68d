"""Judging what was submitted: committee, conflicts, bids, assignments, reviews and decisions."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ml4rs.accounts.models import random_public_id
from ml4rs.editions.models import Edition, Topic, Track
from reviews.sight import AnswerQuerySet, AssignmentQuerySet, DecisionQuerySet, ReviewQuerySet
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


class Conflict(models.Model):
    """A reason why a person must not meet a paper. Active unless dismissed."""

    class Kind(models.TextChoices):
        AUTHOR = "author", "Is an author"
        DECLARED = "declared", "Declared by the person"
        BY_AUTHOR = "by_author", "Declared by an author"
        COAUTHOR = "coauthor", "Writes with an author"
        DOMAIN = "domain", "Same e-mail domain as an author"
        INSTITUTION = "institution", "Same institution as an author"
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


class AssignmentRun(models.Model):
    """A proposal of who reviews what: parameters, figures, and the pairs, until applied."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        APPLIED = "applied", "Applied"
        DISCARDED = "discarded", "Discarded"

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="assignment_runs")
    parameters = models.JSONField(default=dict)
    figures = models.JSONField(default=dict, help_text="Total, worst paper, loads, what is missing and why")
    pairs = models.JSONField(default=list, help_text="[[submission id, reviewer id, score, reason], ...]")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.created_at:%Y-%m-%d %H:%M}"


class Assignment(models.Model):
    """A reviewer on a paper, under a pseudonym that is random for each paper."""

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        DECLINED = "declined", "Declined by the reviewer"
        REMOVED = "removed", "Removed"

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="assignments")
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="assignments")
    run = models.ForeignKey(AssignmentRun, null=True, blank=True, on_delete=models.SET_NULL, related_name="assignments")
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    pseudonym = models.CharField(max_length=2, help_text="A letter: Reviewer A")
    reason = models.CharField(max_length=300, blank=True, help_text="Why this pair, for organisers")
    decline_reason = models.TextField(blank=True)
    created_at = models.DateTimeField()

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["submission", "pseudonym"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "reviewer"], condition=Q(state="active"), name="assignment_one_active_per_pair"
            ),
            models.UniqueConstraint(fields=["submission", "pseudonym"], name="assignment_pseudonym_unique_per_paper"),
        ]

    def __str__(self) -> str:
        return f"Reviewer {self.pseudonym}"


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


class Decision(models.Model):
    """What becomes of a submission: invisible to all but unconflicted organisers until released."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        HELD = "held", "Held back"
        RELEASED = "released", "Released"

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=Submission.Outcome)
    presentation = models.CharField(max_length=10, choices=Submission.Presentation, blank=True)
    comment = models.TextField(blank=True, help_text="To the authors")
    conditions = models.TextField(blank=True, help_text="What must change before the paper is published")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="released", released_at__isnull=False)
                | (~Q(state="released") & Q(released_at__isnull=True)),
                name="decision_released_at_iff_released",
            ),
            models.CheckConstraint(
                condition=Q(outcome="accepted") | Q(presentation=""), name="decision_presentation_only_if_accepted"
            ),
            models.CheckConstraint(
                condition=Q(outcome="accepted") | Q(conditions=""), name="decision_conditions_only_if_accepted"
            ),
        ]

    def __str__(self) -> str:
        return self.get_presentation_display() if self.presentation else self.get_outcome_display()
