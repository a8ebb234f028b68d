"""Which bytes a viewer gets of a file version, and under what name."""

from dataclasses import dataclass

from django.db.models.fields.files import FieldFile

from ml4rs.editions.viewer import Viewer
from submissions import filetypes
from submissions.models import FileVersion, Submission
from submissions.policy import FILES_OF_SUBMISSION, PUBLIC_FILES


@dataclass(frozen=True)
class Download:
    file: FieldFile
    content_type: str
    name: str


def download_for(viewer: Viewer, submission: Submission, kind: str, file_pid: str) -> Download | None:
    """The file if this viewer may have it: the upload itself for insiders and of published kinds, else the copy.

    `submission` is a row of `seen_by(viewer)`. At most two queries.
    """
    version = FileVersion.objects.filter(submission=submission, kind=kind, public_id=file_pid).first()
    if version is None or not (submission.sees_versions or is_current(version)):
        return None
    published_kind = kind in PUBLIC_FILES and submission.sees_published
    if submission.sees_original or published_kind:
        return _download(version.stored, version, viewer, submission)
    if kind in FILES_OF_SUBMISSION and submission.sees_manuscript and version.reviewers_copy:
        return _download(version.reviewers_copy, version, viewer, submission)
    return None


def is_current(version: FileVersion) -> bool:
    newer = FileVersion.objects.filter(submission=version.submission_id, kind=version.kind, version__gt=version.version)
    return not newer.exists()


def _download(file: FieldFile, version: FileVersion, viewer: Viewer, submission: Submission) -> Download:
    return Download(
        file, version.content_type, neutral_name(viewer, submission, version, counted=submission.sees_versions)
    )


def neutral_name(viewer: Viewer, submission: Submission, version: FileVersion, *, counted: bool) -> str:
    """`iclr2025-17.pdf`: the edition, the paper's number, the kind unless it is the paper; the version if `counted`."""
    number = str(submission.number) if submission.number else "draft"
    kind = "" if version.kind in ("manuscript", "camera_ready") else f"-{version.kind}"
    counter = f"-v{version.version}" if counted else ""
    extension = filetypes.BY_CONTENT_TYPE[version.content_type].extension
    return f"{viewer.edition.slug}-{number}{kind}{counter}.{extension}"
