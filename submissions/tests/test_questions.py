"""What a track asks beyond title and files: filled in, needed, and read by whom it is meant for."""

import pytest
import time_machine
from django.urls import reverse

from ml4rs.editions.models import Edition, Question
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import RoleFactory
from reviews.tests.factories import AssignmentFactory, ReviewerFactory
from submissions import actions
from submissions.models import Submission
from submissions.tests.conftest import BEFORE, LATER

pytestmark = pytest.mark.usefixtures("mails")
CODE = "https://anonymous.4open.science/r/x"
NOTE = "Two\nlines"
SAID = {"data": "Radar", "power": "3.5", "code": CODE, "agree": True, "note": NOTE}


@pytest.fixture
def questions(track):
    rows = [
        ("data", "choice", "reviewers", True, {"choices": ["Optical", "Radar"]}),
        ("power", "number", "organisers", False, {}),
        ("code", "link", "public", False, {}),
        ("agree", "checkbox", "organisers", False, {}),
        ("note", "paragraph", "organisers", False, {}),
    ]
    return [
        Question.objects.create(
            track=track, key=key, label=f"The {key}?", kind=kind, audience=audience, required=required, **more
        )
        for key, kind, audience, required, more in rows
    ]


@pytest.fixture
def answered(submitted):
    Submission.objects.filter(pk=submitted.pk).update(answers=SAID)
    return submitted


def form_of(paper, **more) -> dict:
    return {"title": "T", "abstract": "A", "agreed": "on", "revision": paper.revision, "tab": "x", **more}


def page(client, user, paper, name="detail") -> str:
    client.force_login(user)
    return client.get(reverse(f"submissions:{name}", args=[paper.edition.slug, paper.public_id])).content.decode()


def send(client, user, paper, **answers):
    client.force_login(user)
    address = reverse("submissions:edit", args=[paper.edition.slug, paper.public_id])
    typed = {f"answer-{key}": value for key, value in answers.items()}
    return client.post(address, form_of(paper, **typed))


@pytest.fixture
def before():
    with time_machine.travel(BEFORE, tick=False):
        yield


def test_answers_are_kept_as_they_were_given(before, client, author, draft, questions):
    typed = {**SAID, "agree": "on", "power": "3.50"}
    assert send(client, author.user, draft, **typed).status_code == 302
    assert Submission.objects.get(pk=draft.pk).answers == SAID


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [("power", "much", "number"), ("code", "javascript:alert(1)", "URL"), ("data", "Sonar", "valid choice")],
)
def test_an_answer_of_the_wrong_kind_is_sent_back(before, client, author, draft, questions, key, value, words):
    response = send(client, author.user, draft, **{key: value})
    assert words in response.content.decode()
    assert Submission.objects.get(pk=draft.pk).answers == {}


def test_what_is_needed_must_be_answered_before_submitting(author, complete, questions):
    with pytest.raises(NotAllowed, match="An answer to “The data\\?”"):
        actions.submit(complete, by=author)
    Submission.objects.filter(pk=complete.pk).update(answers={"data": "Radar"})
    assert actions.submit(complete, by=author).state == "submitted"


def test_a_submitted_paper_keeps_its_needed_answers(before, client, author, submitted, questions):
    assert "needs an answer here" in send(client, author.user, submitted, data="").content.decode()


def test_authors_and_organisers_read_every_answer(before, client, author, answered, questions):
    for user in (author.user, RoleFactory(edition=answered.edition).user):
        words = page(client, user, answered)
        assert all(text in words for text in ("Radar", "3.5", CODE, NOTE))


def test_reviewers_read_only_what_is_meant_for_them(before, client, answered, questions):
    reviewer = ReviewerFactory(edition=answered.edition)
    AssignmentFactory(submission=answered, reviewer=reviewer)
    words = page(client, reviewer.user, answered)
    assert [text in words for text in ("Radar", CODE, "3.5", NOTE)] == [True, True, False, False]


def test_everybody_reads_public_answers_once_the_paper_is_published(client, accepted, questions):
    Submission.objects.filter(pk=accepted.pk).update(answers=SAID)
    address = reverse("submissions:paper", args=[accepted.edition.slug, accepted.public_id])
    with time_machine.travel(LATER, tick=False):
        assert "4open" not in client.get(address).content.decode()
        Edition.objects.update(papers_public=True)
        Submission.objects.update(published_at=LATER)
        words = client.get(address).content.decode()
    assert [text in words for text in (CODE, "Radar", NOTE)] == [True, False, False]


def test_two_tabs_show_both_versions_of_the_answers(before, client, author, draft, questions):
    send(client, author.user, draft, data="Optical")
    words = client.post(
        reverse("submissions:edit", args=[draft.edition.slug, draft.public_id]),
        {**form_of(draft), "tab": "other", "answer-data": "Radar"},
    ).content.decode()
    assert all(line in words for line in ("The data?: Optical", "The data?: Radar"))


def test_the_export_has_a_column_for_each_question(before, client, answered, questions):
    client.force_login(RoleFactory(edition=answered.edition).user)
    rows = client.get(reverse("submissions:manage", args=[answered.edition.slug]), {"export": "json"}).json()
    assert [rows[0][name] for name in ("The data?", "The agree?", "The code?")] == ["Radar", "Yes", CODE]


def test_agreement_is_still_asked_last(author, draft, questions):
    from submissions.forms import TextsForm

    names = [field.name for field in TextsForm(submission=draft).visible_fields()]
    assert names[-1] == "agreed"
