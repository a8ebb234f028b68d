"""What reviewers and organisers fill in."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from ml4rs.editions.clock import aoe_deadline
from ml4rs.editions.models import Edition, Topic
from reviews.invitees import lines_of_table
from reviews.models import Bid, Field, Reviewer
from submissions.models import Submission

MOST_PAPERS = 50
_LONGEST_WAIT = timedelta(days=366)
_LONGEST_DRAFT = 1_000_000  # a draft may be too long to submit, and is kept all the same


def _lines(rows: int, **attributes: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attributes})


class InviteForm(forms.Form):
    people = forms.CharField(
        label="Names and addresses",
        max_length=100_000,
        required=False,
        widget=_lines(8, placeholder="Ada Lovelace <ada@analytical.example>, Analytical Society"),
        help_text="One person a line: name, e-mail address and, if you like, affiliation, divided by commas.",
    )
    load = forms.IntegerField(
        label="Papers to ask for", min_value=1, max_value=MOST_PAPERS, initial=4, help_text="They may choose fewer."
    )
    words = forms.CharField(
        label="Personal words (optional)",
        max_length=2000,
        required=False,
        widget=_lines(3),
        help_text="They stand above the standard text of the invitation.",
    )
    file = forms.FileField(
        label="Or a CSV file",
        required=False,
        allow_empty_file=True,
        max_length=1000,
        help_text="With columns for name, address and affiliation in any order. Its lines are added to those above.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
    )
    field_order = ("people", "file", "load", "words")

    def clean(self) -> dict[str, Any]:
        """`people` are the lines of both; `remark` says that an encoding was guessed."""
        data = super().clean() or {}
        sent, data["remark"] = data.get("file"), ""
        if sent:
            if sent.size > 1024 * 1024:
                self.add_error("file", "The file is larger than 1 MB. Divide it.")
                return data
            try:
                lines, data["remark"] = lines_of_table(sent.read())
            except ValueError:
                self.add_error("file", "This is no text file. Save the table as CSV.")
                return data
            data["people"] = "\n".join(filter(None, [data.get("people", ""), lines]))
        if not data.get("people", "").strip() and not self.errors:
            self.add_error("people", "Write or upload whom to invite.")
        return data


class AcceptForm(forms.Form):
    load = forms.IntegerField(label="At most this many papers", min_value=1, max_value=MOST_PAPERS)
    steps_in = forms.BooleanField(
        label="I step in on short notice when a reviewer drops out, with one more paper", required=False
    )
    show_publicly = forms.BooleanField(
        label="Name me on the public page of the programme committee", required=False, initial=True
    )


class DeclineForm(forms.Form):
    reason = forms.CharField(label="Reason (optional)", max_length=2000, required=False, widget=_lines(3))
    suggestion = forms.CharField(
        label="Somebody else to ask (optional)",
        max_length=300,
        required=False,
        help_text="Name and, if you can, address.",
    )


class SelfForm(forms.ModelForm):
    """A member's own words on what they know and how much they take on."""

    class Meta:
        model = Reviewer
        fields = ("profile", "topics", "load", "steps_in", "show_publicly")
        labels = {
            "profile": "What you work on",
            "topics": "Topics you can judge",
            "load": "At most this many papers",
            "steps_in": "I step in on short notice when a reviewer drops out",
            "show_publicly": "Name me on the public page of the programme committee",
        }
        help_texts = {
            "profile": "A few sentences, or titles and abstracts of your papers. They find you the right papers.",
            "load": "",
            "steps_in": "At most one more paper than above, with a few days for it; only if it is needed.",
            "show_publicly": "",
        }
        widgets = {"profile": forms.Textarea(attrs={"rows": 8}), "topics": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topics"].queryset = Topic.objects.filter(edition=edition)
        self.fields["load"].min_value = 1
        self.fields["load"].validators += forms.IntegerField(min_value=1, max_value=MOST_PAPERS).validators
        self.fields["profile"].max_length = 20_000
        self.fields["profile"].validators.append(forms.CharField(max_length=20_000).validators[0])

    def _post_clean(self) -> None:
        """The action writes, not this form: the instance keeps what the database says."""


class UrgentForm(forms.Form):
    """A date of its own for one review."""

    due = forms.DateField(
        label="Urgent: due at the end of this day, Anywhere on Earth",
        required=False,
        help_text="Empty: the date that holds for all reviews.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean_due(self) -> date | None:
        day = self.cleaned_data["due"]
        if day is not None and day > timezone.now().date() + _LONGEST_WAIT:
            raise forms.ValidationError("Choose a day within a year.")
        return day

    def instant(self) -> datetime | None:
        day = self.cleaned_data["due"]
        return aoe_deadline(day) if day else None


class DeclareForm(forms.Form):
    lines = forms.CharField(
        label="People and places you are close to",
        max_length=20_000,
        required=False,
        widget=_lines(
            8, placeholder="Maria Rossi\nadvisor@university.example\ncompany.example\nUniversity of Somewhere"
        ),
        help_text="One a line: a name, an e-mail address, a domain, or an institution; with years if it is over, as in "
        "“University of Somewhere, 2015-2019”. Think of co-authors and advisors of the last years, family, and places "
        "where you worked. Your own papers, your addresses and your affiliation are taken into account without being "
        "written here.",
    )
    complete = forms.BooleanField(
        label="This list is complete as far as I know",
        error_messages={"required": "Please confirm; an empty list is fine if there is nobody."},
    )


class BidsForm(forms.Form):
    """One choice per paper, named by its public id."""

    LEVELS = [("", "No wish"), *[(str(value), label) for value, label in reversed(Bid.Level.choices)]]

    def __init__(self, *args: Any, papers: list[Submission], bids: dict[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for paper in papers:
            self.fields[f"bid-{paper.public_id}"] = forms.TypedChoiceField(
                label=paper.title,
                choices=[*self.LEVELS, ("conflict", "I am in conflict")],
                required=False,
                empty_value=None,
                initial=str(bids.get(paper.pk, "")),
            )

    def levels(self) -> dict[str, int | None]:
        """Bids by public id, without papers declared a conflict."""
        chosen = {name.removeprefix("bid-"): value for name, value in self.cleaned_data.items()}
        return {pid: int(value) if value else None for pid, value in chosen.items() if value != "conflict"}

    def conflicts(self) -> list[str]:
        return [name.removeprefix("bid-") for name, value in self.cleaned_data.items() if value == "conflict"]


class ReviewForm(forms.Form):
    """The questions of a review. As a draft anything may be missing or too long; to submit, all must be right."""

    def __init__(self, questions: list[Field], data: Any = None, *, draft: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for question in questions:
            self.fields[f"q-{question.key}"] = _field_of(question, draft)

    def answers(self) -> dict[str, str | int | None]:
        """What is valid so far, by key of the question."""
        return {name.removeprefix("q-"): value for name, value in self.cleaned_data.items()}

    @staticmethod
    def initial_of(values: dict[str, str | int | None]) -> dict[str, str | int | None]:
        return {f"q-{key}": value for key, value in values.items()}


def _field_of(question: Field, draft: bool) -> forms.Field:
    required = question.required and not draft
    common: dict[str, Any] = {"label": question.label, "required": required, "help_text": _help(question)}
    if question.kind == Field.Kind.TEXT:
        limit = _LONGEST_DRAFT if draft else question.max_length
        field = forms.CharField(
            **common,
            max_length=limit,
            strip=not draft,
            widget=_lines(7 if question.required else 4),
            error_messages={
                "required": "Write a few words here.",
                "max_length": "Too long: %(show_value)d characters of at most %(limit_value)d. Your text is kept.",
            },
        )
        field.widget.attrs.pop("maxlength", None)  # a browser would cut off what is pasted, without a word
        return field
    choices = [
        (option, f"{option} – {label}" if question.kind == Field.Kind.SCALE else label)
        for option, label in question.options
    ]
    messages = {
        "required": "Choose one.",
        "invalid_choice": "“%(value)s” is not one of the answers. Choose one of those below.",
    }
    if question.kind == Field.Kind.SCALE:
        return forms.TypedChoiceField(
            **common, choices=choices, coerce=int, empty_value=None, widget=forms.RadioSelect, error_messages=messages
        )
    return forms.ChoiceField(**common, choices=choices, widget=forms.RadioSelect, error_messages=messages)


_READERS = {
    Field.Audience.AUTHORS: "Read by the authors, the other reviewers and the organisers.",
    Field.Audience.COMMITTEE: "Read by the other reviewers and the organisers, not by the authors.",
    Field.Audience.ORGANISERS: "Read by the organisers only.",
}


def _help(question: Field) -> str:
    optional = "" if question.required else "Optional. "
    limit = f" At most {question.max_length:,} characters." if question.kind == Field.Kind.TEXT else ""
    return f"{question.help} {optional}{_READERS[question.audience]}{limit}".strip()


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Reason", max_length=2000, widget=_lines(3))


class DelegateForm(forms.Form):
    name = forms.CharField(label="Your colleague's name", max_length=200)
    email = forms.EmailField(label="Your colleague's e-mail address", max_length=254)
    reason = forms.CharField(label="Why they are right for it", max_length=2000, widget=_lines(3))


class PaperConflictForm(forms.Form):
    person = forms.CharField(label="Person's e-mail address", max_length=254)
    note = forms.CharField(label="Why", max_length=300)


class DecideForm(forms.Form):
    """What to do with the ticked papers."""

    VERBS = [
        ("decide", "Set decision"),
        ("hold", "Hold back"),
        ("unhold", "No longer hold back"),
        ("clear", "Undecide"),
        ("discuss", "Open discussion"),
        ("end_discussion", "Close discussion"),
        ("tag", "Put tag on"),
        ("untag", "Take tag off"),
    ]
    VERDICTS = [
        ("accepted:oral", "Accept as oral"),
        ("accepted:spotlight", "Accept as spotlight"),
        ("accepted:poster", "Accept as poster"),
        ("accepted:", "Accept, form of presentation open"),
        ("rejected:", "Do not accept"),
    ]

    verb = forms.ChoiceField(choices=VERBS, widget=forms.Select(attrs={"class": "form-select"}))
    verdict = forms.ChoiceField(
        choices=[("", "Choose a decision"), *VERDICTS],
        required=False,
        label="Decision",
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    tag = forms.CharField(
        max_length=31,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "list": "known-tags", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("verb") == "decide" and not data.get("verdict"):
            self.add_error("verdict", "Choose a decision.")
        if data.get("verb") in ("tag", "untag") and not data.get("tag"):
            self.add_error("tag", "Write the tag.")
        return data

    def outcome(self) -> tuple[str, str]:
        outcome, _, presentation = self.cleaned_data["verdict"].partition(":")
        return outcome, presentation


class OneDecisionForm(forms.Form):
    """The decision on one paper with its comment."""

    verdict = forms.ChoiceField(choices=DecideForm.VERDICTS, widget=forms.RadioSelect, label="Decision")
    comment = forms.CharField(
        label="Comment to the authors (optional)", max_length=10_000, required=False, widget=_lines(6)
    )

    conditions = forms.CharField(
        label="Conditions of the acceptance (optional)",
        max_length=5000,
        required=False,
        widget=_lines(4),
        help_text="What the authors must change. The paper is published once you have said that they did.",
    )

    outcome = DecideForm.outcome

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("conditions") and not data.get("verdict", "accepted").startswith("accepted"):
            self.add_error("conditions", "Only an accepted paper has conditions.")
        return data


class CorrectionForm(OneDecisionForm):
    reason = forms.CharField(label="Why it is corrected; the authors read this", max_length=2000, widget=_lines(3))
