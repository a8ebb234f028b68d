"""What a track asks beyond title, abstract and files: the fields of forms, and answers in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django import forms

from ml4rs.editions.models import Question

Stage, Kind, Audience = Question.Stage, Question.Kind, Question.Audience
_PREFIX = "answer-"
_LONGEST = {Kind.TEXT: 500, Kind.PARAGRAPH: 5000, Kind.LINK: 500}


@dataclass(frozen=True)
class Answered:
    """A question with its answer as people read it."""

    label: str
    text: str
    is_link: bool = False


def asked(questions: Iterable[Question], stage: str) -> list[Question]:
    return [question for question in questions if question.stage == stage]


def field_name(question: Question) -> str:
    return _PREFIX + question.key


def field_of(question: Question) -> forms.Field:
    """The input for one question. A draft may lack any answer, so none is required here."""
    common = {"required": False, "label": question.label, "help_text": question.help_text}
    if question.kind == Kind.CHECKBOX:
        return forms.BooleanField(**common)
    if question.kind == Kind.CHOICE:
        return forms.ChoiceField(choices=[("", "Not said yet"), *((c, c) for c in question.choices)], **common)
    if question.kind == Kind.NUMBER:
        return forms.DecimalField(max_digits=15, decimal_places=4, **common)
    if question.kind == Kind.LINK:
        return forms.URLField(max_length=_LONGEST[Kind.LINK], assume_scheme="https", **common)
    widget = forms.Textarea(attrs={"rows": 4}) if question.kind == Kind.PARAGRAPH else forms.TextInput()
    return forms.CharField(max_length=_LONGEST[Kind(question.kind)], widget=widget, **common)


def answers_from(questions: Iterable[Question], cleaned: dict) -> dict[str, str | bool]:
    """What was answered, by key, as it is stored: text, or True for a ticked box."""
    found: dict[str, str | bool] = {}
    for question in questions:
        value = cleaned.get(field_name(question))
        if value in (None, "", False):
            continue
        found[question.key] = _stored(value)
    return found


def _stored(value: str | bool | Decimal) -> str | bool:
    """Numbers without needless zeros, text without the line ends of browsers."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def merged(questions: Iterable[Question], stored: dict, answers: dict) -> dict:
    """The stored answers with those to these questions replaced."""
    replaced = {question.key for question in questions}
    return {**{key: value for key, value in stored.items() if key not in replaced}, **answers}


def unanswered(questions: Iterable[Question], answers: dict) -> list[Question]:
    """The required questions without an answer."""
    return [question for question in questions if question.required and answers.get(question.key) in (None, "", False)]


def in_words(questions: Iterable[Question], answers: dict) -> Iterator[Answered]:
    """The answers that there are, in the order of the questions. A ticked box reads "Yes"."""
    for question in questions:
        value = answers.get(question.key)
        if value in (None, "", False):
            continue
        yield Answered(question.label, "Yes" if value is True else str(value), question.kind == Kind.LINK)
