"""Who may see and change the programme that is not published yet. What is published anybody may read."""

from ml4rs.editions.models import Person
from ml4rs.editions.policy import ALLOWED, Verdict, refused
from ml4rs.editions.viewer import Viewer
from submissions.models import Submission


def may_edit_programme(viewer: Viewer) -> Verdict:
    """Organisers and schedule editors. A draft holds only papers that everybody may know of, so no conflict arises."""
    if viewer.is_schedule_editor:
        return ALLOWED
    return refused("Only organisers and schedule editors of this edition may do this.")


def may_state_absences(viewer: Viewer) -> Verdict:
    """Whoever presents: authors of papers that are accepted, as they know, and speakers. Two queries."""
    if viewer.is_signed_in and (_has_paper(viewer) or _speaks(viewer)):
        return ALLOWED
    return refused("This is for those who present at this workshop.")


def _has_paper(viewer: Viewer) -> bool:
    mine = Submission.objects.seen_by(viewer).filter(is_author=True, state=Submission.State.SUBMITTED)
    return mine.filter(seen_outcome=Submission.Outcome.ACCEPTED).exists()


def _speaks(viewer: Viewer) -> bool:
    return viewer.edition.people.filter(user=viewer.user).exclude(kind=Person.Kind.COMMITTEE).exists()


may_publish = may_edit_programme
