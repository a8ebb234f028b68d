"""Meta-reviews: asked of one reviewer, read by the others once submitted, by authors after the release."""

import pytest
from django.urls import reverse

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import RoleFactory, UserFactory
from reviews import actions
from reviews.announcing import duties
from reviews.models import MetaReview
from reviews.queries.summing import meta_review_of
from reviews.queries.writing import named_in_reviews
from reviews.tests.factories import ConflictFactory
from reviews.tests.test_discussing import as_reviewer, row, seat_of
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.usefixtures("mails")


@pytest.fixture
def seats(stage):
    type(stage.track).objects.update(has_meta_review=True)
    paper = SubmissionFactory(track=stage.track, title="Clouds", authors=1)
    return [seat_of(paper, "K", "Kestrelname"), seat_of(paper, "Q", "Quailname"), seat_of(paper, "M", state="draft")]


@pytest.fixture
def paper(seats):
    return seats[0].submission


@pytest.fixture
def asked(stage, seats, paper):
    return actions.ask_for_meta_review(row(stage.chair, paper), seats[0].public_id, by=stage.chair)


def url(name, thing):
    return reverse(f"reviews:{name}", args=["iclr2025", thing.public_id])


def write(stage, seat, text="They agree.", recommendation="accepted", revision=0, submit=True):
    viewer = as_reviewer(stage, seat)
    return actions.sum_up(
        row(viewer, seat.submission), text, recommendation, revision=revision, submit=submit, by=viewer
    )  # fmt: skip


def read(viewer, paper):
    return meta_review_of(viewer, row(viewer, paper))


def test_one_reviewer_is_asked_by_a_mail_that_names_nothing(stage, asked, seats, mails):
    (mail,) = mails.to(seats[0].reviewer.user.email, "reviews.meta_review_asked")
    assert "Clouds" not in mail.subject + mail.body_text
    with pytest.raises(NotAllowed, match="asked for it already"):
        actions.ask_for_meta_review(row(stage.chair, seats[0].submission), seats[1].public_id, by=stage.chair)


def test_only_a_reviewer_whose_review_is_in_can_be_asked(stage, seats, paper):
    for pid in (seats[2].public_id, "nonsense"):
        with pytest.raises(NotAllowed, match="own review is in"):
            actions.ask_for_meta_review(row(stage.chair, paper), pid, by=stage.chair)


def test_a_draft_is_the_writers_alone_and_organisers_see_that_it_is_asked_for(stage, asked, seats, paper):
    write(stage, seats[0], "Half", submit=False)
    found = read(stage.chair, paper)
    assert (found.text, found.writer, found.submitted_at) == (None, "Kestrelname", None)
    assert read(as_reviewer(stage, seats[1]), paper) is None
    assert read(as_reviewer(stage, seats[0]), paper).text == "Half"


def test_once_submitted_reviewers_read_it_under_its_letter_and_without_the_recommendation(stage, asked, seats, paper):
    write(stage, seats[0])
    found = read(as_reviewer(stage, seats[1]), paper)
    assert (found.text, found.pseudonym, found.writer, found.recommendation) == ("They agree.", "K", None, None)
    chairs = read(stage.chair, paper)
    assert (chairs.recommendation, chairs.writer) == ("accepted", "Kestrelname")
    assert read(as_reviewer(stage, seats[2]), paper) is None


def test_authors_read_it_after_the_release_without_names(stage, asked, seats, paper):
    write(stage, seats[0])
    author = stage.viewer(paper.created_by)
    assert read(author, paper) is None
    actions.decide([row(stage.chair, paper)], outcome="rejected", by=stage.chair)
    actions.release_decisions(stage.edition, by=stage.chair)
    found = read(stage.viewer(paper.created_by), paper)
    assert (found.text, found.writer, found.recommendation) == ("They agree.", None, None)
    page = stage.client(paper.created_by).get(reverse("submissions:detail", args=["iclr2025", paper.public_id])).text
    assert "They agree." in page
    assert "Kestrelname" not in page
    with pytest.raises(NotAllowed, match="stays as it is"):
        write(stage, seats[0], revision=1)


def test_an_organiser_in_conflict_learns_nothing(stage, asked, seats, paper):
    write(stage, seats[0])
    other = RoleFactory(edition=stage.edition).user
    ConflictFactory(user=other, submission=paper)
    assert list(MetaReview.objects.seen_by(stage.viewer(other))) == []
    assert stage.client(other).post(url("ask_for_meta_review", paper), {"verb": "back"}).status_code == 404


def test_it_is_written_in_the_browser(stage, asked, seats, paper):
    client, address = stage.client(seats[0].reviewer.user), url("sum_up", seats[0])
    assert "Weak, says Q." in client.get(address).text
    page = client.post(address, {"text": "They agree.", "revision": "0", "submit": "1"})
    assert page.status_code == 422
    assert "They agree." in page.text
    client.post(address, {"text": "They agree.", "recommendation": "rejected", "revision": "0", "submit": "1"})
    assert MetaReview.objects.get().recommendation == "rejected"
    assert "They agree." in stage.client(stage.organiser).get(url("paper", paper)).text
    assert "They agree." in stage.client(seats[1].reviewer.user).get(url("review", seats[1])).text


def test_of_two_tabs_none_overwrites_the_other(stage, asked, seats):
    client, address = stage.client(seats[0].reviewer.user), url("sum_up", seats[0])
    client.post(address, {"text": "First", "revision": "0"})
    page = client.post(address, {"text": "Second", "revision": "0"})
    assert page.status_code == 409
    assert "First" in page.text
    assert "Second" in page.text
    assert MetaReview.objects.get().text == "First"


def test_once_submitted_it_cannot_be_emptied(stage, asked, seats):
    write(stage, seats[0])
    with pytest.raises(NotAllowed, match="Write a text"):
        write(stage, seats[0], "", revision=1, submit=False)


def test_it_is_asked_and_taken_back_by_buttons(stage, seats, paper):
    client = stage.client(stage.organiser)
    assert "Meta-review by" in client.get(url("paper", paper)).text
    client.post(url("ask_for_meta_review", paper), {"assignment": seats[1].public_id})
    assert MetaReview.objects.get().assignment == seats[1]
    client.post(url("ask_for_meta_review", paper), {"verb": "back"})
    assert not MetaReview.objects.exists()


def test_it_is_a_duty_until_it_is_submitted(stage, asked, seats):
    def titles():
        return [each.title for each in duties(as_reviewer(stage, seats[0])) if "Sum up" in each.title]

    assert titles() == ["Sum up the reviews of “Clouds”"]
    write(stage, seats[0])
    assert titles() == []


def test_a_name_in_it_is_pointed_out_before_the_release(stage, asked, seats, paper):
    member = seats[1].reviewer
    type(member.user).objects.filter(pk=member.user_id).update(name="Quail Surname")
    write(stage, seats[0], "As Quail Surname says.")
    assert named_in_reviews(stage.chair, [paper.pk]) == {paper.pk: ["Quail Surname"]}


def test_nobody_else_finds_the_page_and_a_track_without_has_none(stage, asked, seats, paper):
    for person in (seats[1].reviewer.user, stage.organiser, UserFactory()):
        assert stage.client(person).get(url("sum_up", seats[0])).status_code in (403, 404)
    assert stage.client(seats[1].reviewer.user).get(url("sum_up", seats[1])).status_code == 404
    type(stage.track).objects.update(has_meta_review=False)
    assert stage.client(seats[0].reviewer.user).get(url("sum_up", seats[0])).status_code == 404
    with pytest.raises(NotAllowed, match="no meta-reviews"):
        actions.ask_for_meta_review(row(stage.chair, paper), seats[0].public_id, by=stage.chair)
