"""Review forms as organisers look at them before anybody fills them in."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ml4rs.editions.models import Track
from ml4rs.editions.viewer import Viewer
from reviews.actions.forms import current_form, questions_of, usual_questions
from reviews.models import Field
from reviews.queries.reviews import AnswerView, ReviewView


@dataclass(frozen=True)
class FormView:
    """What reviewers of a track are asked; `version` is None while nobody was asked and it is the usual form."""

    track: Track
    version: int | None
    questions: list[Field]

    @property
    def for_authors(self) -> list[Field]:
        return [each for each in self.questions if each.audience == Field.Audience.AUTHORS]

    @property
    def for_committee(self) -> list[Field]:
        return [each for each in self.questions if each.audience == Field.Audience.COMMITTEE]

    @property
    def for_organisers(self) -> list[Field]:
        return [each for each in self.questions if each.audience == Field.Audience.ORGANISERS]


def form_of(track: Track) -> FormView:
    """Two queries; nothing is written."""
    form = current_form(track)
    if form is None:
        return FormView(track, None, [Field(**each) for each in usual_questions(track)])
    return FormView(track, form.version, list(form.fields.all()))


def forms_of(viewer: Viewer) -> list[FormView]:
    """Those of all reviewed tracks. Two queries a track, and one."""
    return [form_of(track) for track in viewer.edition.tracks.filter(is_reviewed=True)]


def questions_now(track: Track) -> list[dict[str, Any]]:
    """What reviewers of a track are asked now, as plain data in order. At most two queries."""
    form = current_form(track)
    return usual_questions(track) if form is None else questions_of(form)


def fingerprint(questions: list[dict[str, Any]]) -> str:
    """By which a change notices that the form is not the one it was made for."""
    return sha256(json.dumps(questions, sort_keys=True).encode()).hexdigest()[:16]


def sample_of(view: FormView) -> ReviewView:
    """An invented review by this form with only what authors read."""
    return ReviewView("", "A", is_own=False, state="submitted", answers=[_sample(each) for each in view.for_authors])


def _sample(question: Field) -> AnswerView:
    number, text = None, f"What the reviewer writes about “{question.label}” stands here."
    if question.kind != Field.Kind.TEXT:
        value, text = question.options[len(question.options) // 2]
        number = int(value) if question.kind == Field.Kind.SCALE else None
    return AnswerView(question.key, question.label, question.kind, question.audience, number, str(text))
