"""Writing a review: nothing is lost, nothing out of bounds gets in, nobody learns who wrote the paper."""

import pytest
from django.urls import reverse

from ml4rs.audit.models import Entry
from ml4rs.editions.tests.factories import UserFactory
from ml4rs.notifications.models import Message
from reviews.models import Assignment, Conflict, Review, ReviewVersion
from reviews.tests.conftest import COMPLETE, Desk
from reviews.tests.factories import AssignmentFactory, DecisionFactory
from submissions.models import Submission


def test_typing_saves_a_draft_that_only_its_writer_reads(stage, desk):
    answer = desk.post("save", htmx=True, revision=0, **{"q-summary": "It re", "q-overall": "4"})
    assert 'name="revision" id="id_revision" value="1"' in answer.content.decode()
    assert (desk.stored("summary").text, desk.stored("overall").number) == ("It re", 4)
    assert "It re" in desk.page().content.decode()
    organiser = stage.client(stage.organiser)
    page = organiser.get(reverse("reviews:paper", args=["iclr2025", desk.assignment.submission.public_id]))
    assert "It re" not in page.content.decode()
    assert "Draft" in page.content.decode()


def test_a_second_tab_overwrites_nothing_and_shows_both_versions(desk):
    desk.post("save", revision=0, **{"q-summary": "First tab"})
    quiet = desk.post("save", htmx=True, revision=0, **{"q-summary": "Second tab"})
    assert "another tab" in quiet.content.decode()
    assert desk.stored("summary").text == "First tab"
    both = desk.post("submit", revision=0, **COMPLETE | {"q-summary": "Second tab"})
    assert both.status_code == 409
    assert "First tab" in both.content.decode()
    assert "Second tab" in both.content.decode()
    assert desk.review().state == "draft"
    revision = desk.review().revision
    assert f'value="{revision}"' in both.content.decode(), "saving from here again is a choice"
    desk.post("submit", revision=revision, **COMPLETE | {"q-summary": "Both"})
    assert desk.stored("summary").text == "Both"


def test_an_incomplete_review_is_kept_and_not_submitted(desk):
    answer = desk.post("submit", revision=0, **{"q-summary": "Only this"})
    assert answer.status_code == 422
    assert "Write a few words here." in answer.content.decode()
    assert "Only this" in answer.content.decode()
    assert (desk.review().state, desk.stored("summary").text) == ("draft", "Only this")
    desk.post("submit", revision=1, **COMPLETE)
    assert desk.review().state == "submitted"


def test_what_is_kept_of_a_review_in_the_log_concerns_its_paper(desk):
    desk.post("submit", revision=0, **COMPLETE)
    desk.post("submit", revision=1, **COMPLETE | {"q-overall": "4"})
    kept = Entry.objects.filter(verb__startswith="review.").values_list("verb", "submission_id").order_by("pk")
    paper = desk.assignment.submission_id
    assert list(kept) == [("review.submitted", paper), ("review.changed", paper)]


@pytest.mark.parametrize("score", ["7", "0", "-1", "1e3", "four", "5; drop"])
def test_a_score_off_the_scale_is_refused_in_words_and_the_text_kept(desk, score):
    answer = desk.post("submit", revision=0, **COMPLETE | {"q-overall": score})
    assert answer.status_code == 422
    assert "is not one of the answers" in answer.content.decode()
    assert desk.stored("summary").text == "It removes clouds."
    assert not desk.review().answers.filter(field__key="overall", number__isnull=False).exists()
    assert (
        "is not one of the answers" in desk.post("save", htmx=True, revision=1, **{"q-overall": score}).content.decode()
    )


def test_two_hundred_thousand_characters_are_kept_and_not_submitted(desk):
    long = "word " * 40_000
    answer = desk.post("submit", revision=0, **COMPLETE | {"q-weaknesses": long})
    assert answer.status_code == 422
    assert "Too long" in answer.content.decode()
    assert desk.review().state == "draft"
    assert len(desk.stored("weaknesses").text) == len(long)


def test_every_submit_leaves_a_version_and_the_first_time_stands(desk):
    desk.post("submit", revision=0, **COMPLETE)
    first = desk.review().submitted_at
    desk.post("submit", revision=1, **COMPLETE | {"q-overall": "2"})
    assert desk.review().submitted_at == first
    assert [version.answers["overall"] for version in ReviewVersion.objects.all()] == [2, 5]


def test_changes_after_submitting_wait_beside_the_review_until_submitted(stage, desk):
    desk.post("submit", revision=0, **COMPLETE)
    desk.post("save", htmx=True, revision=1, **COMPLETE | {"q-summary": "Half a sen"})
    assert desk.stored("summary").text == "It removes clouds.", "others read what was submitted"
    page = desk.page().content.decode()
    assert "Half a sen" in page
    assert "not submitted" in page
    desk.post("discard_changes")
    assert "Half a sen" not in desk.page().content.decode()
    desk.post("save", revision=3, **COMPLETE | {"q-summary": "A whole sentence."})
    desk.post("submit", revision=4, **COMPLETE | {"q-summary": "A whole sentence."})
    assert desk.stored("summary").text == "A whole sentence."
    assert desk.review().pending is None


def test_a_late_review_is_welcome_until_decisions_are_released(desk, at):
    from datetime import UTC, datetime

    with at(datetime(2025, 3, 1, tzinfo=UTC)):
        assert "Late" in desk.page().content.decode()
        assert desk.post("submit", revision=0, **COMPLETE).status_code == 302
        Submission.objects.update(outcome="rejected", released_at=datetime(2025, 2, 28, tzinfo=UTC))
        answer = desk.post("submit", revision=1, **COMPLETE | {"q-summary": "Too late words"})
        assert answer.status_code == 403
        assert "Decisions are released" in answer.content.decode()
        assert "Too late words" in answer.content.decode(), "nothing typed is lost"
        assert desk.stored("summary").text == "It removes clouds."


def test_text_typed_after_the_session_ended_comes_back_after_signing_in(stage, desk):
    desk.client.logout()
    answer = desk.post("submit", revision=0, **COMPLETE | {"q-summary": "Typed without session"})
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")
    quiet = desk.post("save", htmx=True, revision=0, **{"q-summary": "Typed without session"})
    assert "signed out" in quiet.content.decode()
    desk.client.force_login(desk.assignment.reviewer.user)
    assert "Typed without session" in desk.page().content.decode()
    assert not Review.objects.exists()


def test_somebody_elses_desk_does_not_exist(stage, desk):
    other = AssignmentFactory(submission=desk.assignment.submission, pseudonym="B").reviewer.user
    for user in (other, stage.organiser, desk.assignment.submission.created_by, UserFactory()):
        client = stage.client(user)
        for name in ("review", "decline"):
            assert client.get(desk.url(name)).status_code == 404
        for name in ("save", "submit", "discard_changes", "decline"):
            assert client.post(desk.url(name), COMPLETE).status_code == 404
    assert not Review.objects.exists()


@pytest.mark.parametrize("name", ["save", "submit", "discard_changes"])
def test_reading_an_address_that_writes_is_refused(desk, name):
    assert desk.client.get(desk.url(name)).status_code == 405


@pytest.mark.parametrize("revision", ["", "x", "-4", "99999999999999999999"])
def test_a_stale_or_broken_revision_overwrites_nothing(desk, revision):
    desk.post("save", revision=0, **{"q-summary": "Kept"})
    assert desk.post("save", revision=revision, **{"q-summary": "Lost?"}).status_code == 409
    assert desk.stored("summary").text == "Kept"


def test_other_reviews_appear_only_after_ones_own_is_in(desk):
    other = AssignmentFactory(submission=desk.assignment.submission, pseudonym="B")
    Desk(other, desk.client.__class__()).client.force_login(other.reviewer.user)
    client = desk.client.__class__()
    client.force_login(other.reviewer.user)
    Desk(other, client).post("submit", revision=0, **COMPLETE | {"q-summary": "Words of B"})
    assert "Words of B" not in desk.page().content.decode()
    desk.post("submit", revision=0, **COMPLETE)
    page = desk.page().content.decode()
    assert "Words of B" in page
    assert "Reviewer B" in page
    assert other.reviewer.name not in page


def test_nothing_on_the_page_names_an_author(desk):
    page = desk.page()
    seen = page.content.decode() + str(page.headers)
    for author in desk.assignment.submission.authorships.all():
        for word in (author.name, author.email, author.affiliation or "Laboratory"):
            assert word not in seen


def test_a_paper_is_given_back_with_a_reason(stage, desk):
    assert desk.post("decline", reason="").status_code == 200
    assert desk.post("decline", reason="Too far from my field").status_code == 302
    desk.assignment.refresh_from_db()
    assert (desk.assignment.state, desk.assignment.decline_reason) == ("declined", "Too far from my field")
    assert desk.page().status_code == 404
    page = stage.client(stage.organiser).get(
        reverse("reviews:paper", args=["iclr2025", desk.assignment.submission.public_id])
    )
    assert "Too far from my field" in page.content.decode()


def test_a_paper_given_back_for_a_conflict_stays_away(desk):
    desk.post("decline", reason="My student wrote it", conflict="1")
    conflict = Conflict.objects.get(user=desk.assignment.reviewer.user)
    assert (conflict.kind, conflict.dismissed_at) == ("declared", None)
    assert Assignment.objects.get().state == "declined"


def test_a_submitted_review_cannot_be_given_back(desk):
    desk.post("submit", revision=0, **COMPLETE)
    assert desk.post("decline", reason="Changed my mind").status_code == 403
    assert Assignment.objects.get().state == "active"


def test_a_review_causes_no_mail(desk):
    desk.post("submit", revision=0, **COMPLETE)
    assert not Message.objects.exists()


def test_an_unreleased_decision_changes_nothing_for_reviewer_and_author(stage, desk, cost_of):
    submission = desk.assignment.submission
    desk.post("submit", revision=0, **COMPLETE)
    own_page = reverse("submissions:detail", args=["iclr2025", submission.public_id])
    looks = []
    for decided in (False, True):
        if decided:
            DecisionFactory(submission=submission, comment="Splendid")
        for client, address in (
            (desk.client, desk.url("review")),
            (desk.client, reverse("reviews:desk", args=["iclr2025"])),
            (stage.client(submission.created_by), own_page),
        ):
            client.get(address)
            with cost_of() as cost:
                answer = client.get(address)
            looks.append((answer.status_code, _plain(answer), cost.queries))
    assert looks[:3] == looks[3:]


def _plain(answer):
    import re

    return re.sub(
        r'(csrfmiddlewaretoken" value="|X-CSRFToken": "|X-CSRFToken&quot;: &quot;)\w+', "", answer.content.decode()
    )
