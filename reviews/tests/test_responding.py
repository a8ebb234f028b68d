"""Author response: when authors read reviews before the decision, and who reads their answer."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from ml4rs.editions.models import Edition, Extension, Milestone
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import EditionFactory, MilestoneFactory, RoleFactory, UserFactory
from reviews import actions
from reviews.announcing import duties
from reviews.models import Response, Review
from reviews.queries.responding import response_of, rounds
from reviews.queries.reviews import reviews_of
from reviews.reminding import answer_later, may_still_answer, who_may_answer
from reviews.tests.factories import ConflictFactory
from reviews.tests.test_discussing import as_reviewer, row, seat_of
from submissions.models import Submission
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.usefixtures("mails")

UNTIL = datetime(2025, 3, 1, 11, 59, 59, tzinfo=UTC)
LATER = datetime(2025, 3, 1, 13, tzinfo=UTC)


@pytest.fixture
def paper(stage):
    type(stage.track).objects.update(has_author_response=True)
    MilestoneFactory(edition=stage.edition, kind="response", instant=UNTIL)
    paper = SubmissionFactory(track=stage.track, title="Clouds", authors=2)
    seat_of(paper, "K", "Kestrelname")
    return paper


@pytest.fixture
def author(stage, paper):
    return stage.viewer(paper.created_by)


@pytest.fixture
def shown(stage, paper):
    stage.track.refresh_from_db()
    actions.show_reviews(stage.track, by=stage.chair)
    return paper


def url(name, *arguments):
    return reverse(f"reviews:{name}", args=["iclr2025", *arguments])


def send(stage, paper, text="We add the table.", revision=0):
    viewer = stage.viewer(paper.created_by)
    return actions.send_response(row(viewer, paper), text, revision=revision, by=viewer)


# --- Showing the reviews -------------------------------------------------------------------------------------


def test_the_switch_alone_shows_authors_nothing(stage, paper, author):
    assert reviews_of(author, row(author, paper)) == []
    assert stage.client(paper.created_by).get(url("respond", paper.public_id)).status_code == 404


def test_once_shown_authors_read_what_is_for_them_and_no_decision(stage, shown, author):
    actions.decide([row(stage.chair, shown)], outcome="rejected", by=stage.chair)
    page = stage.client(shown.created_by).get(url("respond", shown.public_id)).text
    assert "Weak, says K." in page
    assert "Secret of K." not in page
    assert "Kestrelname" not in page
    detail = stage.client(shown.created_by).get(reverse("submissions:detail", args=["iclr2025", shown.public_id])).text
    assert "Weak, says K." in detail
    assert "Answer the reviews" in detail
    assert "Not accepted" not in detail


def test_each_author_gets_one_mail_and_a_second_click_sends_none(stage, shown, mails):
    stage.track.refresh_from_db()
    assert actions.show_reviews(stage.track, by=stage.chair) == []
    sent = [each for each in mails.messages if each.event == "reviews.reviews_shown"]
    assert {each.recipient for each in sent} == set(shown.authorships.values_list("email", flat=True))
    assert len(sent) == 2


def test_a_late_review_waits_until_reviews_are_shown_again(stage, shown, author, at):
    with at(stage.chair.now + timedelta(hours=1)):
        late = seat_of(shown, "Q")
        Review.objects.filter(assignment=late).update(submitted_at=stage.chair.now)
        viewer = stage.viewer(shown.created_by)
        assert [each.pseudonym for each in reviews_of(viewer, row(viewer, shown))] == ["K"]
        assert actions.show_reviews(stage.track, by=stage.chair) == [shown.public_id]
        viewer = stage.viewer(shown.created_by)
        assert [each.pseudonym for each in reviews_of(viewer, row(viewer, shown))] == ["K", "Q"]


def test_the_release_shows_all_reviews_at_once(stage, shown, author, at):
    with at(stage.chair.now + timedelta(hours=1)):
        late = seat_of(shown, "Q")
        Review.objects.filter(assignment=late).update(submitted_at=stage.chair.now)
        actions.decide([row(stage.chair, shown)], outcome="rejected", by=stage.chair)
        actions.release_decisions(stage.edition, by=stage.chair)
        viewer = stage.viewer(shown.created_by)
        assert [each.pseudonym for each in reviews_of(viewer, row(viewer, shown))] == ["K", "Q"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda stage: type(stage.track).objects.update(has_author_response=False), "do not respond"),
        (lambda stage: Milestone.objects.filter(kind="response").delete(), "set the date"),
        (lambda stage: Milestone.objects.filter(kind="response").update(instant=None), "set the date"),
        (
            lambda stage: Milestone.objects.filter(kind="response").update(instant=datetime(2025, 2, 1, tzinfo=UTC)),
            "is over",
        ),
    ],
)
def test_without_a_date_ahead_nothing_is_shown(stage, paper, change, words):
    change(stage)
    stage.track.refresh_from_db()
    with pytest.raises(NotAllowed, match=words):
        actions.show_reviews(stage.track, by=stage.chair)
    page = stage.client(stage.organiser).post(url("responses"), {"track": "papers"}, follow=True)
    assert words in page.text
    assert Submission.objects.get(pk=paper.pk).reviews_shown_at is None


def test_the_page_says_what_will_happen_and_does_it(stage, paper):
    bare = SubmissionFactory(track=stage.track, title="Without reviews", authors=1)
    seat_of(paper, "Q", state="draft")
    client = stage.client(stage.organiser)
    page = client.get(url("responses")).text
    assert "Show the reviews of 1 paper" in page
    assert "1 with reviews still missing" in page
    assert "Without any review: 1" in page
    assert client.post(url("responses"), {"track": "papers"}, follow=True).status_code == 200
    assert Submission.objects.get(pk=paper.pk).reviews_shown_at is not None
    assert Submission.objects.get(pk=bare.pk).reviews_shown_at is None


def test_the_page_counts_no_paper_in_conflict(stage, paper):
    other = RoleFactory(edition=stage.edition).user
    ConflictFactory(user=other, submission=paper)
    assert [len(each.going) for each in rounds(stage.viewer(other))] == [0]
    assert [len(each.going) for each in rounds(stage.chair)] == [1]


@pytest.mark.parametrize("who", ["author", "reviewer", "anyone"])
def test_only_organisers_show_reviews(stage, paper, who):
    person = {
        "author": paper.created_by,
        "reviewer": paper.assignments.get().reviewer.user,
        "anyone": UserFactory(),
    }[who]
    assert stage.client(person).get(url("responses")).status_code in (403, 404)
    with pytest.raises(NotAllowed):
        actions.show_reviews(stage.track, by=stage.viewer(person))


# --- Responding ----------------------------------------------------------------------------------------------


def test_a_sent_response_is_read_by_reviewers_whose_review_is_in_and_by_organisers(stage, shown):
    waiting = seat_of(shown, "M", "Merlinname", state="draft")
    send(stage, shown)
    done = shown.assignments.get(pseudonym="K")
    for viewer in (as_reviewer(stage, done), stage.chair):
        assert response_of(viewer, row(viewer, shown)).text == "We add the table."
    viewer = as_reviewer(stage, waiting)
    assert response_of(viewer, row(viewer, shown)) is None
    page = stage.client(done.reviewer.user).get(url("review", done.public_id)).text
    assert "We add the table." in page
    assert "We add the table." in stage.client(stage.organiser).get(url("paper", shown.public_id)).text
    assert "We add the table." not in stage.client(waiting.reviewer.user).get(url("review", waiting.public_id)).text


def test_reviewers_do_not_learn_who_wrote_it(stage, shown):
    send(stage, shown)
    done = shown.assignments.get(pseudonym="K")
    viewer = as_reviewer(stage, done)
    found = response_of(viewer, row(viewer, shown))
    assert (found.writer, found.sent_at, found.draft) == (None, None, None)
    assert response_of(stage.chair, row(stage.chair, shown)).writer == shown.created_by.name


def test_a_draft_is_the_authors_alone(stage, shown, author):
    actions.save_response(row(author, shown), "Half a sentence", revision=0, by=author)
    done = shown.assignments.get(pseudonym="K")
    for viewer in (as_reviewer(stage, done), stage.chair):
        assert response_of(viewer, row(viewer, shown)) is None
    assert response_of(author, row(author, shown)).draft == "Half a sentence"


def test_changes_are_read_once_they_are_sent(stage, shown, author):
    send(stage, shown, "First.")
    actions.save_response(row(author, shown), "Second.", revision=1, by=author)
    assert response_of(stage.chair, row(stage.chair, shown)).text == "First."
    send(stage, shown, "Second.", revision=2)
    assert response_of(stage.chair, row(stage.chair, shown)).text == "Second."


def test_reviewers_hear_of_the_first_one_only_and_read_nothing_in_the_mail(stage, shown, mails):
    seat_of(shown, "M", state="draft")
    send(stage, shown)
    send(stage, shown, "Changed.", revision=1)
    told = [each for each in mails.messages if each.event == "reviews.response_in"]
    assert [each.recipient for each in told] == [shown.assignments.get(pseudonym="K").reviewer.user.email]
    assert "Clouds" not in told[0].subject + told[0].body_text
    assert "table" not in told[0].body_text


def test_too_many_words_are_refused_and_kept(stage, shown):
    type(stage.track).objects.update(response_words=3)
    client = stage.client(shown.created_by)
    page = client.post(url("respond", shown.public_id), {"text": "One two three four", "revision": "0", "send": "1"})
    assert page.status_code == 422
    assert "at most 3" in page.text
    assert "One two three four" in page.text
    assert client.post(url("respond", shown.public_id), {"text": "One two three", "revision": "0", "send": "1"}).url
    assert Response.objects.get().sent_text == "One two three"


def test_a_response_that_names_an_author_is_not_sent_by_accident(stage, shown):
    name = shown.authorships.first().name
    client = stage.client(shown.created_by)
    typed = {"text": f"As {name} says.", "revision": "0", "send": "1"}
    page = client.post(url("respond", shown.public_id), typed)
    assert page.status_code == 422
    assert "names" in page.text
    assert not Response.objects.exists()
    client.post(url("respond", shown.public_id), typed | {"meant": "1"})
    assert Response.objects.get().sent_at is not None


def test_of_two_tabs_none_overwrites_the_other(stage, shown):
    client = stage.client(shown.created_by)
    client.post(url("respond", shown.public_id), {"text": "From the first", "revision": "0"})
    page = client.post(url("respond", shown.public_id), {"text": "From the second", "revision": "0"})
    assert page.status_code == 409
    assert "From the first" in page.text
    assert "From the second" in page.text
    assert Response.objects.get().text == "From the first"


def test_saved_while_typing(stage, shown):
    client = stage.client(shown.created_by)
    address = url("respond", shown.public_id)
    answer = client.post(address, {"text": "Two words", "revision": "0"}, headers={"HX-Request": "true"})
    assert "2 words" in answer.text
    assert 'value="1"' in answer.text
    again = client.post(address, {"text": "Three", "revision": "0"}, headers={"HX-Request": "true"})
    assert "saved by a co-author" in again.text


def test_signed_out_while_typing_nothing_is_lost(stage, shown):
    client = stage.client(None)
    address = url("respond", shown.public_id)
    assert client.post(address, {"text": "My long answer", "revision": "0"}).status_code == 302
    client.force_login(shown.created_by)
    assert "My long answer" in client.get(address).text


def test_after_the_date_it_is_over_unless_this_paper_has_more_time(stage, shown, at):
    with at(LATER):
        with pytest.raises(NotAllowed, match="time for responses is over"):
            send(stage, shown)
        due = Milestone.objects.get(kind="response")
        Extension.objects.create(
            milestone=due, about=shown.public_id, until=LATER + timedelta(days=1), reason="Ill",
            granted_by=stage.organiser, granted_at=LATER,
        )  # fmt: skip
        assert send(stage, shown).sent_at == LATER


def test_after_the_release_it_stays_as_it_was(stage, shown):
    send(stage, shown)
    actions.decide([row(stage.chair, shown)], outcome="rejected", by=stage.chair)
    actions.release_decisions(stage.edition, by=stage.chair)
    with pytest.raises(NotAllowed, match="stays as you sent it"):
        send(stage, shown, "Too late", revision=1)
    page = stage.client(shown.created_by).get(url("respond", shown.public_id)).text
    assert "We add the table." in page
    assert "Send response" not in page


def test_nobody_else_answers(stage, shown):
    for person in (stage.organiser, shown.assignments.get().reviewer.user, UserFactory()):
        assert stage.client(person).get(url("respond", shown.public_id)).status_code == 404
        assert stage.client(person).post(url("respond", shown.public_id), {"text": "x"}).status_code == 404
    with pytest.raises(NotAllowed, match="Only the authors"):
        actions.save_response(row(stage.chair, shown), "x", revision=0, by=stage.chair)


# --- Duties and reminders ------------------------------------------------------------------------------------


def test_the_duty_is_open_until_something_is_sent(stage, shown):
    def states():
        return [each.state for each in duties(stage.viewer(shown.created_by)) if "Answer the reviews" in each.title]

    assert states() == ["open"]
    send(stage, shown)
    assert states() == ["done"]


def test_those_without_a_response_are_reminded(stage, paper):
    due = Milestone.objects.get(kind="response")
    now = stage.chair.now
    assert list(may_still_answer(due, now)) == []
    stage.track.refresh_from_db()
    actions.show_reviews(stage.track, by=stage.chair)
    assert {each.about for each in may_still_answer(due, now)} == {paper.public_id}
    assert {each.url.rpartition("/iclr2025/")[2] for each in may_still_answer(due, now)} == {
        f"submissions/{paper.public_id}/response/"
    }
    assert len(list(who_may_answer(due, now))) == 2
    send(stage, paper)
    assert list(may_still_answer(due, now)) == []


def test_whoever_has_more_time_is_reminded_of_that_date(stage, shown):
    due = Milestone.objects.get(kind="response")
    until = UNTIL + timedelta(days=2)
    Extension.objects.create(
        milestone=due, about=shown.public_id, until=until, reason="Ill", granted_by=stage.organiser, granted_at=UNTIL
    )
    assert list(may_still_answer(due, stage.chair.now)) == []
    assert {each.due for each in answer_later(stage.chair.now)} == {until}


def test_another_edition_is_left_alone(stage, shown):
    other = EditionFactory(slug="iclr2026")
    due = MilestoneFactory(edition=other, kind="response", instant=UNTIL)
    assert list(may_still_answer(due, stage.chair.now)) == []
    assert Edition.objects.count() == 2


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_costs_the_same_whatever_the_number_of_papers(stage, paper, cost_of, number):
    for _ in range(number):
        seat_of(SubmissionFactory(track=stage.track, authors=1), "A")
    client = stage.client(stage.organiser)
    client.get(url("responses"))
    with cost_of() as cost:
        assert client.get(url("responses")).status_code == 200
    assert cost.queries == 12


def test_the_authors_page_costs_nine_queries(stage, shown, cost_of):
    client = stage.client(shown.created_by)
    client.get(url("respond", shown.public_id))
    with cost_of() as cost:
        assert client.get(url("respond", shown.public_id)).status_code == 200
    assert cost.queries == 9
