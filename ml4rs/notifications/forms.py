"""Forms of the outbox: reword a held mail, write an edition's own wording, add a reminder."""

from datetime import timedelta

from django import forms

from ml4rs.notifications.models import ReminderRule
from ml4rs.notifications.registry import Audience, MailEvent
from ml4rs.notifications.wording import unknown_variables

_MAIL = forms.Textarea(attrs={"rows": 18, "class": "mail-text"})


class RewordForm(forms.Form):
    """The words of one held mail."""

    subject = forms.CharField(max_length=300)
    body = forms.CharField(label="Text", widget=_MAIL, max_length=50_000)


class WordingForm(RewordForm):
    """The edition's own words for a kind of mail: only its own variables, in double braces."""

    def __init__(self, *args, event: MailEvent, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.event = event
        self.fields["subject"].help_text = "The edition's name is put before it."
        self.fields["body"].help_text = "Plain text. Why somebody gets the mail is put below it."

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


class RuleForm(forms.Form):
    """One more reminder for an audience."""

    days = forms.IntegerField(min_value=0, max_value=90, initial=7)
    hours = forms.IntegerField(min_value=0, max_value=23, initial=0)

    def __init__(self, *args, audience: Audience, edition, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.audience, self.edition = audience, edition

    def clean(self) -> dict:
        found = super().clean()
        if self.errors:
            return found
        found["before"] = timedelta(days=found["days"], hours=found["hours"])
        if not found["before"]:
            raise forms.ValidationError("A reminder goes out at least an hour before.")
        same = ReminderRule.objects.filter(
            edition=self.edition, audience=self.audience.name, kind=self.audience.kind, before=found["before"]
        )
        if same.exists():
            raise forms.ValidationError("There is such a reminder already.")
        return found
