"""When the check is wrong: who may object, who may let a file pass, and what that changes."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from ml4rs.audit.models import Entry
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import RoleFactory, UserFactory
from ml4rs.editions.viewer import Viewer
from ml4rs.jobs.models import Job
from reviews.tests.factories import AssignmentFactory, ConflictFactory, ReviewerFactory
from submissions import actions
from submissions.models import Dispute
from submissions.pdfcheck import CheckResult, Finding
from submissions.registering import figures
from submissions.tests.conftest import AFTER, BEFORE, pdf_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(BEFORE, tick=False)


@pytest.fixture
def chair(track):
    return Viewer.of(RoleFactory(edition=track.edition).user, track.edition, BEFORE)


def judged(version, *codes, verdict="blocked"):
    """What the check says of a file, as its job records it."""
    found = tuple(Finding(code, "blocks", f"Says {code}.") for code in codes)
    return actions.record_check(version, CheckResult(verdict, pages=5, findings=found), None, at=BEFORE)


@pytest.fixture
def blocked(complete):
    """A draft whose manuscript the check holds to be too long."""
    judged(complete.files.get(), "length.over_limit")
    Job.objects.all().delete()  # the real check of this file is not what is tried here
    return complete


def page_of(paper, name, user, **data):
    client = Client()
    client.force_login(user)
    address = reverse(f"submissions:{name}", args=[paper.edition.slug, paper.public_id, "manuscript"])
    return client.post(address, data) if data else client.get(address)


def verdict_of(paper):
    return paper.files.order_by("-version").first().reports.order_by("-checked_at").first().verdict


def test_an_author_objects_and_organisers_find_it(blocked, author, chair):
    assert page_of(blocked, "dispute", author.user, reason="Page 5 is blank.").status_code == 302
    assert Dispute.objects.get().reason == "Page 5 is blank."
    (figure,) = [each for each in figures(chair) if each.label == "objections to the check"]
    assert figure.value == 1
    client = Client()
    client.force_login(chair.user)
    assert blocked.title in client.get(figure.url).text
    detail = client.get(f"/{blocked.edition.slug}/submissions/{blocked.public_id}/").text
    assert "Page 5 is blank." in detail
    assert "Answer the objection" in detail


def test_a_file_let_pass_no_longer_keeps_a_paper_from_being_submitted(blocked, author, chair, mails):
    with pytest.raises(NotAllowed):
        actions.submit(blocked, by=author)
    page_of(blocked, "answer_dispute", chair.user, answer="pass", note="We read it: four pages.")
    assert verdict_of(blocked) == "warnings"
    actions.submit(blocked, by=author)
    told = mails.to("ada@quux.example", "submissions.dispute_answered")
    assert len(told) == 1
    assert "We read it: four pages." in told[0].body_text


def test_upholding_tells_the_authors_and_changes_nothing(blocked, author, chair, mails):
    actions.dispute(blocked, "manuscript", reason="No.", by=author)
    actions.answer_dispute(blocked, "manuscript", passes=False, note="It is five pages.", by=chair)
    assert verdict_of(blocked) == "blocked"
    assert "The check stands" in mails.messages[-1].subject
    assert not [each for each in figures(chair) if each.label == "objections to the check"]


def test_there_is_nothing_to_uphold_where_nobody_objects(blocked, chair):
    with pytest.raises(NotAllowed):
        actions.answer_dispute(blocked, "manuscript", passes=False, note="", by=chair)


def test_what_was_let_pass_stays_so_when_checked_again(blocked, chair, mails):
    actions.answer_dispute(blocked, "manuscript", passes=True, note="Fine.", by=chair)
    assert judged(blocked.files.get(), "length.over_limit").verdict == "warnings"


def test_something_else_that_blocks_still_does(blocked, chair, mails):
    actions.answer_dispute(blocked, "manuscript", passes=True, note="Fine.", by=chair)
    assert judged(blocked.files.get(), "length.over_limit", "active.javascript").verdict == "blocked"


def test_a_new_version_is_judged_for_itself(blocked, author, chair, mails):
    actions.answer_dispute(blocked, "manuscript", passes=True, note="Fine.", by=chair)
    version = actions.upload(blocked, "manuscript", pdf_file(data=b"%PDF-1.4 another"), by=author)
    assert judged(version, "length.over_limit").verdict == "blocked"


def test_a_second_objection_to_one_file_is_refused(blocked, author):
    actions.dispute(blocked, "manuscript", reason="One.", by=author)
    with pytest.raises(NotAllowed, match="already"):
        actions.dispute(blocked, "manuscript", reason="Two.", by=author)


@pytest.mark.parametrize("verdict", ["ok", "warnings", "refused"])
def test_only_a_check_that_blocks_can_be_objected_to_or_overruled(complete, author, chair, verdict):
    judged(complete.files.get(), verdict=verdict)
    with pytest.raises(NotAllowed):
        actions.dispute(complete, "manuscript", reason="No.", by=author)
    with pytest.raises(NotAllowed):
        actions.answer_dispute(complete, "manuscript", passes=True, note="", by=chair)


def test_strangers_and_organisers_in_conflict_have_no_such_pages(blocked, author, chair):
    ConflictFactory(user=chair.user, submission=blocked)
    for user in (chair.user, UserFactory()):
        assert page_of(blocked, "dispute", user).status_code == 404
        assert page_of(blocked, "answer_dispute", user).status_code == 404
    assert page_of(blocked, "answer_dispute", author.user).status_code == 404
    with pytest.raises(NotAllowed):
        actions.answer_dispute(blocked, "manuscript", passes=True, note="", by=chair)


def test_a_reviewer_reads_neither_the_objection_nor_its_answer(blocked, author, chair, mails, time_machine):
    actions.dispute(blocked, "manuscript", reason="Objectionfern", by=author)
    actions.answer_dispute(blocked, "manuscript", passes=True, note="Answerfern", by=chair)
    actions.submit(blocked, by=author)
    reviewer = AssignmentFactory(submission=blocked, reviewer=ReviewerFactory(edition=blocked.edition)).reviewer
    time_machine.move_to(AFTER + timedelta(days=1), tick=False)
    client = Client()
    client.force_login(reviewer.user)
    text = client.get(f"/{blocked.edition.slug}/submissions/{blocked.public_id}/").text
    assert blocked.title in text
    assert "fern" not in text
    assert page_of(blocked, "dispute", reviewer.user).status_code == 404


def test_every_step_leaves_its_entry(blocked, author, chair, mails):
    actions.dispute(blocked, "manuscript", reason="No.", by=author)
    actions.answer_dispute(blocked, "manuscript", passes=True, note="Yes.", by=chair)
    verbs = Entry.objects.filter(submission_id=blocked.pk).values_list("verb", flat=True)
    assert {"submission.check_disputed", "submission.check_overruled"} <= set(verbs)
