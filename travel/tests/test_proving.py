"""An applicant proves their status by a file or through an advisor; officers see it, nobody else."""

import re
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import EditionFactory, MilestoneFactory, RoleFactory, UserFactory
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.policy import seen_by
from travel import actions
from travel.models import Application, Confirmation, Proof
from travel.tests.factories import ApplicationFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 3, 20, 12, tzinfo=UTC)
PAGE = "/iclr2025/travel/application/proof/"
ADVISOR = {"name": "Augusta Byron", "email": "Augusta@Poly.example"}


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def edition():
    edition = EditionFactory(slug="iclr2025")
    MilestoneFactory(edition=edition, kind="travel", instant=datetime(2025, 3, 29, 11, 59, 59, tzinfo=UTC))
    return edition


@pytest.fixture
def row(client, edition):
    row = ApplicationFactory(edition=edition, draft=True, legal_name="Ada Lovelace", institution="Poly")
    client.force_login(row.user)
    return row


def theirs(row):
    return Viewer.of(row.user, row.edition, NOW)


def officer_of(edition, **user):
    return RoleFactory(edition=edition, name="grants_officer", user=UserFactory(**user)).user


def letter(content=b"%PDF-1.7 enrolled", name="letter.pdf"):
    return SimpleUploadedFile(name, content)


def upload(client, **values):
    return client.post(PAGE, {"file": letter(**values)}, follow=True)


def link_in(mails):
    return re.search(r"https?://[^/]+(/\S+/confirm/\S+)", mails.messages[-1].body_text)[1]


def test_without_a_proof_a_student_cannot_submit(client, row, mails):
    assert "Prove that you study" in client.post("/iclr2025/travel/application/submit/", follow=True).text
    upload(client)
    client.post("/iclr2025/travel/application/submit/")
    row.refresh_from_db()
    assert row.state == "submitted"


def test_an_advisor_who_is_asked_is_enough_to_submit_until_they_deny(row, mails):
    actions.ask_advisor(row, by=theirs(row), **ADVISOR)
    actions.submit(row, by=theirs(row))
    actions.answer_for(Confirmation.objects.get(), confirmed=False, text="", by=Viewer.of(None, row.edition, NOW))
    with pytest.raises(NotAllowed, match="Prove that you study"):
        actions.save(row, {"benefit": "More."}, by=theirs(row), revision=2)


def test_who_is_no_student_proves_nothing(row, mails):
    row.edition.travel_settings = None
    actions.set_settings(row.edition, students_only=False, by=Viewer.of(officer_of(row.edition), row.edition, NOW))
    Application.objects.update(status="other")
    assert actions.submit(row, by=theirs(row)).state == "submitted"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 a document", "Upload"),
        (b"Dear officers, I study. Yours, Ada", "We do not know this type of file"),
        (b"", "The file is empty"),
        (b"%PDF-1.7 " + b"0" * (5 * 1024 * 1024), "5 MB"),
    ],
    ids=["zip", "text", "empty", "large"],
)
def test_a_letter_that_is_none_is_refused_in_words_and_nothing_is_lost(client, row, content, words):
    upload(client)
    response = upload(client, content=content)
    assert response.status_code == 422
    assert words in response.text
    assert Proof.objects.get().original_name == "letter.pdf"


def test_another_file_takes_the_place_of_the_first(client, row, django_capture_on_commit_callbacks):
    upload(client)
    first = Proof.objects.get().stored
    with django_capture_on_commit_callbacks(execute=True):
        upload(client, content=b"%PDF-1.7 newer", name="newer.pdf")
    assert Proof.objects.get().original_name == "newer.pdf"
    assert not first.storage.exists(first.name)
    assert b"newer" in b"".join(client.get(f"{PAGE}file/").streaming_content)


def test_officers_without_ties_read_the_file_and_nobody_else(client, edition, row):
    upload(client)
    Application.objects.update(state="submitted", submitted_at=NOW)
    url = f"/iclr2025/grants/{row.public_id}/proof/"
    for person, status in (
        (officer_of(edition), 200),
        (officer_of(edition, affiliation="Poly"), 404),
        (RoleFactory(edition=edition, name="organiser").user, 404),
        (UserFactory(), 404),
    ):
        client.force_login(person)
        response = client.get(url)
        assert response.status_code == status
        if status == 200:
            assert b"enrolled" in b"".join(response.streaming_content)
        assert client.get(f"{PAGE}file/").status_code == 404


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_an_advisor_who_only_opens_the_link_has_not_answered_whatever_stands_in_it(client, row, mails, answer):
    actions.ask_advisor(row, by=theirs(row), **ADVISOR)
    client.logout()
    assert client.get(link_in(mails), {"answer": answer, "text": "Yes"}).status_code == 200
    assert Confirmation.objects.get().answer == "waiting"
    client.post(link_in(mails), {"answer": answer, "text": "Yes"})
    assert Confirmation.objects.get().answer != "waiting"


def test_the_advisor_confirms_by_the_link_without_an_account(client, row, mails):
    client.post(f"{PAGE}advisor/", ADVISOR)
    (mail,) = mails.messages
    assert mail.recipient == "augusta@poly.example"
    for words in ("Ada Lovelace", "PhD student", "Poly"):
        assert words in mail.body_text
    client.logout()
    link = link_in(mails)
    page = client.get(link).text
    assert "Ada Lovelace" in page
    assert "I would learn a lot" not in page
    assert "You answered" in client.post(link, {"answer": "yes", "text": "A good one."}, follow=True).text
    confirmation = Confirmation.objects.get()
    assert (confirmation.answer, confirmation.note) == ("confirmed", "A good one.")
    assert "has confirmed" in mails.to(row.user.email, "travel.advisor_answered")[0].body_text
    assert "A good one" not in mails.messages[-1].body_text


def test_an_answer_is_given_once(client, row, mails):
    client.post(f"{PAGE}advisor/", ADVISOR)
    link = link_in(mails)
    client.post(link, {"answer": "no"})
    client.post(link, {"answer": "yes"})
    assert Confirmation.objects.get().answer == "denied"
    assert len(mails.to(row.user.email)) == 1


@pytest.mark.parametrize("spoilt", ["token", "edition", "person"])
def test_a_link_that_is_not_the_mailed_one_opens_nothing(client, row, mails, spoilt):
    client.post(f"{PAGE}advisor/", ADVISOR)
    link = link_in(mails)
    other = ApplicationFactory(edition=row.edition)
    EditionFactory(slug="elsewhere")
    link = {
        "token": f"{link[:-2]}0/" if link[-2] != "0" else f"{link[:-2]}1/",
        "edition": link.replace("iclr2025", "elsewhere"),
        "person": link.replace(row.public_id, other.public_id),
    }[spoilt]
    assert client.get(link).status_code == 404
    assert client.post(link, {"answer": "yes"}).status_code == 404
    assert Confirmation.objects.get().answer == "waiting"


def test_another_advisor_gets_another_link_and_the_first_ends(client, row, mails):
    client.post(f"{PAGE}advisor/", ADVISOR)
    first = link_in(mails)
    client.post(f"{PAGE}advisor/", {"name": "Charles", "email": "charles@poly.example"})
    assert client.get(first).status_code == 404
    assert client.get(link_in(mails)).status_code == 200


def test_nobody_is_pestered_through_us(client, row, mails):
    for _ in range(4):
        response = client.post(f"{PAGE}advisor/", ADVISOR)
    assert "asked 3 times" in response.text
    assert len(mails.messages) == 3
    assert len({link_in(mails)}) == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email": "own"}, "your own address"),
        ({"name": "Buy at www.spam.example"}, "without links"),
        ({"email": "nonsense"}, "valid email"),
    ],
)
def test_a_request_that_is_none_is_refused_in_words(client, row, change, words):
    change = {name: row.user.email if value == "own" else value for name, value in change.items()}
    response = client.post(f"{PAGE}advisor/", {**ADVISOR, **change})
    assert response.status_code == 422
    assert words in response.text


def test_the_secret_link_is_in_nobodys_outbox(client, edition, row, mails):
    officer = Viewer.of(officer_of(edition), edition, NOW)
    client.post(f"{PAGE}advisor/", ADVISOR)
    Application.objects.update(state="submitted", submitted_at=NOW)
    assert not seen_by(officer).exists()
    client.post(link_in(mails), {"answer": "yes"})
    assert [mail.event for mail in seen_by(officer)] == ["travel.advisor_answered"]


def test_an_advisor_does_not_judge_their_own_student(client, edition, row, mails):
    advisor = officer_of(edition)
    actions.ask_advisor(row, name=advisor.name, email=advisor.email, by=theirs(row))
    Application.objects.update(state="submitted", submitted_at=NOW)
    client.force_login(advisor)
    text = client.get(f"/iclr2025/grants/{row.public_id}/").text
    assert "another grants officer answers" in text
    assert "I would learn a lot" not in text


def test_a_withdrawn_application_needs_no_proof(client, row, mails):
    client.post(f"{PAGE}advisor/", ADVISOR)
    Application.objects.update(state="withdrawn")
    assert "no longer considered" in client.get(link_in(mails)).text
    assert "nothing needs to be proved" in upload(client).text


def test_the_page_says_when_our_mail_came_back(client, row, mails):
    client.post(f"{PAGE}advisor/", ADVISOR)
    message = mails.messages[0]
    message.state = "failed"
    message.save()
    assert "Our mail came back" in client.get(PAGE).text
    assert "our mail to Augusta Byron came back" in client.get("/iclr2025/travel/application/").text
