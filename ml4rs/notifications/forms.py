"""Forms of the outbox: reword a held mail, write an edition's own wording, add a reminder."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from ml4rs.editions.clock import (
    NoSuchTimeError,
    aoe_day,
    aoe_deadline,
    local_instant,
    shifted,
    whole_day_instant,
)
from ml4rs.editions.forms import day_input
from ml4rs.editions.models import Milestone
from ml4rs.notifications.models import ReminderRule
from ml4rs.notifications.quiet import LONGEST_AFTER
from ml4rs.notifications.registry import Audience, MailEvent
from ml4rs.notifications.wording import unknown_variables

_MAIL = forms.Textarea(attrs={"rows": 18, "class": "mail-text"})


class RewordForm(forms.Form):
    """The words of one held mail."""

    subject = forms.CharField(max_length=300)
    body = forms.CharField(label="Text", widget=_MAIL, max_length=50_000)


class WordsForm(RewordForm):
    """Words for many mails: only variables that the kind of mail has, in double braces."""

    def __init__(self, *args, event: MailEvent, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        self.fields["subject"].help_text = "The edition's name is put before it."
        self.fields["body"].help_text = "Markdown is understood. Why somebody gets the mail is put below it."

    def clean_subject(self) -> str:
        return self._known("subject")

    def clean_body(self) -> str:
        return self._known("body")

    def _known(self, name: str) -> str:
        words = self.cleaned_data[name]
        if strange := unknown_variables(words, self.event):
            listed = ", ".join(f"“{each}”" for each in strange)
            raise forms.ValidationError(f"This mail does not know {listed}. Use the variables listed on this page.")
        return words


class WordingForm(WordsForm):
    """The edition's own words for a kind of mail."""

    copy = forms.BooleanField(required=False, label="Send a copy of each to the organisers' address")

    def __init__(self, *args, event: MailEvent, **kwargs) -> None:
        super().__init__(*args, event=event, **kwargs)
        if not event.copyable:
            del self.fields["copy"]


class WriteForm(WordsForm):
    """What organisers write to a list of people."""

    batch = forms.RegexField(r"^[a-z0-9]{12}$", widget=forms.HiddenInput)


class RuleForm(forms.Form):
    """One more reminder for an audience."""

    days = forms.IntegerField(min_value=0, max_value=90, initial=7)
    hours = forms.IntegerField(min_value=0, max_value=23, initial=0)
    side = forms.ChoiceField(
        label="",
        required=False,
        choices=[("before", "before the date"), ("after", "after the date")],
        widget=forms.RadioSelect,
        initial="before",
    )

    def __init__(self, *args, audience: Audience, edition, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.audience, self.edition = audience, edition
        if not audience.after:
            del self.fields["side"]

    def clean(self) -> dict:
        found = super().clean()
        if self.errors:
            return found
        found["before"] = timedelta(days=found["days"], hours=found["hours"])
        if found.get("side") == "after":
            found["before"] *= -1
            if found["before"] < -LONGEST_AFTER:
                raise forms.ValidationError(f"At most {LONGEST_AFTER.days} days after the date.")
        elif not found["before"]:
            raise forms.ValidationError("A reminder goes out at least an hour before.")
        same = ReminderRule.objects.filter(
            edition=self.edition, audience=self.audience.name, kind=self.audience.kind, before=found["before"]
        )
        if same.exists():
            raise forms.ValidationError("There is such a reminder already.")
        return found


class ExtendForm(forms.Form):
    """A later day for a date. The time of day stays, and what is announced: Anywhere on Earth, or the venue's."""

    day = forms.DateField(label="New date", widget=day_input())
    grace_minutes = forms.IntegerField(
        required=False,
        label="Grace in minutes",
        min_value=0,
        max_value=60 * 24 * 14,
        help_text="How much later the gate really closes. It is not announced.",
    )
    words = forms.CharField(
        required=False,
        label="A few words of yours",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="They stand in the mail, below the two dates.",
    )
    tell = forms.BooleanField(required=False, initial=True, label="Tell those whom it concerns by mail")
    seen = forms.CharField(widget=forms.HiddenInput)
    batch = forms.CharField(max_length=12, widget=forms.HiddenInput)

    def __init__(self, *args: Any, milestone: Milestone, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.milestone, self.now, self.zone = milestone, now, milestone.edition.time_zone
        self.fields["day"].help_text = self._about_the_time()
        self.initial["grace_minutes"] = int(milestone.grace.total_seconds() // 60)
        self.initial["day"] = self._usual_day()

    def _about_the_time(self) -> str:
        if self.milestone.aoe:
            return "It ends with this day, Anywhere on Earth."
        if self.milestone.whole_day:
            return "Only the day is announced."
        return f"At {self._local():%H:%M}, as before ({self.zone})."

    def _local(self) -> datetime:
        return self.milestone.instant.astimezone(ZoneInfo(self.zone))

    def _usual_day(self) -> date:
        """Three days on; from today if the date is over."""
        start = max(self.milestone.instant, self.now)
        later = shifted(start, 3, aoe=self.milestone.aoe, zone=self.zone)
        return aoe_day(later) if self.milestone.aoe else later.astimezone(ZoneInfo(self.zone)).date()

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        found["grace"] = timedelta(minutes=found.get("grace_minutes") or 0)
        if "day" in found:
            self._settle(found)
        return found

    def _settle(self, found: dict[str, Any]) -> None:
        try:
            found["instant"] = self._instant(found["day"])
        except NoSuchTimeError as error:
            self.add_error("day", str(error))
            return
        if found["instant"] <= self.now:
            self.add_error("day", "Choose a day that is still ahead.")
        elif found["instant"] < self.milestone.instant:
            self.add_error("day", "This is earlier than now. To bring a date forward, change it under Dates.")

    def _instant(self, day: date) -> datetime:
        if self.milestone.aoe:
            return aoe_deadline(day)
        if self.milestone.whole_day:
            return whole_day_instant(day, self.zone)
        return local_instant(day, self._local().time().replace(fold=0), self.zone)
