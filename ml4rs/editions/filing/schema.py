"""The form of an edition file: every key, what it may hold, and what it is when left out.

Docstrings of the keys are in docs/editions.md, which a test holds to this module.
"""

from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ml4rs.editions.filing.values import (
    OPEN,
    Address,
    AmountOfMoney,
    Day,
    Grace,
    OpenDay,
    OpenInstant,
    PastInstant,
    Text,
    Url,
    Zone,
    line,
    name,
    place,
    slug,
)
from ml4rs.editions.line_fields import FINDING_CODE
from ml4rs.editions.models import Milestone, Question, Track, TrackFile

FileType = Literal["pdf", "zip", "png", "jpeg"]
Presentation = Literal["oral", "spotlight", "poster", "slide", "demo"]
Pages = Annotated[int, Field(ge=1, le=1000)]


class Part(BaseModel):
    """A mapping in the file. Unknown keys are errors; a key without a value counts as left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_empty_keys(cls, data: Any) -> Any:
        if isinstance(data, dict):
            return {key: value for key, value in data.items() if value is not None}
        return {} if data is None else data


class EditionPart(Part):
    """The basics of a workshop year."""

    slug: slug(40)
    name: name(200)
    short_name: name(40)
    ordinal: Annotated[int, Field(ge=1, le=1000)] | None = None
    tagline: line(300) = ""
    host: place(80) = ""
    host_url: Url = ""
    starts_on: OpenDay = None
    ends_on: OpenDay = None
    venue: place(200) = ""
    city: place(100) = ""
    country: place(100) = ""
    time_zone: Zone
    contact: Address = ""
    source_url: Url = ""
    public: bool = False
    current: bool = False
    papers_public: bool = False
    coauthor_years: Annotated[int, Field(ge=0, le=50)] = 3

    @field_validator("starts_on", "ends_on")
    @classmethod
    def _unknown_is_none(cls, day: Any) -> date | None:
        return None if day == OPEN else day

    @model_validator(mode="after")
    def _in_order(self) -> "EditionPart":
        if self.ends_on and (self.starts_on is None or self.ends_on < self.starts_on):
            raise ValueError("`ends_on` cannot be before `starts_on`, nor stand without it.")
        if self.current and not self.public:
            raise ValueError("The current edition is on the front page: it needs `public: true`.")
        return self


class FilePart(Part):
    """A file that a track wants or takes."""

    kind: Literal[tuple(TrackFile.Kind.values)]
    types: Annotated[list[FileType], Field(min_length=1)]
    max_megabytes: Annotated[int, Field(ge=1, le=2000)] = 20
    required: bool = False
    orientation: Literal["", "portrait", "landscape"] = ""
    widest_mm: Annotated[int, Field(ge=100, le=32_000)] | None = None
    highest_mm: Annotated[int, Field(ge=100, le=32_000)] | None = None


class QuestionPart(Part):
    """Something that a track asks of every submission, or with the camera-ready version."""

    key: slug(40)
    label: name(200)
    stage: Literal[tuple(Question.Stage.values)] = "submission"
    kind: Literal[tuple(Question.Kind.values)] = "text"
    help: line(300) = ""
    choices: list[line(200)] = []
    required: bool = False
    audience: Literal[tuple(Question.Audience.values)] = "organisers"

    @model_validator(mode="after")
    def _choices_for_a_choice(self) -> "QuestionPart":
        if (self.kind == "choice") != (len(self.choices) > 1):
            raise ValueError("A question of kind `choice` needs at least two `choices`; no other kind has any.")
        return self


class TrackPart(Part):
    """The rules of one kind of contribution."""

    slug: slug(40)
    name: name(100)
    kind: Literal[tuple(Track.Kind.values)] = "paper"
    summary: line(300) = ""
    description: Text = ""
    template_url: Url = ""
    page_limit: Pages | None = None
    references: Literal[tuple(Track.Counting.values)] = "free"
    appendix: Literal[tuple(Track.Counting.values)] = "free"
    acknowledgements: Literal[tuple(Track.Counting.values)] = "free"
    blind: Literal[tuple(Track.Blind.values)] = "double"
    reviews_per_paper: Annotated[int, Field(ge=1, le=20)] | None = None
    reviewers_see_reviews: bool = True
    reviews_wait_for_due: bool = False
    reviews_fixed_once_due: bool = False
    reviewers_see_names: bool = False
    reviewers_see_decisions: bool = True
    discussion: bool = True
    author_response: bool = False
    meta_review: bool = False
    response_words: Annotated[int, Field(ge=1, le=10_000)] = 500
    author_conflicts: Annotated[int, Field(ge=0, le=50)] = 5
    presentations: list[Presentation] = []
    journal_eligible: bool = False
    dual_submission_allowed: bool = True
    archival: bool = False
    style: Literal[tuple(Track.Style.values)] | None = None
    camera_ready_pages: Annotated[int, Field(ge=0, le=20)] = 0
    severities: dict[Annotated[str, Field(pattern=FINDING_CODE)], Literal[tuple(Track.WEIGHTS)]] = {}
    submissions_per_author: Annotated[int, Field(ge=1, le=1000)] | None = None
    places: Annotated[int, Field(ge=0, le=1000)] | None = None
    files: list[FilePart] = []
    questions: list[QuestionPart] = []


class MilestonePart(Part):
    """A date: a whole day, the end of a day Anywhere on Earth, or a time."""

    kind: Literal[tuple(Milestone.Kind.values)]
    track: slug(40) | None = None
    label: line(100) = ""
    date: OpenDay = None
    at: OpenInstant = None
    anywhere_on_earth: bool = False
    whole_day: bool | None = None
    grace: Grace = timedelta(0)
    public: bool = True
    moved_from: PastInstant = None

    @model_validator(mode="after")
    def _one_date(self) -> "MilestonePart":
        if (self.date is None) == (self.at is None):
            raise ValueError(f"Give either `date` (a day) or `at` (a day and a time); both may be “{OPEN}”.")
        return self

    @property
    def counts_whole_day(self) -> bool:
        """Whether only the day is announced: so it is with a bare `date`, unless the file says otherwise."""
        if self.whole_day is not None:
            return self.whole_day
        return self.date is not None and not self.anywhere_on_earth


class TopicPart(Part):
    slug: slug(60)
    name: name(100)
    area: line(60) = ""


class PersonPart(Part):
    """Somebody as the public pages show them. Committee members need no more than a name and an affiliation."""

    name: name(200)
    affiliation: line(200) = ""
    url: Url = ""
    bio: Text = ""
    portrait: line(200) = ""
    details_hidden: bool = False


class PeoplePart(Part):
    organisers: list[PersonPart] | None = None
    keynote: list[PersonPart] | None = None
    invited: list[PersonPart] | None = None
    panellists: list[PersonPart] | None = None
    committee: list[PersonPart] | None = None

    KINDS: ClassVar[dict[str, str]] = {
        "organisers": "organiser",
        "keynote": "keynote",
        "invited": "invited",
        "panellists": "panellist",
        "committee": "committee",
    }


class SponsorPart(Part):
    name: name(100)
    url: Url = ""
    logo: line(200) = ""
    visible_from: Day | None = None
    visible_until: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "SponsorPart":
        if self.visible_from and self.visible_until and self.visible_until < self.visible_from:
            raise ValueError("`visible_until` cannot be before `visible_from`.")
        return self


class TierPart(Part):
    slug: slug(40)
    name: name(60)
    amount: AmountOfMoney | None = None
    sponsors: list[SponsorPart] = []


class TextPart(Part):
    title: line(150) = ""
    body: Annotated[Text, Field(min_length=1)]


class RolesPart(Part):
    organiser: list[Address] | None = None
    grants_officer: list[Address] | None = None
    schedule_editor: list[Address] | None = None
    deputy: list[Address] | None = None


class EditionFile(Part):
    """A whole file. A section that is left out stays as it is in the database."""

    model_config = ConfigDict(extra="allow", frozen=True)  # sections of upper apps are checked by their own schema

    edition: EditionPart
    tracks: list[TrackPart] | None = None
    milestones: list[MilestonePart] | None = None
    topics: list[TopicPart] | None = None
    people: PeoplePart | None = None
    sponsor_tiers: list[TierPart] | None = None
    texts: dict[slug(40), TextPart] | None = None
    roles: RolesPart | None = None
