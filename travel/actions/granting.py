"""The officers' verbs: offer, decline, take back; and offers that expire by themselves."""

from datetime import datetime

from django.db import transaction

from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from travel.actions.money import give_back, one_at_a_time
from travel.actions.offering import MEANWHILE, make_offer
from travel.actions.rolling import roll
from travel.actions.telling import note, offer_in_words, tell
from travel.models import Application, Offer, Plan, Pool
from travel.policy import WAITING_FOR_AN_ANSWER, may_decide, may_handle
from travel.queries import seen_or_none
from travel.quorum import missing_assessments

State = Application.State


def fresh_for(application: Application, by: Viewer) -> Application:
    """The row as this officer sees it now.

    Raises:
        NotAllowed: they may not know of it.
    """
    current = seen_or_none(by, application.public_id)
    if current is None:
        raise NotAllowed("This page does not exist.")
    current.edition = by.edition
    return current


@transaction.atomic
def offer(
    application: Application,
    *,
    pool: Pool,
    amount_minor: int,
    by: Viewer,
    message: str = "",
    expires_at: datetime | None = None,
) -> Offer:
    """Offer money of a pool, which is set aside at once and can never be overrun. The applicant gets a mail.

    Raises:
        NotAllowed: `by` may not handle this application, it is answered already, the pool has less left, or the
            amount or the expiry makes no sense, or too few officers have assessed it.
    """
    one_at_a_time(by.edition)
    current = fresh_for(application, by)
    require(may_decide(by, current))
    if pool.edition_id != by.edition.pk:
        raise NotAllowed("This pool belongs to another edition.")
    if amount_minor <= 0:
        raise NotAllowed("Offer more than nothing.")
    if expires_at is not None and expires_at <= by.now:
        raise NotAllowed("The offer would expire before it is made. Choose a later day.")
    if missing := missing_assessments(by, [current]).get(current.pk):
        officers = "officer" if missing == 1 else "officers"
        raise NotAllowed(f"{missing} more {officers} need to assess this application before an offer.")
    return make_offer(
        current,
        pool=pool,
        amount_minor=amount_minor,
        offered_by=by.user,
        at=by.now,
        expires_at=expires_at,
        message=message,
        by=by,
    )


@transaction.atomic
def decline(application: Application, *, text: str, by: Viewer, batch: str = "") -> Application:
    """Answer that no support can be given, with a text to the applicant.

    Raises:
        NotAllowed: `by` may not handle this application, or it is answered already.
    """
    one_at_a_time(by.edition)
    current = fresh_for(application, by)
    require(may_decide(by, current))
    waiting = Application.objects.filter(pk=current.pk, state__in=WAITING_FOR_AN_ANSWER)
    if not waiting.update(state=State.DECLINED):
        raise NotAllowed(MEANWHILE)
    Plan.objects.filter(application=current.pk).delete()
    current.refresh_from_db(fields=["state"])
    note("declined", current, by=by)
    revision = f"{current.revision}:{by.now:%Y%m%d%H%M%S}"
    tell("not_granted", current, to=current.user, revision=revision, context={"text": text}, batch=batch)
    return current


@transaction.atomic
def reconsider(application: Application, *, by: Viewer) -> Application:
    """Put a declined application back among those that wait; the applicant hears when there is an answer.

    Raises:
        NotAllowed: `by` may not handle it, or it is not declined.
    """
    one_at_a_time(by.edition)
    current = fresh_for(application, by)
    require(may_handle(by, current))
    if not Application.objects.filter(pk=current.pk, state=State.DECLINED).update(state=State.SUBMITTED):
        raise NotAllowed("Only an application that was not granted can be reconsidered.")
    note("reconsidered", current, by=by)
    return current


@transaction.atomic
def revoke(made: Offer, *, by: Viewer) -> None:
    """Take back an offer that is not answered yet; its money returns and the application waits again.

    Raises:
        NotAllowed: `by` may not handle the application, or the offer is answered.
    """
    one_at_a_time(by.edition)
    current = fresh_for(made.application, by)
    require(may_handle(by, current))
    if not give_back(made, Offer.State.REVOKED, at=by.now, only=(Offer.State.OPEN,)):
        raise NotAllowed("This offer is answered already.")
    Application.objects.filter(pk=current.pk, state=State.OFFERED).update(state=State.SUBMITTED)
    note("revoked", current, by=by)
    tell("offer_revoked", current, to=current.user, revision=made.public_id, context=offer_in_words(made))


def expire_due(now: datetime) -> int:
    """End every open offer whose day is over: its money returns, the applicant is told. Returns how many."""
    late = Offer.objects.filter(state=Offer.State.OPEN, expires_at__lt=now)
    found = list(late.select_related("application__edition", "application__user"))
    expired = sum(_expire(made, now) for made in found)
    for edition in {made.application.edition for made in found}:
        roll(edition, now)
    return expired


@transaction.atomic
def _expire(made: Offer, now: datetime) -> bool:
    one_at_a_time(made.application.edition)
    if not give_back(made, Offer.State.EXPIRED, at=now, only=(Offer.State.OPEN,)):
        return False
    application = made.application
    Application.objects.filter(pk=application.pk, state=State.OFFERED).update(state=State.SUBMITTED)
    note("expired", application, by=None)
    tell("offer_expired", application, to=application.user, revision=made.public_id, context=offer_in_words(made))
    return True
