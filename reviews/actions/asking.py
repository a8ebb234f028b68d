"""Organisers change what reviewers are asked: question by question, each change a whole form that stands on its own."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from ml4rs.audit.actions import record
from ml4rs.editions.models import Track
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from reviews.actions.forms import replace_questions, usual_questions
from reviews.models import Field
from reviews.policy import may_run_committee
from reviews.queries.forms import fingerprint, questions_now

MOST_QUESTIONS = 40
Question = dict[str, Any]
_CHANGED = "Somebody else changed this form meanwhile. Look at it again; nothing of yours was stored."


def put_question(track: Track, question: Question, *, key: str = "", seen: str, by: Viewer) -> None:
    """Add a question, or (with `key`) put it in the place of the one of this key. `seen` is the form's fingerprint.

    Only one question holds the overall score, and one the confidence: whichever got it last.

    Raises:
        NotAllowed: no organiser, the form was changed meanwhile, the key is taken, or there are too many questions.
    """

    def change(questions: list[Question]) -> list[Question]:
        others = [_without(each, question["use"]) for each in questions if each["key"] != key]
        if any(each["key"] == question["key"] for each in others):
            raise NotAllowed(f"There is a question “{question['key']}” already. Give this one another short name.")
        if key:
            return [question if each["key"] == key else _without(each, question["use"]) for each in questions]
        if len(others) >= MOST_QUESTIONS:
            raise NotAllowed(f"A form has at most {MOST_QUESTIONS} questions.")
        return [*others, question]

    _change(track, change, seen, by)


def _without(question: Question, use: str) -> Question:
    return {**question, "use": ""} if use and question["use"] == use else question


def remove_question(track: Track, key: str, *, seen: str, by: Viewer) -> None:
    """Ask this no more. What was answered to it stays with its reviews.

    Raises:
        NotAllowed: no organiser, the form was changed meanwhile, or it holds the overall score.
    """
    _change(track, lambda questions: [each for each in questions if each["key"] != key], seen, by)


def move_question(track: Track, key: str, places: int, *, seen: str, by: Viewer) -> None:
    """Ask it earlier (below zero) or later.

    Raises:
        NotAllowed: no organiser, or the form was changed meanwhile.
    """

    def change(questions: list[Question]) -> list[Question]:
        place = next((place for place, each in enumerate(questions) if each["key"] == key), None)
        if place is None:
            raise NotAllowed(_CHANGED)
        there = max(0, min(len(questions) - 1, place + places))
        rest = [each for each in questions if each["key"] != key]
        return [*rest[:there], questions[place], *rest[there:]]

    _change(track, change, seen, by)


def ask_the_usual(track: Track, *, seen: str, by: Viewer) -> None:
    """Back to the questions that every track begins with.

    Raises:
        NotAllowed: no organiser, or the form was changed meanwhile.
    """
    _change(track, lambda questions: usual_questions(track), seen, by)


@transaction.atomic
def _change(track: Track, change: Callable[[list[Question]], list[Question]], seen: str, by: Viewer) -> None:
    require(may_run_committee(by))
    Track.objects.select_for_update().get(pk=track.pk)  # of two organisers the second sees what the first did
    before = questions_now(track)
    if fingerprint(before) != seen:
        raise NotAllowed(_CHANGED)
    after = change(before)
    if [each["use"] for each in after].count(Field.Use.OVERALL) != 1:
        raise NotAllowed("One question must hold the overall score: decisions are made by it.")
    replace_questions(track, after)
    details = {"track": track.slug, "before": [e["key"] for e in before], "after": [e["key"] for e in after]}
    record("review_form.changed", by=by, subject=track, details=details)
