"""The part of a form that notices that somebody else was quicker, and shows both versions."""

from typing import ClassVar

from django import forms
from django.db import models

from ml4rs.editions.meanwhile import fingerprint
from ml4rs.editions.wording import sentence_for


class SideBySideForm(forms.Form):
    """Carries the fingerprint of what was there when the form was opened.

    A form calls `opened_on` when it is made, hands `cleaned_data["seen"]` to its action, and answers a
    `ChangedMeanwhileError` with `refuse_because_changed`; `partials/side_by_side.html` shows the difference.
    """

    not_compared: ClassVar[set[str]] = {"seen"}

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.stored_instead: list[tuple[str, str, str]] = []

    def opened_on(self, item: models.Model | None) -> None:
        self.fields["seen"].initial = fingerprint(item) if item is not None and item.pk else ""

    def form_of(self, stored: models.Model) -> "SideBySideForm":
        """The same form, unsent, of what is stored now."""
        raise NotImplementedError

    def refuse_because_changed(self, stored: models.Model | None) -> None:
        """Keep what was typed, show what is stored now, and let the next attempt replace that knowingly."""
        if stored is None:
            self.add_error(None, "Somebody else removed this meanwhile. Copy what you need and add it anew.")
            return
        theirs = self.form_of(stored)
        for name in self.fields:
            if name not in self.not_compared and sentence_for(theirs[name]) != sentence_for(self[name]):
                row = (str(self[name].label), sentence_for(theirs[name]), sentence_for(self[name]))
                self.stored_instead.append(row)
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = fingerprint(stored)
        self.add_error(None, "Somebody else changed this while you were writing. Nothing of yours is stored yet.")
