"""Proposed places: asked for, put into the draft at once, and taken back."""

from collections import defaultdict

from ml4rs.audit.actions import record
from ml4rs.editions.models import Edition
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from ml4rs.jobs.actions import enqueue
from ml4rs.jobs.models import Job
from schedule.actions.slots import place, remove_slot
from schedule.actions.undoing import step
from schedule.models import PlacingRun, Session, Slot
from schedule.policy import may_edit_programme
from schedule.queries.papers import public_papers

State = PlacingRun.State


def ask_for_places(edition: Edition, *, by: Viewer, asked: dict) -> Job:
    """Have places worked out in the background. `asked`: room (session → items), absences, orals_as_posters.

    Raises:
        NotAllowed: `by` does not edit the programme, or a search of theirs for something else still runs.
    """
    require(may_edit_programme(by))
    subject = f"{edition.slug}:{by.user.public_id}"
    job = enqueue("schedule.place", subject=subject, edition=edition, by=by, parameters=asked)
    if job.parameters != asked:
        raise NotAllowed("Another search of yours still runs. Wait for it, then ask again.")
    return job


@step("Put proposed places into the draft")
def apply_places(run: PlacingRun, *, by: Viewer) -> tuple[int, int]:
    """Put the proposed papers into their sessions: (placed, left out).

    Left out is what became impossible since: a paper that was withdrawn or placed there already, a session that is
    gone.

    Raises:
        NotAllowed: `by` does not edit the programme, or it was applied already.
    """
    if not PlacingRun.objects.filter(pk=run.pk, state=State.PROPOSED).update(state=State.APPLIED):
        raise NotAllowed("These places were put into the draft already.")
    known = set(public_papers(by.edition, by.now).values_list("public_id", flat=True))
    by_session: dict[str, list[str]] = defaultdict(list)
    for session, paper, *_ in run.places:
        if paper in known:
            by_session[session].append(paper)
    sessions = {each.public_id: each for each in Session.objects.filter(edition=by.edition, public_id__in=by_session)}
    before = _standing(run, by)
    for pid, papers in by_session.items():
        if pid in sessions:
            place(sessions[pid], papers, by=by)
    new = sorted(_standing(run, by) - before)
    PlacingRun.objects.filter(pk=run.pk).update(figures=run.figures | {"placed": new})
    record("programme.places_applied", by=by, subject=run, details={"placed": len(new)})
    return len(new), len(run.places) - len(new)


def _standing(run: PlacingRun, by: Viewer) -> set[tuple[str, str]]:
    """Which of the proposed places are in the draft, by session and paper."""
    rows = Slot.objects.filter(session__edition=by.edition, submission__isnull=False)
    there = set(rows.values_list("session__public_id", "submission__public_id"))
    return there & {(session, paper) for session, paper, *_ in run.places}


@step("Took proposed places back")
def take_places_back(run: PlacingRun, *, by: Viewer) -> int:
    """Take what it put into the draft out again, as far as it still is there: how many papers.

    Raises:
        NotAllowed: `by` does not edit the programme, or it is not in the draft.
    """
    if not PlacingRun.objects.filter(pk=run.pk, state=State.APPLIED).update(state=State.UNDONE):
        raise NotAllowed("These places are not in the draft.")
    run.refresh_from_db(fields=["figures"])
    pairs = {(session, paper) for session, paper in run.figures.get("placed", [])}
    rows = Slot.objects.filter(session__edition=by.edition, submission__public_id__in=[paper for _, paper in pairs])
    gone = 0
    for slot in rows.select_related("session", "submission"):
        if (slot.session.public_id, slot.submission.public_id) in pairs:
            remove_slot(slot, by=by)
            gone += 1
    record("programme.places_taken_back", by=by, subject=run, details={"removed": gone})
    return gone
