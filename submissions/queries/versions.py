"""File versions looked at closely: what changed from one to the next, and findings page by page."""

from dataclasses import dataclass

from submissions import filetypes
from submissions.comparing import Piece, compare
from submissions.models import CheckReport, FileVersion, Finding, Submission


def version_or_none(submission: Submission, kind: str, file_pid: str) -> FileVersion | None:
    """A version for those who see the upload itself. `submission` is a row of `seen_by`. One query."""
    if not (submission.sees_original and submission.sees_versions):
        return None
    return FileVersion.objects.filter(submission=submission, kind=kind, public_id=file_pid).first()


@dataclass(frozen=True)
class Changes:
    before: FileVersion
    pieces: list[Piece]
    is_known: bool  # whether both versions have been read


def changes_of(version: FileVersion) -> Changes | None:
    """From the version before it; None for the first. Three queries."""
    older = FileVersion.objects.filter(
        submission=version.submission_id, kind=version.kind, version__lt=version.version
    ).order_by("-version")
    before = older.first()
    if before is None:
        return None
    old, new = _text(before), _text(version)
    known = old is not None and new is not None
    return Changes(before, compare(old or "", new or "") if known else [], known)


def _text(version: FileVersion) -> str | None:
    """What the newest check read; None where there is none, or it read nothing."""
    texts = CheckReport.objects.filter(file_version=version).order_by("-checked_at").values_list("text", flat=True)
    return texts.first() or None


@dataclass(frozen=True)
class Boxed:
    """A finding and its box as SVG wants it: from the upper left, in points."""

    finding: Finding
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class PageView:
    number: int
    width: int
    height: int
    boxes: list[Boxed]
    others: list[Finding]  # on this page, without a place


def page_of(version: FileVersion, number: int) -> PageView | None:
    """One page with the findings on it; None where there is none, or the file is no checked PDF. Two queries."""
    report = version.reports.prefetch_related("findings").first()
    if report is None or version.content_type != filetypes.PDF.content_type or not 1 <= number <= (report.pages or 0):
        return None
    sizes = report.facts.get("sizes") or [report.facts.get("size") or [612, 792]]
    width, height = sizes[number - 1] if len(sizes) >= number else sizes[0]
    here = [finding for finding in report.findings.all() if finding.page == number]
    boxes = [_boxed(finding, height) for finding in here if finding.box]
    return PageView(number, width, height, boxes, [finding for finding in here if not finding.box])


def _boxed(finding: Finding, height: float) -> Boxed:
    left, bottom, right, top = finding.box
    return Boxed(
        finding, round(left - 2, 1), round(height - top - 2, 1), round(right - left + 4, 1), round(top - bottom + 4, 1)
    )
