"""The discussion of a paper: who takes part, under which name, and what mails tell."""

import pytest
from django.core import mail
from django.urls import reverse

from ml4rs.audit.models import Entry
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import EditionFactory, RoleFactory, UserFactory
from ml4rs.editions.viewer import Viewer
from reviews import actions
from reviews.announcing import duties
from reviews.models import Answer, Assignment, Discussion, Field, Post, Review
from reviews.queries.discussing import quoted, thread
from reviews.queries.papers import judged, narrowed
from reviews.tests.factories import AssignmentFactory, ConflictFactory, ReviewerFactory
from submissions.models import Submission
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.usefixtures("mails")


@pytest.fixture
def paper(stage):
    return SubmissionFactory(track=stage.track, title="Clouds", authors=1)


def seat_of(paper, letter, name="", state="submitted"):
    """A reviewer of the paper with a review in this state."""
    person = UserFactory(name=name or f"Person {letter}")
    reviewer = ReviewerFactory(edition=paper.edition, user=person)
    seat = AssignmentFactory(submission=paper, reviewer=reviewer, pseudonym=letter)
    form = actions.ensure_forms(paper.track)
    at = reviewer.invited_at
    submitted = {"submitted_at": at} if state == "submitted" else {}
    review = Review.objects.create(assignment=seat, form=form, state=state, created_at=at, updated_at=at, **submitted)
    Answer.objects.create(review=review, field=form.fields.get(key="weaknesses"), text=f"Weak, says {letter}.\nYes.")
    Answer.objects.create(review=review, field=form.fields.get(key="confidential"), text=f"Secret of {letter}.")
    Answer.objects.create(review=review, field=form.fields.get(key="overall"), number=3)
    return seat


@pytest.fixture
def seats(paper):
    return [seat_of(paper, "K", "Kestrelname"), seat_of(paper, "Q", "Quailname")]


def row(viewer, paper):
    return Submission.objects.seen_by(viewer).select_related("track", "edition").get(pk=paper.pk)


def as_reviewer(stage, seat):
    return stage.viewer(seat.reviewer.user)


@pytest.fixture
def opened(stage, paper, seats):
    actions.open_discussions([row(stage.chair, paper)], by=stage.chair)
    return Discussion.objects.get()


def say(stage, seat, text="I agree.", **more):
    viewer = as_reviewer(stage, seat)
    return actions.post(row(viewer, seat.submission), text, by=viewer, **more)


def url(name, *arguments):
    return reverse(f"reviews:{name}", args=["iclr2025", *arguments])


# --- Who takes part ------------------------------------------------------------------------------------------


def test_reviewers_talk_under_their_letters_and_organisers_as_organisers(stage, paper, seats, opened):
    say(stage, seats[0])
    actions.post(row(stage.chair, paper), "Please settle it.", by=stage.chair)
    page = stage.client(seats[1].reviewer.user).get(url("discussion", seats[1].public_id)).text
    assert "Reviewer K" in page
    assert "I agree." in page
    assert "Please settle it." in page
    assert "Kestrelname" not in page
    assert stage.organiser.name not in page


def test_organisers_read_who_speaks(stage, paper, seats, opened):
    say(stage, seats[0])
    page = stage.client(stage.organiser).get(url("chairs_discussion", paper.public_id)).text
    assert "Kestrelname" in page


def test_before_the_own_review_is_in_there_is_no_discussion(stage, paper, seats, opened):
    say(stage, seats[0])
    late = seat_of(paper, "M", state="draft")
    assert stage.client(late.reviewer.user).get(url("discussion", late.public_id)).status_code == 404
    assert thread(as_reviewer(stage, late), row(as_reviewer(stage, late), paper)) == []
    with pytest.raises(NotAllowed, match="whose own review is in"):
        say(stage, late)


@pytest.mark.parametrize("who", ["author", "committee", "conflicted", "anyone"])
def test_nobody_else_finds_it(stage, paper, seats, opened, who):
    say(stage, seats[0])
    person = {
        "author": lambda: paper.created_by,
        "committee": lambda: ReviewerFactory(edition=stage.edition).user,
        "conflicted": lambda: ConflictFactory(user=RoleFactory(edition=stage.edition).user, submission=paper).user,
        "anyone": lambda: UserFactory(),
    }[who]()
    client = stage.client(person)
    assert client.get(url("chairs_discussion", paper.public_id)).status_code in (403, 404)
    assert client.get(url("discussion", seats[0].public_id)).status_code in (403, 404)
    assert list(Post.objects.seen_by(stage.viewer(person))) == []


def test_a_track_without_discussion_has_none(stage, paper, seats):
    type(stage.track).objects.update(has_discussion=False)
    assert stage.client(stage.organiser).get(url("chairs_discussion", paper.public_id)).status_code == 404
    with pytest.raises(NotAllowed, match="no discussion"):
        actions.open_discussions([row(stage.chair, paper)], by=stage.chair)


def test_an_organiser_who_reviews_the_paper_speaks_under_the_letter(stage, paper, opened):
    seat = seat_of(paper, "Z")
    RoleFactory(edition=stage.edition, user=seat.reviewer.user)
    assert say(stage, seat).assignment == seat


# --- When ----------------------------------------------------------------------------------------------------


def test_nothing_is_said_before_it_is_opened_or_after_it_is_closed(stage, paper, seats):
    with pytest.raises(NotAllowed, match="has to open"):
        say(stage, seats[0])
    actions.open_discussions([row(stage.chair, paper)], by=stage.chair)
    say(stage, seats[0])
    actions.close_discussions([row(stage.chair, paper)], by=stage.chair)
    with pytest.raises(NotAllowed, match="closed"):
        say(stage, seats[0])
    assert len(thread(stage.chair, row(stage.chair, paper))) == 1
    assert actions.open_discussions([row(stage.chair, paper)], by=stage.chair) == 1


def test_after_the_release_it_can_be_read_only(stage, paper, seats, opened):
    say(stage, seats[0])
    Submission.objects.update(outcome="rejected", released_at=opened.opened_at)
    with pytest.raises(NotAllowed, match="released"):
        say(stage, seats[0])
    assert "I agree." in stage.client(seats[0].reviewer.user).get(url("discussion", seats[0].public_id)).text


def test_organisers_open_and_close_many_at_once(stage, paper, seats):
    client = stage.client(stage.organiser)
    other = SubmissionFactory(track=stage.track)
    ticked = {"paper": [paper.public_id, other.public_id], "verdict": ""}
    client.post(url("decide"), {**ticked, "verb": "discuss"})
    assert Discussion.objects.filter(closed_at=None).count() == 2
    client.post(url("decide"), {**ticked, "verb": "end_discussion"})
    assert Discussion.objects.filter(closed_at=None).count() == 0


# --- What is said --------------------------------------------------------------------------------------------


def test_a_second_click_says_it_once(stage, seats, opened):
    client = stage.client(seats[0].reviewer.user)
    for _ in range(2):
        client.post(url("discussion", seats[0].public_id), {"text": "Once.", "nonce": "abcdefgh2345"})
    assert Post.objects.count() == 1


@pytest.mark.parametrize(("text", "words"), [("  ", "Write something"), ("x" * 10_001, "at most 10,000")])
def test_what_can_not_be_said_stays_in_the_form(stage, seats, opened, text, words):
    response = stage.client(seats[0].reviewer.user).post(url("discussion", seats[0].public_id), {"text": text})
    assert response.status_code == 422
    assert words in response.text
    assert text in response.text
    assert not Post.objects.exists()


def test_an_ended_session_loses_nothing(stage, seats, opened, client):
    there = url("discussion", seats[0].public_id)
    response = client.post(there, {"text": "Long thoughts."})
    assert "/login/" in response.url
    client.force_login(seats[0].reviewer.user)
    # Signing in by force makes a session of its own; what was typed moves with the real one.
    session = client.session
    session[f"typed:discussion:{seats[0].public_id}"] = "text=Long+thoughts."
    session.save()
    assert "Long thoughts." in client.get(there).text


def test_answers_stand_below_what_they_answer(stage, paper, seats, opened):
    first = say(stage, seats[0])
    second = say(stage, seats[1], "No.", parent=first)
    say(stage, seats[0], "Yes.", parent=second)
    (top,) = thread(stage.chair, row(stage.chair, paper))
    assert [reply.text for reply in top.replies] == ["No.", "Yes."]


def test_what_is_taken_back_leaves_its_place(stage, seats, opened):
    made = say(stage, seats[0], "Too harsh.")
    other, own = stage.client(seats[1].reviewer.user), stage.client(seats[0].reviewer.user)
    other.post(url("withdraw_post", seats[1].public_id, made.public_id))
    assert "Too harsh." in own.get(url("discussion", seats[0].public_id)).text
    own.post(url("withdraw_post", seats[0].public_id, made.public_id))
    page = other.get(url("discussion", seats[1].public_id)).text
    assert "Taken back." in page
    assert "Too harsh." not in page


def test_parts_of_reviews_are_quoted_and_never_what_is_for_organisers(stage, paper, seats, opened):
    viewer = as_reviewer(stage, seats[0])
    assert quoted(viewer, row(viewer, paper), "Q:weaknesses").endswith("> Weak, says Q.\n> Yes.\n\n")
    assert quoted(viewer, row(viewer, paper), "Q:confidential") == ""
    assert quoted(stage.chair, row(stage.chair, paper), "Q:confidential") == ""


def test_others_learn_the_day_and_never_the_hour(stage, paper, seats, opened):
    say(stage, seats[0])
    viewer = as_reviewer(stage, seats[1])
    (shown,) = thread(viewer, row(viewer, paper))
    assert (shown.at, str(shown.on), shown.name) == (None, "2025-02-20", None)


def test_words_that_were_taken_back_are_read_by_nobody(stage, paper, seats, opened):
    viewer = as_reviewer(stage, seats[0])
    said = say(stage, seats[0], "Too hasty.")
    actions.withdraw_post(said, row(viewer, paper), by=viewer)
    for reader in (viewer, as_reviewer(stage, seats[1]), stage.chair):
        assert [each.text for each in thread(reader, row(reader, paper))] == [""]


def test_a_changed_score_stands_in_the_discussion(stage, paper, seats, opened):
    viewer = as_reviewer(stage, seats[0])
    own = Assignment.objects.seen_by(viewer).select_related("submission__track").get(pk=seats[0].pk)
    form = own.review.form
    values = {"summary": "S", "weaknesses": "W", "overall": 5, "soundness": None}
    actions.submit_review(own, form, values, revision=1, by=viewer)
    (made,) = Post.objects.all()
    assert (made.kind, made.assignment) == ("change", seats[0])
    assert made.text.endswith("3 → 5")


def test_a_score_for_organisers_alone_is_told_to_nobody_when_it_changes(stage, paper, seats, opened):
    viewer = as_reviewer(stage, seats[0])
    Field.objects.filter(form=seats[0].review.form, key="overall").update(audience="organisers")
    own = Assignment.objects.seen_by(viewer).select_related("submission__track").get(pk=seats[0].pk)
    actions.submit_review(own, own.review.form, {"weaknesses": "W", "overall": 5}, revision=1, by=viewer)
    assert not Post.objects.exists()


def test_where_reviewers_never_read_reviews_they_read_no_changed_score(stage, paper, seats, opened):
    Post.objects.create(
        submission=paper, writer=seats[0].reviewer.user, assignment=seats[0], kind="change", text="Overall: 3 → 5",
        created_at=opened.opened_at,
    )  # fmt: skip
    viewer = as_reviewer(stage, seats[1])
    assert [each.text for each in thread(viewer, row(viewer, paper))] == ["Overall: 3 → 5"]
    type(stage.track).objects.update(reviewers_see_reviews=False)
    assert thread(viewer, row(viewer, paper)) == []
    assert len(thread(stage.chair, row(stage.chair, paper))) == 1


# --- Mails and lists -----------------------------------------------------------------------------------------


def test_mails_reveal_neither_paper_nor_words_nor_names(stage, seats, opened, mails, run_outbox):
    say(stage, seats[0], "Confidential thought, @Q?")
    run_outbox()
    assert [each.event for each in mails.messages] == [
        "reviews.discussion_opened",
        "reviews.discussion_opened",
        "reviews.mentioned",
    ]
    others = {seats[0].reviewer.user.email: "Quailname", seats[1].reviewer.user.email: "Kestrelname"}
    for each in mail.outbox:
        for secret in ("Clouds", "Confidential thought", others[each.message().get("To").split("<")[-1].strip(">")]):
            assert secret not in each.subject + each.body


def test_there_is_one_mail_a_day_for_all_that_was_said(stage, seats, opened, mails):
    for number in range(3):
        say(stage, seats[0], f"Thought {number}.")
    news = [each for each in mails.messages if each.event == "reviews.discussion_news"]
    assert [each.recipient for each in news] == [seats[1].reviewer.user.email]


@pytest.mark.parametrize("why", ["conflict", "removed"])
def test_who_may_no_longer_read_it_gets_no_mail_about_it(stage, paper, seats, opened, mails, why):
    if why == "conflict":
        ConflictFactory(user=seats[1].reviewer.user, submission=paper)
    else:
        actions.remove(seats[1].reviewer, by=stage.chair)
    before = len(mails.messages)
    say(stage, seats[0], "Hello @Q")
    assert len(mails.messages) == before


def test_it_waits_on_the_desk_of_those_who_may_take_part(stage, paper, seats, opened):
    late = seat_of(paper, "M", state="draft")
    assert "Discuss “Clouds”" in [each.title for each in duties(as_reviewer(stage, seats[0]))]
    assert not any("Discuss" in each.title for each in duties(as_reviewer(stage, late)))


def test_the_table_knows_what_is_discussed(stage, paper, seats, opened):
    say(stage, seats[0])
    (found,) = narrowed(judged(stage.chair), {"discussion": "open"})
    assert (found.discussed, found.said) == ("open", 1)
    assert not narrowed(judged(stage.chair), {"discussion": "closed"})


def test_what_happened_is_recorded(stage, paper, seats, opened):
    say(stage, seats[0])
    assert set(Entry.objects.values_list("verb", flat=True)) >= {"discussion.opened", "discussion.posted"}


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_costs_the_same_for_one_word_and_for_many(stage, seats, opened, cost_of, count):
    for number in range(count):
        say(stage, seats[number % 2], f"Thought {number}.")
    client = stage.client(seats[0].reviewer.user)
    with cost_of() as cost:
        client.get(url("discussion", seats[0].public_id))
    assert cost.queries <= 13, cost.statements


def test_a_viewer_of_another_edition_sees_nothing(stage, seats, opened):
    say(stage, seats[0])
    assert list(Post.objects.seen_by(Viewer.of(stage.organiser, EditionFactory()))) == []


# --- How far it reaches --------------------------------------------------------------------------------------


@pytest.mark.parametrize("why", ["dismissed", "another paper"])
def test_a_dismissed_conflict_or_one_with_another_paper_keeps_nobody_from_the_news(stage, seats, opened, mails, why):
    if why == "dismissed":
        fields = {"submission": seats[1].submission, "dismissed_at": opened.opened_at}
    else:
        fields = {"submission": SubmissionFactory(track=stage.track)}
    ConflictFactory(user=seats[1].reviewer.user, **fields)
    say(stage, seats[0])
    assert "reviews.discussion_news" in mails.events()


def resubmit(stage, seat, revision, **values):
    viewer = as_reviewer(stage, seat)
    own = Assignment.objects.seen_by(viewer).select_related("submission__track").get(pk=seat.pk)
    answers = {"summary": "S", "weaknesses": "W", "overall": 3, **values}
    actions.submit_review(own, own.review.form, answers, revision=revision, by=viewer)


def test_only_scores_that_changed_are_told_and_a_new_one_says_that_there_was_none(stage, seats, opened):
    resubmit(stage, seats[0], 1)
    assert not Post.objects.exists()
    resubmit(stage, seats[0], 2, soundness=2)
    assert Post.objects.get().text.endswith(": none → 2")
    resubmit(stage, seats[0], 3, soundness=None)
    assert Post.objects.count() == 1


def test_without_a_discussion_a_changed_score_is_told_to_nobody(stage, seats):
    resubmit(stage, seats[0], 1, overall=6)
    assert not Post.objects.exists()


def test_one_takes_back_ones_own_comments_once_and_nothing_else(stage, paper, seats, opened):
    viewer = as_reviewer(stage, seats[0])
    mine, other = say(stage, seats[0]), say(stage, seats[0], "More.")
    resubmit(stage, seats[0], 1, overall=6)
    theirs, change = say(stage, seats[1]), Post.objects.get(kind="change")
    actions.withdraw_post(mine, row(viewer, paper), by=viewer)
    for written in (mine, theirs, change):
        with pytest.raises(NotAllowed, match="Only your own"):
            actions.withdraw_post(written, row(viewer, paper), by=viewer)
    assert Post.objects.get(withdrawn_at__isnull=False) == mine
    assert Post.objects.get(pk=other.pk).withdrawn_at is None
    assert Entry.objects.filter(verb="discussion.withdrawn").count() == 1


@pytest.mark.parametrize(("length", "is_taken"), [(10_000, True), (10_001, False)])
def test_ten_thousand_characters_are_said_at_once_and_no_more(stage, seats, opened, length, is_taken):
    if is_taken:
        assert len(say(stage, seats[0], "x" * length).text) == length
    else:
        with pytest.raises(NotAllowed, match="at most 10,000"):
            say(stage, seats[0], "x" * length)


def test_an_answer_to_another_paper_is_refused_and_answers_are_one_step_deep(stage, seats, opened):
    first = say(stage, seats[0])
    second = say(stage, seats[1], parent=first)
    assert say(stage, seats[0], parent=second).parent == first
    elsewhere = Post.objects.create(
        submission=SubmissionFactory(track=stage.track),
        writer=stage.organiser,
        text="Else",
        created_at=opened.opened_at,
    )
    with pytest.raises(NotAllowed, match="is gone"):
        say(stage, seats[0], parent=elsewhere)


def test_who_is_mentioned_is_told_at_once_and_the_others_with_the_day(stage, paper, seats, opened, mails):
    seat_of(paper, "Z")
    before = len(mails.messages)
    say(stage, seats[0], f"Do you agree, @reviewer {seats[1].pseudonym.lower()}? And @{seats[0].pseudonym}?")
    told = {each.recipient: each.event for each in mails.messages[before:]}
    assert sorted(told.values()) == ["reviews.discussion_news", "reviews.mentioned"]
    assert told[seats[1].reviewer.user.email] == "reviews.mentioned"
