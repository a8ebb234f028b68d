"""What an edition's file says of reviewing: questions of tracks that are not the usual, and the room for talks."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, RootModel, StringConstraints, model_validator
from pydantic import Field as Limits

from ml4rs.editions.filing import CannotLoadError
from ml4rs.editions.filing.checking import doubles, entries
from ml4rs.editions.filing.dumping import without_defaults
from ml4rs.editions.filing.schema import Part
from ml4rs.editions.filing.values import Text, Url, line, name, slug
from ml4rs.editions.models import Edition
from reviews.actions.capacity import replace_capacities
from reviews.actions.forms import QUESTION, current_form, questions_of, replace_questions, usual_questions
from reviews.models import Capacity, Field, JournalStream
from submissions.models import Submission

Place = tuple[str | int, ...]
_DEFAULTS = {"required": True, "audience": Field.Audience.AUTHORS.value, "max_length": 10_000}


def _whole(text: Any) -> Any:
    if not isinstance(text, str) or not text.isascii() or not text.isdigit() or len(text) > 3:
        raise ValueError(f"“{text}” is no step of a scale. Write whole numbers up to 999.")
    return int(text)


Step = Annotated[int, BeforeValidator(_whole)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class QuestionPart(Part):
    """One question, with who may read its answers."""

    key: slug(40)
    label: name(150)
    help: line(500) = ""
    kind: Literal[tuple(Field.Kind.values)]
    audience: Literal[tuple(Field.Audience.values)] = "authors"
    use: Literal["overall", "confidence"] | None = None
    required: bool = True
    scale: Annotated[dict[Step, name(150)], Limits(max_length=20)] | None = None
    choices: Annotated[dict[Word, name(150)], Limits(max_length=20)] | None = None
    max_length: Annotated[int, Limits(ge=1, le=50_000)] = 10_000

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "QuestionPart":
        answers = {"scale": self.scale, "choice": self.choices}
        for kind, given in answers.items():
            word = "scale" if kind == "scale" else "choices"
            if self.kind == kind and (given is None or len(given) < 2):
                raise ValueError(f"A question of kind “{kind}” needs `{word}` with at least two answers.")
            if self.kind != kind and given is not None:
                raise ValueError(f"Only a question of kind “{kind}” has `{word}`.")
        if self.use and self.kind != Field.Kind.SCALE:
            raise ValueError(f"Only a question of kind “scale” can be used as {self.use}.")
        return self

    def as_stored(self) -> dict[str, Any]:
        """The question as the form keeps it."""
        values = {each: getattr(self, each) for each in QUESTION if each not in ("options", "use")}
        options = [list(pair) for pair in (self.scale or self.choices or {}).items()]
        return {**values, "options": options, "use": self.use or ""}


class FormPart(Part):
    """All questions of a track, in their order."""

    track: slug(40)
    questions: Annotated[list[QuestionPart], Limits(min_length=1)]

    @model_validator(mode="after")
    def _has_one_score(self) -> "FormPart":
        uses = [each.use for each in self.questions if each.use]
        if uses.count("overall") != 1:
            raise ValueError("A form has one question with `use: overall`: decisions are made by its answers.")
        if uses.count("confidence") > 1:
            raise ValueError("A form has at most one question with `use: confidence`.")
        return self


class FormsPart(RootModel[list[FormPart]]):
    @model_validator(mode="before")
    @classmethod
    def _none_at_all(cls, data: Any) -> Any:
        return [] if data is None else data


class FormsSection:
    """The key `review_forms`."""

    key = "review_forms"
    schema = FormsPart

    def problems(self, file: dict[str, Any]) -> Iterator[tuple[Place, str]]:
        """Tracks and keys that stand twice, and tracks that the file does not have or does not review."""
        data = file[self.key]
        yield from doubles(entries(data), "track")
        for path, form in entries(data):
            for inner, words in doubles(entries(form, "questions"), "key"):
                yield (*path, *inner), words
        if "tracks" in file:
            yield from _unreviewed(file)

    def load(self, edition: Edition, data: FormsPart) -> None:
        """Tracks that are not listed get the usual questions back.

        Raises:
            CannotLoadError: it speaks of a track that is not there or is not reviewed.
        """
        tracks = {track.slug: track for track in edition.tracks.filter(is_reviewed=True)}
        wanted = {form.track: [each.as_stored() for each in form.questions] for form in data.root}
        for unknown in wanted.keys() - tracks.keys():
            raise CannotLoadError(f"A review form speaks of the track “{unknown}”, which is not there or not reviewed.")
        for track in tracks.values():
            replace_questions(track, wanted.get(track.slug))

    def dump(self, edition: Edition) -> list[dict[str, Any]] | None:
        """Nothing where reviewers are asked the usual. Two queries per reviewed track."""
        found = []
        for track in edition.tracks.filter(is_reviewed=True):
            form = current_form(track)
            questions = questions_of(form) if form else None
            if questions is not None and questions != usual_questions(track):
                found.append({"track": track.slug, "questions": [_written(each) for each in questions]})
        return found or None


def _unreviewed(file: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    tracks = {row.get("slug"): row for _, row in entries(file, "tracks")}
    for path, form in entries(file["review_forms"]):
        track = form.get("track")
        if isinstance(track, str) and track not in tracks:
            yield (*path, "track"), f"There is no track “{track}” in this file."
        elif isinstance(track, str) and not tracks[track].get("reviews_per_paper"):
            yield (*path, "track"), f"The track “{track}” has no `reviews_per_paper`: it is not reviewed."


def _written(question: dict[str, Any]) -> dict[str, Any]:
    answers = dict(question["options"])
    scale, choices = (answers, {}) if question["kind"] == Field.Kind.SCALE else ({}, answers)
    fields = {each: question[each] for each in QUESTION if each != "options"}
    return without_defaults({**fields, "scale": scale, "choices": choices}, **_DEFAULTS)


class RoomPart(Part):
    """The room of one form of presentation."""

    presentation: Literal[tuple(Submission.Presentation.values)]
    places: Annotated[int, Limits(ge=0, le=10_000)] | None = None
    minutes: Annotated[int, Limits(ge=0, le=10_000)] | None = None
    minutes_each: Annotated[int, Limits(ge=1, le=10_000)] | None = None

    @model_validator(mode="after")
    def _in_one_measure(self) -> "RoomPart":
        in_minutes = (self.minutes is not None, self.minutes_each is not None)
        if (self.places is not None, *in_minutes) not in ((True, False, False), (False, True, True)):
            raise ValueError("Give either `places`, or both `minutes` and `minutes_each`.")
        return self


class RoomsPart(RootModel[list[RoomPart]]):
    @model_validator(mode="before")
    @classmethod
    def _none_at_all(cls, data: Any) -> Any:
        return [] if data is None else data


class RoomSection:
    """The key `capacity`."""

    key = "capacity"
    schema = RoomsPart

    def problems(self, file: dict[str, Any]) -> Iterator[tuple[Place, str]]:
        """Forms of presentation that stand twice."""
        yield from doubles(entries(file[self.key]), "presentation")

    def load(self, edition: Edition, data: RoomsPart) -> None:
        replace_capacities(edition, [Capacity(**part.model_dump()) for part in data.root])

    def dump(self, edition: Edition) -> list[dict[str, Any]] | None:
        """One query."""
        columns = ("presentation", "places", "minutes", "minutes_each")
        rows = edition.capacities.order_by("presentation").values(*columns)
        return [{name: value for name, value in row.items() if value is not None} for row in rows] or None


class StreamPart(Part):
    """The journal to which selected papers go on."""

    name: name(200)
    portal_url: Url
    article_types: Annotated[list[name(100)], Limits(max_length=20)] = []
    instructions: Text = ""


class StreamSection:
    """The key `journal_stream`."""

    key = "journal_stream"
    schema = StreamPart

    def load(self, edition: Edition, data: StreamPart) -> None:
        JournalStream.objects.update_or_create(edition=edition, defaults=data.model_dump())

    def dump(self, edition: Edition) -> dict[str, Any] | None:
        """One query."""
        names = ("name", "portal_url", "article_types", "instructions")
        row = JournalStream.objects.filter(edition=edition).values(*names).first()
        return {name: value for name, value in row.items() if value} if row else None


section = FormsSection()
journal = StreamSection()
rooms = RoomSection()
