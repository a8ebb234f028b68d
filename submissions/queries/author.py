"""What the author's pages show: the tracks to choose from, one paper with what can be done now, both versions."""

from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from ml4rs.editions import queries as editions
from ml4rs.editions.models import Extension, Milestone, Track
from ml4rs.editions.viewer import Viewer
from submissions import policy
from submissions.models import Submission
from submissions.queries.certificates import certificates_of
from submissions.queries.final import final_of
from submissions.queries.papers import answered_for, authors_of
from submissions.queries.sheet import FileSlot, sheet, wanted_files
from submissions.registry import sections_of
from submissions.texts import Texts, declared_in_words


@dataclass(frozen=True)
class TrackChoice:
    """A track as somebody sees it who wants to hand something in."""

    track: Track
    due: Milestone | None
    is_open: bool
    files: list[FileSlot]
    mine: list[Submission]


def start_page(viewer: Viewer) -> dict:
    """Every track with its rules and deadline, and what this person has in it. Five queries."""
    tracks = viewer.edition.tracks.prefetch_related("files")
    mine = list(_own(viewer)) if viewer.is_signed_in else []
    choices = [
        TrackChoice(
            track,
            editions.milestone(viewer.edition, Milestone.Kind.SUBMISSION, track),
            policy.is_open_for(viewer, track),
            rules_of(track),
            [paper for paper in mine if paper.track_id == track.pk],
        )
        for track in tracks
    ]
    return {"choices": choices, "any_open": any(choice.is_open for choice in choices)}


def rules_of(track: Track) -> list[FileSlot]:
    """The files that a submission to this track consists of, without any version. One query unless prefetched."""
    return [FileSlot(each, []) for each in wanted_files(track) if each.kind in policy.FILES_OF_SUBMISSION]


def _own(viewer: Viewer):
    return Submission.objects.seen_by(viewer).filter(is_author=True).order_by("pk")


def paper_context(viewer: Viewer, submission: Submission) -> dict:
    """Everything on one paper's page for one viewer. At most twelve queries, whatever the paper holds, and those

    of the sections that the floors above add.
    """
    edition, track = viewer.edition, submission.track
    prefetch_related_objects(
        [submission], "track__questions", "track__files", *(["authorships"] if submission.sees_authors else [])
    )
    known = sheet(viewer, submission)
    current = {slot.wanted.kind: slot.current for slot in known.all_files if slot.current}
    return {
        "submission": submission,
        "sheet": known,
        "authors": authors_of(submission),
        "topics": list(submission.topics.all()),
        "sections": sections_of(viewer, submission),
        "answered": answered_for(submission),
        "declared": declared_in_words(submission.declarations) if submission.sees_declarations else [],
        "due": editions.milestone(edition, Milestone.Kind.SUBMISSION, track),
        "notification": editions.milestone(edition, Milestone.Kind.NOTIFICATION, track),
        "camera_ready": editions.milestone(edition, Milestone.Kind.CAMERA_READY, track),
        "final": final_of(submission, current),
        "certificates": certificates_of(viewer, submission),
        "extensions": _extensions(viewer, submission),
        "may": {
            "finalise": policy.may_finalise(viewer, submission),
            "change_authors": policy.may_change_authors(viewer, submission),
            "extend": policy.may_extend(viewer, submission),
            "accept_conditions": policy.may_accept_conditions(viewer, submission),
            "edit": policy.may_edit(viewer, submission),
            "submit": policy.may_submit(viewer, submission),
            "withdraw": policy.may_withdraw(viewer, submission),
            "revive": policy.may_revive(viewer, submission),
            "discard": policy.may_discard(viewer, submission),
            "desk_reject": policy.may_desk_reject(viewer, submission),
            "reinstate": policy.may_reinstate(viewer, submission),
            "approve": policy.may_approve(viewer, submission),
        },
    }


def _extensions(viewer: Viewer, submission: Submission) -> dict[str, Extension]:
    """Later dates of this paper, for its authors and organisers, by kind. One query unless read already."""
    if not (submission.is_author or submission.is_chair):
        return {}
    kinds = (Milestone.Kind.SUBMISSION, Milestone.Kind.CAMERA_READY)
    found = {str(kind): editions.extension(viewer.edition, kind, submission.public_id) for kind in kinds}
    return {kind: each for kind, each in found.items() if each is not None}


def conflict_rows(current: Submission, mine: Texts) -> list[dict[str, str]]:
    """What differs between the saved version and the one just typed, side by side. One query."""
    theirs = Texts.of(current)
    return [
        {"label": name.capitalize(), "theirs": theirs.in_words(name), "mine": mine.in_words(name)}
        for name in mine.changed_from(theirs)
    ]
