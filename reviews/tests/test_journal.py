"""From the workshop to a journal: who is invited, who answers, who is named to the guest editors."""

import csv
import io
import zipfile
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from ml4rs.editions.filing import dump, write_yaml
from ml4rs.editions.models import Milestone
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import EditionFactory, MilestoneFactory, RoleFactory, UserFactory
from ml4rs.editions.tests.small_edition import SMALL, load_text
from reviews import actions
from reviews.actions.journal import copy_stream
from reviews.models import JournalCandidate, JournalStream, Review
from reviews.queries.journal import candidates, packets, reviews_as_text
from reviews.tests.factories import ConflictFactory
from reviews.tests.test_discussing import row, seat_of
from submissions.models import Submission
from submissions.tests.factories import SubmissionFactory
from submissions.tests.pdfs import make_pdf
from tests.world.papers import keep_file

pytestmark = pytest.mark.usefixtures("mails")

RELEASED = datetime(2025, 2, 19, tzinfo=UTC)
STATE = JournalCandidate.State


@pytest.fixture
def stream(stage):
    type(stage.track).objects.update(journal_eligible=True)
    stage.track.refresh_from_db()
    return JournalStream.objects.create(
        edition=stage.edition, name="Letters", portal_url="https://letters.example/", article_types=["Letter", "Note"]
    )


def accepted(stage, title="Clouds", opted=True, **more):
    paper = SubmissionFactory(track=stage.track, title=title, authors=2, declarations={"journal": opted})
    values = {"outcome": "accepted", "presentation": "poster", "released_at": RELEASED} | more
    Submission.objects.filter(pk=paper.pk).update(**values)
    paper.refresh_from_db()
    return paper


@pytest.fixture
def paper(stage, stream):
    return accepted(stage)


@pytest.fixture
def invited(stage, paper):
    actions.invite_to_journal([row(stage.chair, paper)], article_type="Letter", by=stage.chair)
    return paper


def url(name, *arguments):
    return reverse(f"reviews:{name}", args=["iclr2025", *arguments])


def page_of(stage, paper, user=None):
    address = reverse("submissions:detail", args=["iclr2025", paper.public_id])
    return stage.client(user or paper.created_by).get(address).text


# --- Inviting ------------------------------------------------------------------------------------------------


def test_candidates_are_accepted_papers_whose_authors_asked_for_it(stage, paper):
    accepted(stage, "Did not ask", opted=False)
    accepted(stage, "Rejected", outcome="rejected", presentation="")
    accepted(stage, "Withdrawn", state="withdrawn")
    SubmissionFactory(track=stage.track, title="Undecided", declarations={"journal": True})
    assert [each.title for each in candidates(stage.chair)] == ["Clouds"]


def test_each_author_is_invited_by_one_mail(stage, invited, mails):
    actions.invite_to_journal([row(stage.chair, invited)], article_type="Letter", by=stage.chair)
    sent = [each for each in mails.messages if each.event == "reviews.journal_invitation"]
    assert {each.recipient for each in sent} == set(invited.authorships.values_list("email", flat=True))
    assert len(sent) == 2
    assert "Letters (Letter)" in sent[0].body_text


def test_ticked_papers_are_invited_on_the_page(stage, paper):
    client = stage.client(stage.organiser)
    assert "Clouds" in client.get(url("journal")).text
    page = client.post(url("journal"), {"paper": paper.public_id, "article_type": "Note"}, follow=True)
    assert "Invited, no answer" in page.text
    assert JournalCandidate.objects.get().article_type == "Note"
    assert "Tick the papers first" in client.post(url("journal"), follow=True).text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda paper: Submission.objects.filter(pk=paper.pk).update(declarations={}), "did not ask"),
        (lambda paper: Submission.objects.filter(pk=paper.pk).update(outcome="rejected", presentation=""), "accepted"),
        (lambda paper: type(paper.track).objects.update(journal_eligible=False), "not proposed"),
        (lambda paper: JournalStream.objects.all().delete(), "Describe the journal"),
        (lambda paper: JournalStream.objects.update(article_types=["Essay"]), "types of articles"),
    ],
)
def test_whatever_is_missing_is_said(stage, paper, change, words):
    change(paper)
    with pytest.raises(NotAllowed, match=words):
        actions.invite_to_journal([row(stage.chair, paper)], article_type="Letter", by=stage.chair)
    assert not JournalCandidate.objects.exists()


def test_an_organiser_in_conflict_finds_neither_paper_nor_state(stage, invited):
    other = RoleFactory(edition=stage.edition).user
    ConflictFactory(user=other, submission=invited)
    assert list(candidates(stage.viewer(other))) == []
    assert "Clouds" not in stage.client(other).get(url("journal")).text
    assert stage.client(other).post(url("mark_journal", invited.public_id), {"state": "submitted"}).status_code == 404
    assert list(JournalCandidate.objects.seen_by(stage.viewer(other))) == []


@pytest.mark.parametrize("name", ["journal", "journal_stream", "journal_packet"])
def test_only_organisers_find_the_pages(stage, paper, name):
    assert stage.client(stage.organiser).get(url(name)).status_code in (200, 302)
    for person in (paper.created_by, seat_of(paper, "K").reviewer.user, UserFactory()):
        assert stage.client(person).get(url(name)).status_code == 404


# --- Answering -----------------------------------------------------------------------------------------------


def test_authors_answer_on_their_paper_and_change_their_mind(stage, invited):
    client = stage.client(invited.created_by)
    assert "We go on to the journal" in page_of(stage, invited)
    assert "letters.example" not in page_of(stage, invited)
    client.post(url("answer_journal", invited.public_id), {"going": "yes"})
    assert JournalCandidate.objects.get().state == STATE.GOING
    assert "letters.example" in page_of(stage, invited)
    client.post(url("answer_journal", invited.public_id), {"going": "no"})
    assert JournalCandidate.objects.get().state == STATE.DECLINED


def test_after_the_date_nobody_answers(stage, invited):
    MilestoneFactory(edition=stage.edition, kind=Milestone.Kind.JOURNAL, instant=RELEASED)
    stage.client(invited.created_by).post(url("answer_journal", invited.public_id), {"going": "yes"})
    assert JournalCandidate.objects.get().state == STATE.INVITED
    assert "The date for the journal is over" in page_of(stage, invited)


def test_who_is_not_invited_reads_nothing_of_it(stage, paper):
    assert "journal-heading" not in page_of(stage, paper)
    stage.client(paper.created_by).post(url("answer_journal", paper.public_id), {"going": "yes"})
    assert not JournalCandidate.objects.exists()


def test_nobody_answers_for_the_authors(stage, invited):
    for person in (stage.organiser, UserFactory()):
        assert stage.client(person).post(url("answer_journal", invited.public_id), {"going": "no"}).status_code == 404
    assert "We go on to the journal" not in page_of(stage, invited, stage.organiser)
    assert JournalCandidate.objects.get().state == STATE.INVITED


def test_organisers_note_how_far_it_is(stage, invited):
    client = stage.client(stage.organiser)
    client.post(url("mark_journal", invited.public_id), {"state": "published"})
    assert JournalCandidate.objects.get().state == STATE.PUBLISHED
    assert "no such state" in client.post(
        url("mark_journal", invited.public_id), {"state": "nonsense"}, follow=True
    ).text  # fmt: skip
    assert "Published there" in page_of(stage, invited)
    assert "We go on" not in page_of(stage, invited)


def test_who_said_no_is_not_marked_as_going(stage, invited):
    viewer = stage.viewer(invited.created_by)
    actions.answer_journal(row(viewer, invited), going=False, by=viewer)
    with pytest.raises(NotAllowed, match="do not want"):
        actions.mark_journal(row(stage.chair, invited), "submitted", by=stage.chair)


# --- What guest editors are given ------------------------------------------------------------------------------


def test_only_those_who_agreed_are_named_to_the_guest_editors(stage, invited):
    quiet, open_ = seat_of(invited, "K", "Kestrelname"), seat_of(invited, "Q", "Quailname")
    stage.client(open_.reviewer.user).post(url("consent", open_.public_id), {"agrees": "yes"})
    JournalCandidate.objects.update(state=STATE.GOING, answered_at=RELEASED)
    (packet,) = packets(stage.chair)
    text = reviews_as_text(packet)
    assert "Reviewer Q (Quailname)" in text
    assert "Kestrelname" not in text
    assert "Weak, says K." in text
    assert "Secret of K." not in text
    assert Review.objects.get(assignment=quiet).named_to_journal is False


def test_consent_can_be_taken_back_and_is_the_reviewers_own(stage, paper):
    seat, other = seat_of(paper, "K"), seat_of(paper, "Q")
    client = stage.client(seat.reviewer.user)
    client.post(url("consent", seat.public_id), {"agrees": "yes"})
    assert "No, they may not" in client.get(url("review", seat.public_id)).text
    client.post(url("consent", seat.public_id), {"agrees": "no"})
    assert not Review.objects.filter(named_to_journal=True).exists()
    assert client.post(url("consent", other.public_id), {"agrees": "yes"}).status_code == 404


def test_consent_is_asked_of_nobody_before_their_review_is_in(stage, paper):
    seat = seat_of(paper, "K", state="draft")
    client = stage.client(seat.reviewer.user)
    assert "guest editors" not in client.get(url("review", seat.public_id)).text
    assert "Submit your review first" in client.post(
        url("consent", seat.public_id), {"agrees": "yes"}, follow=True
    ).text  # fmt: skip


def test_the_packet_holds_paper_reviews_and_a_list(stage, invited):
    keep_file(invited, "manuscript", 1, "The words of the paper")
    Submission.objects.filter(pk=invited.pk).update(title="=1+1")
    seat_of(invited, "K")
    JournalCandidate.objects.update(state=STATE.GOING, answered_at=RELEASED)
    response = stage.client(stage.organiser).get(url("journal_packet"))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    number = str(invited.number)
    assert set(archive.namelist()) == {f"{number}/paper.pdf", f"{number}/reviews.txt", "papers.csv"}
    assert archive.read(f"{number}/paper.pdf").startswith(make_pdf(pages=1, text="x")[:5])
    rows = list(csv.reader(io.StringIO(archive.read("papers.csv").decode("utf-8-sig"))))
    assert rows[1][:3] == [number, "'=1+1", "Letter"]


def test_without_a_paper_that_goes_on_there_is_no_packet(stage, invited):
    page = stage.client(stage.organiser).get(url("journal_packet"), follow=True)
    assert "No paper goes on" in page.text


# --- Configuration -------------------------------------------------------------------------------------------


def test_the_journal_is_described_in_the_browser(stage):
    client = stage.client(stage.organiser)
    typed = {
        "name": "Letters",
        "portal_url": "letters.example",
        "article_types": "Letter\nNote",
        "instructions": "*Hi*",
    }
    client.post(url("journal_stream"), typed)
    found = JournalStream.objects.get()
    assert (found.portal_url, found.article_types) == ("https://letters.example", ["Letter", "Note"])
    page = client.post(url("journal_stream"), typed | {"portal_url": "javascript:alert(1)"})
    assert "Enter a valid URL" in page.text


def test_the_journal_comes_from_the_file_and_the_next_edition_has_it(stage):
    text = (
        SMALL + "journal_stream:\n  name: Letters\n  portal_url: https://letters.example/\n  article_types: [Letter]\n"
    )
    edition = load_text(text).edition
    written = write_yaml(dump(edition))
    assert load_text(written).differences == []
    target = EditionFactory(slug="next")
    copy_stream(edition, target)
    assert target.journal_stream.article_types == ["Letter"]


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_costs_the_same_whatever_its_length(stage, stream, cost_of, number):
    for _ in range(number):
        accepted(stage)
    client = stage.client(stage.organiser)
    client.get(url("journal"))
    with cost_of() as cost:
        assert client.get(url("journal")).status_code == 200
    assert cost.queries == 8
