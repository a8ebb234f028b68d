"""Authors and organisers press at the same moment, on PostgreSQL with threads: nothing is lost, halved or doubled."""

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace

import pytest
from django.db import connection

from ml4rs.audit.models import Entry
from ml4rs.editions.models import Edition, Track
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import RoleFactory, TrackFactory, UserFactory
from ml4rs.editions.viewer import Viewer
from submissions import actions
from submissions.actions import AuthorDetails, EditConflict, record_check, states
from submissions.models import Authorship, CameraReady, FileVersion, Submission
from submissions.pdfcheck import CheckResult
from submissions.tests.conftest import AGREED, BEFORE, LATER, pdf_file, with_file
from submissions.tests.factories import AuthorshipFactory, SubmissionFactory
from submissions.tests.pdfs import make_pdf
from submissions.texts import Texts
from tests.together import at_once as together

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one after the other"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("mails"),
]
REFUSALS = (NotAllowed, EditConflict)
HANDS = 6
ROUNDS = 4


def at_once(*verbs: Callable[[], object]) -> list[object]:
    return together(list(verbs), REFUSALS)


def refused(results: list[object]) -> int:
    return sum(isinstance(each, REFUSALS) for each in results)


def viewer(user, now=BEFORE) -> Viewer:
    """Somebody's own request."""
    return Viewer.of(user, Edition.objects.get(), now)


def ready_draft(track, user, **values) -> Submission:
    draft = SubmissionFactory(track=track, draft=True, created_by=user, declarations=AGREED, **values)
    with_file(draft)
    return draft


def test_of_many_clicks_one_submits_and_one_receipt_goes_out(track, author, mails):
    draft = ready_draft(track, author.user)
    results = at_once(*[lambda: actions.submit(draft, by=viewer(author.user))] * HANDS)
    assert refused(results) == HANDS - 1
    assert mails.events() == ["submissions.receipt"]


def test_papers_that_draw_the_same_number_at_once_get_one_each(track, monkeypatch):
    drafts = [ready_draft(track, UserFactory()) for _ in range(HANDS)]
    monkeypatch.setattr(states, "secrets", SimpleNamespace(choice=min))
    results = at_once(*[lambda each=each: actions.submit(each, by=viewer(each.created_by)) for each in drafts])
    assert refused(results) == 0
    assert sorted(Submission.objects.values_list("number", flat=True)) == list(range(1, HANDS + 1))


def test_of_two_papers_at_once_no_more_are_taken_than_the_track_allows(track, author):
    Track.objects.filter(pk=track.pk).update(submissions_per_author=1)
    drafts = [ready_draft(track, author.user) for _ in range(HANDS)]
    results = at_once(*[lambda each=each: actions.submit(each, by=viewer(author.user)) for each in drafts])
    assert refused(results) == HANDS - 1
    assert Submission.objects.filter(state="submitted").count() == 1


def test_a_paper_is_never_submitted_without_what_is_emptied_at_the_same_moment(track, author):
    for _ in range(ROUNDS):
        draft = ready_draft(track, author.user)
        emptied = Texts(title="", abstract="", declarations=AGREED)
        at_once(
            partial(actions.submit, draft, by=viewer(author.user)),
            partial(actions.edit, draft, emptied, by=viewer(author.user), revision=draft.revision),
        )
        draft.refresh_from_db()
        assert bool(draft.title) == (draft.state == "submitted")


def test_a_paper_is_withdrawn_or_desk_rejected_and_its_authors_hear_of_one(track, author, mails):
    paper = SubmissionFactory(track=track, created_by=author.user)
    chair = RoleFactory(edition=track.edition).user
    results = at_once(
        lambda: actions.withdraw(paper, by=viewer(author.user)),
        lambda: actions.desk_reject(paper, by=viewer(chair), reason="It has nine pages."),
        lambda: actions.withdraw(paper, by=viewer(author.user)),
        lambda: actions.desk_reject(paper, by=viewer(chair), reason="It has nine pages."),
    )
    paper.refresh_from_db()
    assert refused(results) == 3
    assert mails.events() == [f"submissions.{paper.state}"]


def test_a_paper_is_withdrawn_or_decided_on_never_both(track, author):
    for _ in range(ROUNDS):
        paper = SubmissionFactory(track=track, created_by=author.user)
        _, released = at_once(
            partial(actions.withdraw, paper, by=viewer(author.user)),
            partial(actions.release_outcome, paper, outcome="accepted", presentation="oral", at=BEFORE),
        )
        paper.refresh_from_db()
        assert (paper.state, paper.outcome) == (("submitted", "accepted") if released else ("withdrawn", ""))


def test_of_two_answers_to_a_bonus_item_one_goes_out(track, mails):
    paper = SubmissionFactory(track=TrackFactory(edition=track.edition, bonus=True))
    chair = RoleFactory(edition=track.edition).user
    answers = [True, False] * (HANDS // 2)
    results = at_once(*[lambda yes=yes: actions.answer_bonus(paper, by=viewer(chair), accept=yes) for yes in answers])
    assert refused(results) == HANDS - 1
    assert mails.events() == ["submissions.bonus_answered"]


# --- Files ----------------------------------------------------------------------------------------------


def test_files_that_arrive_at_once_are_all_kept_as_versions(track, author):
    draft = SubmissionFactory(track=track, draft=True, created_by=author.user)
    files = [pdf_file(data=make_pdf(1) + b"%" * size) for size in range(HANDS)]
    at_once(*[lambda each=each: actions.upload(draft, "manuscript", each, by=viewer(author.user)) for each in files])
    versions = list(FileVersion.objects.order_by("version"))
    assert [each.version for each in versions] == list(range(1, HANDS + 1))
    assert len({each.sha256 for each in versions}) == HANDS


def test_the_same_file_at_once_is_one_version(track, author):
    draft = SubmissionFactory(track=track, draft=True, created_by=author.user)
    data = make_pdf(1)
    results = at_once(
        *[lambda: actions.upload(draft, "manuscript", pdf_file(data=data), by=viewer(author.user))] * HANDS
    )
    version = FileVersion.objects.get()
    assert set(results) == {version}
    folder, kept = version.stored.name.rpartition("/")[::2]
    assert kept in version.stored.storage.listdir(folder)[1]


# --- Authors --------------------------------------------------------------------------------------------


def test_of_many_clicks_one_confirms(track):
    author = SubmissionFactory(track=track).authorships.get()
    at_once(*[lambda: actions.agree(Authorship.objects.get(pk=author.pk), by=viewer(None))] * HANDS)
    assert Entry.objects.filter(verb="submission.author_confirmed").count() == 1


def test_an_objection_said_many_times_at_once_is_told_once(track, mails):
    author = SubmissionFactory(track=track, authors=2).authorships.last()

    def say() -> None:
        mine = Authorship.objects.select_related("submission__track").get(pk=author.pk)
        actions.object_to_being_named(mine, words="I never wrote it.", by=viewer(None))

    at_once(*[say] * HANDS)
    assert mails.events() == ["submissions.objected"]


def test_people_added_at_once_are_all_on_the_list_and_told_once(track, mails):
    paper = SubmissionFactory(track=track, authors=2)
    people = [AuthorDetails(f"Bob {number}", f"bob{number}@zyx.example") for number in range(HANDS)]
    user = paper.created_by
    results = at_once(*[lambda each=each: actions.add_author(paper, each, by=viewer(user)) for each in people])
    assert refused(results) == 0
    assert paper.authorships.count() == 2 + HANDS
    named = [message.recipient for message in mails.messages]
    assert len(named) == len(set(named))


def test_a_paper_keeps_an_author_whoever_takes_whom_off_at_once(track):
    for _ in range(ROUNDS):
        paper = SubmissionFactory(track=track, authors=1)
        other = AuthorshipFactory(submission=paper, position=1, user=UserFactory())
        mine = paper.authorships.get(user=paper.created_by)
        at_once(
            partial(actions.remove_author, paper, mine.public_id, by=viewer(other.user)),
            partial(actions.remove_author, paper, other.public_id, by=viewer(paper.created_by)),
        )
        assert paper.authorships.filter(is_corresponding=True).count() == paper.authorships.count() == 1


# --- Publishing -----------------------------------------------------------------------------------------


def finished(track) -> Submission:
    """An accepted paper that lacks the check of its file and the organisers' word."""
    paper = SubmissionFactory(track=track, accepted=True, conditions="Report every region.")
    with_file(paper, "camera_ready")
    CameraReady.objects.create(submission=paper, conditions_answer="In table 2.")
    return paper


def test_a_paper_whose_last_two_parts_arrive_at_once_is_published(track):
    Edition.objects.update(papers_public=True)
    chair = RoleFactory(edition=track.edition).user
    for _ in range(ROUNDS):
        paper = finished(track)
        version = FileVersion.objects.select_related("submission__edition").get(submission=paper)
        at_once(
            partial(record_check, version, CheckResult(verdict="ok", pages=2), None, at=LATER),
            partial(actions.accept_conditions, paper, by=viewer(chair, LATER)),
        )
        paper.refresh_from_db()
        assert paper.published_at is not None


def test_a_paper_that_becomes_complete_while_papers_are_published_is_published(track):
    chair = RoleFactory(edition=track.edition).user
    for _ in range(ROUNDS):
        paper = finished(track)
        version = FileVersion.objects.select_related("submission__edition").get(submission=paper)
        record_check(version, CheckResult(verdict="ok", pages=2), None, at=LATER)
        Edition.objects.update(papers_public=False)
        at_once(
            partial(actions.accept_conditions, paper, by=viewer(chair, LATER)),
            partial(actions.publish_papers, Edition.objects.get(), by=viewer(chair, LATER)),
        )
        paper.refresh_from_db()
        assert paper.published_at is not None


def test_what_is_published_is_accepted_whatever_is_corrected_at_the_same_moment(track):
    chair = RoleFactory(edition=track.edition).user
    for _ in range(ROUNDS):
        paper = SubmissionFactory(track=track, accepted=True)
        checked = with_file(paper, "camera_ready")
        record_check(checked, CheckResult(verdict="ok", pages=2), None, at=LATER)
        Submission.objects.update(published_at=None)
        at_once(
            partial(actions.publish_papers, Edition.objects.get(), by=viewer(chair, LATER)),
            partial(actions.release_outcome, paper, outcome="rejected", at=LATER),
        )
        paper.refresh_from_db()
        assert (paper.outcome, paper.published_at) == ("rejected", None)
