"""The camera-ready version: what it still lacks, and how its texts and authors differ from what was reviewed."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse

from ml4rs.editions.models import Question, TrackFile
from submissions import filetypes
from submissions.models import CameraReady, CheckReport, FileVersion, Submission
from submissions.policy import FILES_AFTER_ACCEPTANCE, may_see_final
from submissions.queries.sheet import Missing, current_files, wanted_files
from submissions.questions import asked, field_name, unanswered

_BAD = (CheckReport.Verdict.BLOCKED, CheckReport.Verdict.REFUSED)


@dataclass
class Change:
    """One of the texts, or the authors, before and after."""

    label: str
    before: str
    after: str


@dataclass
class Final:
    """The camera-ready version of one accepted paper, for its authors and organisers."""

    missing: list[Missing]
    changes: list[Change]
    ready: CameraReady | None
    questions: list[Question] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        return not self.missing


def final_of(submission: Submission, current: dict[str, FileVersion] | None = None) -> Final | None:
    """None for whom it does not concern, and before acceptance. At most six queries, two less with `current` files."""
    return _final(submission, current) if may_see_final(submission) else None


def is_complete(submission: Submission) -> bool:
    """Whether an accepted paper has all that it is published with. At most five queries unless prefetched."""
    return not submission.track.is_reviewed or not _final(submission, None).missing


def _final(submission: Submission, current: dict[str, FileVersion] | None) -> Final:
    questions = asked(submission.track.questions.all(), Question.Stage.CAMERA_READY)
    ready = CameraReady.objects.filter(submission=submission.pk).first()
    missing = [
        *_missing_files(submission, current_files(submission) if current is None else current),
        *_missing_words(submission, questions, ready),
    ]
    return Final(missing, changes(submission, ready), ready, questions)


def _missing_files(submission: Submission, current: dict[str, FileVersion]) -> Iterable[Missing]:
    here = reverse("submissions:detail", args=[submission.edition.slug, submission.public_id])
    for wanted in wanted_files(submission.track):
        if wanted.kind in FILES_AFTER_ACCEPTANCE and (text := _file_lacks(wanted, current.get(wanted.kind))):
            yield Missing(text, f"{here}#file-{wanted.kind}")


def _missing_words(submission: Submission, questions: list[Question], ready: CameraReady | None) -> Iterable[Missing]:
    form = reverse("submissions:final", args=[submission.edition.slug, submission.public_id])
    for question in unanswered(questions, submission.answers):
        yield Missing(f"An answer to “{question.label}”", f"{form}#id_{field_name(question)}")
    if submission.conditions and not (ready and ready.conditions_answer):
        yield Missing("How you met the conditions of the acceptance", f"{form}#id_conditions_answer")
    elif submission.conditions and ready and not ready.conditions_met_at:
        yield Missing("The organisers’ word that the conditions are met", "")


def _file_lacks(wanted: TrackFile, version: FileVersion | None) -> str:
    """What is missing of a file, in words; empty where nothing is."""
    name = wanted.get_kind_display().lower()
    if version is None:
        is_needed = wanted.required or wanted.kind == TrackFile.Kind.CAMERA_READY
        return f"The {name} ({filetypes.labels(wanted.types)})" if is_needed else ""
    report = next(iter(version.reports.all()), None)
    if report is None and version.content_type != filetypes.ZIP.content_type:
        return f"The check of the {name}, which is on its way"
    return f"A {name} that passes the check" if report and report.verdict in _BAD else ""


def changes(submission: Submission, ready: CameraReady | None) -> list[Change]:
    """What its authors changed after the review. One query unless its authors are prefetched."""
    if ready is None or not ready.as_reviewed:
        return []
    now = snapshot(submission)
    labels = {"title": "Title", "abstract": "Abstract", "keywords": "Keywords", "authors": "Authors"}
    return [
        Change(label, _as_text(ready.as_reviewed.get(name, "")), _as_text(now[name]))
        for name, label in labels.items()
        if ready.as_reviewed.get(name, "") != now[name]
    ]


def snapshot(submission: Submission) -> dict[str, str | list[str]]:
    """Title, abstract, keywords and authors as they are now. One query unless prefetched."""
    people = [f"{each.name}, {each.affiliation}".rstrip(", ") for each in submission.authorships.all()]
    return {**{name: getattr(submission, name) for name in ("title", "abstract", "keywords")}, "authors": people}


def _as_text(value: str | list[str]) -> str:
    return "\n".join(value) if isinstance(value, list) else value
