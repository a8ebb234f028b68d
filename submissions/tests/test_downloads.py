"""Who gets which bytes of a file, under what name, and what the headers keep to themselves."""

from contextlib import closing
from datetime import timedelta

import pytest
import time_machine
from django.template.defaultfilters import filesizeformat
from django.test import Client
from django.urls import reverse

from ml4rs.editions.tests.factories import MilestoneFactory, RoleFactory, UserFactory
from ml4rs.jobs.actions import perform
from ml4rs.jobs.models import Job
from reviews.tests.factories import AssignmentFactory, ConflictFactory, ReviewerFactory
from submissions import actions
from submissions.models import Submission
from submissions.tests.conftest import BEFORE, DEADLINE, LATER, checked, pdf_file
from submissions.tests.pdfs import make_pdf, pdf_telling_everywhere

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(submitted, author):
    """A submitted paper whose file tells its author's name in every place, checked."""
    data = pdf_telling_everywhere("Ada Quuxworth")
    actions.upload(submitted, "manuscript", pdf_file("quuxworth-final.pdf", data), by=author)
    for job in Job.objects.order_by("pk"):
        perform(job.pk)
    return submitted


def fetch(user, paper, kind="manuscript", version=None):
    file = paper.files.filter(kind=kind).order_by("-version")[0] if version is None else version
    address = reverse("submissions:file", args=[paper.edition.slug, paper.public_id, kind, file.public_id])
    with time_machine.travel(BEFORE + timedelta(hours=1), tick=False):
        client = Client()
        client.force_login(user)
        response = client.get(address)
    return response, b"".join(response.streaming_content) if response.status_code == 200 else b""


def test_a_reviewer_gets_the_copy_and_nothing_that_tells(told):
    reviewer = ReviewerFactory(edition=told.edition)
    AssignmentFactory(submission=told, reviewer=reviewer)
    response, data = fetch(reviewer.user, told)
    assert response.status_code == 200
    assert data.startswith(b"%PDF-")
    assert data != pdf_telling_everywhere("Ada Quuxworth")
    headers = str(dict(response.headers))
    assert f"{told.edition.slug}-{told.number}.pdf" in headers
    assert "quuxworth" not in headers.lower()
    assert "Last-Modified" not in response.headers
    assert "ETag" not in response.headers


def test_authors_and_unconflicted_organisers_get_the_original(told):
    original = pdf_telling_everywhere("Ada Quuxworth")
    assert fetch(told.created_by, told)[1] == original
    assert fetch(RoleFactory(edition=told.edition).user, told)[1] == original


def test_nobody_else_gets_anything(told):
    edition = told.edition
    conflicted = ReviewerFactory(edition=edition)
    AssignmentFactory(submission=told, reviewer=conflicted)
    ConflictFactory(user=conflicted.user, submission=told)
    organiser = RoleFactory(edition=edition).user
    ConflictFactory(user=organiser, submission=told)
    others = [UserFactory(), ReviewerFactory(edition=edition).user, conflicted.user, organiser]
    others += [RoleFactory(edition=edition, name=name).user for name in ("grants_officer", "schedule_editor")]
    for user in others:
        assert fetch(user, told)[0].status_code == 404


def test_old_versions_are_for_insiders(told):
    old = told.files.get(kind="manuscript", version=1)
    reviewer = ReviewerFactory(edition=told.edition)
    AssignmentFactory(submission=told, reviewer=reviewer)
    assert fetch(reviewer.user, told, version=old)[0].status_code == 404
    assert fetch(told.created_by, told, version=old)[0].status_code == 200


def test_a_reviewer_waits_for_the_copy_rather_than_getting_the_original(submitted):
    reviewer = ReviewerFactory(edition=submitted.edition)
    AssignmentFactory(submission=submitted, reviewer=reviewer)
    assert fetch(reviewer.user, submitted)[0].status_code == 404
    page = reverse("submissions:detail", args=[submitted.edition.slug, submitted.public_id])
    with time_machine.travel(BEFORE, tick=False):
        client = Client()
        client.force_login(reviewer.user)
        assert b"being prepared for reading" in client.get(page).content


def test_the_reviewers_page_tells_nothing_of_the_authors(told):
    reviewer = ReviewerFactory(edition=told.edition)
    AssignmentFactory(submission=told, reviewer=reviewer)
    client = Client()
    client.force_login(reviewer.user)
    with time_machine.travel(BEFORE, tick=False):
        shown = client.get(reverse("submissions:detail", args=[told.edition.slug, told.public_id])).content.decode()
    assert told.title in shown
    assert "Quuxworth" not in shown
    assert "quux" not in shown
    assert "All authors agree" not in shown
    assert "identity" not in shown
    assert "version" not in shown.split("<main")[1]


def test_the_reviewers_page_tells_neither_the_size_of_the_upload_nor_that_a_trace_was_found(told):
    reviewer = ReviewerFactory(edition=told.edition)
    AssignmentFactory(submission=told, reviewer=reviewer)
    pages = {}
    for user in (reviewer.user, told.created_by):
        client = Client()
        client.force_login(user)
        with time_machine.travel(BEFORE, tick=False):
            page = client.get(reverse("submissions:detail", args=[told.edition.slug, told.public_id])).text
        pages[user] = page.replace("\N{NO-BREAK SPACE}", " ")
    size = f"{filesizeformat(told.files.latest('version').size)}".replace("\N{NO-BREAK SPACE}", " ")
    for words in (size, "Please look</span>"):
        assert words in pages[told.created_by]
        assert words not in pages[reviewer.user]
    assert "Checked" in pages[reviewer.user]


def test_whoever_may_bid_on_a_paper_does_not_read_it_yet(told):
    MilestoneFactory(edition=told.edition, kind="bidding", instant=DEADLINE + timedelta(days=4))
    client, member = Client(), ReviewerFactory(edition=told.edition)
    client.force_login(member.user)
    paper = [told.edition.slug, told.public_id]
    file = reverse("submissions:file", args=[*paper, "manuscript", told.files.latest("version").public_id])
    with time_machine.travel(DEADLINE + timedelta(days=1), tick=False):
        assert client.get(reverse("submissions:detail", args=paper)).status_code == 200
        assert client.get(file).status_code == 404
        AssignmentFactory(submission=told, reviewer=member)
        with closing(client.get(file)) as response:
            assert response.status_code == 200


def test_a_wrong_kind_or_another_papers_file_is_not_found(told, track, author):
    other = actions.start(track, by=author)
    foreign = actions.upload(other, "manuscript", pdf_file(data=make_pdf(1)), by=author)
    assert fetch(told.created_by, told, version=foreign)[0].status_code == 404
    assert fetch(told.created_by, told, kind="manuscript")[0].status_code == 200
    address = reverse("submissions:file", args=[told.edition.slug, told.public_id, "poster", foreign.public_id])
    client = Client()
    client.force_login(told.created_by)
    assert client.get(address).status_code == 404


def test_camera_ready_waits_until_the_papers_are_published(accepted, author, at, client):
    final = at(author, LATER)
    version = checked(actions.upload(accepted, "camera_ready", pdf_file(data=make_pdf(5)), by=final))
    address = reverse("submissions:paper_pdf", args=[accepted.edition.slug, accepted.public_id])
    with time_machine.travel(LATER, tick=False):
        assert client.get(address).status_code == 404
    assert fetch(UserFactory(), accepted, kind="camera_ready", version=version)[0].status_code == 404
    chair = RoleFactory(edition=accepted.edition).user
    assert actions.publish_papers(accepted.edition, by=at(_viewer(chair, accepted), LATER)) == 1
    with time_machine.travel(LATER, tick=False):
        response = client.get(address)
        assert b"".join(response.streaming_content).startswith(b"%PDF-")
    actions.unpublish_papers(accepted.edition, by=at(_viewer(chair, accepted), LATER))
    with time_machine.travel(LATER, tick=False):
        assert client.get(address).status_code == 404


def test_manuscripts_are_never_published(accepted, at, client):
    chair = RoleFactory(edition=accepted.edition).user
    assert actions.publish_papers(accepted.edition, by=at(_viewer(chair, accepted), LATER)) == 0
    with time_machine.travel(LATER, tick=False):
        assert client.get(
            reverse("submissions:paper_pdf", args=[accepted.edition.slug, accepted.public_id])
        ).status_code == 404  # fmt: skip


def test_a_file_that_comes_after_publishing_is_public_once_its_check_is_through(accepted, author, at):
    chair = RoleFactory(edition=accepted.edition).user
    actions.publish_papers(accepted.edition, by=at(_viewer(chair, accepted), LATER))
    version = actions.upload(accepted, "camera_ready", pdf_file(data=make_pdf(5)), by=at(author, LATER))
    assert Submission.objects.get(pk=accepted.pk).published_at is None
    checked(version)
    assert Submission.objects.get(pk=accepted.pk).published_at == LATER


def _viewer(user, paper):
    from ml4rs.editions.viewer import Viewer

    return Viewer.of(user, paper.edition, LATER)


def test_a_file_is_neither_sent_nor_left_open_where_its_address_says_more_than_it_takes(told, client):
    client.force_login(told.created_by)
    version = told.files.first()
    page = reverse("submissions:file", args=[told.edition.slug, told.public_id, "manuscript", version.public_id])
    with time_machine.travel(LATER, tick=False):
        refused = client.get(f"{page}?fbclid=y")
        assert refused.status_code == 400
        assert not refused.streaming
        assert b"".join(client.get(page).streaming_content)[:4] == b"%PDF"
