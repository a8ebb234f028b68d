"""How an offer comes to be, whoever makes it: an officer, a release, or the waiting list."""

from datetime import datetime

from django.db import IntegrityError, transaction

from ml4rs.accounts.models import User
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.viewer import Viewer
from travel.actions.money import commit
from travel.actions.telling import note, offer_in_words, tell
from travel.models import Application, Offer, Plan, Pool
from travel.policy import WAITING_FOR_AN_ANSWER

MEANWHILE = "Somebody answered this application a moment ago. Look at it again."


def make_offer(
    application: Application,
    *,
    pool: Pool,
    amount_minor: int,
    offered_by: User,
    at: datetime,
    expires_at: datetime | None,
    message: str = "",
    by: Viewer | None = None,
    batch: str = "",
) -> Offer:
    """Set the money aside, make the offer, tell the applicant. Within a transaction of the caller's.

    `by` is who acts, None where the waiting list does by itself; `offered_by` is the officer who hears the answer.

    Raises:
        NotAllowed: the application was answered meanwhile, or the pool has less left.
    """
    waiting = Application.objects.filter(pk=application.pk, state__in=WAITING_FOR_AN_ANSWER)
    if not waiting.update(state=Application.State.OFFERED):
        raise NotAllowed(MEANWHILE)
    commit(pool, amount_minor)
    Plan.objects.filter(application=application.pk).delete()
    try:
        with transaction.atomic():
            made = Offer.objects.create(
                application=application,
                pool=pool,
                amount_minor=amount_minor,
                currency=pool.currency,
                message=message,
                expires_at=expires_at,
                offered_by=offered_by,
                offered_at=at,
            )
    except IntegrityError as error:
        raise NotAllowed(MEANWHILE) from error
    words = offer_in_words(made)
    note("offered", application, by=by, amount=words["amount"], pool=pool.name)
    tell("offer", application, to=application.user, revision=made.public_id, context=words, batch=batch)
    return made
