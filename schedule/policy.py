"""Who may see and change the programme that is not published yet. What is published anybody may read."""

from ml4rs.editions.policy import ALLOWED, Verdict, refused
from ml4rs.editions.viewer import Viewer


def may_edit_programme(viewer: Viewer) -> Verdict:
    """Organisers and schedule editors. A draft holds only papers that everybody may know of, so no conflict arises."""
    if viewer.is_schedule_editor:
        return ALLOWED
    return refused("Only organisers and schedule editors of this edition may do this.")


may_publish = may_edit_programme
