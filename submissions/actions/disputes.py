"""When the check is wrong: authors object with a reason, an organiser lets the file pass or upholds the check.

The check reads PDFs and may misread one; no paper is lost to that. What was let pass stays so when the file is
checked again, unless the check then finds something else that blocks.
"""

from django.db import IntegrityError, transaction

from ml4rs.audit.actions import record
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from submissions.actions.final import publish_if_complete
from submissions.actions.fresh import fresh
from submissions.actions.telling import tell_authors
from submissions.models import CheckReport, Dispute, FileVersion, Finding, Submission
from submissions.policy import FILES_AFTER_ACCEPTANCE, may_dispute, may_let_pass

BLOCKED, WARNINGS = CheckReport.Verdict.BLOCKED, CheckReport.Verdict.WARNINGS


@transaction.atomic
def dispute(submission: Submission, kind: str, *, reason: str, by: Viewer) -> Dispute:
    """Say that the check is wrong about the newest file of this kind. Organisers find it on their overview.

    Raises:
        NotAllowed: `by` is no author, nothing blocks the file, or it is disputed already.
    """
    current = fresh(submission, by)
    version = _newest(current, kind)
    require(may_dispute(by, current, _report(version)))
    try:
        with transaction.atomic():
            made = Dispute.objects.create(file_version=version, reason=reason, raised_by=by.user, raised_at=by.now)
    except IntegrityError as error:
        raise NotAllowed("This file is disputed already; the organisers look at it.") from error
    record("submission.check_disputed", by=by, subject=version, submission_id=current.pk, details={"reason": reason})
    return made


@transaction.atomic
def answer_dispute(submission: Submission, kind: str, *, passes: bool, note: str, by: Viewer) -> Dispute:
    """Let the newest file of this kind pass in spite of the check, disputed or not; or uphold the check.

    Raises:
        NotAllowed: `by` is no organiser without conflict, nothing blocks the file, or there is nothing to uphold.
    """
    current = fresh(submission, by)
    version = _newest(current, kind)
    require(may_let_pass(by, current, _report(version)))
    made = Dispute.objects.filter(file_version=version).first()
    if made is None and not passes:
        raise NotAllowed("Nobody disputes this check; it stands as it is.")
    made = made or Dispute(file_version=version)
    made.answer = Dispute.Answer.PASSED if passes else Dispute.Answer.UPHELD
    made.codes = _blocking(version) if passes else []
    made.note, made.answered_by, made.answered_at = note, by.user, by.now
    made.save()
    if passes:
        CheckReport.objects.filter(file_version=version, verdict=BLOCKED).update(verdict=WARNINGS)
    details = {"note": note, "codes": made.codes}
    verb = "submission.check_overruled" if passes else "submission.check_upheld"
    record(verb, by=by, subject=version, submission_id=current.pk, details=details)
    context = {"kind": version.get_kind_display().lower(), "passes": passes, "note": note}
    revision = f"{version.public_id}:{by.now.isoformat()}"
    tell_authors("submissions.dispute_answered", current, revision=revision, context=context)
    if passes and kind in FILES_AFTER_ACCEPTANCE:
        publish_if_complete(current, at=by.now)
    return made


def verdict_after_disputes(version: FileVersion, verdict: str, codes: set[str]) -> str:
    """What a new report of the file comes to: blocking findings that were let pass only warn."""
    if verdict != BLOCKED:
        return verdict
    passed = Dispute.objects.filter(file_version=version, answer=Dispute.Answer.PASSED).first()
    return WARNINGS if passed is not None and codes <= set(passed.codes) else verdict


def _newest(submission: Submission, kind: str) -> FileVersion:
    found = submission.files.filter(kind=kind).order_by("-version").first()
    if found is None:
        raise NotAllowed("There is no such file.")
    return found


def _report(version: FileVersion) -> CheckReport | None:
    return version.reports.order_by("-checked_at").first()


def _blocking(version: FileVersion) -> list[str]:
    report = _report(version)
    blocking = report.findings.filter(severity=Finding.Severity.BLOCKS) if report else Finding.objects.none()
    return sorted(set(blocking.values_list("code", flat=True)))
