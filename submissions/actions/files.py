"""Handing in a file: streamed to disk, told by its content, kept for ever as a version."""

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Max

from ml4rs.audit.actions import record
from ml4rs.editions.models import TrackFile
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from submissions.actions.checks import ask_for_check
from submissions.actions.final import publish_if_complete
from submissions.actions.fresh import fresh, held
from submissions.actions.telling import send_receipt
from submissions.incoming import bare_name, sha256_of, type_of
from submissions.models import FileVersion, Submission
from submissions.policy import FILES_AFTER_ACCEPTANCE, may_upload
from submissions.queries.sheet import wanted_files


def upload(submission: Submission, kind: str, file: UploadedFile, *, by: Viewer) -> FileVersion:
    """Keep a file as the newest version of its kind, and have it checked.

    The bytes are written before the transaction begins, so that no lock is held meanwhile. The same bytes
    again (a double click) are no new version.

    Raises:
        NotAllowed: `by` may not hand in this file now. An upload counts as of when its request arrived.
        BadFile: it is empty, too large, or of a type that the track does not take.
    """
    current = fresh(submission, by)
    require(may_upload(by, current, kind))
    wanted = _wanted(current, kind)
    found = type_of(file, wanted.types, megabytes=wanted.max_megabytes)
    digest = sha256_of(file)
    if same := _same(current, kind, digest, by):
        return same
    version = FileVersion(
        submission=current,
        kind=kind,
        sha256=digest,
        size=file.size,
        content_type=found.content_type,
        original_name=bare_name(file.name),
        uploaded_by=by.user,
        uploaded_at=by.now,
    )
    storage = FileVersion.stored.field.storage
    version.stored = storage.save(FileVersion.stored.field.upload_to(version, ""), file)
    try:
        kept = _keep(version, by)
    except BaseException:
        storage.delete(version.stored.name)
        raise
    if kept is not version:
        storage.delete(version.stored.name)
    return kept


@transaction.atomic
def _same(submission: Submission, kind: str, digest: str, by: Viewer) -> FileVersion | None:
    """The newest version of the kind if it has the same bytes.

    The same file again is how an author repeats a check that could not be finished.
    """
    newest = submission.files.filter(kind=kind).order_by("-version").first()
    if newest is None or newest.sha256 != digest:
        return None
    if not newest.reports.exists():
        ask_for_check(newest, by=by)
    return newest


@transaction.atomic
def _keep(version: FileVersion, by: Viewer) -> FileVersion:
    """Asks again what was asked before the bytes were written: much may have happened while they came in."""
    submission = held(version.submission, by)
    require(may_upload(by, submission, version.kind))
    if same := _same(submission, version.kind, version.sha256, by):
        return same
    _number(version)
    details = {"kind": version.kind, "version": version.version, "sha256": version.sha256, "size": version.size}
    record("submission.file_uploaded", by=by, subject=version, submission_id=submission.pk, details=details)
    ask_for_check(version, by=by)
    if submission.state == Submission.State.SUBMITTED:
        send_receipt(submission, [version], by=by, revision=version.public_id)
    if version.kind in FILES_AFTER_ACCEPTANCE:
        publish_if_complete(submission, at=by.now)
    return version


def _number(version: FileVersion) -> None:
    """Save it under the next version number; two uploads at once get one each."""
    versions = FileVersion.objects.filter(submission=version.submission, kind=version.kind)
    for _ in range(10):
        version.version = (versions.aggregate(last=Max("version"))["last"] or 0) + 1
        try:
            with transaction.atomic():
                version.save(force_insert=True)
                return
        except IntegrityError:
            version.pk = None
    raise NotAllowed("Too many files arrive for this paper at once. Upload it again.")


def _wanted(submission: Submission, kind: str) -> TrackFile:
    wanted = next((each for each in wanted_files(submission.track) if each.kind == kind), None)
    if wanted is None:
        raise NotAllowed("This track takes no such file.")
    return wanted
