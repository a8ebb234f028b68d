"""The form in which organisers say how much room there is."""

from typing import Any

from django import forms

from reviews.models import Capacity
from submissions.models import Submission

_PARTS = ("places", "minutes", "minutes_each")
_MOST = 10_000


class CapacityForm(forms.Form):
    """Three numbers for each form of presentation; none where nothing is known."""

    def __init__(self, *args: Any, presentations: list[str], current: dict[str, Capacity], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.presentations = presentations
        for name in presentations:
            for part in _PARTS:
                self.fields[f"{name}-{part}"] = forms.IntegerField(
                    required=False,
                    min_value=1 if part == "minutes_each" else 0,
                    max_value=_MOST,
                    initial=getattr(current.get(name), part, None),
                )

    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Label and fields of each form of presentation, with the labels that screen readers say."""
        labels, words = dict(Submission.Presentation.choices), ("places", "minutes in all", "minutes for each")
        found = []
        for name in self.presentations:
            fields = [self[f"{name}-{part}"] for part in _PARTS]
            for field, what in zip(fields, words, strict=True):
                field.label = f"{labels[name]}: {what}"
                field.field.widget.attrs |= {"aria-label": field.label, "class": "form-control"}
            found.append((labels[name], fields))
        return found

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        labels = dict(Submission.Presentation.choices)
        for name in self.presentations:
            places, minutes, each = (found.get(f"{name}-{part}") for part in _PARTS)
            if places is not None and (minutes is not None or each is not None):
                self.add_error(None, f"{labels[name]}: give either places or minutes, not both.")
            elif (minutes is None) != (each is None):
                self.add_error(None, f"{labels[name]}: minutes need both, those in all and those for each.")
        return found

    def capacities(self) -> list[Capacity]:
        given = ({part: self.cleaned_data[f"{name}-{part}"] for part in _PARTS} for name in self.presentations)
        rows = zip(self.presentations, given, strict=True)
        return [Capacity(presentation=name, **parts) for name, parts in rows if set(parts.values()) != {None}]
