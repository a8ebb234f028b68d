"""The camera-ready version: what it still lacks, and how its texts and authors differ from what was reviewed."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch, prefetch_related_objects
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
    """Whether an accepted paper has all that it is published with. At most five queries, none `with_parts`."""
    return not submission.track.is_reviewed or not _missing(submission, _ready(submission), None)


def owed_by_authors(submission: Submission) -> list[Missing]:
    """What the authors of an accepted paper still have to do; not what they wait for. Queries as `is_complete`."""
    missing = _missing(submission, _ready(submission), None) if submission.track.is_reviewed else []
    return [each for each in missing if each.url]


def with_parts(papers: Iterable[Submission]) -> list[Submission]:
    """The papers with all that these questions need. Six queries for any number of papers, none for none."""
    found = list(papers)
    newest = FileVersion.objects.filter(kind__in=FILES_AFTER_ACCEPTANCE).order_by("kind", "-version")
    files = Prefetch("files", newest.prefetch_related("reports"), to_attr="newest_first")
    prefetch_related_objects(found, "track__questions", "track__files", "camera_ready", files)
    return found


def _final(submission: Submission, current: dict[str, FileVersion] | None) -> Final:
    ready = _ready(submission)
    questions = asked(submission.track.questions.all(), Question.Stage.CAMERA_READY)
    return Final(_missing(submission, ready, current), changes(submission, ready), ready, questions)


def _ready(submission: Submission) -> CameraReady | None:
    try:
        return submission.camera_ready
    except CameraReady.DoesNotExist:
        return None


def _missing(
    submission: Submission, ready: CameraReady | None, current: dict[str, FileVersion] | None
) -> list[Missing]:
    if current is None and hasattr(submission, "newest_first"):
        current = {version.kind: version for version in reversed(submission.newest_first)}
    if current is None:
        current = current_files(submission)
    return [*_missing_files(submission, current), *_missing_words(submission, ready)]


def _missing_files(submission: Submission, current: dict[str, FileVersion]) -> Iterable[Missing]:
    here = reverse("submissions:detail", args=[submission.edition.slug, submission.public_id])
    for wanted in wanted_files(submission.track):
        if wanted.kind not in FILES_AFTER_ACCEPTANCE:
            continue
        version = current.get(wanted.kind)
        if version is not None and _is_being_checked(version):
            yield Missing(f"The check of the {wanted.get_kind_display().lower()}, which is on its way", "")
        elif text := _file_lacks(wanted, version):
            yield Missing(text, f"{here}#file-{wanted.kind}")


def _missing_words(submission: Submission, ready: CameraReady | None) -> Iterable[Missing]:
    questions = asked(submission.track.questions.all(), Question.Stage.CAMERA_READY)
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
    return f"A {name} that passes the check" if report and report.verdict in _BAD else ""


def _is_being_checked(version: FileVersion) -> bool:
    return version.content_type != filetypes.ZIP.content_type and not version.reports.all()


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
