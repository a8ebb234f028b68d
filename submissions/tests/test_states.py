"""From draft to submitted and on: what each verb needs, does, refuses and tells."""

from datetime import timedelta

import pytest

from ml4rs.audit.models import Entry
from ml4rs.editions.models import Milestone, Track
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import RoleFactory, UserFactory
from ml4rs.notifications.models import Message
from submissions import actions
from submissions.actions import AuthorDetails
from submissions.models import Submission
from submissions.queries.listing import Filters, listed
from submissions.tests.conftest import AFTER, BEFORE, DEADLINE, LATER, pdf_file
from submissions.tests.factories import SubmissionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails")]

BOB = AuthorDetails("Bob Zyx", "bob@zyx.example")


def sent(event: str) -> list[Message]:
    return list(Message.objects.filter(event=f"submissions.{event}").order_by("recipient"))


def verbs() -> set[str]:
    return set(Entry.objects.values_list("verb", flat=True))


def test_starting_makes_a_draft_with_its_creator_as_corresponding_author(track, author):
    draft = actions.start(track, by=author)
    [first] = draft.authorships.all()
    assert (draft.state, draft.number) == ("draft", None)
    assert (first.email, first.user, first.is_corresponding) == ("ada@quux.example", author.user, True)
    assert "submission.started" in verbs()


def test_a_closed_track_takes_no_new_draft(track, author, at):
    with pytest.raises(NotAllowed, match="deadline"):
        actions.start(track, by=at(author, AFTER))


def test_a_track_without_a_deadline_is_not_open(track, author, at):
    Milestone.objects.filter(kind="submission").delete()
    with pytest.raises(NotAllowed):
        actions.start(track, by=at(author, BEFORE))


def test_a_deadline_to_be_confirmed_is_open(track, author, at):
    Milestone.objects.filter(kind="submission").update(instant=None)
    assert actions.start(track, by=at(author, LATER)).pk


def test_submitting_draws_a_number_and_sends_a_receipt_with_the_digest(complete, author):
    actions.submit(complete, by=author)
    complete.refresh_from_db()
    assert complete.state == "submitted"
    assert 1 <= complete.number <= 300
    assert complete.submitted_at == BEFORE
    [receipt] = sent("receipt")
    assert receipt.recipient == "ada@quux.example"
    assert complete.files.get().sha256 in receipt.body_text
    assert str(complete.number) in receipt.body_text


def test_submitting_names_what_is_missing_and_changes_nothing(track, author):
    draft = actions.start(track, by=author)
    with pytest.raises(NotAllowed, match=r"A title; An abstract; .*The manuscript"):
        actions.submit(draft, by=author)
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert not sent("receipt")


def test_the_second_of_two_clicks_is_told_and_sends_no_second_receipt(complete, author):
    actions.submit(complete, by=author)
    with pytest.raises(NotAllowed, match="submitted already"):
        actions.submit(complete, by=author)
    assert len(sent("receipt")) == 1


@pytest.mark.parametrize(("late", "allowed"), [(timedelta(0), True), (timedelta(seconds=1), False)])
def test_the_gate_closes_with_the_second_of_the_deadline(complete, author, at, late, allowed):
    viewer = at(author, DEADLINE + late)
    if allowed:
        assert actions.submit(complete, by=viewer).state == "submitted"
    else:
        with pytest.raises(NotAllowed, match="deadline"):
            actions.submit(complete, by=viewer)


def test_the_grace_keeps_the_gate_open_a_little_longer(complete, author, at):
    Milestone.objects.filter(kind="submission").update(grace=timedelta(minutes=5))
    assert actions.submit(complete, by=at(author, AFTER)).state == "submitted"


def test_coauthors_are_told_once_and_the_submitter_not(complete, author):
    actions.add_author(complete, BOB, by=author)
    assert not sent("named")
    actions.submit(complete, by=author)
    actions.withdraw(complete, by=author)
    actions.revive(complete, by=author)
    assert [mail.recipient for mail in sent("named")] == ["bob@zyx.example"]


def test_somebody_added_after_submission_is_told_at_once(submitted, author):
    actions.add_author(submitted, BOB, by=author)
    assert [mail.recipient for mail in sent("named")] == ["bob@zyx.example"]


def test_a_stranger_can_do_nothing_and_learns_nothing(complete, track, viewer_of):
    stranger = viewer_of(UserFactory(), track.edition, BEFORE)
    for verb in (actions.submit, actions.withdraw, actions.revive, actions.discard):
        with pytest.raises(NotAllowed, match="does not exist"):
            verb(complete, by=stranger)


def test_a_coauthor_with_a_verified_address_may_submit(complete, author, viewer_of):
    bob = UserFactory(email=BOB.email)
    actions.add_author(complete, BOB, by=author)
    assert actions.submit(complete, by=viewer_of(bob, complete.edition, BEFORE)).state == "submitted"


def test_withdrawing_tells_all_authors_and_reviving_keeps_the_number(submitted, author):
    number = submitted.number
    actions.withdraw(submitted, by=author, reason="We found a mistake.")
    submitted.refresh_from_db()
    assert (submitted.state, submitted.state_reason) == ("withdrawn", "We found a mistake.")
    assert [mail.recipient for mail in sent("withdrawn")] == ["ada@quux.example"]
    actions.revive(submitted, by=author)
    submitted.refresh_from_db()
    assert (submitted.state, submitted.number) == ("submitted", number)


def test_withdrawing_is_possible_after_the_deadline_reviving_is_not(submitted, author, at):
    late = at(author, AFTER)
    actions.withdraw(submitted, by=late)
    with pytest.raises(NotAllowed, match="deadline"):
        actions.revive(submitted, by=late)


def test_once_decisions_are_out_a_paper_is_not_withdrawn(accepted, author, at):
    with pytest.raises(NotAllowed, match="decision"):
        actions.withdraw(accepted, by=at(author, LATER))


def test_a_draft_can_be_deleted_by_who_started_it_with_its_files(
    complete, author, viewer_of, django_capture_on_commit_callbacks
):
    stored = complete.files.get().stored
    bob = UserFactory(email=BOB.email)
    actions.add_author(complete, BOB, by=author)
    with pytest.raises(NotAllowed):
        actions.discard(complete, by=viewer_of(bob, complete.edition, BEFORE))
    assert stored.storage.exists(stored.name)
    with django_capture_on_commit_callbacks(execute=True):
        actions.discard(complete, by=author)
    assert not Submission.objects.exists()
    assert not stored.storage.exists(stored.name)
    assert "submission.discarded" in verbs()


def test_a_submitted_paper_is_never_deleted(submitted, author):
    with pytest.raises(NotAllowed, match="never submitted"):
        actions.discard(submitted, by=author)


def test_an_organiser_desk_rejects_with_a_reason_and_can_take_it_back(submitted, viewer_of):
    chair = viewer_of(RoleFactory(edition=submitted.edition).user, submitted.edition, AFTER)
    with pytest.raises(NotAllowed, match="reason"):
        actions.desk_reject(submitted, by=chair, reason="  ")
    actions.desk_reject(submitted, by=chair, reason="It has nine pages.")
    submitted.refresh_from_db()
    assert submitted.state == "desk_rejected"
    [mail] = sent("desk_rejected")
    assert "It has nine pages." in mail.body_text
    actions.reinstate(submitted, by=chair)
    submitted.refresh_from_db()
    assert (submitted.state, submitted.state_reason) == ("submitted", "")
    assert len(sent("reinstated")) == 1


def test_an_organiser_does_not_desk_reject_her_own_paper(submitted, author):
    RoleFactory(edition=submitted.edition, user=author.user)
    with pytest.raises(NotAllowed, match="without conflict"):
        actions.desk_reject(submitted, by=author, reason="Too good.")


def test_nobody_else_desk_rejects(submitted, track, viewer_of):
    editor = viewer_of(RoleFactory(edition=track.edition, name="schedule_editor").user, track.edition, AFTER)
    with pytest.raises(NotAllowed):
        actions.desk_reject(submitted, by=editor, reason="No.")


def test_numbers_are_unique_and_in_no_order(track, author):
    for _ in range(40):
        paper = SubmissionFactory(track=track, draft=True, created_by=author.user, title="T", abstract="A")
        Submission.objects.filter(pk=paper.pk).update(declarations={"agreed": True})
        actions.upload(paper, "manuscript", pdf_file(), by=author)
        actions.submit(paper, by=author)
    numbers = list(Submission.objects.order_by("pk").values_list("number", flat=True))
    assert len(set(numbers)) == 40
    assert numbers != sorted(numbers)


def test_a_released_outcome_is_copied_and_a_withdrawn_paper_is_left_alone(submitted, author):
    assert actions.release_outcome(submitted, outcome="accepted", presentation="oral", at=LATER)
    submitted.refresh_from_db()
    assert (submitted.outcome, submitted.presentation, submitted.released_at) == ("accepted", "oral", LATER)
    withdrawn = SubmissionFactory(track=submitted.track, state="withdrawn")
    assert not actions.release_outcome(withdrawn, outcome="accepted", presentation="oral", at=LATER)
    withdrawn.refresh_from_db()
    assert withdrawn.outcome == ""


def test_an_outcome_released_anew_takes_back_what_went_with_the_old_one(accepted):
    Submission.objects.filter(pk=accepted.pk).update(published_at=LATER)
    actions.release_outcome(accepted, outcome="rejected", presentation="poster", at=LATER)
    accepted.refresh_from_db()
    assert (accepted.outcome, accepted.presentation, accepted.published_at) == ("rejected", "", None)


# --- How many a person may hand in -----------------------------------------------------------------------


@pytest.fixture
def one_each(track):
    Track.objects.filter(pk=track.pk).update(submissions_per_author=1)


def test_a_person_is_on_no_more_papers_than_the_track_takes(one_each, complete, author, track):
    other = SubmissionFactory(track=track, created_by=author.user)
    with pytest.raises(NotAllowed, match="at most 1 submission per person, and Ada Quuxworth"):
        actions.submit(complete, by=author)
    Submission.objects.filter(pk=other.pk).update(state="withdrawn")
    assert actions.submit(complete, by=author).state == "submitted"


def test_a_track_without_a_limit_takes_any_number(complete, author, track):
    SubmissionFactory(track=track, created_by=author.user)
    assert actions.submit(complete, by=author).state == "submitted"


def test_papers_of_others_are_not_told_by_a_refusal(one_each, complete, author, track):
    stranger = SubmissionFactory(track=track).authorships.get()
    actions.add_author(complete, AuthorDetails("Bob", stranger.email), by=author)
    assert actions.submit(complete, by=author).state == "submitted"


def test_organisers_find_who_is_on_too_many(one_each, complete, author, track, viewer_of):
    stranger = SubmissionFactory(track=track)
    alone = SubmissionFactory(track=track)
    actions.add_author(complete, AuthorDetails("Bob", stranger.created_by.email), by=author)
    actions.submit(complete, by=author)
    chair = viewer_of(RoleFactory(edition=track.edition).user, track.edition)
    found = set(listed(chair, Filters(state="too_many")))
    assert found == {complete, stranger}
    assert alone not in found
