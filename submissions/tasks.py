"""The job behind every upload: read the file in a child process, record what it is, make the reviewers' copy."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from django.core.files import File
from django.utils import timezone

from ml4rs.editions.models import Track, TrackFile
from ml4rs.jobs.models import Job
from ml4rs.jobs.registry import job_kinds
from submissions import filetypes
from submissions.actions.checks import keep_picture, record_check
from submissions.models import CheckReport, FileVersion
from submissions.pdfcheck import Author, CheckResult, Rules, check, check_image, draw_slide, make_copy
from submissions.policy import FILES_AFTER_ACCEPTANCE, FILES_OF_SUBMISSION
from submissions.queries.sheet import CHECK_JOB
from submissions.storing import on_disk

SCREEN_WIDTH = 1920  # pixels
Progress = Callable[[int, str], None]


@job_kinds.register_kind(CHECK_JOB, label="Check of a file")
def check_pdf(job: Job, progress: Progress) -> dict:
    """Check one file version. Can be run again at any time: it replaces its own report and keeps the first copy."""
    version = FileVersion.objects.select_related("submission__edition", "submission__track").get(
        public_id=job.parameters["file"]
    )
    report = check_version(version, progress)
    return {"verdict": report.verdict if report else ""}


def check_version(version: FileVersion, progress: Progress) -> CheckReport | None:
    """Read, copy and record; a ZIP has no report, only a copy."""
    with on_disk(version.stored) as path, tempfile.TemporaryDirectory(prefix="ml4rs-check-") as scratch:
        progress(10, "Reading the file")
        result = _look_at(version, path)
        copied, target = False, Path(scratch) / "copy"
        refused = result is not None and result.verdict == CheckReport.Verdict.REFUSED
        if version.kind in FILES_OF_SUBMISSION and not refused and not version.reviewers_copy:
            progress(60, "Making the copy for reviewers")
            copied = make_copy(path, target, version.content_type)
        if version.kind == TrackFile.Kind.SLIDE and not refused:
            progress(80, "Drawing the slide")
            picture_slide(version, path, Path(scratch) / "picture")
        progress(90, "Writing the report")
        if not copied:
            return record_check(version, result, None, at=timezone.now())
        with target.open("rb") as copy:
            return record_check(version, result, File(copy), at=timezone.now())


def picture_slide(version: FileVersion, path: Path, target: Path) -> None:
    """What a projector shows of a slide, without metadata."""
    if not version.picture and draw_slide(path, target, version.content_type, SCREEN_WIDTH):
        with target.open("rb") as picture:
            keep_picture(version, File(picture))


def _look_at(version: FileVersion, path: Path) -> CheckResult | None:
    if version.content_type == filetypes.PDF.content_type:
        return check(path, rules_for(version))
    return check_image(path, rules_for(version)) if version.content_type in filetypes.PICTURES else None


def rules_for(version: FileVersion) -> Rules:
    """What this file is held to: its track's rules, and its authors' names where they must not appear."""
    track = version.submission.track
    is_final = version.kind in FILES_AFTER_ACCEPTANCE
    is_main = version.kind in (TrackFile.Kind.MANUSCRIPT, TrackFile.Kind.SLIDE)
    authors = tuple(
        Author(author.name, author.email, author.affiliation) for author in version.submission.authorships.all()
    )
    is_slide = version.kind == TrackFile.Kind.SLIDE
    if is_final:
        rules = final_rules(track, authors=authors, is_paper=version.kind == TrackFile.Kind.CAMERA_READY)
        return poster_rules(track, rules) if version.kind == TrackFile.Kind.POSTER else rules
    return track_rules(track, authors=authors, is_main=is_main, is_slide=is_slide)


def final_rules(track: Track, *, authors: tuple[Author, ...], is_paper: bool) -> Rules:
    """A camera-ready paper names its authors, thanks whom it likes, and may have some pages more."""
    limit = track.page_limit + track.camera_ready_pages if track.page_limit else None
    return replace(
        track_rules(track, authors=authors, is_main=is_paper),
        page_limit=limit,
        blind=Track.Blind.NONE,
        prints_authors=is_paper,
    )


def poster_rules(track: Track, rules: Rules) -> Rules:
    """What the boards hold, as far as the track says it."""
    wanted = track.files.filter(kind=TrackFile.Kind.POSTER).first()
    if wanted is None:
        return replace(rules, is_poster=True)
    largest = (wanted.widest_mm, wanted.highest_mm)
    return replace(rules, is_poster=True, orientation=wanted.orientation, largest_mm=largest)


def track_rules(track: Track, *, authors: tuple[Author, ...], is_main: bool = True, is_slide: bool = False) -> Rules:
    """A demo's slide has the shape of a slide, whatever its track is."""
    return Rules(
        page_limit=track.page_limit,
        references=track.references,
        appendix=track.appendix,
        acknowledgements=track.acknowledgements,
        blind=track.blind,
        authors=authors,
        landscape=is_slide or track.kind == Track.Kind.SLIDE,
        is_main_file=is_main,
        style=track.style,
        severities=tuple(sorted(track.severities.items())),
    )
