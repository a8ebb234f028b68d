"""What authors hand in: submissions, their authors, immutable file versions, and what the PDF check saw."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from ml4rs.accounts.models import random_public_id
from ml4rs.editions.models import Edition, Topic, Track, TrackFile
from submissions.sight import SubmissionQuerySet

models.CharField.register_lookup(Length, "length")


class Submission(models.Model):
    """One contribution to a track. Who wrote it stands in `Authorship`, never here.

    `number` is drawn at random at the first submit, so that it tells nothing. `outcome` and `presentation`
    are empty until decisions are released; nothing on this row betrays an unreleased one.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"
        WITHDRAWN = "withdrawn", "Withdrawn"
        DESK_REJECTED = "desk_rejected", "Desk-rejected"

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Not accepted"

    class Presentation(models.TextChoices):
        ORAL = "oral", "Oral"
        SPOTLIGHT = "spotlight", "Spotlight"
        POSTER = "poster", "Poster"
        SLIDE = "slide", "Slide"
        DEMO = "demo", "Demo"

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="submissions")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField(null=True, blank=True)
    title = models.CharField(max_length=250, blank=True)
    abstract = models.TextField(blank=True, help_text="Markdown with maths")
    keywords = models.CharField(max_length=250, blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="submissions")
    declarations = models.JSONField(default=dict, blank=True)
    answers = models.JSONField(default=dict, blank=True, help_text="To the track's own questions, by key")
    state = models.CharField(max_length=15, choices=State, default=State.DRAFT)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    presentation = models.CharField(max_length=10, choices=Presentation, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    reviews_shown_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Reviews in by then are open to its authors for a response, before the decision",
    )
    conditions = models.TextField(blank=True, help_text="What must change before it is published; for its authors")
    published_at = models.DateTimeField(null=True, blank=True, help_text="Since when its files are public")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    state_reason = models.TextField(blank=True, help_text="Why it was withdrawn or desk-rejected; its authors read it")
    revision = models.PositiveIntegerField(default=1, help_text="Counts every edit of its texts: two tabs notice")
    edited_in = models.CharField(max_length=12, blank=True, help_text="The browser tab of the last edit")

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="submission_number_unique_in_edition"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(number__isnull=False), name="submission_has_number_once_submitted"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", released_at__isnull=True) | (~Q(outcome="") & Q(released_at__isnull=False)),
                name="submission_outcome_only_when_released",
            ),
            models.CheckConstraint(
                condition=Q(presentation="") | Q(outcome="accepted"), name="submission_presentation_only_if_accepted"
            ),
            models.CheckConstraint(
                condition=Q(conditions="") | Q(outcome="accepted"), name="submission_conditions_only_if_accepted"
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(outcome="accepted"),
                name="submission_published_only_if_accepted",
            ),
        ]
        indexes = [models.Index(fields=["edition", "state", "track"], name="submission_edition_state")]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}" if self.number else self.title or "Untitled draft"


class StudyArea(models.Model):
    """Where on Earth a paper looks: a point, or a box in degrees. A box whose west is east of its east crosses 180°."""

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="areas")
    west = models.DecimalField(max_digits=6, decimal_places=2)
    east = models.DecimalField(max_digits=6, decimal_places=2)
    south = models.DecimalField(max_digits=5, decimal_places=2)
    north = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "west", "east", "south", "north"], name="area_once_per_paper"
            ),
            models.CheckConstraint(
                condition=Q(west__gte=-180, west__lte=180, east__gte=-180, east__lte=180),
                name="area_longitudes_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(south__gte=-90, north__lte=90, south__lte=F("north")), name="area_latitudes_on_earth"
            ),
        ]

    def __str__(self) -> str:
        if (self.west, self.south) == (self.east, self.north):
            return f"{_latitude(self.north)}, {_longitude(self.east)}"
        return f"{_latitude(self.south)} to {_latitude(self.north)}, {_longitude(self.west)} to {_longitude(self.east)}"


def _latitude(degrees: Decimal) -> str:
    return f"{_short(degrees)}° {'N' if degrees >= 0 else 'S'}"


def _longitude(degrees: Decimal) -> str:
    return f"{_short(degrees)}° {'E' if degrees >= 0 else 'W'}"


def _short(degrees: Decimal) -> str:
    return f"{abs(Decimal(degrees)):f}".rstrip("0").rstrip(".") or "0"


class Authorship(models.Model):
    """A person on a paper. Code that serves reviewers never joins this table."""

    class Answer(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmed"
        OBJECTED = "objected", "Objects"

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="authorships")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    email = models.EmailField(max_length=254, help_text="Lower case")
    affiliation = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, blank=True)
    orcid = models.CharField(max_length=19, blank=True)
    is_corresponding = models.BooleanField(default=False)
    is_presenter = models.BooleanField(default=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="authorships"
    )
    told_at = models.DateTimeField(null=True, blank=True, help_text="When this person was told by mail")
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    objection = models.TextField(blank=True, help_text="For the paper's authors and organisers")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "position"], name="authorship_position_unique"),
            models.UniqueConstraint(fields=["submission", "email"], name="authorship_email_unique"),
            models.UniqueConstraint(
                fields=["submission"], condition=Q(is_corresponding=True), name="authorship_one_corresponding"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="authorship_answered_at_iff_answered",
            ),
        ]
        indexes = [models.Index(fields=["email"], name="authorship_email")]

    def __str__(self) -> str:
        return self.name


def _stored_name(version: "FileVersion", _: str) -> str:
    """Where a version lies: by content, under a name of ours, never the author's."""
    return f"files/{version.sha256[:2]}/{version.sha256}"


def _reviewers_copy_name(version: "FileVersion", _: str) -> str:
    return f"copies/{version.sha256[:2]}/{version.sha256}"


def _picture_name(version: "FileVersion", _: str) -> str:
    return f"pictures/{version.sha256[:2]}/{version.sha256}.png"


class FileVersion(models.Model):
    """An uploaded file, never changed: the newest version of a kind is current, older ones stay."""

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=20, choices=TrackFile.Kind)
    version = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="Bytes")
    content_type = models.CharField(max_length=60)
    stored = models.FileField(upload_to=_stored_name, max_length=200)
    reviewers_copy = models.FileField(upload_to=_reviewers_copy_name, max_length=200, blank=True)
    picture = models.FileField(upload_to=_picture_name, max_length=200, blank=True, help_text="Of a slide: for screens")
    original_name = models.CharField(max_length=255, blank=True, help_text="For authors and organisers only")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "kind", "version"], name="file_version_unique"),
            models.CheckConstraint(condition=Q(sha256__length=64), name="file_version_sha256_complete"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, version {self.version}"


class ReportManager(models.Manager):
    """Reports without their long text, unless it is asked for."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().defer("text")


class CheckReport(models.Model):
    """What the PDF check saw in one file version, under one version of its rules."""

    class Verdict(models.TextChoices):
        OK = "ok", "In order"
        WARNINGS = "warnings", "Please look"
        BLOCKED = "blocked", "Breaks a rule of the track"
        REFUSED = "refused", "Not a usable PDF"

    file_version = models.ForeignKey(FileVersion, on_delete=models.CASCADE, related_name="reports")
    rule_version = models.CharField(max_length=20)
    verdict = models.CharField(max_length=10, choices=Verdict)
    pages = models.PositiveIntegerField(null=True)
    facts = models.JSONField(default=dict)
    text = models.TextField(blank=True, help_text="What the pages say, a form feed between them")
    checked_at = models.DateTimeField()

    objects = ReportManager()

    class Meta:
        ordering = ["-checked_at"]
        constraints = [models.UniqueConstraint(fields=["file_version", "rule_version"], name="report_once_per_rules")]

    def __str__(self) -> str:
        return self.get_verdict_display()


class CameraReady(models.Model):
    """What becomes of an accepted paper until it is published, beside its files and answers.

    `as_reviewed` keeps title, abstract, keywords and authors from before the first change after acceptance.
    """

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="camera_ready")
    as_reviewed = models.JSONField(default=dict)
    conditions_answer = models.TextField(blank=True, help_text="How its authors met the conditions")
    conditions_met_at = models.DateTimeField(null=True, blank=True)
    conditions_met_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(conditions_met_at__isnull=True, conditions_met_by__isnull=True)
                | Q(conditions_met_at__isnull=False, conditions_met_by__isnull=False),
                name="camera_ready_conditions_met_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"Camera-ready version of {self.submission}"


class Dispute(models.Model):
    """An objection to the check of a file, and what an organiser said to it; for authors and organisers only."""

    class Answer(models.TextChoices):
        PASSED = "passed", "Let pass"
        UPHELD = "upheld", "The check stands"

    file_version = models.OneToOneField(FileVersion, on_delete=models.CASCADE, related_name="dispute")
    reason = models.TextField(blank=True, help_text="The authors' words; empty where an organiser acted unasked")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    codes = models.JSONField(default=list, help_text="The findings that no longer block this file")
    note = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="dispute_answered_at_iff_answered",
            ),
        ]

    def __str__(self) -> str:
        return self.get_answer_display() or "Disputed"


class Finding(models.Model):
    """One thing that the check noticed. Identity findings are for authors and organisers only."""

    class Severity(models.TextChoices):
        BLOCKS = "blocks", "Must be mended"
        WARNS = "warns", "Please look"
        INFORMS = "informs", "For information"

    class Kind(models.TextChoices):
        FORMAT = "format", "Format"
        IDENTITY = "identity", "Identity"

    report = models.ForeignKey(CheckReport, on_delete=models.CASCADE, related_name="findings")
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.FORMAT)
    severity = models.CharField(max_length=10, choices=Severity)
    page = models.PositiveIntegerField(null=True, help_text="From 1")
    box = models.JSONField(null=True, help_text="[left, bottom, right, top] in points")
    excerpt = models.CharField(max_length=300, blank=True)
    message = models.CharField(max_length=500, help_text="What is wrong, and the remedy")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.code
