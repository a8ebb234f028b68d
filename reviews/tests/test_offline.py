"""Around a review: the file for offline use, hints, older versions, names before the release."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from reviews import actions
from reviews.models import Answer, Review
from reviews.tests.conftest import COMPLETE
from reviews.tests.factories import AssignmentFactory, ConflictFactory, DecisionFactory, ReviewerFactory


@pytest.fixture
def post_file(desk):
    def post(data):
        data = data if isinstance(data, bytes) else data.encode()
        return desk.client.post(desk.url("offline"), {"file": SimpleUploadedFile("review.txt", data)}, follow=True)

    return post


def downloaded(desk):
    return desk.client.get(desk.url("offline")).text


def test_a_review_is_written_without_a_connection(desk, post_file):
    desk.post("save", revision=0, **{"q-summary": "First words"})
    text = downloaded(desk)
    assert "First words" in text
    response = post_file(text.replace("First words", "First words,\nand more").replace("= Accept\n", "= Accept\n", 1))
    assert "saved as a draft" in response.text
    assert desk.stored("summary").text == "First words,\nand more"


def test_a_newer_text_is_not_overwritten_and_both_are_shown(desk, post_file):
    desk.post("save", revision=0, **{"q-summary": "Old"})
    text = downloaded(desk)
    desk.post("save", revision=1, **{"q-summary": "Newer"})
    response = post_file(text.replace("Old", "From the train"))
    assert response.status_code == 409
    assert "Newer" in response.text
    assert "From the train" in response.text
    assert desk.stored("summary").text == "Newer"


def test_faults_are_named_by_line_and_nothing_is_saved(desk, post_file):
    text = downloaded(desk).replace("== overall\n", "== overall\n99\n").replace("== summary\n", "== summary\nKept\n")
    response = post_file(text)
    assert response.status_code == 422
    assert "“99” is no answer to “Overall recommendation”" in response.text
    assert "Kept" in response.text
    assert not Review.objects.exists()


def test_the_file_of_another_paper_is_refused(desk, stage, post_file):
    other = AssignmentFactory(reviewer=desk.assignment.reviewer, submission__track=stage.track)
    text = desk.client.get(reverse("reviews:offline", args=["iclr2025", other.public_id])).text
    assert "belongs to the review of another paper" in post_file(text).text


def test_no_file_and_a_huge_one_are_refused_in_words(desk, post_file):
    assert "Choose the file first" in desk.client.post(desk.url("offline"), follow=True).text
    assert "larger than 2 MB" in post_file(b"x" * (2 * 1024 * 1024 + 1)).text


def test_only_the_reviewer_gets_the_file(stage, desk):
    other = ReviewerFactory(edition=stage.edition)
    assert stage.client(other.user).get(desk.url("offline")).status_code == 404
    assert stage.client(stage.organiser).get(desk.url("offline")).status_code in (403, 404)


def test_hints_come_with_the_saving_and_bar_nothing(desk):
    answer = desk.post("save", htmx=True, revision=0, **{"q-weaknesses": "This is garbage."})
    assert "“garbage” may hurt" in answer.text
    assert desk.post("submit", revision=1, **COMPLETE | {"q-weaknesses": "Garbage."}).status_code == 302


def test_who_signs_a_review_is_told_so(desk):
    person = desk.assignment.reviewer.user
    type(person).objects.filter(pk=person.pk).update(name="Ada Quuxworth")
    answer = desk.post("save", htmx=True, revision=0, **{"q-weaknesses": "Best wishes, Ada Quuxworth"})
    assert "You name yourself" in answer.text


@pytest.fixture
def twice(desk):
    desk.post("submit", revision=0, **COMPLETE)
    desk.post("submit", revision=1, **COMPLETE | {"q-overall": "2", "q-summary": "It does not."})
    return desk


def test_the_writer_sees_what_was_changed_from_version_to_version(twice):
    page = twice.client.get(twice.url("own_versions")).text
    assert "Version 2" in page
    assert "5 – Accept" in page
    assert "2 – Rather reject" in page


def versions(desk):
    review = desk.review()
    return reverse("reviews:versions", args=["iclr2025", desk.assignment.submission.public_id, review.public_id])


def test_organisers_see_the_versions_and_nobody_else_does(stage, twice):
    paper = twice.assignment.submission
    assert "It does not." in stage.client(stage.organiser).get(versions(twice)).text
    colleague = AssignmentFactory(submission=paper, pseudonym="Q")
    form = actions.ensure_forms(stage.track)
    at = paper.submitted_at
    Review.objects.create(
        assignment=colleague, form=form, state="submitted", created_at=at, updated_at=at, submitted_at=at
    )
    for person in (colleague.reviewer.user, paper.created_by, ReviewerFactory(edition=stage.edition).user):
        assert stage.client(person).get(versions(twice)).status_code in (403, 404)
    ConflictFactory(user=stage.organiser, submission=paper)
    assert stage.client(stage.organiser).get(versions(twice)).status_code == 404


def test_before_the_release_organisers_learn_whose_name_stands_in_a_review(stage, desk):
    desk.post("submit", revision=0, **COMPLETE)
    other = ReviewerFactory(edition=stage.edition, user__name="Grace Hopperfield")
    DecisionFactory(submission=desk.assignment.submission, decided_by=stage.organiser)
    release = reverse("reviews:release", args=["iclr2025"])
    assert "name somebody of the committee" not in stage.client(stage.organiser).get(release).text
    confidential = Answer.objects.filter(field__key="confidential")
    confidential.update(text="Ask Grace Hopperfield.")
    assert "Grace Hopperfield" not in stage.client(stage.organiser).get(release).text
    Answer.objects.filter(field__key="weaknesses").update(text="Ask Grace Hopperfield.")
    page = stage.client(stage.organiser).get(release).text
    assert "name somebody of the committee" in page
    assert other.user.name in page
