"""The applicant answers an offer: once, in time, and the money stays or returns."""

from django.db import transaction
from django.db.models import F, Q

from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from travel.actions.money import give_back, one_at_a_time
from travel.actions.rolling import roll
from travel.actions.telling import note, tell
from travel.models import Application, Offer
from travel.policy import may_answer

_TWICE = "This offer was answered a moment ago."


def _fresh(offer: Offer, by: Viewer) -> Offer:
    rows = Offer.objects.select_related("application__edition", "application__user", "offered_by")
    current = rows.get(pk=offer.pk)
    if by.edition is None or current.application.edition_id != by.edition.pk:
        raise NotAllowed("This page does not exist.")
    return current


@transaction.atomic
def accept_offer(offer: Offer, *, by: Viewer) -> Offer:
    """Take the offer.

    Raises:
        NotAllowed: it is not `by`'s, not open any more, or expired.
    """
    one_at_a_time(by.edition)
    current = _fresh(offer, by)
    require(may_answer(by, current))
    in_time = Q(expires_at__isnull=True) | Q(expires_at__gte=by.now)
    rows = Offer.objects.filter(in_time, pk=current.pk, state=Offer.State.OPEN)
    if not rows.update(state=Offer.State.ACCEPTED, answered_at=by.now):
        raise NotAllowed(_TWICE)
    return _announce(current, by, accepted=True)


@transaction.atomic
def decline_offer(offer: Offer, *, by: Viewer) -> Offer:
    """Leave the offer to others: its money returns to the pool, and the application is withdrawn.

    Raises:
        NotAllowed: it is not `by`'s, not open any more, or expired.
    """
    one_at_a_time(by.edition)
    current = _fresh(offer, by)
    require(may_answer(by, current))
    if not give_back(current, Offer.State.DECLINED, at=by.now, only=(Offer.State.OPEN,)):
        raise NotAllowed(_TWICE)
    Application.objects.filter(pk=current.application_id, state=Application.State.OFFERED).update(
        state=Application.State.WITHDRAWN, revision=F("revision") + 1
    )
    made = _announce(current, by, accepted=False)
    roll(current.application.edition, by.now)
    return made


def _announce(current: Offer, by: Viewer, *, accepted: bool) -> Offer:
    note("offer_accepted" if accepted else "offer_declined", current.application, by=by)
    context = {"accepted": accepted, "taken_back": False}
    tell("offer_answered", current.application, to=current.offered_by, revision=current.public_id, context=context)
    current.refresh_from_db()
    return current
