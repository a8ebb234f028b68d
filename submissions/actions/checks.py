"""Asking for the PDF check of a file version, and recording what it said."""

from django.core.files import File
from django.db import transaction

from ml4rs.audit.actions import record
from ml4rs.editions.viewer import Viewer
from ml4rs.jobs.actions import enqueue
from ml4rs.jobs.models import Job
from submissions import filetypes
from submissions.actions.disputes import verdict_after_disputes
from submissions.actions.final import publish_if_complete
from submissions.actions.telling import tell_authors
from submissions.models import CheckReport, FileVersion, Finding, Submission
from submissions.pdfcheck import CheckResult
from submissions.policy import FILES_AFTER_ACCEPTANCE
from submissions.queries.sheet import CHECK_JOB

_BAD = (CheckReport.Verdict.BLOCKED, CheckReport.Verdict.REFUSED)


def ask_for_check(version: FileVersion, *, by: Viewer | None) -> Job | None:
    """Queue the check of a PDF or a picture, and the reviewers' copy; other files need none."""
    if version.content_type not in (filetypes.PDF.content_type, filetypes.ZIP.content_type, *filetypes.PICTURES):
        return None
    return enqueue(
        CHECK_JOB,
        subject=version.public_id,
        edition=version.submission.edition,
        by=by,
        parameters={"file": version.public_id, "submission_id": version.submission_id},
    )


def keep_picture(version: FileVersion, picture: File) -> None:
    """Keep what a screen shows of a slide; the first one stays, since a version never changes."""
    field = FileVersion.picture.field
    stored = field.storage.save(field.upload_to(version, ""), picture)
    FileVersion.objects.filter(pk=version.pk, picture="").update(picture=stored)


def record_check(version: FileVersion, result: CheckResult | None, copy: File | None, *, at) -> CheckReport | None:
    """Keep what the check saw, and the copy that reviewers get. A later run under the same rules takes its place.

    Authors of a submitted paper are told by mail if its current file turns out unusable.
    """
    stored = ""
    if copy is not None and not version.reviewers_copy:
        stored = FileVersion.reviewers_copy.field.storage.save(
            FileVersion.reviewers_copy.field.upload_to(version, ""), copy
        )
    with transaction.atomic():
        if stored:
            FileVersion.objects.filter(pk=version.pk).update(reviewers_copy=stored)
        return _record(version, result, at) if result is not None else None


def _record(version: FileVersion, result: CheckResult, at) -> CheckReport:
    CheckReport.objects.filter(file_version=version, rule_version=result.rule_version).delete()
    blocking = {finding.code for finding in result.findings if finding.severity == Finding.Severity.BLOCKS}
    report = CheckReport.objects.create(
        file_version=version,
        rule_version=result.rule_version,
        verdict=verdict_after_disputes(version, result.verdict, blocking),
        pages=result.pages,
        facts={
            **result.facts,
            "main_text_pages": result.main_text_pages,
            "references_page": result.references_page,
            "appendix_page": result.appendix_page,
        },
        text=result.text,
        checked_at=at,
    )
    Finding.objects.bulk_create(
        Finding(
            report=report,
            code=finding.code,
            kind=finding.kind,
            severity=finding.severity,
            page=finding.page,
            box=list(finding.box) if finding.box else None,
            excerpt=finding.excerpt,
            message=finding.message,
        )
        for finding in result.findings
    )
    record(
        "submission.file_checked",
        by=None,
        subject=version,
        edition=version.submission.edition,
        submission_id=version.submission_id,
        details={"verdict": result.verdict, "codes": sorted({finding.code for finding in result.findings})},
    )
    _tell_if_bad(version, report)
    if version.kind in FILES_AFTER_ACCEPTANCE:
        publish_if_complete(version.submission, at=at)
    return report


def _tell_if_bad(version: FileVersion, report: CheckReport) -> None:
    submission = version.submission
    newer = FileVersion.objects.filter(submission=submission, kind=version.kind, version__gt=version.version)
    if report.verdict not in _BAD or submission.state != Submission.State.SUBMITTED or newer.exists():
        return
    reasons = [finding.message for finding in report.findings.filter(severity=Finding.Severity.BLOCKS)]
    context = {"kind": version.get_kind_display().lower(), "reasons": reasons}
    tell_authors("submissions.check_failed", submission, revision=version.public_id, context=context)
