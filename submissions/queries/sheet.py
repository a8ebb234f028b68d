"""All that one page per paper shows: files with their versions and check reports, and what is still missing."""

from dataclasses import dataclass, field

from django.db.models import Prefetch
from django.urls import reverse

from ml4rs.editions.models import Question, Track, TrackFile
from ml4rs.editions.viewer import Viewer
from ml4rs.jobs.models import Job
from submissions import filetypes
from submissions.models import CheckReport, Dispute, FileVersion, Finding, Submission
from submissions.policy import (
    FILES_AFTER_ACCEPTANCE,
    FILES_OF_SUBMISSION,
    PUBLIC_FILES,
    may_dispute,
    may_let_pass,
    may_upload,
)
from submissions.questions import asked, field_name, unanswered

CHECK_JOB = "submissions.check_pdf"


@dataclass
class Missing:
    """Something without which a paper cannot be submitted, and where to add it."""

    text: str
    url: str


@dataclass
class FileSlot:
    """One kind of file: what the track takes, what is there, and what the check said."""

    wanted: TrackFile
    versions: list[FileVersion]
    report: CheckReport | None = None
    findings: list[Finding] = field(default_factory=list)
    job: Job | None = None
    can_upload: bool = False
    refusal: str = ""
    dispute: Dispute | None = None  # for authors and organisers
    can_dispute: bool = False
    can_pass: bool = False

    @property
    def current(self) -> FileVersion | None:
        return self.versions[0] if self.versions else None

    @property
    def older(self) -> list[FileVersion]:
        return self.versions[1:]

    @property
    def is_public(self) -> bool:
        """A kind that is published as it is, not as a reviewers' copy."""
        return self.wanted.kind in PUBLIC_FILES

    @property
    def type_label(self) -> str:
        return filetypes.BY_CONTENT_TYPE[self.current.content_type].label if self.current else ""

    @property
    def is_checking(self) -> bool:
        return self.job is not None and self.job.state in (Job.State.QUEUED, Job.State.RUNNING)

    @property
    def takes(self) -> str:
        return f"{filetypes.labels(self.wanted.types)}, at most {self.wanted.max_megabytes} MB"

    @property
    def accept(self) -> str:
        """For the file input: what the browser offers first."""
        return ",".join("." + filetypes.KNOWN[name].extension for name in self.wanted.types if name in filetypes.KNOWN)


@dataclass
class Sheet:
    """The page of one paper for one viewer."""

    submission: Submission
    files: list[FileSlot]
    final_files: list[FileSlot]
    missing: list[Missing]

    @property
    def all_files(self) -> list[FileSlot]:
        return self.files + self.final_files


def wanted_files(track: Track) -> list[TrackFile]:
    """What a track takes. Every paper track takes a camera-ready PDF, also if its data does not say so."""
    wanted = list(track.files.all())
    if track.kind == Track.Kind.PAPER and all(each.kind != TrackFile.Kind.CAMERA_READY for each in wanted):
        wanted.append(TrackFile(track=track, kind=TrackFile.Kind.CAMERA_READY, types=["pdf"], max_megabytes=20))
    return wanted


def current_files(submission: Submission) -> dict[str, FileVersion]:
    """The newest version of each kind, with its reports. Two queries."""
    current: dict[str, FileVersion] = {}
    for version in submission.files.prefetch_related("reports").order_by("kind", "-version"):
        current.setdefault(version.kind, version)
    return current


def sheet(viewer: Viewer, submission: Submission) -> Sheet:
    """Files, reports and what is missing, as far as this viewer may see them. Six queries."""
    wanted = wanted_files(submission.track)
    versions = _seen_versions(submission)
    jobs = _check_jobs(versions) if submission.sees_original else {}
    slots = [_slot(viewer, submission, each, versions, jobs) for each in wanted]
    return Sheet(
        submission,
        files=[slot for slot in slots if slot.wanted.kind in FILES_OF_SUBMISSION],
        final_files=[slot for slot in slots if slot.wanted.kind in FILES_AFTER_ACCEPTANCE],
        missing=missing(submission, {slot.wanted.kind: slot for slot in slots}) if submission.is_author else [],
    )


def _seen_versions(submission: Submission) -> list[FileVersion]:
    """The versions that the viewer of this row may open, newest first."""
    kinds = set()
    if submission.sees_manuscript:
        kinds |= FILES_OF_SUBMISSION
    if submission.sees_published:
        kinds |= PUBLIC_FILES
    found = (
        FileVersion.objects.filter(submission=submission, kind__in=kinds)
        .prefetch_related(Prefetch("reports", CheckReport.objects.prefetch_related(_findings(submission))))
        .order_by("kind", "-version")
    )
    if submission.sees_original:
        found = found.select_related("dispute")
    if submission.sees_versions:
        return list(found)
    newest: dict[str, FileVersion] = {}
    for version in found:
        newest.setdefault(version.kind, version)
    return list(newest.values())


def _findings(submission: Submission) -> Prefetch:
    """Identity findings go to authors and organisers only; format findings to reviewers as well."""
    kinds = [Finding.Kind.FORMAT] if submission.sees_format_findings else []
    kinds += [Finding.Kind.IDENTITY] if submission.sees_identity_findings else []
    return Prefetch("findings", Finding.objects.filter(kind__in=kinds))


def _check_jobs(versions: list[FileVersion]) -> dict[str, Job]:
    """The latest check of each of these versions that has no report yet. No query where all have."""
    subjects = [version.public_id for version in versions if not version.reports.all()]
    if not subjects:
        return {}
    jobs = Job.objects.filter(kind=CHECK_JOB, subject__in=subjects).order_by("created_at", "pk")
    return {job.subject: job for job in jobs}


def _slot(viewer, submission, wanted: TrackFile, versions: list[FileVersion], jobs: dict[str, Job]) -> FileSlot:
    slot = FileSlot(wanted, [version for version in versions if version.kind == wanted.kind])
    if slot.current is not None:
        slot.job = jobs.get(slot.current.public_id)
        slot.report = next(iter(slot.current.reports.all()), None)
        slot.findings = list(slot.report.findings.all()) if slot.report else []
        slot.dispute = getattr(slot.current, "dispute", None) if submission.sees_original else None
        slot.can_dispute = slot.dispute is None and bool(may_dispute(viewer, submission, slot.report))
        slot.can_pass = bool(may_let_pass(viewer, submission, slot.report))
    verdict = may_upload(viewer, submission, wanted.kind)
    slot.can_upload, slot.refusal = bool(verdict), verdict.reason
    return slot


def missing(submission: Submission, slots: dict[str, FileSlot]) -> list[Missing]:
    """What a paper still lacks before it can be submitted. Three queries."""
    arguments = [submission.edition.slug, submission.public_id]
    edit = reverse("submissions:edit", args=arguments)
    found = []
    if not submission.title.strip():
        found.append(Missing("A title", edit + "#id_title"))
    if not submission.abstract.strip():
        found.append(Missing("An abstract", edit + "#id_abstract"))
    if not submission.declarations.get("agreed"):
        found.append(Missing("Your word that all authors agree", edit + "#id_agreed"))
    questions = asked(submission.track.questions.all(), Question.Stage.SUBMISSION)
    for question in unanswered(questions, submission.answers):
        found.append(Missing(f"An answer to “{question.label}”", f"{edit}#id_{field_name(question)}"))
    authors = reverse("submissions:authors", args=arguments)
    listed = list(submission.authorships.all())
    if not listed:
        found.append(Missing("At least one author", authors))
    elif not any(author.is_corresponding for author in listed):
        found.append(Missing("A corresponding author", authors))
    return found + _missing_files(submission, slots)


def _missing_files(submission: Submission, slots: dict[str, FileSlot]) -> list[Missing]:
    here = reverse("submissions:detail", args=[submission.edition.slug, submission.public_id])
    found = []
    for kind, slot in slots.items():
        if kind not in FILES_OF_SUBMISSION:
            continue
        name = slot.wanted.get_kind_display().lower()
        if slot.current is None and slot.wanted.required:
            found.append(Missing(f"The {name} ({filetypes.labels(slot.wanted.types)})", f"{here}#file-{kind}"))
        elif slot.report and slot.report.verdict in (CheckReport.Verdict.BLOCKED, CheckReport.Verdict.REFUSED):
            found.append(Missing(f"A {name} that passes the check", f"{here}#file-{kind}"))
    return found
