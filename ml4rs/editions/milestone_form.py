"""The form of a date: a day Anywhere on Earth, a time at the venue, a whole day, or not known yet."""

from datetime import datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms

from ml4rs.editions import actions
from ml4rs.editions.clock import (
    ANYWHERE_ON_EARTH,
    NoSuchTimeError,
    aoe_day,
    aoe_deadline,
    local_instant,
    whole_day_instant,
)
from ml4rs.editions.forms import ItemForm, day_input
from ml4rs.editions.models import Milestone
from ml4rs.editions.viewer import Viewer


class MilestoneForm(ItemForm):
    """Everything about a date. Moving it is its own action, which counts the move and can be undone."""

    also_checked: ClassVar[set[str]] = {"edition", "grace"}

    when = forms.ChoiceField(
        label="The date is",
        choices=[
            ("aoe", "the end of a day, Anywhere on Earth"),
            ("venue", "a time at the venue"),
            ("day", "a whole day, no time announced"),
            ("open", "to be confirmed"),
        ],
        widget=forms.RadioSelect,
        initial="aoe",
    )
    day = forms.DateField(required=False, label="Day", widget=day_input())
    at = forms.TimeField(
        required=False,
        label="Time at the venue",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Only for a time at the venue.",
    )
    grace_minutes = forms.IntegerField(
        required=False,
        label="Grace in minutes",
        min_value=0,
        max_value=60 * 24 * 14,
        help_text="How much later the gate really closes. It is not announced.",
    )

    class Meta:
        model = Milestone
        fields = ["kind", "track", "label", "is_public"]
        labels = {"kind": "What it is about", "label": "Name", "is_public": "Shown on the public pages"}
        help_texts = {"track": "Empty: for all tracks that have no date of their own"}

    field_order = ["kind", "track", "label", "when", "day", "at", "grace_minutes", "is_public"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.zone = self.edition.time_zone
        self.fields["at"].label = f"Time at the venue ({self.zone})"
        self.fields["track"].empty_label = "All tracks"
        if self.instance.pk is not None:
            self.initial.update(_as_written(self.instance, self.zone))
        self.moment: dict[str, Any] = {}

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        self.instance.grace = timedelta(minutes=found.get("grace_minutes") or 0)
        if not self.errors:
            self._settle_moment(found)
        return found

    def _settle_moment(self, found: dict[str, Any]) -> None:
        if self.instance.pk is not None and not {"when", "day", "at"} & set(self.changed_data):
            kept = self.instance  # seconds that no input shows stay as they are
            self.moment = {"instant": kept.instant, "aoe": kept.aoe, "whole_day": kept.whole_day}
            return
        when, day = found["when"], found.get("day")
        if when != "open" and day is None:
            self.add_error("day", "Choose the day, or say that it is to be confirmed.")
        elif when == "venue" and found.get("at") is None:
            self.add_error("at", "Write the time at the venue.")
        else:
            self.moment = {"instant": None, "aoe": when == "aoe", "whole_day": when == "day"}
            try:
                self.moment["instant"] = self._instant(when, found)
            except NoSuchTimeError as error:
                self.add_error("at", str(error))

    def _instant(self, when: str, found: dict[str, Any]) -> datetime | None:
        if when == "open":
            return None
        if when == "aoe":
            return aoe_deadline(found["day"])
        if when == "day":
            return whole_day_instant(found["day"], self.zone)
        # A deadline at 23:59 lasts until the day is over.
        at = time(23, 59, 59) if found["at"] == time(23, 59) else found["at"]
        return local_instant(found["day"], at, self.zone)

    def store(self, by: Viewer) -> Milestone:
        if self.instance.pk is None:
            for name, value in self.moment.items():
                setattr(self.instance, name, value)
            return actions.add(self.instance, by=by)
        return actions.change_milestone(self.instance, moment=self.moment, by=by, seen=self.cleaned_data["seen"])


class LaterDateForm(forms.Form):
    """A later date for one thing alone. Times are Anywhere on Earth, as the deadlines are."""

    until = forms.DateTimeField(
        label="Until (Anywhere on Earth, UTC−12)",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    reason = forms.CharField(
        max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text="Kept with it; organisers read it."
    )

    def clean_until(self) -> datetime:
        """As typed, read by the clock of the last place on Earth."""
        return self.cleaned_data["until"].replace(tzinfo=ANYWHERE_ON_EARTH, fold=0)


def _as_written(milestone: Milestone, zone: str) -> dict[str, Any]:
    """A stored date as an organiser would write it."""
    written: dict[str, Any] = {"grace_minutes": int(milestone.grace.total_seconds() // 60)}
    if milestone.instant is None:
        return {**written, "when": "open"}
    if milestone.aoe:
        return {**written, "when": "aoe", "day": aoe_day(milestone.instant)}
    local = milestone.instant.astimezone(ZoneInfo(zone))
    if milestone.whole_day:
        return {**written, "when": "day", "day": local.date()}
    return {**written, "when": "venue", "day": local.date(), "at": local.time().replace(second=0, microsecond=0)}
