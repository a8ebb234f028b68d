"""The officers' verbs: offer, decline, take back; and offers that expire by themselves."""

from datetime import datetime

from django.db import IntegrityError, transaction

from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from travel.actions.money import commit, give_back
from travel.actions.telling import note, offer_in_words, tell
from travel.models import Application, Offer, Pool
from travel.policy import may_decide, may_handle
from travel.queries import seen_or_none

State = Application.State
_MEANWHILE = "Somebody answered this application a moment ago. Look at it again."


def _fresh(application: Application, by: Viewer) -> Application:
    """The row as this officer sees it now."""
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
            amount or the expiry makes no sense.
    """
    current = _fresh(application, by)
    require(may_decide(by, current))
    if pool.edition_id != by.edition.pk:
        raise NotAllowed("This pool belongs to another edition.")
    if amount_minor <= 0:
        raise NotAllowed("Offer more than nothing.")
    if expires_at is not None and expires_at <= by.now:
        raise NotAllowed("The offer would expire before it is made. Choose a later day.")
    if not Application.objects.filter(pk=current.pk, state=State.SUBMITTED).update(state=State.OFFERED):
        raise NotAllowed(_MEANWHILE)
    commit(pool, amount_minor)
    made = _create(current, pool, amount_minor, by, message, expires_at)
    words = offer_in_words(made)
    note("offered", current, by=by, amount=words["amount"], pool=pool.name)
    tell("offer", current, to=current.user, revision=made.public_id, context=words)
    return made


def _create(
    application: Application, pool: Pool, amount_minor: int, by: Viewer, message: str, expires_at: datetime | None
) -> Offer:
    try:
        with transaction.atomic():
            return Offer.objects.create(
                application=application,
                pool=pool,
                amount_minor=amount_minor,
                currency=pool.currency,
                message=message,
                expires_at=expires_at,
                offered_by=by.user,
                offered_at=by.now,
            )
    except IntegrityError as error:
        raise NotAllowed(_MEANWHILE) from error


@transaction.atomic
def decline(application: Application, *, text: str, by: Viewer) -> Application:
    """Answer that no support can be given, with a text to the applicant.

    Raises:
        NotAllowed: `by` may not handle this application, or it is answered already.
    """
    current = _fresh(application, by)
    require(may_decide(by, current))
    if not Application.objects.filter(pk=current.pk, state=State.SUBMITTED).update(state=State.DECLINED):
        raise NotAllowed(_MEANWHILE)
    current.refresh_from_db(fields=["state"])
    note("declined", current, by=by)
    revision = f"{current.revision}:{by.now:%Y%m%d%H%M%S}"
    tell("not_granted", current, to=current.user, revision=revision, context={"text": text})
    return current


@transaction.atomic
def reconsider(application: Application, *, by: Viewer) -> Application:
    """Put a declined application back among those that wait; the applicant hears when there is an answer.

    Raises:
        NotAllowed: `by` may not handle it, or it is not declined.
    """
    current = _fresh(application, by)
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
    current = _fresh(made.application, by)
    require(may_handle(by, current))
    if not give_back(made, Offer.State.REVOKED, at=by.now, only=(Offer.State.OPEN,)):
        raise NotAllowed("This offer is answered already.")
    Application.objects.filter(pk=current.pk, state=State.OFFERED).update(state=State.SUBMITTED)
    note("revoked", current, by=by)
    tell("offer_revoked", current, to=current.user, revision=made.public_id, context=offer_in_words(made))


def expire_due(now: datetime) -> int:
    """End every open offer whose day is over: its money returns, the applicant is told. Returns how many."""
    late = Offer.objects.filter(state=Offer.State.OPEN, expires_at__lt=now)
    return sum(_expire(made, now) for made in late.select_related("application__edition", "application__user"))


@transaction.atomic
def _expire(made: Offer, now: datetime) -> bool:
    if not give_back(made, Offer.State.EXPIRED, at=now, only=(Offer.State.OPEN,)):
        return False
    application = made.application
    Application.objects.filter(pk=application.pk, state=State.OFFERED).update(state=State.SUBMITTED)
    note("expired", application, by=None)
    tell("offer_expired", application, to=application.user, revision=made.public_id, context=offer_in_words(made))
    return True
