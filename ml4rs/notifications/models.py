"""Mail that must arrive: the outbox, editable wording, and reminder rules."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ml4rs.accounts.models import random_public_id
from ml4rs.editions.models import Edition, Milestone


class Message(models.Model):
    """One mail to one address. The unique key makes a second one for the same event impossible."""

    class State(models.TextChoices):
        HELD = "held", "Held"
        QUEUED = "queued", "Queued"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"
        BOUNCED = "bounced", "Came back"

    public_id = models.CharField(max_length=12, unique=True, default=random_public_id, editable=False)
    edition = models.ForeignKey(Edition, null=True, on_delete=models.CASCADE, related_name="messages")
    event = models.CharField(max_length=60, help_text="submissions.receipt")
    key = models.CharField(max_length=200, help_text="event, subject and revision: what makes it this mail")
    recipient = models.EmailField(max_length=254)
    recipient_name = models.CharField(max_length=200, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    submission_id = models.BigIntegerField(null=True, db_index=True, help_text="The paper it concerns, if any")
    application_id = models.BigIntegerField(null=True, db_index=True, help_text="The travel application, if any")
    grants_only = models.BooleanField(default=False)
    names_papers = models.BooleanField(default=False, help_text="Only for who may know of all papers it concerns")
    batch = models.CharField(max_length=12, blank=True, db_index=True, help_text="Messages of one action")
    subject = models.CharField(max_length=300)
    body_text = models.TextField()
    body_html = models.TextField(blank=True)
    is_markdown = models.BooleanField(default=False, help_text="An edition's own words, not the system's")
    calendar = models.TextField(blank=True, help_text="An iCalendar file that goes with it")
    values = models.JSONField(default=dict, help_text="What stood for the variables of its wording")
    cc = models.EmailField(max_length=254, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="Not before; moved on after a failure")
    expires_at = models.DateTimeField(null=True, help_text="Not after: a reminder of what is over helps nobody")
    lease_until = models.DateTimeField(null=True, help_text="Until then one worker has it")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["key", "recipient"], name="message_once_per_recipient"),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "bounced"], sent_at__isnull=False)
                | (~Q(state__in=["sent", "bounced"]) & Q(sent_at__isnull=True)),
                name="message_sent_at_iff_sent",
            ),
            models.CheckConstraint(
                condition=Q(state="sending", lease_until__isnull=False)
                | (~Q(state="sending") & Q(lease_until__isnull=True)),
                name="message_lease_iff_sending",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="message_state_due"),
            models.Index(fields=["edition", "-created_at"], name="message_edition_time"),
            models.Index(fields=["sent_at"], name="message_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.recipient}"


class Concern(models.Model):
    """One of several papers that a message is about, such as those of a reviewer who is late.

    A message about one paper names it in a column of its own; who may know of none of the papers does not see
    the message.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="concerns")
    submission_id = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "submission_id"], name="concern_once_per_message")]

    def __str__(self) -> str:
        return f"message {self.message_id} about paper {self.submission_id}"


class Template(models.Model):
    """An edition's own wording of a mail; without one the wording in the app's template folder is used."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="mail_templates")
    event = models.CharField(max_length=60)
    subject = models.CharField(max_length=300)
    body = models.TextField(help_text="Markdown with the variables listed beside the form")
    copy = models.BooleanField(default=False, help_text="A copy of each goes to the edition's contact address")

    class Meta:
        ordering = ["event"]
        constraints = [models.UniqueConstraint(fields=["edition", "event"], name="template_once_per_event")]

    def __str__(self) -> str:
        return self.event


class ReminderRule(models.Model):
    """Remind an audience some time before a kind of milestone, or after it. Audiences are registered by the apps."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="reminder_rules")
    kind = models.CharField(max_length=20, choices=Milestone.Kind)
    audience = models.CharField(max_length=60)
    before = models.DurationField(help_text="How long before the milestone; below zero: after it")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["kind", "audience", "-before"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "kind", "audience", "before"], name="reminder_rule_unique")
        ]

    def __str__(self) -> str:
        return f"{self.audience}, {self.before} before {self.get_kind_display()}"


class ReminderRun(models.Model):
    """A reminder of one date to one audience: begun once, gone on with after a crash, never repeated.

    `revision` is the milestone's: a moved milestone has its reminders before it again.
    """

    milestone = models.ForeignKey(Milestone, on_delete=models.CASCADE, related_name="reminder_runs")
    revision = models.PositiveIntegerField()
    audience = models.CharField(max_length=60)
    before = models.DurationField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    count = models.PositiveIntegerField(default=0, help_text="How many owed something")

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["milestone", "revision", "audience", "before"], name="reminder_run_once_per_date"
            )
        ]

    def __str__(self) -> str:
        return f"{self.audience}, {self.before} before {self.milestone}"


class OptOut(models.Model):
    """An address that can do without a class of mail. Kept by address: authors need no account."""

    address = models.EmailField(max_length=254, help_text="Lower case")
    category = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "category"], name="opt_out_once_per_category")]

    def __str__(self) -> str:
        return f"{self.address}, no {self.category}"


class CalendarFeed(models.Model):
    """A person's own deadlines as a calendar. Its address is derived from `nonce`: a new one ends the old address."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed")
    nonce = models.CharField(max_length=12, default=random_public_id)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar of {self.user}"
