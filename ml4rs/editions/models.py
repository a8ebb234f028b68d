"""A workshop year as data: edition, tracks, milestones, roles, topics, sponsors, people and texts."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from ml4rs.accounts.models import random_public_id

slug_validator = RegexValidator(r"^[a-z0-9]+(?:-[a-z0-9]+)*$", "Use lower-case letters, digits and single hyphens.")


class Addressed(models.Model):
    """A row that has pages of its own, under an address that tells neither order nor number."""

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)

    class Meta:
        abstract = True


class Edition(models.Model):
    """One workshop year. Dates, venue and zone may be unknown ("to be confirmed" is a legal value)."""

    slug = models.CharField(max_length=40, unique=True, validators=[slug_validator])
    name = models.CharField(max_length=200, help_text="Machine Learning for Remote Sensing")
    short_name = models.CharField(max_length=40, help_text="ML4RS")
    ordinal = models.PositiveSmallIntegerField(null=True, blank=True, help_text="3 for the third edition")
    tagline = models.CharField(max_length=300, blank=True)
    host = models.CharField(max_length=80, blank=True, help_text="ICLR 2025")
    host_url = models.URLField(blank=True)
    starts_on = models.DateField(null=True, blank=True, help_text="Empty: to be confirmed")
    ends_on = models.DateField(null=True, blank=True)
    venue = models.CharField(max_length=200, blank=True, help_text="Empty: to be confirmed")
    city = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=100, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC", help_text="Zone of the venue, such as Asia/Singapore")
    contact_email = models.EmailField(blank=True)
    source_url = models.URLField(blank=True, help_text="Where an edition that ran elsewhere is archived")
    is_public = models.BooleanField(default=False, help_text="Its public pages can be seen by anybody")
    is_current = models.BooleanField(default=False, help_text="Shown at the site's root")
    papers_public = models.BooleanField(default=False, help_text="Complete camera-ready files are published")
    coauthor_years = models.PositiveSmallIntegerField(
        default=3, validators=[MaxValueValidator(50)], help_text="How long having published together is a conflict"
    )
    frozen_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Only public pages are open since"
    )
    frozen_because = models.CharField(max_length=300, blank=True, editable=False, help_text="Everybody reads it")

    class Meta:
        ordering = [F("starts_on").desc(nulls_first=True), "-slug"]
        constraints = [
            models.UniqueConstraint(fields=["is_current"], condition=Q(is_current=True), name="one_current_edition"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=False, ends_on__gte=F("starts_on")),
                name="edition_ends_after_start",
            ),
            models.CheckConstraint(condition=Q(is_current=False) | Q(is_public=True), name="current_edition_is_public"),
        ]

    def __str__(self) -> str:
        return f"{self.short_name} @ {self.host}" if self.host else self.short_name


class Track(Addressed):
    """The rules of one kind of contribution."""

    class Kind(models.TextChoices):
        PAPER = "paper", "Paper"
        SLIDE = "slide", "One-slide presentation"
        DEMO = "demo", "Live demo"
        TUTORIAL = "tutorial", "Tutorial"

    class Counting(models.TextChoices):
        FREE = "free", "do not count"
        COUNTED = "counted", "count"
        FORBIDDEN = "forbidden", "are not allowed"

    class Blind(models.TextChoices):
        DOUBLE = "double", "double-blind"
        SINGLE = "single", "single-blind"
        NONE = "none", "open"

    class Style(models.TextChoices):
        ICLR = "iclr", "ICLR style"

    WEIGHTS = ("blocks", "warns", "informs", "ignored")

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="tracks")
    slug = models.CharField(max_length=40, validators=[slug_validator])
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PAPER)
    summary = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True, help_text="Markdown")
    template_url = models.URLField(blank=True, help_text="LaTeX style files")
    position = models.PositiveSmallIntegerField(default=0)
    page_limit = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)], help_text="Main-text pages; empty: no limit"
    )
    references = models.CharField(max_length=10, choices=Counting, default=Counting.FREE)
    appendix = models.CharField(max_length=10, choices=Counting, default=Counting.FREE)
    acknowledgements = models.CharField(max_length=10, choices=Counting, default=Counting.FREE)
    blind = models.CharField(max_length=10, choices=Blind, default=Blind.DOUBLE)
    is_reviewed = models.BooleanField(default=True)
    reviews_per_paper = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    reviewers_see_reviews = models.BooleanField(default=True, help_text="After submitting their own; otherwise never")
    reviews_wait_for_due = models.BooleanField(
        default=False, help_text="Even after submitting their own, not before the reviews are due"
    )
    reviews_fixed_once_due = models.BooleanField(
        default=False, help_text="Otherwise submitted reviews can be changed until decisions are released"
    )
    reviewers_see_names = models.BooleanField(default=False, help_text="Of each other, after submitting their own")
    reviewers_see_decisions = models.BooleanField(default=True, help_text="After release; otherwise never")
    has_discussion = models.BooleanField(default=True)
    has_author_response = models.BooleanField(default=False, help_text="To the reviews, before decisions")
    has_meta_review = models.BooleanField(default=False, help_text="Written by a reviewer whom an organiser asks")
    response_words = models.PositiveSmallIntegerField(
        default=500, validators=[MinValueValidator(1)], help_text="Longest response of authors"
    )
    author_conflicts = models.PositiveSmallIntegerField(
        default=5, validators=[MaxValueValidator(50)], help_text="People whom authors may keep from reviewing a paper"
    )
    presentations = models.JSONField(default=list, blank=True, help_text='Forms on offer, such as ["oral", "poster"]')
    journal_eligible = models.BooleanField(default=False)
    dual_submission_allowed = models.BooleanField(default=True)
    is_archival = models.BooleanField(default=False)
    style = models.CharField(
        max_length=10, choices=Style, blank=True, help_text="What the PDF check holds the layout to; empty: any layout"
    )
    camera_ready_pages = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(20)], help_text="Pages more than the limit in the camera-ready version"
    )
    severities = models.JSONField(
        default=dict,
        blank=True,
        help_text='What findings of the PDF check weigh, such as {"page.size": "informs"}',
    )
    places = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How many demos the venue can hold; the others wait; empty: all"
    )
    submissions_per_author = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)], help_text="Per person; empty: no limit"
    )

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "slug"], name="track_slug_unique_in_edition"),
            models.CheckConstraint(
                condition=Q(is_reviewed=True, reviews_per_paper__isnull=False, reviews_per_paper__gte=1)
                | Q(is_reviewed=False, reviews_per_paper__isnull=True),
                name="track_review_settings_only_where_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(page_limit__isnull=True) | Q(page_limit__gte=1), name="track_page_limit_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TrackFile(Addressed):
    """A file that a track wants or takes, with the types and the size it accepts."""

    class Kind(models.TextChoices):
        MANUSCRIPT = "manuscript", "Manuscript"
        SUPPLEMENTARY = "supplementary", "Supplementary file"
        SLIDE = "slide", "Slide"
        CAMERA_READY = "camera_ready", "Camera-ready paper"
        POSTER = "poster", "Poster"
        SLIDES = "slides", "Slides"

    class Orientation(models.TextChoices):
        PORTRAIT = "portrait", "Portrait"
        LANDSCAPE = "landscape", "Landscape"

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=20, choices=Kind)
    types = models.JSONField(default=list, help_text='Accepted types, such as ["pdf", "zip", "png", "jpeg"]')
    max_megabytes = models.PositiveSmallIntegerField(default=20, validators=[MinValueValidator(1)])
    required = models.BooleanField(default=False)
    orientation = models.CharField(
        max_length=10, choices=Orientation, blank=True, help_text="Of a poster; empty: either way"
    )
    widest_mm = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(100)], help_text="What a board holds; empty: any size"
    )
    highest_mm = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MinValueValidator(100)])

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["track", "kind"], name="track_file_kind_unique")]

    def __str__(self) -> str:
        return self.get_kind_display()


class Question(Addressed):
    """Something that a track asks of every submission, or of accepted ones with their camera-ready version."""

    class Stage(models.TextChoices):
        SUBMISSION = "submission", "With the submission"
        CAMERA_READY = "camera_ready", "With the camera-ready version"

    class Kind(models.TextChoices):
        TEXT = "text", "A line of text"
        PARAGRAPH = "paragraph", "A paragraph"
        CHOICE = "choice", "A choice"
        CHECKBOX = "checkbox", "A box to tick"
        NUMBER = "number", "A number"
        LINK = "link", "A link"

    class Audience(models.TextChoices):
        ORGANISERS = "organisers", "Authors and organisers"
        REVIEWERS = "reviewers", "Its reviewers as well"
        PUBLIC = "public", "Everybody, once the paper is published"

    track = models.ForeignKey(Track, on_delete=models.CASCADE, related_name="questions")
    key = models.CharField(max_length=40, validators=[slug_validator])
    stage = models.CharField(max_length=15, choices=Stage, default=Stage.SUBMISSION)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.TEXT)
    label = models.CharField(max_length=200)
    help_text = models.CharField(max_length=300, blank=True)
    choices = models.JSONField(default=list, blank=True, help_text="For a choice: one answer a line")
    required = models.BooleanField(default=False)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.ORGANISERS)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["track", "key"], name="question_key_unique_in_track")]

    def __str__(self) -> str:
        return self.label


class Milestone(Addressed):
    """A date. The one source for pages, gates, countdowns, reminders, feeds and mails.

    `instant` is UTC; null means "to be confirmed". With `aoe` it is the last second of a day Anywhere on
    Earth: the end of date D there is D+1 11:59:59 UTC. With `whole_day` only the date is announced.
    """

    class Kind(models.TextChoices):
        SUBMISSION = "submission", "Submission deadline"
        BIDDING = "bidding", "Bidding closes"
        REVIEW = "review", "Reviews due"
        RESPONSE = "response", "Author responses due"
        NOTIFICATION = "notification", "Acceptance notification"
        CAMERA_READY = "camera_ready", "Camera-ready deadline"
        TRAVEL = "travel", "Travel support deadline"
        RECEIPTS = "receipts", "Travel receipts due"
        WORKSHOP = "workshop", "Workshop"
        JOURNAL = "journal", "Journal submission deadline"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="milestones")
    track = models.ForeignKey(Track, null=True, blank=True, on_delete=models.CASCADE, related_name="milestones")
    kind = models.CharField(max_length=20, choices=Kind)
    label = models.CharField(max_length=100, blank=True, help_text="Empty: the kind's name")
    instant = models.DateTimeField(null=True, blank=True, help_text="UTC; empty: to be confirmed")
    aoe = models.BooleanField("Anywhere on Earth", default=False)
    whole_day = models.BooleanField(default=False, help_text="Only the date is announced, no time")
    grace = models.DurationField(default=timedelta, help_text="How much later the gate really closes")
    is_public = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=1, help_text="Counts every move")
    previous_instant = models.DateTimeField(null=True, blank=True)
    before_move = models.JSONField(null=True, editable=False, help_text="What undoing the last move puts back")

    class Meta:
        ordering = [F("instant").asc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "kind"], condition=Q(track__isnull=True), name="milestone_unique_per_edition"
            ),
            models.UniqueConstraint(
                fields=["edition", "track", "kind"], condition=Q(track__isnull=False), name="milestone_unique_per_track"
            ),
            models.CheckConstraint(condition=Q(grace__gte=timedelta(0)), name="milestone_grace_not_negative"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return self.label or self.get_kind_display()

    def has_passed(self, now: datetime) -> bool:
        """Whether the announced instant is over (the gate may still be in its grace)."""
        return self.instant is not None and self.instant < now

    def has_closed(self, now: datetime) -> bool:
        """Whether the gate is shut: the announced instant and its grace are over."""
        return self.instant is not None and self.instant + self.grace < now


class Extension(models.Model):
    """A milestone that lies later for one thing, such as a paper, with the reason. `about` is its public id."""

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="extensions")
    about = models.CharField(max_length=12)
    until = models.DateTimeField(help_text="UTC")
    reason = models.CharField(max_length=500)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["milestone", "about"], name="extension_unique_per_milestone")]

    def __str__(self) -> str:
        return f"{self.milestone}, for {self.about}"


class Role(Addressed):
    """What a person may do in an edition. Given to an address before its owner has an account."""

    class Name(models.TextChoices):
        ORGANISER = "organiser", "Organiser"
        GRANTS_OFFICER = "grants_officer", "Grants officer"
        SCHEDULE_EDITOR = "schedule_editor", "Schedule editor"
        DEPUTY = "deputy", "Deputy"
        REVIEWER = "reviewer", "Reviewer"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="roles")
    name = models.CharField(max_length=20, choices=Name)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="roles"
    )
    email = models.EmailField(blank=True, help_text="Lower case; only until its owner has an account")

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "name", "user"], condition=Q(user__isnull=False), name="role_unique_per_user"
            ),
            models.UniqueConstraint(
                fields=["edition", "name", "email"], condition=Q(user__isnull=True), name="role_unique_per_address"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, email="") | (Q(user__isnull=True) & ~Q(email="")),
                name="role_has_user_or_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_name_display()}: {self.user or self.email}"


class Topic(Addressed):
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="topics")
    slug = models.CharField(max_length=60, validators=[slug_validator])
    name = models.CharField(max_length=100)
    area = models.CharField(max_length=60, blank=True, help_text="Heading under which it is listed")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["edition", "slug"], name="topic_slug_unique_in_edition")]

    def __str__(self) -> str:
        return self.name


class SponsorTier(Addressed):
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="sponsor_tiers")
    slug = models.CharField(max_length=40, validators=[slug_validator])
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    amount_minor = models.PositiveBigIntegerField(null=True, blank=True, help_text="In the currency's minor unit")
    currency = models.CharField(max_length=3, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "slug"], name="sponsor_tier_slug_unique_in_edition"),
            models.CheckConstraint(
                condition=Q(amount_minor__isnull=True) | ~Q(currency=""), name="sponsor_tier_amount_has_currency"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Sponsor(Addressed):
    tier = models.ForeignKey(SponsorTier, on_delete=models.CASCADE, related_name="sponsors")
    name = models.CharField(max_length=100)
    url = models.URLField(blank=True)
    logo = models.FileField(upload_to="sponsors/", blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    visible_from = models.DateField(null=True, blank=True)
    visible_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tier", "name"], name="sponsor_name_unique_in_tier"),
            models.CheckConstraint(
                condition=Q(visible_from__isnull=True)
                | Q(visible_until__isnull=True)
                | Q(visible_until__gte=F("visible_from")),
                name="sponsor_visible_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Person(Addressed):
    """Somebody as the public pages show them: organiser, speaker, committee member of a past edition."""

    class Kind(models.TextChoices):
        ORGANISER = "organiser", "Organiser"
        KEYNOTE = "keynote", "Keynote speaker"
        INVITED = "invited", "Invited speaker"
        PANELLIST = "panellist", "Panellist"
        COMMITTEE = "committee", "Programme committee member"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="people")
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=200)
    affiliation = models.CharField(max_length=200, blank=True)
    url = models.URLField(blank=True)
    bio = models.TextField(blank=True, help_text="Markdown")
    portrait = models.ImageField(upload_to="portraits/", blank=True)
    consent = models.CharField(
        max_length=200, blank=True, help_text="When and how they agreed to portrait, biography and recording"
    )
    details_hidden = models.BooleanField(default=False, help_text="Neither portrait nor biography is shown")
    position = models.PositiveSmallIntegerField(default=0)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(fields=["edition", "kind", "name"], name="person_unique_per_kind_in_edition")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_portrait(self) -> models.fields.files.FieldFile | None:
        """The portrait, where its person agreed to show it."""
        return self.portrait if self.portrait and not self.details_hidden else None

    @property
    def shown_bio(self) -> str:
        return "" if self.details_hidden else self.bio


class TextBlock(Addressed):
    """A piece of the public pages' prose, in Markdown with variables such as {{ host }}."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="texts")
    key = models.CharField(max_length=40, validators=[slug_validator])
    title = models.CharField(max_length=150, blank=True)
    body = models.TextField(help_text="Markdown; {{ name }}, {{ host }}, {{ contact }} and others are filled in")

    class Meta:
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="text_key_unique_in_edition")]

    def __str__(self) -> str:
        return self.title or self.key
