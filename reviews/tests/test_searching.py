"""The small language of the tables: understood as it reads, refused in words, and never a door to what is hidden."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from hypothesis import assume, given
from hypothesis import strategies as st

from ml4rs.editions.tests.factories import RoleFactory, TopicFactory, TrackFactory, UserFactory
from reviews import actions
from reviews.models import Response, SavedView
from reviews.queries.papers import judged
from reviews.queries.searching import FIELDS, condition
from reviews.searching import All, Any, Comparison, Not, SearchError, Words, parse
from reviews.tests.factories import ConflictFactory, DecisionFactory, ReviewerFactory
from reviews.tests.test_discussing import row, seat_of
from submissions.models import Submission
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.both

# --- The language --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("", None),
        ("clouds", Words("clouds")),
        ("clouds reeds", All((Words("clouds"), Words("reeds")))),
        ('"clouds and reeds"', Words("clouds and reeds")),
        ("score>=4", Comparison("score", ">=", 4)),
        ("score:4.5", Comparison("score", "=", 4.5)),
        ("SCORE<-1", Comparison("score", "<", -1)),
        ("tag:Late", Comparison("tag", "=", "late")),
        ('topic:"time series"', Comparison("topic", "=", "time series")),
        ("-tag:late", Not(Comparison("tag", "=", "late"))),
        ("NOT tag:late", Not(Comparison("tag", "=", "late"))),
        ("a OR b c", Any((Words("a"), All((Words("b"), Words("c")))))),
        ("(a OR b) c", All((Any((Words("a"), Words("b"))), Words("c")))),
        ("-(a b)", Not(All((Words("a"), Words("b"))))),
        ("self-supervised", Words("self-supervised")),
        ("YOLO:", Words("YOLO:")),
        ("a or b", All((Words("a"), Words("or"), Words("b")))),
    ],
)
def test_it_reads_as_it_is_written(text, meaning):
    assert parse(text, FIELDS) == meaning


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"open', "quotation mark"),
        ("(a", "each one that opens"),
        ("a)", "never opened"),
        ("a OR", "beside OR"),
        ("OR a", "beside OR"),
        ("()", "between parentheses"),
        ("NOT", "after NOT"),
        ("colour:red", "no field “colour”"),
        ("score:good", "compared with a number"),
        ("score>=²", "compared with a number"),
        ("tag>3", "write tag:3"),
        ("decision:maybe", "is one of none, accepted"),
        ("(" * 30 + "a" + ")" * 30, "too many parentheses"),
        ("a " * 300, "too long"),
    ],
)
def test_what_cannot_be_understood_is_answered_in_words(text, words):
    with pytest.raises(SearchError, match=words):
        parse(text, FIELDS)


@given(st.text(alphabet=st.sampled_from(list('abOR NT-()":<>=.4score\\')), max_size=40))
def test_any_text_is_read_or_refused_in_words(text):
    with suppress(SearchError):
        assert parse(text, FIELDS) is not None or not text.replace("-", "").strip()


def _written(asked) -> str:
    match asked:
        case Words(text):
            return f'"{text}"'
        case Comparison(field, sign, value):
            return f"{field}{sign}{value:g}"
        case Not(inner):
            return f"-({_written(inner)})"
        case All(parts):
            return " ".join(f"({_written(part)})" for part in parts)
        case Any(parts):
            return " OR ".join(f"({_written(part)})" for part in parts)


leaves = st.one_of(
    st.builds(Words, st.text(alphabet="abc ", min_size=1, max_size=5).filter(str.strip)),
    st.builds(Comparison, st.just("score"), st.sampled_from(["=", "<", "<=", ">", ">="]), st.integers(0, 9).map(float)),
)
expressions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Any(tuple(parts))),
    ),
    max_leaves=6,
)


@given(expressions)
def test_what_is_written_with_all_parentheses_is_read_as_it_was_meant(asked):
    text = _written(asked)
    assume(text.count("(") < 9)  # beyond that it may be too deep
    assert parse(text, FIELDS) == asked


# --- The papers ----------------------------------------------------------------------------------------------


@pytest.fixture
def papers(stage, mails):
    """Clouds has scores 3 and 6, a tag, a topic and an oral; Reeds one review of 2 and one missing; Sand nothing."""
    clouds, reeds, sand = (SubmissionFactory(track=stage.track, title=each, authors=1) for each in TITLES)
    first, second = seat_of(clouds, "K"), seat_of(clouds, "Q")
    first.review.answers.filter(field__use="overall").update(number=3)
    second.review.answers.filter(field__use="overall").update(number=6)
    seat_of(reeds, "K").review.answers.filter(field__use="overall").update(number=2)
    seat_of(reeds, "Q", state="draft")
    clouds.topics.add(TopicFactory(edition=stage.edition, slug="series", name="Time series"))
    DecisionFactory(submission=clouds, presentation="oral")
    actions.tag([row(stage.chair, clouds)], "shortlist", by=stage.chair)
    then = datetime(2025, 2, 19, tzinfo=UTC)
    Submission.objects.filter(pk__in=[clouds.pk, reeds.pk]).update(reviews_shown_at=then)
    Response.objects.create(
        submission=clouds, text="x", sent_text="x", sent_at=then, updated_at=then, written_by=clouds.created_by
    )
    Submission.objects.filter(pk=sand.pk).update(track=TrackFactory(edition=stage.edition, slug="tiny", name="Tiny"))
    return {"Clouds": clouds, "Reeds": reeds, "Sand": sand}


TITLES = ("Clouds", "Reeds", "Sand")


def found(viewer, text):
    return set(judged(viewer).filter(condition(viewer, text)).values_list("title", flat=True))


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("", set(TITLES)),
        ("score>=4", {"Clouds"}),
        ("score<4", {"Reeds"}),
        ("-score<4", {"Clouds", "Sand"}),
        ("spread=3", {"Clouds"}),
        ("low:3 high:6", {"Clouds"}),
        ("missing>0", {"Reeds"}),
        ("reviews=0", {"Sand"}),
        ("assigned=2", {"Clouds", "Reeds"}),
        ("tag:shortlist", {"Clouds"}),
        ("-tag:shortlist", {"Reeds", "Sand"}),
        ('topic:"time series" OR track:tiny', {"Clouds", "Sand"}),
        ("decision:oral", {"Clouds"}),
        ("decision:staged", {"Clouds"}),
        ("decision:none", {"Reeds", "Sand"}),
        ("-decision:accepted", {"Reeds", "Sand"}),
        ("discussion:none", set(TITLES)),
        ("-discussion:open", set(TITLES)),
        ("check:none", set(TITLES)),
        ("response:sent", {"Clouds"}),
        ("response:none", {"Reeds"}),
        ("-response:sent", {"Reeds", "Sand"}),
        ("louds", {"Clouds"}),
        ("clouds OR reeds", {"Clouds", "Reeds"}),
        ("%", set()),
    ],
)
def test_the_tests_find_what_they_say(stage, papers, text, titles):
    assert found(stage.chair, text) == titles


def test_a_number_finds_its_paper(stage, papers):
    Submission.objects.filter(pk=papers["Reeds"].pk).update(number=90817)
    assert found(stage.chair, "90817") == found(stage.chair, "#90817") == {"Reeds"}


def test_no_test_finds_a_paper_in_conflict(stage, papers):
    other = RoleFactory(edition=stage.edition).user
    ConflictFactory(user=other, submission=papers["Clouds"])
    viewer = stage.viewer(other)
    for text in ("clouds", "score>=4", "-score<4", "tag:shortlist", "-tag:shortlist", "decision:oral", "response:sent"):
        assert "Clouds" not in found(viewer, text), text


# --- The page ------------------------------------------------------------------------------------------------


def table(stage, query="", user=None):
    return stage.client(user or stage.organiser).get(reverse("reviews:decisions", args=["iclr2025"]) + query)


def test_a_search_that_is_not_understood_says_so_and_hides_nothing(stage, papers):
    page = table(stage, "?q=colour:red").text
    assert "There is no field “colour”" in page
    assert "All papers are shown" in page
    assert ">Sand</a>" in page
    assert table(stage, "?q=colour:red&format=csv").status_code == 400


def test_an_export_has_the_columns_that_are_shown(stage, papers):
    rows = table(stage, "?q=clouds&columns=score&columns=topics&format=json").json()
    assert rows == [
        {
            "paper": papers["Clouds"].number, "title": "Clouds", "track": stage.track.name, "mean": 4.5,
            "topics": "Time series", "tags": "shortlist",
        }
    ]  # fmt: skip


def test_columns_are_shown_as_they_are_ticked(stage, papers):
    page = table(stage, "?columns=topics&columns=response").text
    assert 'data-label="Topics"' in page
    assert 'data-label="Score"' not in page
    assert 'data-label="Score"' in table(stage, "?columns=nonsense").text


def test_a_view_is_kept_found_and_forgotten(stage, papers):
    client, address = stage.client(stage.organiser), reverse("reviews:views", args=["iclr2025"])
    client.post(address, {"name": "  Good   ones ", "query": "q=score%3E4&columns=score"})
    kept = SavedView.objects.get()
    assert (kept.name, kept.query) == ("Good ones", "q=score%3E4&columns=score")
    assert "Good ones" in table(stage).text
    assert ">Clouds</a>" in table(stage, f"?{kept.query}").text
    client.post(address, {"name": "Good ones", "query": "q=reeds"})
    assert SavedView.objects.get().query == "q=reeds"
    client.post(address, {"forget": kept.public_id})
    assert not SavedView.objects.exists()
    assert "gone already" in client.post(address, {"forget": kept.public_id}, follow=True).text


def test_a_view_is_its_owners_alone(stage, papers):
    actions.save_view("Mine", "q=x", by=stage.chair)
    other = RoleFactory(edition=stage.edition).user
    assert "Mine" not in table(stage, user=other).text
    client = stage.client(other)
    client.post(reverse("reviews:views", args=["iclr2025"]), {"forget": SavedView.objects.get().public_id})
    assert SavedView.objects.exists()


def test_a_view_needs_a_name_and_an_organiser(stage, papers):
    client = stage.client(stage.organiser)
    assert "Give the view a name" in client.post(
        reverse("reviews:views", args=["iclr2025"]), {"name": " "}, follow=True
    ).text  # fmt: skip
    for person in (ReviewerFactory(edition=stage.edition).user, UserFactory()):
        answer = stage.client(person).post(reverse("reviews:views", args=["iclr2025"]), {"name": "x"})
        assert answer.status_code == 404
    assert not SavedView.objects.exists()
