"""Review forms as organisers look at them before anybody fills them in."""

from dataclasses import dataclass

from ml4rs.editions.models import Track
from ml4rs.editions.viewer import Viewer
from reviews.actions.forms import current_form, usual_questions
from reviews.models import Field


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
