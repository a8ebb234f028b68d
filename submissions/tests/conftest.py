"""What the tests of this app share: an open track, its author, and files to hand in."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ml4rs.editions.models import Edition, Track
from ml4rs.editions.tests.factories import MilestoneFactory, TrackFactory, UserFactory
from ml4rs.editions.viewer import Viewer
from submissions import actions
from submissions.actions import record_check
from submissions.models import FileVersion, Submission
from submissions.pdfcheck import CheckResult
from submissions.tests.factories import SubmissionFactory
from submissions.tests.pdfs import make_pdf

DEADLINE = datetime(2025, 2, 11, 11, 59, 59, tzinfo=UTC)
BEFORE = DEADLINE - timedelta(days=2)
AFTER = DEADLINE + timedelta(minutes=1)
LATER = datetime(2025, 3, 4, 12, tzinfo=UTC)
AGREED = {"agreed": True}


@pytest.fixture
def track(db) -> Track:
    """A four-page double-blind track whose deadline is DEADLINE."""
    track = TrackFactory(slug="papers", name="Workshop papers")
    MilestoneFactory(edition=track.edition, kind="submission", instant=DEADLINE)
    MilestoneFactory(edition=track.edition, kind="notification", instant=datetime(2025, 3, 3, tzinfo=UTC))
    MilestoneFactory(edition=track.edition, kind="camera_ready", instant=datetime(2025, 4, 20, tzinfo=UTC))
    return track


@pytest.fixture
def author(track) -> Viewer:
    """Somebody who writes in that track, two days before its deadline."""
    return Viewer.of(UserFactory(name="Ada Quuxworth", email="ada@quux.example"), track.edition, BEFORE)


@pytest.fixture
def at() -> Callable[[Viewer, datetime], Viewer]:
    """`at(viewer, instant)`: the same person in another request, at another time."""
    return lambda viewer, instant: Viewer.of(viewer.user, Edition.objects.get(pk=viewer.edition.pk), instant)


@pytest.fixture
def draft(track, author) -> Submission:
    """A draft of theirs that lacks only its file."""
    paper = actions.start(track, by=author)
    Submission.objects.filter(pk=paper.pk).update(
        title="Seeing fields from space", abstract="We look down.", declarations=AGREED
    )
    paper.refresh_from_db()
    return paper


def pdf_file(name: str = "paper.pdf", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make_pdf(2) if data is None else data, content_type="application/pdf")


@pytest.fixture
def complete(draft, author) -> Submission:
    """A draft with its file: it can be submitted."""
    actions.upload(draft, "manuscript", pdf_file(), by=author)
    return draft


@pytest.fixture
def submitted(complete, author, mails) -> Submission:
    actions.submit(complete, by=author)
    complete.refresh_from_db()
    return complete


def checked(version: FileVersion, **result) -> FileVersion:
    """The version with a check report, as the worker writes it."""
    record_check(version, CheckResult(**{"verdict": "ok", "pages": 2, **result}), None, at=version.uploaded_at)
    return version


@pytest.fixture
def accepted(track, author, submitted) -> Submission:
    actions.release_outcome(submitted, outcome="accepted", presentation="poster", at=datetime(2025, 3, 3, tzinfo=UTC))
    submitted.refresh_from_db()
    return submitted


def with_file(submission: Submission, kind: str = "manuscript", version: int = 1) -> FileVersion:
    """A file version without its bytes, for lists of many."""
    return FileVersion.objects.create(
        submission=submission,
        kind=kind,
        version=version,
        sha256=f"{submission.pk:064x}",
        size=1000,
        content_type="application/pdf",
        stored=f"files/none/{submission.pk}",
        reviewers_copy=f"copies/none/{submission.pk}",
        uploaded_by=submission.created_by,
        uploaded_at=BEFORE,
    )


def many_papers(track: Track, count: int, **fields) -> list[Submission]:
    """So many submitted papers with their files, for the budgets of lists."""
    papers = [SubmissionFactory(track=track, **fields) for _ in range(count)]
    for paper in papers:
        with_file(paper)
    return papers
