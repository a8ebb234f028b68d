"""Whether enough officers have assessed an application to answer it."""

from collections import Counter
from collections.abc import Iterable

from ml4rs.accounts.models import User
from ml4rs.editions.models import Role
from ml4rs.editions.viewer import Viewer
from travel.models import Application, Assessment
from travel.queries import settings_of
from travel.sight import conflicted


def missing_assessments(viewer: Viewer, applications: Iterable[Application]) -> dict[int, int]:
    """By primary key, how many assessments are missing before an answer; only those where some are.

    As many are wanted as the settings say, or as there are officers whom nothing ties to the applicant. Two queries;
    where some are missing, one more and five for each officer of the edition.
    """
    rows = list(applications)
    wanted = settings_of(viewer.edition).least_assessments
    if not wanted or not rows:
        return {}
    given = Counter(
        Assessment.objects.filter(application__in=[row.pk for row in rows]).values_list("application", flat=True)
    )
    short = [row for row in rows if given[row.pk] < wanted]
    tied = [(user.pk, conflicted(Viewer.of(user, viewer.edition, viewer.now))) for user in _officers(viewer, short)]
    found = {}
    for row in short:
        free = sum(row.user_id != user and row.pk not in others for user, others in tied)
        if (missing := min(wanted, free) - given[row.pk]) > 0:
            found[row.pk] = missing
    return found


def _officers(viewer: Viewer, short: list[Application]) -> list[User]:
    """Those among whom more could assess, if anything is short of assessments."""
    if not short:
        return []
    roles = Role.objects.filter(edition=viewer.edition, name=Role.Name.GRANTS_OFFICER, user__is_active=True)
    return [role.user for role in roles.select_related("user")]
