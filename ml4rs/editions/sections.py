"""The parts of an edition that organisers edit, each described in a few lines; the views are the same for all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from ml4rs.editions import actions, forms
from ml4rs.editions.milestone_form import MilestoneForm
from ml4rs.editions.models import Edition, Person, Role, Sponsor
from ml4rs.editions.viewer import Viewer


@dataclass(frozen=True)
class Section:
    """A list of rows of one kind. `siblings` are those among which a row can be moved up and down."""

    slug: str
    title: str
    one: str
    lead: str
    headings: tuple[str, ...]
    form: type
    rows: Callable[[Edition], QuerySet]
    siblings: Callable[[Any], QuerySet] | None = None
    editable: bool = True
    remove: Callable[..., None] = actions.remove
    remove_words: str = "Remove"
    add_words: str = "Add"

    @property
    def can_be_reordered(self) -> bool:
        return self.siblings is not None

    @property
    def add_label(self) -> str:
        return f"{self.add_words} {self.one}"

    def also_removed(self, row: Model) -> list[str]:
        """What of the edition goes with a row, such as "3 milestones". One query per kind of thing."""
        counts = []
        for relation in row._meta.related_objects:
            model = relation.related_model
            if model._meta.app_label != "editions":
                continue
            if count := model.objects.filter(**{relation.field.name: row}).count():
                name = model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural
                counts.append(f"{count} {name}")
        return counts

    @property
    def row_template(self) -> str:
        return f"editions/organise/rows/{self.slug}.html"


def _take(role: Role, *, by: Viewer, seen: str | None = None) -> None:
    actions.take_role(role, by=by)


SECTIONS: dict[str, Section] = {
    section.slug: section
    for section in (
        Section(
            "dates", "Dates", "date",
            "Every page, gate, reminder and calendar reads its date from here.",
            ("What", "Track", "When", "Grace"),
            MilestoneForm,
            lambda edition: edition.milestones.select_related("track"),
        ),
        Section(
            "tracks", "Tracks", "track",
            "The kinds of contribution and their rules.",
            ("Track", "Kind", "Pages", "Review"),
            forms.TrackForm,
            lambda edition: edition.tracks.all(),
            lambda track: track.edition.tracks.all(),
        ),
        Section(
            "files", "Files", "file",
            "What each track wants or takes, with types and sizes.",
            ("Track", "File", "Types", "Largest", "Required"),
            forms.TrackFileForm,
            lambda edition: forms.TrackFile.objects.filter(track__edition=edition)
            .select_related("track").order_by("track__position", "track", "pk"),
        ),
        Section(
            "questions", "Questions", "question",
            "What a track asks beyond title, abstract and files, when handing in or with the camera-ready version.",
            ("Track", "Question", "Asked", "Answered by", "Needed", "Seen by"),
            forms.QuestionForm,
            lambda edition: forms.Question.objects.filter(track__edition=edition)
            .select_related("track").order_by("track__position", "track", "position", "pk"),
            lambda question: forms.Question.objects.filter(track=question.track_id),
        ),
        Section(
            "topics", "Topics", "topic",
            "What authors choose from, and reviewers too.",
            ("Topic", "Area"),
            forms.TopicForm,
            lambda edition: edition.topics.all(),
            lambda topic: topic.edition.topics.all(),
        ),
        Section(
            "roles", "Roles", "role",
            "Who may do what in this edition. Reviewers are invited on the committee's page. A deputy handles the "
            "papers with which all organisers are in conflict, and no others; without one nobody decides on them.",
            ("Role", "Who"),
            forms.RoleForm,
            lambda edition: edition.roles.exclude(name=Role.Name.REVIEWER).select_related("user"),
            editable=False, remove=_take, remove_words="Take away", add_words="Give",
        ),
        Section(
            "people", "People", "person",
            "Organisers, speakers and panellists as the public pages show them.",
            ("Name", "Part", "Affiliation"),
            forms.PersonForm,
            lambda edition: edition.people.order_by("kind", "position", "pk"),
            lambda person: Person.objects.filter(edition=person.edition_id, kind=person.kind),
        ),
        Section(
            "tiers", "Sponsor tiers", "tier",
            "What sponsors can give, highest first.",
            ("Tier", "Amount"),
            forms.TierForm,
            lambda edition: edition.sponsor_tiers.all(),
            lambda tier: tier.edition.sponsor_tiers.all(),
        ),
        Section(
            "sponsors", "Sponsors", "sponsor",
            "Who supports the workshop, and from when to when they are shown.",
            ("Sponsor", "Tier", "Shown"),
            forms.SponsorForm,
            lambda edition: Sponsor.objects.filter(tier__edition=edition).select_related("tier")
            .order_by("tier__position", "tier", "position", "pk"),
            lambda sponsor: Sponsor.objects.filter(tier=sponsor.tier_id),
        ),
        Section(
            "texts", "Texts", "text",
            "The prose of the public pages, in Markdown.",
            ("Place", "Heading"),
            forms.TextForm,
            lambda edition: edition.texts.all(),
        ),
    )
}  # fmt: skip


def count_rows(edition: Edition) -> list[tuple[Section, int]]:
    """Every section with its number of rows. One query per section."""
    return [(section, section.rows(edition).count()) for section in SECTIONS.values()]


def found(section: Section, edition: Edition, pid: str) -> Model | None:
    """The row of this edition with this public id, or None: a row of another edition is not found. One query."""
    return section.rows(edition).filter(public_id=pid).first()
