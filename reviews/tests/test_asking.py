"""Organisers change what reviewers are asked, in the browser: nothing written is lost, nothing is overwritten."""

import pytest
from django.urls import reverse

from ml4rs.audit.models import Entry
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import UserFactory
from reviews import actions
from reviews.models import Field, Form
from reviews.queries.forms import fingerprint, questions_now
from reviews.tests.factories import ReviewerFactory

NEW = {
    "label": "How many reeds?", "help": "Count them.", "kind": "scale", "options": "1: None\n2: Some",
    "audience": "authors", "use": "", "required": "on", "max_length": "",
}  # fmt: skip


def url(name, *arguments):
    return reverse(f"reviews:{name}", args=["iclr2025", *arguments])


def seen(stage):
    return fingerprint(questions_now(stage.track))


def keys(stage):
    return [each["key"] for each in questions_now(stage.track)]


@pytest.fixture
def client(stage):
    return stage.client(stage.organiser)


def send(stage, client, name="add_question", *arguments, **changes):
    typed = NEW | {"seen": seen(stage)} | changes
    return client.post(url(name, "papers", *arguments), typed)


def test_a_question_is_added_at_the_end_and_recorded(stage, client):
    assert send(stage, client).url == url("form", "papers")
    found = Field.objects.get(key="how-many-reeds")
    assert (found.options, found.max_length, found.required) == ([[1, "None"], [2, "Some"]], 10_000, True)
    assert keys(stage)[-1] == "how-many-reeds"
    assert Entry.objects.filter(verb="review_form.changed").count() == 1


def test_a_question_keeps_its_key_and_place_when_it_is_changed(stage, client):
    before = keys(stage)
    page = client.get(url("question", "papers", "soundness"))
    assert "1: Unsound" in page.text
    send(stage, client, "question", "soundness", label="Is it sound?")
    assert keys(stage) == before
    assert Field.objects.get(key="soundness").label == "Is it sound?"


def test_reviews_already_begun_keep_their_questions(desk, stage, client):
    desk.post("save", **{"q-summary": "Begun.", "revision": "0"})
    before = list(desk.review().form.fields.values_list("key", flat=True))
    send(stage, client)
    assert Form.objects.filter(track=stage.track).count() == 2
    assert list(desk.review().form.fields.values_list("key", flat=True)) == before


def test_questions_move_and_stop_at_the_ends(stage):
    first, second = keys(stage)[:2]
    actions.move_question(stage.track, second, -1, seen=seen(stage), by=stage.chair)
    assert keys(stage)[:2] == [second, first]
    actions.move_question(stage.track, second, -1, seen=seen(stage), by=stage.chair)
    assert keys(stage)[:2] == [second, first]


def test_buttons_do_what_they_say(stage, client):
    first, second, third = keys(stage)[:3]
    for verb, key in (("later", first), ("remove", third)):
        client.post(url("form", "papers"), {"verb": verb, "key": key, "seen": seen(stage)})
    assert keys(stage)[:2] == [second, first]
    assert third not in keys(stage)
    client.post(url("form", "papers"), {"verb": "usual", "seen": seen(stage)})
    assert keys(stage)[:3] == [first, second, third]


def test_the_overall_score_is_never_lost(stage, client):
    with pytest.raises(NotAllowed, match="overall score"):
        actions.remove_question(stage.track, "overall", seen=seen(stage), by=stage.chair)
    page = send(stage, client, "question", "overall", use="")
    assert "overall score" in page.text


def test_the_overall_score_goes_to_whichever_got_it_last(stage, client):
    send(stage, client, use="overall")
    assert [each["key"] for each in questions_now(stage.track) if each["use"] == "overall"] == ["how-many-reeds"]


def test_of_two_organisers_the_second_is_told_and_keeps_what_was_typed(stage, client):
    old = seen(stage)
    actions.move_question(stage.track, "overall", -1, seen=old, by=stage.chair)
    page = client.post(url("add_question", "papers"), NEW | {"seen": old})
    assert "changed this form meanwhile" in page.text
    assert "How many reeds?" in page.text
    assert "how-many-reeds" not in keys(stage)
    again = NEW | {"seen": page.context["form"]["seen"].value()}
    assert client.post(url("add_question", "papers"), again).status_code == 302


def test_a_key_that_is_taken_is_refused_in_words(stage, client):
    send(stage, client)
    assert "another short name" in send(stage, client).text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"options": "1: Only one"}, "between 2 and 20"),
        ({"options": "good\nbad"}, "no answer with its meaning"),
        ({"options": "a: Good\nb: Bad"}, "whole numbers"),
        ({"options": "1: Good\n1: Bad"}, "the same value"),
        ({"options": "1: Good\n²: Bad"}, "whole numbers"),
        ({"kind": "text"}, "no answers to choose from"),
        ({"kind": "choice", "use": "overall"}, "Only a scale"),
        ({"label": ""}, "This field is required"),
        ({"kind": "nonsense"}, "Select a valid choice"),
        ({"max_length": "999999"}, "50000"),
    ],
)
def test_what_makes_no_sense_is_answered_in_words(stage, client, changes, words):
    page = send(stage, client, **changes)
    assert page.status_code == 200
    assert words in page.text
    assert not Form.objects.exists()


def test_the_page_shows_it_as_reviewers_and_as_authors_see_it(stage, client):
    page = client.get(url("form", "papers"))
    assert "As an author reads it" in page.text
    sample = [each.label for each in page.context["as_author"].answers]
    assert "Overall recommendation" in sample
    assert "For the organisers only" not in sample
    assert "Your confidence" not in sample


def test_signed_out_while_typing_nothing_is_lost(stage, client):
    stranger = stage.client(None)
    assert send(stage, stranger).status_code == 302
    stranger.force_login(stage.organiser)
    assert "How many reeds?" in stranger.get(url("add_question", "papers")).text


def test_only_organisers_change_forms(stage):
    for person in (ReviewerFactory(edition=stage.edition).user, UserFactory()):
        client = stage.client(person)
        assert client.get(url("form", "papers")).status_code == 404
        assert send(stage, client).status_code == 404
        with pytest.raises(NotAllowed):
            actions.ask_the_usual(stage.track, seen=seen(stage), by=stage.viewer(person))
    assert not Form.objects.exists()


def test_what_is_not_there_is_not_found(stage, client):
    assert client.get(url("form", "nonsense")).status_code == 404
    assert client.get(url("question", "papers", "nonsense")).status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_costs_the_same_whatever_the_number_of_questions(stage, client, cost_of, number):
    for place in range(number):
        question = {**questions_now(stage.track)[0], "key": f"more-{place}"}
        actions.put_question(stage.track, question, seen=seen(stage), by=stage.chair)
    client.get(url("form", "papers"))
    with cost_of() as cost:
        assert client.get(url("form", "papers")).status_code == 200
    assert cost.queries == 10


# --- How far a change reaches ---------------------------------------------------------------------------------


def question(key, use=""):
    fields = {"label": key, "help": "", "kind": "scale", "audience": "authors", "required": True}
    return {"key": key, "use": use, "options": [[1, "No"], [2, "Yes"]], "max_length": 10_000, **fields}


def put(stage, new, **more):
    actions.put_question(stage.track, new, seen=seen(stage), by=stage.chair, **more)


def test_a_form_has_at_most_forty_questions_and_those_there_can_be_changed_still(stage):
    for number in range(40 - len(keys(stage))):
        put(stage, question(f"q{number}"))
    with pytest.raises(NotAllowed, match="at most 40"):
        put(stage, question("more"))
    put(stage, question("q0") | {"label": "Changed"}, key="q0")
    assert len(keys(stage)) == 40


def uses(stage):
    return {each["use"]: each["key"] for each in questions_now(stage.track) if each["use"]}


def test_the_overall_score_and_the_confidence_are_each_held_by_whoever_got_it_last(stage):
    before = uses(stage)
    put(stage, question("new", "overall"))
    assert uses(stage) == before | {"overall": "new"}
    put(stage, question("soundness", "confidence"), key="soundness")
    assert uses(stage) == before | {"overall": "new", "confidence": "soundness"}


@pytest.mark.parametrize(("places", "there"), [(-9, 0), (-2, 0), (-1, 1), (0, 2), (1, 3), (99, -1)])
def test_a_question_goes_as_far_as_the_form(stage, places, there):
    before = keys(stage)
    actions.move_question(stage.track, before[2], places, seen=seen(stage), by=stage.chair)
    assert keys(stage)[there] == before[2]
    assert [each for each in keys(stage) if each != before[2]] == [each for each in before if each != before[2]]


def test_a_question_that_is_gone_does_not_move_and_the_overall_score_stays(stage):
    with pytest.raises(NotAllowed, match="Somebody else changed"):
        actions.move_question(stage.track, "gone", 1, seen=seen(stage), by=stage.chair)
    with pytest.raises(NotAllowed, match="overall score"):
        actions.remove_question(stage.track, uses(stage)["overall"], seen=seen(stage), by=stage.chair)
    member = stage.viewer(ReviewerFactory(edition=stage.edition).user)
    with pytest.raises(NotAllowed, match="organiser"):
        actions.ask_the_usual(stage.track, seen=seen(stage), by=member)
