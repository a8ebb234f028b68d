"""Organisers look at the review forms: as reviewers see them, and who reads which answer."""

from django.urls import reverse

from ml4rs.editions.tests.factories import TrackFactory, UserFactory
from reviews import actions
from reviews.actions.forms import replace_questions, usual_questions
from reviews.models import Form
from reviews.tests.factories import ReviewerFactory


def page(stage, user=None):
    return stage.client(user or stage.organiser).get(reverse("reviews:forms", args=["iclr2025"]))


def test_the_usual_form_is_shown_and_nothing_is_written(stage):
    text = page(stage).text
    assert "the usual questions" in text
    assert "Overall recommendation" in text
    assert not Form.objects.exists()


def test_a_forms_own_questions_are_shown_with_their_readers(stage):
    actions.ensure_forms(stage.track)
    questions = [
        {**usual_questions(stage.track)[0], "key": "reeds", "label": "How many reeds?", "audience": "organisers"}
    ]
    replace_questions(stage.track, questions)
    ((view, _),) = page(stage).context["views"]
    assert [each.label for each in view.for_organisers] == ["How many reeds?"]
    assert view.for_authors == []


def test_the_forms_of_two_tracks_stand_apart(stage):
    TrackFactory(edition=stage.edition, slug="tiny", reviews_per_paper=2, page_limit=2)
    text = page(stage).text
    assert 'name="papers-q-overall"' in text
    assert 'name="tiny-q-overall"' in text


def test_nobody_else_finds_the_page(stage):
    reviewer = ReviewerFactory(edition=stage.edition)
    assert page(stage, reviewer.user).status_code in (403, 404)
    assert page(stage, UserFactory()).status_code in (403, 404)
