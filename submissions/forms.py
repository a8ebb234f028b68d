"""What authors and organisers fill in."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator, validate_email
from django_countries.fields import CountryField

from ml4rs.accounts.models import normalise_address
from ml4rs.editions.milestone_form import LaterDateForm
from ml4rs.editions.models import Question, Topic, Track
from submissions.actions import AuthorDetails, Box, FinalTexts
from submissions.author_lists import read_list
from submissions.models import Submission
from submissions.questions import answers_from, asked, field_name, field_of, unanswered
from submissions.texts import LANGUAGE_MODEL_USE, Texts

LONGEST_ABSTRACT = 10_000


class TextsForm(forms.Form):
    """Title, abstract, keywords, topics and declarations; a draft may lack anything, a submitted paper may not."""

    title = forms.CharField(max_length=250, required=False)
    abstract = forms.CharField(
        max_length=LONGEST_ABSTRACT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Markdown is understood, formulas between dollar signs too.",
    )
    keywords = forms.CharField(max_length=250, required=False, help_text="Divided by commas.")
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="They help to find reviewers who know the field.",
    )
    student = forms.BooleanField(required=False, label="The first author is a student (student paper)")
    journal = forms.BooleanField(required=False, label="Consider this paper for the journal stream")
    elsewhere = forms.CharField(
        max_length=250, required=False, label="Where else this work is under review or published, if anywhere"
    )
    language_models = forms.ChoiceField(
        choices=LANGUAGE_MODEL_USE, required=False, label="Use of language models in writing"
    )
    agreed = forms.BooleanField(required=False)
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    tab = forms.CharField(max_length=12, required=False, widget=forms.HiddenInput)

    declarations = ("agreed", "elsewhere", "journal", "language_models", "student")

    def __init__(self, *args: Any, submission: Submission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.submission = submission
        track = submission.track
        self.fields["agreed"].label = agreement(track)
        self.questions = asked(track.questions.all(), Question.Stage.SUBMISSION)
        for question in self.questions:
            self.fields[field_name(question)] = field_of(question)
        topics = Topic.objects.filter(edition=submission.edition_id)
        self.fields["topics"].queryset = topics
        if track.kind != Track.Kind.PAPER:
            self.fields["abstract"].label = "Description"
            self.fields["abstract"].help_text = DESCRIPTION_HELP.get(track.kind, "Markdown is understood.")
        for name, offered in (
            ("topics", topics.exists()),
            ("journal", track.journal_eligible),
            ("elsewhere", track.kind == Track.Kind.PAPER and track.dual_submission_allowed),
            ("student", track.kind == Track.Kind.PAPER),
            ("language_models", track.kind == Track.Kind.PAPER),
        ):
            if not offered:
                del self.fields[name]
        last = ("agreed", "revision", "tab")
        self.order_fields([name for name in self.fields if name not in last] + list(last))

    @classmethod
    def initial_of(cls, submission: Submission, tab: str) -> dict[str, Any]:
        """What the form shows at first."""
        return {
            "title": submission.title,
            "abstract": submission.abstract,
            "keywords": submission.keywords,
            "topics": [topic.pk for topic in submission.topics.all()],
            **{name: submission.declarations.get(name, "") for name in cls.declarations},
            **{f"answer-{key}": value for key, value in submission.answers.items()},
            "revision": submission.revision,
            "tab": tab,
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.submission.state == Submission.State.SUBMITTED:
            for name, word in (("title", "title"), ("abstract", "abstract"), ("agreed", "agreement of its authors")):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, f"A submitted paper needs the {word}.")
            for question in unanswered(self.questions, answers_from(self.questions, data)):
                if field_name(question) not in self.errors:
                    self.add_error(field_name(question), "A submitted paper needs an answer here.")
        return data

    def texts(self) -> Texts:
        data = self.cleaned_data
        declared = {name: data[name] for name in self.declarations if name in self.fields and data.get(name)}
        answers = answers_from(self.questions, data)
        plain = (data["title"], data["abstract"], data["keywords"])
        return Texts(*plain, declared, list(data.get("topics", [])), answers, self.questions)


class FinalForm(forms.Form):
    """What an accepted paper is published with; its authors may correct it until the camera-ready deadline."""

    title = forms.CharField(max_length=250)
    abstract = forms.CharField(
        max_length=LONGEST_ABSTRACT,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Markdown is understood, formulas between dollar signs too.",
    )
    keywords = forms.CharField(max_length=250, required=False, help_text="Divided by commas.")
    conditions_answer = forms.CharField(
        max_length=5000,
        required=False,
        label="How you met the conditions of the acceptance",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Point by point, with pages. The organisers read it and then say that the conditions are met.",
    )
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    tab = forms.CharField(max_length=12, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, submission: Submission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = asked(submission.track.questions.all(), Question.Stage.CAMERA_READY)
        for question in self.questions:
            self.fields[field_name(question)] = field_of(question)
        if not submission.conditions:
            del self.fields["conditions_answer"]

    @classmethod
    def initial_of(cls, submission: Submission, conditions_answer: str, tab: str) -> dict[str, Any]:
        """What the form shows at first."""
        return {
            **{name: getattr(submission, name) for name in ("title", "abstract", "keywords", "revision")},
            **{f"answer-{key}": value for key, value in submission.answers.items()},
            "conditions_answer": conditions_answer,
            "tab": tab,
        }

    def texts(self) -> FinalTexts:
        data = self.cleaned_data
        plain = {name: data.get(name, "") for name in ("title", "abstract", "keywords", "conditions_answer")}
        return FinalTexts(**plain, answers=answers_from(self.questions, data), questions=self.questions)


class ExtendForm(LaterDateForm):
    """A later date for one paper."""

    kind = forms.ChoiceField(label="What may come later")
    field_order = ("kind", "until", "reason")

    def __init__(self, *args: Any, kinds: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds


DESCRIPTION_HELP = {
    Track.Kind.SLIDE: "What the slide is about, in a few sentences.",
    Track.Kind.DEMO: "What you show, how long it takes, and what you need: power, screen, table, network.",
    Track.Kind.TUTORIAL: "What people learn, what they should know before, and how long it takes.",
}


def agreement(track: Track) -> str:
    """What the authors declare by the one box that must be ticked."""
    words = "All authors know of this submission and agree to it"
    if track.kind != Track.Kind.PAPER:
        return f"{words}; it may be shown at the workshop and linked from its pages"
    if not track.dual_submission_allowed:
        return f"{words}; it is not under review anywhere else"
    archival = "" if track.is_archival else "; the workshop is non-archival"
    return f"{words}{archival}; where the work is also under review, that venue permits it"


class AuthorForm(forms.Form):
    name = forms.CharField(max_length=200, label="Full name")
    email = forms.EmailField(max_length=254, label="E-mail address", help_text="No account is needed.")
    affiliation = forms.CharField(max_length=200, required=False)
    country = forms.ChoiceField(choices=[("", "Not said"), *CountryField().choices], required=False)
    orcid = forms.CharField(
        max_length=19,
        required=False,
        label="ORCID",
        validators=[RegexValidator(r"^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$", "Write the ORCID as 0000-0002-1825-0097.")],
    )
    is_corresponding = forms.BooleanField(required=False, label="Corresponding author")
    is_presenter = forms.BooleanField(required=False, label="Presents it at the workshop")

    def details(self) -> AuthorDetails:
        data = self.cleaned_data
        return AuthorDetails(**{**data, "email": normalise_address(data["email"])})


class PasteForm(forms.Form):
    people = forms.CharField(
        max_length=20_000,
        label="List of authors",
        widget=forms.Textarea(attrs={"rows": 5, "placeholder": "Ada Lovelace <ada@example.org>, Analytical Society"}),
        help_text="One person a line: name, address in angle brackets, a comma, affiliation. CMT's two lists will do "
        "too: names with affiliations in brackets, then the addresses in the same order.",
    )

    def clean_people(self) -> list[AuthorDetails]:
        pasted = read_list(self.cleaned_data["people"])
        problems = list(pasted.problems)
        for person in pasted.people:
            try:
                validate_email(person.email)
            except forms.ValidationError:
                problems.append(f"“{person.email}” is no e-mail address.")
        if problems:
            raise forms.ValidationError(problems)
        return [
            AuthorDetails(person.name, person.email, person.affiliation, is_corresponding=person.is_corresponding)
            for person in pasted.people
        ]


class UploadForm(forms.Form):
    file = forms.FileField(
        allow_empty_file=True, max_length=1000, error_messages={"required": "Choose a file, then upload it."}
    )


class OptionalReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}), label="Reason (optional)"
    )


class DeskRejectForm(forms.Form):
    """A ready reason of the edition, words of one's own, or both."""

    ready = forms.ChoiceField(
        required=False,
        widget=forms.RadioSelect,
        label="Reason",
        help_text="Ready reasons are texts of the edition whose place begins with desk-reject-.",
    )
    reason = forms.CharField(
        max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 5}), label="In your own words"
    )

    def __init__(self, *args: Any, ready: list[tuple[str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = {key: words for key, _, words in ready}
        if ready:
            own = ("", "Only what is written below")
            self.fields["ready"].choices = [*((key, f"{title}: {words}") for key, title, words in ready), own]
        else:
            del self.fields["ready"]
            self.fields["reason"].label = "Reason"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        parts = [self.words.get(data.get("ready", ""), ""), data.get("reason", "")]
        data["reason"] = "\n\n".join(part.strip() for part in parts if part.strip())
        if not data["reason"]:
            self.add_error("reason", "Give the authors a reason.")
        return data


class ObjectionForm(forms.Form):
    words = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="What is wrong",
        help_text="That you are no author, that your name or affiliation is wrong, or why you do not agree.",
    )


class DisputeForm(forms.Form):
    reason = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        label="Why the check is wrong",
        help_text="Name the page and what really stands there.",
    )


class DisputeAnswerForm(forms.Form):
    answer = forms.ChoiceField(
        choices=[("pass", "Let the file pass"), ("uphold", "The check stands")], widget=forms.RadioSelect
    )
    note = forms.CharField(
        max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), label="Note to the authors, kept with the paper"
    )


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=[("accept", "Accept"), ("decline", "Decline")])
    comment = forms.CharField(
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        label="Comment to its authors (optional)",
    )


class AreaForm(forms.Form):
    """Corners of a study area in degrees; the upper and right one may be left out for a point."""

    south = forms.DecimalField(max_digits=5, decimal_places=2, min_value=-90, max_value=90, label="Latitude from")
    north = forms.DecimalField(
        max_digits=5, decimal_places=2, min_value=-90, max_value=90, required=False, label="Latitude to",
        help_text="Degrees north, south of the equator with a minus. Empty: a point.",
    )  # fmt: skip
    west = forms.DecimalField(max_digits=6, decimal_places=2, min_value=-180, max_value=180, label="Longitude from")
    east = forms.DecimalField(
        max_digits=6, decimal_places=2, min_value=-180, max_value=180, required=False, label="Longitude to",
        help_text="Degrees east, west of Greenwich with a minus. Empty: a point.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for first, last in (("south", "north"), ("west", "east")):
            if data.get(last) is None:
                data[last] = data.get(first)
        south, north = data.get("south"), data.get("north")
        if south is not None and north is not None and south > north:
            self.add_error("north", "Give the southern latitude first.")
        return data

    def box(self) -> Box:
        return Box(**{name: self.cleaned_data[name] for name in ("west", "east", "south", "north")})
