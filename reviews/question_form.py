"""The form in which an organiser writes a question of a review form."""

from typing import Any

from django import forms
from django.utils.text import slugify

from ml4rs.editions.line_fields import LinesField
from reviews.actions.forms import QUESTION
from reviews.models import Field

_LONGEST = 50_000
_FEWEST_OPTIONS, _MOST_OPTIONS = 2, 20
_HIGHEST = 999


class OptionsField(LinesField):
    """Answers to choose from, one `value: meaning` a line."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{option}: {label}" for option, label in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[list[str]]:
        found = []
        for text in super().to_python(value):
            option, colon, label = (part.strip() for part in text.partition(":"))
            if not colon or not option or not label:
                raise forms.ValidationError(f"“{text}” is no answer with its meaning. Write it as “3: Sound”.")
            if len(option) > 40 or len(label) > 150:
                raise forms.ValidationError(f"“{option}” is too long.")
            found.append([option, label])
        if len({option for option, _ in found}) < len(found):
            raise forms.ValidationError("Two answers begin with the same value.")
        return found


class QuestionForm(forms.Form):
    label = forms.CharField(label="Question", max_length=150)
    help = forms.CharField(label="Explanation below it", max_length=500, required=False)
    kind = forms.ChoiceField(label="Answered by", choices=Field.Kind.choices)
    options = OptionsField(
        label="Answers",
        required=False,
        help_text="For a scale or a choice, one a line: “3: Sound”. Values of a scale are whole numbers.",
    )
    audience = forms.ChoiceField(label="Its answers are read by", choices=Field.Audience.choices)
    use = forms.ChoiceField(
        label="Counts as",
        required=False,
        choices=[("", "nothing in particular"), *((each.value, each.label.lower()) for each in Field.Use if each)],
        help_text="The decision table shows the overall score and the confidence. One question holds each.",
    )
    required = forms.BooleanField(label="An answer is needed", required=False, initial=True)
    max_length = forms.IntegerField(
        label="Characters in a text, at most", min_value=1, max_value=_LONGEST, initial=10_000, required=False
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, key: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.key = key

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        kind, options = found.get("kind"), found.get("options")
        if options is not None:
            self._check_options(kind, options)
        if found.get("use") and kind != Field.Kind.SCALE:
            self.add_error("use", "Only a scale can count as a score.")
        return found

    def _check_options(self, kind: str | None, options: list[list[str]]) -> None:
        if kind == Field.Kind.TEXT:
            if options:
                self.add_error("options", "A text has no answers to choose from. Take them out, or make it a choice.")
        elif not _FEWEST_OPTIONS <= len(options) <= _MOST_OPTIONS:
            self.add_error("options", f"Give between {_FEWEST_OPTIONS} and {_MOST_OPTIONS} answers, one a line.")
        elif kind == Field.Kind.SCALE and not all(_is_step(option) for option, _ in options):
            self.add_error("options", f"The values of a scale are whole numbers up to {_HIGHEST}, such as “3: Sound”.")

    def question(self) -> dict[str, Any]:
        """What was written, as a form of reviews keeps it."""
        values = {name: self.cleaned_data[name] for name in QUESTION if name not in ("key", "options", "max_length")}
        is_scale = values["kind"] == Field.Kind.SCALE
        options = [[int(option) if is_scale else option, label] for option, label in self.cleaned_data["options"]]
        key = self.key or slugify(values["label"])[:40].strip("-") or "question"
        return {**values, "key": key, "options": options, "max_length": self.cleaned_data["max_length"] or 10_000}


def _is_step(option: str) -> bool:
    return option.isascii() and option.isdigit() and int(option) <= _HIGHEST
