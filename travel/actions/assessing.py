"""Officers' marks, the weights of the ranking, and the seed that draws ties."""

import secrets

from django.db import transaction

from ml4rs.audit.actions import record
from ml4rs.editions.models import Edition
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from reviews.matching.lottery import commitment
from travel.models import Application, Assessment, Conflict, TravelSettings
from travel.policy import may_assess, may_handle, may_officiate
from travel.queries import seen_or_none
from travel.ranking import Weights


@transaction.atomic
def assess(application: Application, *, merit: int, need: int, note: str, by: Viewer) -> Assessment:
    """Give marks, or change one's own. The seed of the draw is fixed, and its hash logged, before the first mark.

    Raises:
        NotAllowed: `by` does not handle this application, or it is answered already.
    """
    require(may_assess(by, application))
    _fix_seed(by)
    marks = {"merit": merit, "need": need, "note": note, "made_at": by.now}
    found, _ = Assessment.objects.update_or_create(application_id=application.pk, officer=by.user, defaults=marks)
    record("grant.assessed", by=by, subject=application, grants_only=True)  # without marks: others may not have theirs
    return found


def _fix_seed(by: Viewer) -> None:
    row, _ = TravelSettings.objects.get_or_create(edition=by.edition)
    seed = secrets.token_urlsafe(32)
    if TravelSettings.objects.filter(pk=row.pk, seed="").update(seed=seed):
        details = {"sha256": commitment(seed)}
        record("grant.draw_committed", by=by, subject=row, grants_only=True, details=details)


@transaction.atomic
def declare_conflict(application: Application, *, by: Viewer) -> Conflict:
    """Say that something ties oneself to the applicant: one's marks are deleted, and another officer answers.

    Raises:
        NotAllowed: `by` does not handle this application.
    """
    require(may_handle(by, application))
    made, _ = Conflict.objects.get_or_create(
        application_id=application.pk, officer=by.user, defaults={"declared_at": by.now}
    )
    Assessment.objects.filter(application=application.pk, officer=by.user).delete()
    by.memo.pop("travel.conflicted", None)
    record("grant.conflict_declared", by=by, subject=application, grants_only=True)
    return made


@transaction.atomic
def lift_conflict(conflict: Conflict, *, by: Viewer) -> None:
    """Take back what a colleague declared in error. Nobody does so for themselves: they no longer see the case.

    Raises:
        NotAllowed: `by` does not handle this application.
    """
    application = seen_or_none(by, conflict.application.public_id)
    if application is None:
        raise NotAllowed("This page does not exist.")
    require(may_handle(by, application))
    conflict.delete()
    record("grant.conflict_lifted", by=by, subject=application, grants_only=True)


@transaction.atomic
def set_weights(edition: Edition, *, merit: int, need: int, distance: int, by: Viewer) -> TravelSettings:
    """How much each part of the score counts, in per cent.

    Raises:
        NotAllowed: `by` is no grants officer, they do not add up to 100, or need and distance outweigh merit.
    """
    require(may_officiate(by))
    try:
        Weights(merit / 100, need / 100, distance / 100)
    except ValueError as error:
        raise NotAllowed(str(error)) from error
    weights = {"merit_weight": merit, "need_weight": need, "distance_weight": distance}
    row, _ = TravelSettings.objects.update_or_create(edition=edition, defaults=weights)
    record("grant.weights_changed", by=by, subject=row, grants_only=True, details=weights)
    return row
