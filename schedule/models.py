"""The programme: rooms, sessions, what happens in them, and its frozen public releases."""

import secrets

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from ml4rs.accounts.models import random_public_id
from ml4rs.editions.models import Edition, Person, slug_validator
from submissions.models import Submission


def new_secret() -> str:
    """What nobody guesses: 256 bits, as 43 letters that stand in an address."""
    return secrets.token_urlsafe(32)


class Room(models.Model):
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="rooms")
    slug = models.CharField(max_length=40, validators=[slug_validator])
    name = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField(default=0)
    boards_in_row = models.PositiveSmallIntegerField(
        default=6, validators=[MinValueValidator(1), MaxValueValidator(40)], help_text="How poster boards stand"
    )

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["edition", "slug"], name="room_slug_unique_in_edition")]

    def __str__(self) -> str:
        return self.name


class Session(models.Model):
    """A stretch of the programme. Room and times may be "to be confirmed", the times together or not at all."""

    class Kind(models.TextChoices):
        OPENING = "opening", "Opening"
        KEYNOTE = "keynote", "Keynote"
        INVITED = "invited", "Invited talk"
        ORALS = "orals", "Oral talks"
        SPOTLIGHTS = "spotlights", "Spotlights"
        POSTERS = "posters", "Poster session"
        PANEL = "panel", "Panel"
        TUTORIAL = "tutorial", "Tutorial"
        BREAK = "break", "Break"
        LUNCH = "lunch", "Lunch"
        AWARDS = "awards", "Awards"
        CLOSING = "closing", "Closing"
        OTHER = "other", "Other"

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="sessions")
    slug = models.CharField(max_length=60, validators=[slug_validator])
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=200)
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.SET_NULL, related_name="sessions")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    chairs = models.ManyToManyField(
        Person, blank=True, related_name="chaired_sessions", help_text="Who chairs, hosts or moderates"
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="Order among sessions without a time")

    class Meta:
        ordering = [F("starts_at").asc(nulls_last=True), "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "slug"], name="session_slug_unique_in_edition"),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True, ends_at__isnull=True) | Q(starts_at__lt=F("ends_at")),
                name="session_starts_before_it_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Slot(models.Model):
    """One talk or poster in a session: a paper of ours, or a title with speakers."""

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="slots")
    position = models.PositiveSmallIntegerField(default=0)
    submission = models.ForeignKey(Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="slots")
    title = models.CharField(max_length=250, blank=True, help_text="Empty: the paper's, or to be announced")
    abstract = models.TextField(blank=True, help_text="Markdown")
    speakers = models.ManyToManyField(Person, blank=True, related_name="slots")
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: an equal share")
    board = models.CharField(max_length=10, blank=True, help_text="Poster board")
    url = models.URLField(blank=True, help_text="Where the paper can be read, if not here")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "submission"],
                condition=Q(submission__isnull=False),
                name="slot_paper_once_per_session",
            ),
            models.UniqueConstraint(
                fields=["session", "board"], condition=~Q(board=""), name="slot_board_once_per_session"
            ),
            models.CheckConstraint(condition=Q(minutes__isnull=True) | Q(minutes__gte=1), name="slot_minutes_positive"),
        ]

    def __str__(self) -> str:
        return self.title or "To be announced"


class Resource(models.Model):
    """Something to read, watch or visit beside a talk or poster, shown from and until an instant if one is given."""

    class Kind(models.TextChoices):
        SLIDES = "slides", "Slides"
        VIDEO = "video", "Video"
        CODE = "code", "Code"
        DATA = "data", "Data"
        MEETING = "meeting", "Office hours"
        OTHER = "other", "Link"

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="resources")
    kind = models.CharField(max_length=10, choices=Kind)
    label = models.CharField(max_length=100, blank=True, help_text="Empty: the kind's name")
    url = models.URLField(max_length=500)
    visible_from = models.DateTimeField(null=True, blank=True)
    visible_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(visible_from__isnull=True)
                | Q(visible_until__isnull=True)
                | Q(visible_from__lt=F("visible_until")),
                name="resource_shown_before_it_is_hidden",
            ),
            models.UniqueConstraint(fields=["slot", "url"], name="resource_once_per_slot"),
        ]

    def __str__(self) -> str:
        return self.label or self.get_kind_display()


class DemoTurn(models.Model):
    """Where a demo stands in the list for places; those without stand after, by their number."""

    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="demo_turn")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.position)


class Absence(models.Model):
    """When somebody who presents cannot be there, in their own word."""

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="absences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="absence_starts_before_it_ends"),
            models.UniqueConstraint(fields=["edition", "user", "starts_at", "ends_at"], name="absence_stated_once"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} to {self.ends_at:%H:%M}"


class StarList(models.Model):
    """What somebody starred in an edition's programme, and the secret in the address of their calendar."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="star_lists")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="star_lists")
    secret = models.CharField(max_length=43, unique=True, default=new_secret, editable=False)
    items = models.JSONField(default=list, help_text="Public ids of sessions and items")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "user"], name="one_star_list_each")]

    def __str__(self) -> str:
        return f"{len(self.items)} stars"


class Release(models.Model):
    """A published programme: a frozen copy, so that drafts never show and feeds can count revisions."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="releases")
    version = models.PositiveIntegerField()
    content = models.JSONField(help_text="Sessions and slots as the public sees them")
    digest = models.CharField(max_length=64, editable=False, help_text="SHA-256 of the content: caches go by it")
    papers = models.ManyToManyField(Submission, related_name="releases", help_text="Whose withdrawal must be noticed")
    changes = models.JSONField(default=list, help_text="What is new since the last version, in words")
    note = models.CharField(max_length=300, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["edition", "version"], name="release_version_unique")]

    def __str__(self) -> str:
        return f"Version {self.version}"


class PlacingRun(models.Model):
    """A proposal of which papers go into which sessions: what was asked, and places with reasons, until applied."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        APPLIED = "applied", "In the draft"
        UNDONE = "undone", "Taken back"

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="placing_runs")
    parameters = models.JSONField(default=dict, help_text="Room in each session, absences, orals as posters too")
    places = models.JSONField(default=list, help_text="[[session, paper, why], ...] by public ids")
    left = models.JSONField(default=list, help_text="[[paper, kind of session, why], ...] without a place")
    figures = models.JSONField(default=dict, help_text="How far from the bound, and how long it took")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.created_at:%Y-%m-%d %H:%M}"


class Step(models.Model):
    """One thing that an editor did to the draft, with what it was before, so that it can be undone."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="steps")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    words = models.CharField(max_length=300, help_text="What was done, for the button that undoes it")
    before = models.JSONField(help_text="Sessions and items concerned, by public id; null: it was not there")
    after = models.JSONField(help_text="The same as it left them")
    done_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["edition", "by"])]

    def __str__(self) -> str:
        return self.words
