"""The paper that all of it is about: its authors, its texts, its files."""

from hashlib import sha256

from django.core.files.base import ContentFile

from ml4rs.accounts.models import User
from ml4rs.editions.models import Edition, Track
from reviews.models import Exclusion
from submissions.models import Authorship, CheckReport, FileVersion, Finding, Submission
from submissions.tests.pdfs import make_pdf
from tests.world.scene import HANDED_IN, World


def write_paper(edition: Edition, track: Track, author: User) -> Submission:
    paper = Submission.objects.create(
        edition=edition,
        track=track,
        number=417,
        title="Zephyrglade",
        abstract="Umbraquill",
        declarations={"journal": True},
        answers={"organisers": "Answerash", "reviewers": "Answerelm", "public": "Answeroak"},
        state=Submission.State.SUBMITTED,
        created_by=author,
        created_at=HANDED_IN,
        updated_at=HANDED_IN,
        submitted_at=HANDED_IN,
    )
    Authorship.objects.create(
        submission=paper, position=0, name=author.name, email=author.email, user=author, is_corresponding=True
    )
    Authorship.objects.create(
        submission=paper,
        position=1,
        name="Corvina Quill",
        email="corvina.mailwren@quill.example",
        affiliation="Featherinstitute",
    )
    Exclusion.objects.create(submission=paper, line="Excludedmyrtle", reason="Why", named_by=author, named_at=HANDED_IN)
    return paper


def hand_in_files(world: World, phase: str) -> None:
    keep_file(world.paper, "manuscript", 1, "Oldversionmoss")
    current = keep_file(world.paper, "manuscript", 2, "Manuscriptwort")
    keep_file(world.paper, "supplementary", 1, "Supplementhazel")
    report = CheckReport.objects.create(
        file_version=current, rule_version="1", verdict="warnings", pages=4, checked_at=current.uploaded_at
    )
    Finding.objects.create(report=report, code="a", kind="format", severity="warns", message="Formatthistle")
    Finding.objects.create(report=report, code="b", kind="identity", severity="warns", message="Identityfern")
    if phase in ("released", "published"):
        keep_file(world.paper, "camera_ready", 1, "Camerayarrow")


def keep_file(
    paper: Submission,
    kind: str,
    version: int,
    text: str,
    *,
    writer: str = "Corvina Quill",
    name: str = "corvina.mailwren.pdf",
) -> FileVersion:
    content = make_pdf(pages=1, text=text, author=writer if kind != "camera_ready" else "")
    copy = make_pdf(pages=1, text=text)
    row = FileVersion(
        submission=paper,
        kind=kind,
        version=version,
        sha256=sha256(content).hexdigest(),
        size=len(content),
        content_type="application/pdf",
        original_name=name,
        uploaded_by=paper.created_by,
        uploaded_at=paper.submitted_at,
    )
    row.stored.save("x", ContentFile(content), save=False)
    row.reviewers_copy.save("x", ContentFile(copy), save=False)
    row.save()
    return row
