"""What organisers do with many papers at once: write, desk-reject, take back, fetch files, look for doubles."""

import io
import zipfile

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.urls import reverse

from ml4rs.editions.tests.factories import RoleFactory, TextBlockFactory, TopicFactory, UserFactory
from reviews.tests.factories import ConflictFactory
from submissions.models import FileVersion, Finding, Submission
from submissions.tests.conftest import AFTER, checked
from submissions.tests.factories import SubmissionFactory
from submissions.tests.pdfs import make_pdf

pytestmark = pytest.mark.usefixtures("mails")


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(AFTER, tick=False):
        yield


@pytest.fixture
def chair(track):
    return RoleFactory(edition=track.edition).user


@pytest.fixture
def desk(client, chair):
    client.force_login(chair)
    return client


@pytest.fixture
def papers(track) -> list[Submission]:
    return [SubmissionFactory(track=track, authors=2) for _ in range(3)]


def at(name: str, track) -> str:
    return reverse(f"submissions:{name}", args=[track.edition.slug])


def act(desk, track, papers=(), **sent):
    return desk.post(at("selected", track), {"paper": [each.public_id for each in papers], **sent})


def states() -> set[str]:
    return set(Submission.objects.values_list("state", flat=True))


def file_of(paper, kind="manuscript", data=None, copy=None) -> FileVersion:
    version = FileVersion(
        submission=paper, kind=kind, version=1, sha256="0" * 64, size=1, content_type="application/pdf",
        uploaded_by=paper.created_by, uploaded_at=AFTER,
    )  # fmt: skip
    version.stored.save("x", ContentFile(data or make_pdf(1)), save=False)
    if copy:
        version.reviewers_copy.save("x", ContentFile(copy), save=False)
    version.save()
    return version


# --- Desk reject -----------------------------------------------------------------------------------------


def test_nothing_happens_before_it_is_confirmed(desk, track, papers):
    page = act(desk, track, papers[:2], verb="desk_reject")
    assert "2 papers" in page.content.decode()
    assert states() == {"submitted"}


def test_picked_papers_are_rejected_with_a_ready_reason_and_own_words(desk, track, papers):
    TextBlockFactory(edition=track.edition, key="desk-reject-scope", title="Scope", body="It is not about the Earth.")
    act(desk, track, papers[:2], verb="desk_reject", confirmed="yes", ready="scope", reason="Try elsewhere.")
    rejected = Submission.objects.filter(state="desk_rejected")
    assert set(rejected) == set(papers[:2])
    assert {paper.state_reason for paper in rejected} == {"It is not about the Earth.\n\nTry elsewhere."}


def test_a_reason_is_needed(desk, track, papers):
    page = act(desk, track, papers, verb="desk_reject", confirmed="yes", reason=" ")
    assert "Give the authors a reason" in page.content.decode()
    assert states() == {"submitted"}


def test_all_or_none_are_rejected(desk, track, papers):
    Submission.objects.filter(pk=papers[1].pk).update(state="withdrawn")
    act(desk, track, papers, verb="desk_reject", confirmed="yes", reason="Too long")
    assert states() == {"submitted", "withdrawn"}


def test_rejections_are_taken_back_together(desk, track, papers):
    act(desk, track, papers, verb="desk_reject", confirmed="yes", reason="Too long")
    act(desk, track, papers, verb="reinstate", confirmed="yes")
    assert states() == {"submitted"}


def test_all_that_the_filters_find_are_meant_on_demand(desk, track, papers):
    act(desk, track, verb="desk_reject", confirmed="yes", reason="No", scope="all", filters=f"q=%23{papers[0].number}")
    assert set(Submission.objects.filter(state="desk_rejected")) == {papers[0]}


def test_papers_that_an_organiser_may_not_list_cannot_be_picked(desk, chair, track, papers):
    ConflictFactory(user=chair, submission=papers[0])
    act(desk, track, papers[:1], verb="desk_reject", confirmed="yes", reason="No")
    act(desk, track, verb="desk_reject", confirmed="yes", reason="No", scope="all")
    papers[0].refresh_from_db()
    assert papers[0].state == "submitted"


# --- Files -----------------------------------------------------------------------------------------------


def unzipped(response) -> dict[str, bytes]:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    return {name: archive.read(name) for name in archive.namelist()}


def test_the_archive_holds_the_copies_of_the_listed_papers_under_our_names(desk, track, papers):
    file_of(papers[0], data=make_pdf(1, author="Ada"), copy=b"%PDF-copy")
    file_of(papers[1])
    found = unzipped(desk.get(at("archive", track), {"kind": "manuscript", "q": f"#{papers[0].number}"}))
    assert found == {f"{track.edition.slug}-{papers[0].number}.pdf": b"%PDF-copy"}


def test_conflicted_papers_are_not_in_the_archive(desk, chair, track, papers):
    for paper in papers[:2]:
        file_of(paper)
    ConflictFactory(user=chair, submission=papers[0])
    found = unzipped(desk.get(at("archive", track), {"kind": "manuscript"}))
    assert set(found) == {f"{track.edition.slug}-{papers[1].number}.pdf"}


def test_an_archive_of_nothing_says_so(desk, track, papers):
    assert desk.get(at("archive", track), {"kind": "poster"}).status_code == 302
    assert desk.get(at("archive", track), {"kind": "nonsense"}).status_code == 400


def test_the_archive_takes_the_same_queries_for_any_number_of_papers(desk, track, cost_of):
    costs = []
    for count in (1, 20):
        for _ in range(count):
            file_of(SubmissionFactory(track=track))
        with cost_of() as cost:
            unzipped(desk.get(at("archive", track), {"kind": "manuscript"}))
        costs.append(cost.queries)
    assert costs[0] >= costs[1]


# --- Doubles, filters, guards ----------------------------------------------------------------------------


def test_papers_that_look_alike_are_shown_in_pairs_but_never_conflicted_ones(desk, chair, track):
    one, two = (SubmissionFactory(track=track, title="Mapping floods with radar images") for _ in range(2))
    assert str(two) in desk.get(at("duplicates", track)).content.decode()
    ConflictFactory(user=chair, submission=two)
    assert str(one) not in desk.get(at("duplicates", track)).content.decode()


def test_the_list_is_filtered_by_topic_and_by_what_the_check_found(desk, track, papers):
    topic = TopicFactory(edition=track.edition)
    papers[0].topics.add(topic)
    report = checked(file_of(papers[1])).reports.get()
    Finding.objects.create(report=report, code="length.over_limit", severity="blocks", message="x")
    for asked, paper in (({"topic": topic.slug}, papers[0]), ({"finding": "length"}, papers[1])):
        page = desk.get(at("manage", track), asked).content.decode()
        assert [each.title in page for each in papers] == [each == paper for each in papers]


@pytest.mark.parametrize("name", ["selected", "archive", "duplicates"])
def test_for_everybody_else_these_pages_do_not_exist(client, track, name, author):
    for user in (UserFactory(), author.user, RoleFactory(edition=track.edition, name="schedule_editor").user):
        client.force_login(user)
        response = client.post(at(name, track)) if name == "selected" else client.get(at(name, track))
        assert response.status_code == 404


def test_unknown_parameters_of_the_archive_are_refused(desk, track, papers):
    file_of(papers[0])
    assert desk.get(at("archive", track), {"kind": "manuscript", "author": "x"}).status_code == 400
