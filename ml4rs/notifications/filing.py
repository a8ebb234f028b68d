"""The `mail` key of an edition's file: its reminders and its own wording."""

from datetime import timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ml4rs.editions.models import Edition
from ml4rs.notifications.models import ReminderRule, Template
from ml4rs.notifications.registry import audience_named, audiences, event_named
from ml4rs.notifications.rules import ensure_default_rules
from ml4rs.notifications.wording import unknown_variables

_HOUR = timedelta(hours=1)


class Reminder(BaseModel):
    """One reminder rule."""

    model_config = ConfigDict(extra="forbid")

    to: str = Field(description="Audience, such as submissions.drafts")
    hours_before: int = Field(ge=-30 * 24, le=91 * 24, description="Below zero: after the date")
    active: bool = True

    @field_validator("to")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if audience_named(name) is None:
            known = ", ".join(sorted(audience.name for audience in audiences))
            raise ValueError(f"there is no audience {name}; there are {known}")
        return name

    @model_validator(mode="after")
    def _comes_in_time(self) -> "Reminder":
        if self.hours_before <= 0 and not audience_named(self.to).after:
            raise ValueError(f"{self.to} is reminded before the date, by at least one hour")
        return self


class Wording(BaseModel):
    """An edition's own words for a kind of mail."""

    model_config = ConfigDict(extra="forbid")

    event: str
    subject: str = Field(min_length=1, max_length=300)
    body: str = Field(min_length=1)
    copy_to_contact: bool = Field(False, description="A copy of each goes to the edition's contact address")

    @model_validator(mode="after")
    def _uses_what_there_is(self) -> "Wording":
        event = event_named(self.event)
        if event is None:
            raise ValueError(f"there is no mail {self.event}")
        if strange := unknown_variables(f"{self.subject} {self.body}", event):
            raise ValueError(f"{self.event} does not know {', '.join(strange)}")
        if self.copy_to_contact and not event.copyable:
            raise ValueError(f"{self.event} may hold what only its reader may know: no copy goes anywhere")
        return self


class Mail(BaseModel):
    """Reminders that differ from the usual ones, and wording of one's own."""

    model_config = ConfigDict(extra="forbid")

    reminders: list[Reminder] | None = Field(None, description="All of them; left out: the usual ones")
    wording: list[Wording] = Field(default_factory=list)


class MailSection:
    """Loads and dumps the `mail` key."""

    key = "mail"
    schema = Mail

    def load(self, edition: Edition, data: Mail) -> None:
        _load_rules(edition, data.reminders)
        kept = {wording.event for wording in data.wording}
        edition.mail_templates.exclude(event__in=kept).delete()
        for wording in data.wording:
            Template.objects.update_or_create(
                edition=edition,
                event=wording.event,
                defaults={"subject": wording.subject, "body": wording.body, "copy": wording.copy_to_contact},
            )

    def dump(self, edition: Edition) -> Any:
        """Nothing when reminders and wording are the usual ones."""
        found: dict[str, Any] = {}
        rules = sorted(
            edition.reminder_rules.values_list("audience", "before", "is_active"), key=lambda r: (r[0], -r[1])
        )
        usual = {(audience.name, before, True) for audience in audiences for before in audience.offsets}
        if set(rules) != usual:
            found["reminders"] = [_as_data(*rule) for rule in rules]
        if own := list(edition.mail_templates.order_by("event")):
            found["wording"] = [_wording_as_data(each) for each in own]
        return found or None


def _as_data(audience: str, before: timedelta, is_active: bool) -> dict[str, Any]:
    data: dict[str, Any] = {"to": audience, "hours_before": before // _HOUR}
    return data if is_active else {**data, "active": False}


def _wording_as_data(own: Template) -> dict[str, Any]:
    data: dict[str, Any] = {"event": own.event, "subject": own.subject, "body": own.body}
    return {**data, "copy_to_contact": True} if own.copy else data


def _load_rules(edition: Edition, reminders: list[Reminder] | None) -> None:
    """Exactly the listed rules; an audience that is not listed has the usual ones."""
    edition.reminder_rules.all().delete()
    ReminderRule.objects.bulk_create(
        ReminderRule(
            edition=edition,
            kind=audience_named(each.to).kind,
            audience=each.to,
            before=each.hours_before * _HOUR,
            is_active=each.active,
        )
        for each in reminders or []
    )
    ensure_default_rules(edition)
