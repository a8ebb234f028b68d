"""Review forms as part of an edition's file."""

from datetime import UTC, datetime

import pytest

from ml4rs.editions.cloning import start_next
from ml4rs.editions.filing import CannotLoadError, InvalidFileError, dump, write_yaml
from ml4rs.editions.models import Edition
from ml4rs.editions.tests.factories import RoleFactory
from ml4rs.editions.tests.small_edition import SMALL, load_text
from ml4rs.editions.viewer import Viewer
from reviews.actions import ensure_forms
from reviews.actions.forms import current_form, questions_of, usual_questions
from reviews.forms import ReviewForm
from reviews.models import Review
from reviews.tests.factories import AssignmentFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2030, 2, 20, tzinfo=UTC)
FORMS = """\
review_forms:
  - track: papers
    questions:
      - {key: comments, label: Comments, kind: text, max_length: 500}
      - {key: overall, label: Overall, kind: scale, use: overall, scale: {1: "No", 2: "Yes"}}
      - {key: form, label: Best as, kind: choice, audience: organisers, required: false,
         choices: {oral: A talk, poster: A poster}}
"""
FULL = SMALL + FORMS
HEAD = SMALL.count("\n")


@pytest.fixture
def toy() -> Edition:
    return load_text(FULL).edition


def keys(edition: Edition) -> list[str]:
    form = current_form(edition.tracks.get())
    return [question["key"] for question in questions_of(form)] if form else []


def test_the_questions_are_those_of_the_review_form(toy):
    fields = ReviewForm(list(ensure_forms(toy.tracks.get()).fields.all())).fields
    assert list(fields) == ["q-comments", "q-overall", "q-form"]
    assert fields["q-overall"].choices == [(1, "1 – No"), (2, "2 – Yes")]
    assert fields["q-form"].choices == [("oral", "A talk"), ("poster", "A poster")]
    assert not fields["q-form"].required


def test_a_round_trip_changes_nothing(toy):
    written = write_yaml(dump(toy))
    assert load_text(written).differences == []
    assert write_yaml(dump(toy)) == written
    assert toy.tracks.get().review_forms.count() == 1


def test_the_usual_questions_are_not_written_down_and_come_back():
    toy = load_text(SMALL).edition
    ensure_forms(toy.tracks.get())
    assert "review_forms" not in dump(toy)
    load_text(FULL)
    changed = load_text(SMALL + "review_forms: []\n")
    assert [each.path for each in changed.differences] == ["review_forms[papers]"]
    assert questions_of(current_form(toy.tracks.get())) == usual_questions(toy.tracks.get())


def test_a_file_without_the_section_leaves_the_questions(toy):
    assert load_text(SMALL).differences == []
    assert keys(toy) == ["comments", "overall", "form"]


def test_a_change_is_told_question_by_question(toy):
    changed = load_text(FULL.replace("label: Comments", "label: Your comments"))
    assert [each.path for each in changed.differences] == ["review_forms[papers].questions[comments].label"]


def test_reviews_already_begun_keep_their_questions(toy):
    track = toy.tracks.get()
    assignment = AssignmentFactory(submission__track=track, submission__edition=toy, reviewer__edition=toy)
    review = Review.objects.create(assignment=assignment, form=current_form(track), created_at=NOW, updated_at=NOW)
    load_text(FULL.replace("key: comments", "key: remarks"))
    assert keys(toy) == ["remarks", "overall", "form"]
    assert review.form.version == 1
    assert review.form.fields.filter(key="comments").exists()


def test_the_next_edition_asks_the_same(toy):
    organiser = Viewer.of(RoleFactory(edition=toy).user, toy)
    new = start_next(toy, slug="toy2031", host="TOY 2031", by=organiser)
    assert dump(new)["review_forms"] == dump(toy)["review_forms"]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("track: papers\n    q", "track: paper\n    q", 2, "There is no track “paper” in this file."),
        ("key: form", "key: overall", 6, "“overall” stands here a second time."),
        ("use: overall, ", "", 2, "one question with `use: overall`"),
        ("kind: scale", "kind: text", 5, "Only a question of kind “scale” has `scale`"),
        ("{1: \"No\", 2: \"Yes\"}", "{1: Yes}", 5, "at least two answers"),
        ("{1: \"No\"", "{one: \"No\"", 5, "“one” is no step of a scale"),
        ("max_length", "maximum", 4, "There is no key “maximum” here."),
        ("kind: choice", "kind: choices", 6, "“choices” is none of: scale, choice or text"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(old, new, line, words):
    with pytest.raises(InvalidFileError) as refusal:
        load_text(FULL.replace(old, new))
    assert [problem.line for problem in refusal.value.problems if words in problem.words] == [HEAD + line]


def test_a_track_that_is_not_reviewed_has_no_form():
    text = FULL.replace("    reviews_per_paper: 3\n", "")
    with pytest.raises(InvalidFileError, match="it is not reviewed"):
        load_text(text)


def test_without_a_section_of_tracks_they_are_looked_up_in_the_edition(toy):
    head = SMALL.partition("tracks:")[0]
    load_text(head + FORMS.replace("key: comments", "key: remarks"))
    assert keys(toy)[0] == "remarks"
    with pytest.raises(CannotLoadError, match="“other”, which is not there"):
        load_text(head + FORMS.replace("track: papers", "track: other"))


# --- The room for talks and posters -------------------------------------------------------------------------

ROOM = """\
capacity:
  - {presentation: oral, minutes: 90, minutes_each: 15}
  - {presentation: poster, places: 40}
"""


def test_the_room_for_talks_comes_from_the_file_and_goes_back_into_it():
    edition = load_text(SMALL + ROOM).edition
    assert {str(each) for each in edition.capacities.all()} == {"Oral: 6", "Poster: 40"}
    written = write_yaml(dump(edition))
    assert load_text(written).differences == []
    assert write_yaml(dump(edition)) == written
    load_text(SMALL + "capacity: []\n")
    assert not edition.capacities.exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{presentation: oral, minutes: 90}", "Give either"),
        ("{presentation: oral, places: 3, minutes: 90, minutes_each: 15}", "Give either"),
        ("{presentation: opera, places: 3}", "opera"),
        ("{presentation: oral, places: 3}\n  - {presentation: oral, places: 4}", "second time"),
    ],
)
def test_a_room_that_makes_no_sense_is_refused_in_words(line, words):
    with pytest.raises(InvalidFileError) as refused:
        load_text(f"{SMALL}capacity:\n  - {line}\n")
    assert words in str(refused.value)
