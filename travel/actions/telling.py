"""The mails and records of travel support. All of them are for grants officers' eyes only, besides the recipient."""

from datetime import datetime

from ml4rs.accounts.models import User
from ml4rs.audit.actions import record
from ml4rs.editions.models import Milestone
from ml4rs.editions.money import in_words
from ml4rs.editions.queries import milestone
from ml4rs.editions.times import announced
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.actions import Recipient, queue_mail
from ml4rs.notifications.links import absolute
from travel.models import Application, Offer


def tell(
    event: str,
    application: Application,
    *,
    to: User,
    revision: int | str,
    context: dict | None = None,
    own_page: str = "travel:application",
    batch: str = "",
) -> None:
    """Queue a mail about an application, with a link to the applicant's `own_page` or to the officers' case."""
    edition = application.edition
    page = own_page if to.pk == application.user_id else "travel:case"
    queue_mail(
        f"travel.{event}",
        edition=edition,
        to=Recipient(to.email, to.name, to),
        about=application.public_id,
        context={**context_of(application, page), **(context or {})},
        revision=revision,
        application_id=application.pk,
        grants_only=True,
        batch=batch,
    )


def context_of(application: Application, page: str) -> dict[str, str]:
    """What every mail about an application may say: whose it is, the deadline, and where to look."""
    edition = application.edition
    found = milestone(edition, Milestone.Kind.TRAVEL)
    deadline = announced(found.instant, aoe=found.aoe, venue=edition.time_zone) if found and found.instant else ""
    arguments = [edition.slug, application.public_id] if page == "travel:case" else [edition.slug]
    return {"deadline": deadline, "url": absolute(page, *arguments), "applicant": application.legal_name}


def offer_in_words(offer: Offer) -> dict[str, str]:
    zone = offer.application.edition.time_zone
    return money_in_words(offer.amount_minor, offer.currency, offer.expires_at, offer.message, zone)


def money_in_words(
    amount_minor: int, currency: str, expires_at: datetime | None, message: str, zone: str
) -> dict[str, str]:
    """What a mail says of an offer."""
    return {
        "amount": in_words(amount_minor, currency),
        "message": message,
        "expires": announced(expires_at, aoe=True, venue=zone) if expires_at else "",
    }


def note(verb: str, application: Application, *, by: Viewer | None, **details) -> None:
    """Leave the audit entry, which organisers without the grants role never see."""
    record(f"grant.{verb}", by=by, subject=application, edition=application.edition, grants_only=True, details=details)
