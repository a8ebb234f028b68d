"""What somebody else did between a verb's look and its write: the second is refused, and nothing of theirs is lost."""

from dataclasses import dataclass

import pytest

from ml4rs.audit.models import Entry
from ml4rs.editions.models import Edition
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import RoleFactory, TrackFactory
from ml4rs.editions.viewer import Viewer
from submissions import actions
from submissions.actions import (
    AuthorDetails,
    EditConflict,
    FinalTexts,
    authors,
    files,
    final,
    outcomes,
    states,
    writing,
)
from submissions.incoming import bare_name
from submissions.models import Authorship, CameraReady, FileVersion, Submission
from submissions.tests.conftest import AFTER, AGREED, BEFORE, LATER, pdf_file, with_file
from submissions.tests.factories import SubmissionFactory
from submissions.tests.pdfs import make_pdf
from submissions.texts import Texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails")]
DECIDED = {"outcome": "accepted", "released_at": BEFORE}
WITHDRAWN = {"state": "withdrawn"}


@dataclass
class People:
    author: Viewer
    chair: Viewer


@pytest.fixture
def people(track, author):
    return People(author, Viewer.of(RoleFactory(edition=track.edition).user, track.edition, BEFORE))


@pytest.fixture
def meanwhile(monkeypatch):
    """`meanwhile(module, **values)`: verbs of the module read the paper, and then somebody writes these."""

    def arrange(module, **values) -> None:
        real = module.fresh

        def read(submission: Submission, by: Viewer) -> Submission:
            row = real(submission, by)
            Submission.objects.filter(pk=submission.pk).update(**values)
            return row

        for name in {"fresh", "held"} & set(vars(module)):
            monkeypatch.setattr(module, name, read)

    return arrange


MOVES = {
    "submit": ({"draft": True}, lambda paper, who: actions.submit(paper, by=who.author)),
    "withdraw": ({}, lambda paper, who: actions.withdraw(paper, by=who.author)),
    "revive": ({"state": "withdrawn"}, lambda paper, who: actions.revive(paper, by=who.author)),
    "desk-reject": ({}, lambda paper, who: actions.desk_reject(paper, by=who.chair, reason="Nine pages.")),
    "reinstate": ({"state": "desk_rejected"}, lambda paper, who: actions.reinstate(paper, by=who.chair)),
    "delete": ({"draft": True}, lambda paper, who: actions.discard(paper, by=who.author)),
}
ELSEWHERE = {"withdrawn": WITHDRAWN, "desk-rejected": {"state": "desk_rejected"}, "decided on": DECIDED}


def missed(name: str, change: str) -> bool:
    """Whether the change takes something from under this verb."""
    there = MOVES[name][0].get("state")
    return (name, change) != ("delete", "decided on") and ELSEWHERE[change].get("state") != (there or "")


@pytest.mark.parametrize(
    ("name", "change"), [(name, change) for name in MOVES for change in ELSEWHERE if missed(name, change)]
)
def test_a_paper_that_moved_on_is_left_where_it_is(track, people, meanwhile, mails, name, change):
    start, verb = MOVES[name]
    paper = SubmissionFactory(track=track, created_by=people.author.user, declarations=AGREED, **start)
    with_file(paper)
    if start.get("draft") and "state" in ELSEWHERE[change]:
        meanwhile(states, number=7, **ELSEWHERE[change])
    else:
        meanwhile(states, **ELSEWHERE[change])
    with pytest.raises(NotAllowed, match="a moment ago"):
        verb(paper, people)
    assert (mails.events(), Entry.objects.filter(verb__startswith="submission.").count()) == ([], 0)


@pytest.mark.parametrize("name", MOVES)
def test_a_paper_that_nobody_else_touched_is_moved(track, people, name):
    start, verb = MOVES[name]
    paper = SubmissionFactory(track=track, created_by=people.author.user, declarations=AGREED, **start)
    with_file(paper)
    verb(paper, people)
    assert not Submission.objects.filter(pk=paper.pk, state=paper.state).exists()


@pytest.mark.parametrize("change", [WITHDRAWN, DECIDED, {"revision": 9}], ids=["withdrawn", "decided on", "saved"])
def test_texts_are_not_written_over_what_happened_meanwhile(submitted, author, meanwhile, change):
    meanwhile(writing, **change)
    with pytest.raises(EditConflict):
        actions.edit(submitted, Texts(title="New", declarations=AGREED), by=author, revision=submitted.revision)


@pytest.mark.parametrize(
    "change",
    [WITHDRAWN, {"outcome": "rejected", "presentation": ""}, {"revision": 9}],
    ids=["withdrawn", "corrected", "saved"],
)
def test_final_texts_are_not_written_over_what_happened_meanwhile(accepted, author, at, meanwhile, change):
    meanwhile(final, **change)
    texts = FinalTexts("New", "We look down.")
    with pytest.raises(EditConflict):
        actions.finalise(accepted, texts, by=at(author, LATER), revision=accepted.revision)


@pytest.mark.parametrize("change", [WITHDRAWN, DECIDED], ids=["withdrawn", "answered"])
def test_a_bonus_item_that_is_no_longer_waiting_is_not_answered(track, people, meanwhile, mails, change):
    slide = SubmissionFactory(track=TrackFactory(edition=track.edition, bonus=True))
    meanwhile(outcomes, **change)
    with pytest.raises(NotAllowed, match="a moment ago"):
        actions.answer_bonus(slide, by=people.chair, accept=True)
    assert mails.events() == []


@pytest.fixture
def as_it_comes_in(monkeypatch):
    """`as_it_comes_in(act)`: something happens after an upload was found in order and before it is kept."""

    def arrange(act) -> None:
        def named(name: str) -> str:
            monkeypatch.setattr(files, "bare_name", bare_name)
            act()
            return bare_name(name)

        monkeypatch.setattr(files, "bare_name", named)

    return arrange


@pytest.mark.parametrize("change", [WITHDRAWN, DECIDED], ids=["withdrawn", "decided on"])
def test_a_file_that_comes_in_while_the_paper_is_judged_does_not_change_what_was_reviewed(
    submitted, author, as_it_comes_in, change
):
    storage = FileVersion.stored.field.storage
    as_it_comes_in(lambda: Submission.objects.filter(pk=submitted.pk).update(**change))
    before = submitted.files.get()
    folder = before.stored.name.rpartition("/")[0]
    kept = set(storage.listdir(folder)[1])
    with pytest.raises(NotAllowed):
        actions.upload(submitted, "manuscript", pdf_file(data=b"%PDF-1.7 other"), by=author)
    assert submitted.files.get() == before
    assert set(storage.listdir(folder)[1]) == kept


def test_a_file_that_comes_in_while_its_draft_is_submitted_has_its_receipt(complete, author, as_it_comes_in, mails):
    as_it_comes_in(lambda: actions.submit(complete, by=author))
    actions.upload(complete, "manuscript", pdf_file(data=b"%PDF-1.7 other"), by=author)
    assert mails.events() == ["submissions.receipt", "submissions.receipt"]


def test_the_same_file_twice_is_one_version_also_when_both_come_in_together(draft, author, as_it_comes_in):
    data = make_pdf(1)
    as_it_comes_in(lambda: actions.upload(draft, "manuscript", pdf_file(data=data), by=author))
    second = actions.upload(draft, "manuscript", pdf_file(data=data), by=author)
    version = draft.files.get()
    assert second == version
    assert version.stored.storage.exists(version.stored.name)


# --- Authors --------------------------------------------------------------------------------------------


def test_who_confirms_while_a_colleague_corrects_their_affiliation_stays_confirmed(submitted, author, monkeypatch):
    named = actions.add_author(submitted, AuthorDetails("Bob", "bob@zyx.example"), by=author)
    real = authors._fields

    def read(details):
        actions.agree(Authorship.objects.get(pk=named.pk), by=author)
        return real(details)

    monkeypatch.setattr(authors, "_fields", read)
    details = AuthorDetails("Bob", "bob@zyx.example", affiliation="Zyx Lab")
    actions.change_author(submitted, named.public_id, details, by=author)
    named.refresh_from_db()
    assert (named.answer, named.affiliation) == ("confirmed", "Zyx Lab")


def test_what_is_confirmed_or_objected_twice_is_recorded_and_told_once(submitted, author, mails):
    named = actions.add_author(submitted, AuthorDetails("Bob", "bob@zyx.example"), by=author)
    for _ in range(2):
        actions.agree(named, by=author)
    for _ in range(2):
        actions.object_to_being_named(named, words="I never wrote it.", by=author)
    assert Entry.objects.filter(verb="submission.author_confirmed").count() == 1
    assert mails.events().count("submissions.objected") == 1


def test_the_answer_of_somebody_whose_place_went_to_another_address_is_not_taken(submitted, author):
    opened = actions.add_author(submitted, AuthorDetails("Bob", "bob@zyx.example"), by=author)
    actions.change_author(submitted, opened.public_id, AuthorDetails("Bea", "bea@zyx.example"), by=author)
    actions.agree(Authorship(pk=opened.pk, email="bob@zyx.example", submission=submitted), by=author)
    assert Authorship.objects.get(pk=opened.pk).answer == ""


# --- After acceptance -----------------------------------------------------------------------------------


def chair_later(paper) -> Viewer:
    return Viewer.of(RoleFactory(edition=paper.edition).user, Edition.objects.get(), LATER)


def test_the_organisers_word_is_given_once_and_told_once(accepted, mails):
    Submission.objects.filter(pk=accepted.pk).update(conditions="Report every region.")
    CameraReady.objects.create(submission=accepted, conditions_answer="In table 2.")
    first, second = chair_later(accepted), chair_later(accepted)
    actions.accept_conditions(accepted, by=first)
    with pytest.raises(NotAllowed, match="accepted already"):
        actions.accept_conditions(accepted, by=second)
    assert CameraReady.objects.get().conditions_met_by == first.user
    assert mails.events().count("submissions.conditions_met") == 1


def test_the_organisers_word_waits_for_the_authors_answer(accepted):
    Submission.objects.filter(pk=accepted.pk).update(conditions="Report every region.")
    CameraReady.objects.create(submission=accepted)
    with pytest.raises(NotAllowed, match="have not said yet"):
        actions.accept_conditions(accepted, by=chair_later(accepted))


NOT_PUBLISHED = {
    "withdrawn": {"state": "withdrawn"},
    "rejected": {"outcome": "rejected", "presentation": ""},
    "not released yet": {"released_at": LATER.replace(month=5)},
}


@pytest.mark.parametrize("change", [{}, *NOT_PUBLISHED.values()], ids=["accepted", *NOT_PUBLISHED])
def test_only_what_is_accepted_and_told_is_published_when_it_is_complete(accepted, change):
    Edition.objects.update(papers_public=True)
    with_file(accepted, "camera_ready").reports.create(verdict="ok", rule_version="1", pages=2, checked_at=LATER)
    Submission.objects.filter(pk=accepted.pk).update(**change)
    assert final.publish_if_complete(Submission.objects.get(pk=accepted.pk), at=LATER) == (not change)
    assert Submission.objects.filter(published_at__isnull=False).exists() == (not change)


@pytest.mark.parametrize("change", [{}, *NOT_PUBLISHED.values()], ids=["accepted", *NOT_PUBLISHED])
def test_publishing_all_papers_publishes_none_that_is_not_accepted_and_told(accepted, change):
    with_file(accepted, "camera_ready").reports.create(verdict="ok", rule_version="1", pages=2, checked_at=LATER)
    Submission.objects.filter(pk=accepted.pk).update(**change)
    assert actions.publish_papers(accepted.edition, by=chair_later(accepted)) == (not change)
    assert Submission.objects.filter(published_at__isnull=False).exists() == (not change)


def test_what_is_published_keeps_its_day(accepted):
    Edition.objects.update(papers_public=True)
    with_file(accepted, "camera_ready").reports.create(verdict="ok", rule_version="1", pages=2, checked_at=LATER)
    Submission.objects.filter(pk=accepted.pk).update(published_at=AFTER)
    assert not final.publish_if_complete(accepted, at=LATER)
    actions.publish_papers(accepted.edition, by=chair_later(accepted))
    assert Submission.objects.get(pk=accepted.pk).published_at == AFTER


def test_a_rejection_carries_no_conditions_and_is_off_the_public_pages(accepted):
    Submission.objects.filter(pk=accepted.pk).update(conditions="Report every region.", published_at=LATER)
    actions.release_outcome(accepted, outcome="rejected", conditions="Report every region.", at=LATER)
    accepted.refresh_from_db()
    assert (accepted.conditions, accepted.presentation, accepted.published_at) == ("", "", None)


def test_conditions_on_a_published_paper_take_it_off_until_they_are_met(accepted):
    Submission.objects.filter(pk=accepted.pk).update(published_at=LATER)
    actions.release_outcome(accepted, outcome="accepted", presentation="oral", conditions="One more table.", at=LATER)
    accepted.refresh_from_db()
    assert (accepted.conditions, accepted.published_at) == ("One more table.", None)
