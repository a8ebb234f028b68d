"""The switch for bad days: only public pages open, no mail out, reviews put back as they stood."""

from datetime import timedelta

import pytest
from django.urls import reverse

from ml4rs.audit.models import Entry
from ml4rs.editions.models import Edition
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import UserFactory
from ml4rs.notifications import reminders
from ml4rs.notifications.models import Message
from reviews import actions
from reviews.actions.committee import invitation_link
from reviews.models import Review, Snapshot
from reviews.queries.freezing import changed_since
from reviews.tests.conftest import COMPLETE
from reviews.tests.factories import ConflictFactory, ReviewerFactory
from submissions.models import Submission

pytestmark = pytest.mark.usefixtures("mails")


def url(name, *arguments):
    return reverse(name, args=["iclr2025", *arguments])


@pytest.fixture
def frozen(stage):
    return actions.freeze(stage.edition, reason="We look into a leak.", by=stage.chair)


# --- What is closed ----------------------------------------------------------------------------------------------


def test_everything_inside_is_closed_and_says_why(stage, desk, frozen):
    paper = desk.assignment.submission
    pages = {
        desk.assignment.reviewer.user: [url("reviews:desk"), desk.url("review")],
        paper.created_by: [url("submissions:detail", paper.public_id), url("editions:desk")],
        stage.organiser: [url("reviews:decisions"), url("submissions:manage"), url("editions:organise")],
        UserFactory(): [url("editions:desk")],
        None: [url("editions:desk")],
    }
    for person, addresses in pages.items():
        for address in addresses:
            answer = stage.client(person).get(address)
            assert answer.status_code == 423, (person, address)
            assert "We look into a leak." in answer.text


@pytest.mark.parametrize("name", ["home", "call", "dates", "committee", "privacy", "contact"])
def test_public_pages_stay_open(stage, frozen, name):
    assert stage.client(None).get(url(f"editions:{name}")).status_code == 200


def test_another_edition_and_ones_account_are_left_alone(stage, frozen):
    assert stage.client(stage.organiser).get("/accounts/mail/").status_code == 200


def test_organisers_keep_the_switch_the_log_and_the_mails(stage, frozen):
    client = stage.client(stage.organiser)
    for address in (
        url("reviews:freeze"), url("audit:log"), url("notifications:outbox"),
        url("notifications:write", "reviews.committee"),
    ):  # fmt: skip
        assert client.get(address).status_code == 200, address
    stranger = stage.client(UserFactory())
    for address in (url("reviews:freeze"), url("audit:log"), url("notifications:outbox")):
        assert stranger.get(address).status_code == 404, address


def test_personal_links_rest_as_well(stage, frozen):
    person = {"user": None, "name": "X", "email": "x@y.example", "role": False}
    reviewer = ReviewerFactory(edition=stage.edition, state="invited", answered_at=None, **person)
    path = "/" + invitation_link(reviewer).split("/", 3)[3]
    assert stage.client(None).get(path).status_code == 423
    assert stage.client(None).post(path, {"answer": "accept", "load": "3"}).status_code == 423
    reviewer.refresh_from_db()
    assert reviewer.state == "invited"


def test_nothing_is_stored_and_what_was_typed_waits(stage, desk, frozen):
    answer = desk.client.post(
        desk.url("save"), COMPLETE | {"revision": "0"}, headers={"Origin": "http://testserver"}
    )  # fmt: skip
    assert answer.status_code == 423
    assert "It waits for you" in answer.text
    assert not Review.objects.exists()
    assert "It removes clouds." in desk.client.get(reverse("editions:unsent")).text


def test_saving_while_typing_is_told_so(stage, desk, frozen):
    assert desk.post("save", htmx=True, **COMPLETE, revision="0").status_code == 423
    assert not Review.objects.exists()


# --- Mails -------------------------------------------------------------------------------------------------------


def test_waiting_mails_are_held_and_stay_so_until_they_are_released(stage, desk):
    actions.open_discussions([], by=stage.chair)
    Message.objects.create(
        edition=stage.edition, event="x.y", key="k", recipient="a@b.example", subject="S", body_text="B",
        state="queued", created_at=stage.chair.now, due_at=stage.chair.now, message_id="<k@ml4rs>",
    )  # fmt: skip
    actions.freeze(stage.edition, reason="Stop", by=stage.chair)
    assert Message.objects.get(key="k").state == "held"
    actions.thaw(stage.edition, by=stage.chair)
    assert Message.objects.get(key="k").state == "held"


def test_reminders_pause(stage, desk, at):
    def due():
        return [each for each in reminders.due(stage.chair.now) if each.milestone.edition_id == stage.edition.pk]

    with at(stage.edition.milestones.get(kind="review").instant - timedelta(hours=30)):
        reminders.complete_rules(stage.chair.now)
        assert due()
        Edition.objects.update(frozen_at=stage.chair.now, frozen_because="x")
        assert not due()


# --- The switch --------------------------------------------------------------------------------------------------


def test_it_is_thrown_and_taken_back_in_the_browser(stage, desk):
    client = stage.client(stage.organiser)
    assert "This field is required" in client.post(url("reviews:freeze"), {"verb": "freeze", "reason": " "}).text
    client.post(url("reviews:freeze"), {"verb": "freeze", "reason": "A leak"})
    assert stage.client(desk.assignment.reviewer.user).get(desk.url("review")).status_code == 423
    client.post(url("reviews:freeze"), {"verb": "thaw"})
    assert desk.page().status_code == 200
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert {"edition.frozen", "edition.thawed", "mail.all_held"} <= verbs


def test_a_second_click_freezes_nothing_twice(stage, frozen):
    with pytest.raises(NotAllowed, match="frozen already"):
        actions.freeze(stage.edition, reason="Again", by=stage.chair)
    actions.thaw(stage.edition, by=stage.chair)
    with pytest.raises(NotAllowed, match="not frozen"):
        actions.thaw(stage.edition, by=stage.chair)
    assert Snapshot.objects.count() == 1


def test_only_organisers_throw_it(stage, desk):
    for person in (desk.assignment.reviewer.user, UserFactory()):
        with pytest.raises(NotAllowed):
            actions.freeze(stage.edition, reason="x", by=stage.viewer(person))
        assert stage.client(person).post(url("reviews:freeze"), {"verb": "freeze", "reason": "x"}).status_code == 404
    assert Edition.objects.get(pk=stage.edition.pk).frozen_at is None


# --- Snapshot and going back -----------------------------------------------------------------------------------


@pytest.fixture
def changed(stage, desk, at):
    """A review submitted now, changed an hour later; it is two hours later."""
    start = stage.chair.now
    desk.post("submit", **COMPLETE, revision="0")
    with at(start + timedelta(hours=1)):
        desk.post("submit", **COMPLETE | {"q-overall": "1", "q-summary": "Changed."}, revision="1")
    with at(start + timedelta(hours=2)):
        yield start


def test_the_snapshot_holds_what_there_was(stage, desk, changed):
    snapshot = actions.freeze(stage.edition, reason="x", by=stage.chair)
    (kept,) = snapshot.content["reviews"]
    assert (kept["state"], kept["answers"]["summary"], kept["answers"]["overall"]) == ("submitted", "Changed.", 1)
    page = stage.client(stage.organiser).get(url("reviews:freeze")).text
    assert snapshot.digest in page
    assert "Changed." not in page


def test_reviews_go_back_to_what_they_said(stage, desk, changed):
    actions.freeze(stage.edition, reason="x", by=stage.chair)
    assert actions.roll_back(stage.edition, to=changed + timedelta(minutes=30), by=stage.chair) == 1
    assert (desk.stored("overall").number, desk.stored("summary").text) == (5, "It removes clouds.")
    assert [each.answers["overall"] for each in desk.review().versions.order_by("revision")] == [5, 1, 5]
    assert desk.review().pending is None


def test_a_review_submitted_later_becomes_a_draft_with_its_words(stage, desk, changed):
    actions.freeze(stage.edition, reason="x", by=stage.chair)
    actions.roll_back(stage.edition, to=changed - timedelta(minutes=1), by=stage.chair)
    assert (desk.review().state, desk.review().submitted_at) == ("draft", None)
    assert desk.stored("summary").text == "Changed."


def test_a_released_paper_stays_as_it_is(stage, desk, changed):
    paper = desk.assignment.submission
    Submission.objects.filter(pk=paper.pk).update(outcome="rejected", released_at=changed)
    actions.freeze(stage.edition, reason="x", by=stage.chair)
    assert actions.roll_back(stage.edition, to=changed - timedelta(minutes=1), by=stage.chair) == 0
    assert desk.review().state == "submitted"


def test_going_back_needs_stillness_and_a_past_time(stage, desk, changed):
    with pytest.raises(NotAllowed, match="Freeze the edition first"):
        actions.roll_back(stage.edition, to=changed, by=stage.chair)
    actions.freeze(stage.edition, reason="x", by=stage.chair)
    with pytest.raises(NotAllowed, match="still to come"):
        actions.roll_back(stage.edition, to=changed + timedelta(days=9), by=stage.chair)


def test_organisers_look_before_they_go_back(stage, desk, changed):
    actions.freeze(stage.edition, reason="x", by=stage.chair)
    client = stage.client(stage.organiser)
    when = f"{changed + timedelta(minutes=30):%Y-%m-%dT%H:%M}"
    page = client.post(url("reviews:freeze"), {"verb": "look", "when": when})
    assert "1 review would change; 0 of them" in page.text
    assert desk.stored("overall").number == 1
    client.post(url("reviews:freeze"), {"verb": "roll_back", "when": when})
    assert desk.stored("overall").number == 5
    assert "Enter a valid date/time" in client.post(url("reviews:freeze"), {"verb": "look", "when": "soon"}).text


def test_papers_in_conflict_are_in_no_count(stage, desk, changed):
    ConflictFactory(user=stage.organiser, submission=desk.assignment.submission)
    assert changed_since(stage.chair, changed - timedelta(minutes=1)) == (0, 0)
