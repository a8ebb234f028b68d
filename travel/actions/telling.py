"""The mails and records of travel support. All of them are for grants officers' eyes only, besides the recipient."""

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
) -> None:
    """Queue a mail about an application, with a link to the applicant's `own_page` or to the officers' case."""
    edition = application.edition
    found = milestone(edition, Milestone.Kind.TRAVEL)
    deadline = announced(found.instant, aoe=found.aoe, venue=edition.time_zone) if found and found.instant else ""
    page = own_page if to.pk == application.user_id else "travel:case"
    arguments = [edition.slug] if to.pk == application.user_id else [edition.slug, application.public_id]
    queue_mail(
        f"travel.{event}",
        edition=edition,
        to=Recipient(to.email, to.name, to),
        about=application.public_id,
        context={
            "deadline": deadline,
            "url": absolute(page, *arguments),
            "applicant": application.legal_name,
            **(context or {}),
        },
        revision=revision,
        application_id=application.pk,
        grants_only=True,
    )


def offer_in_words(offer: Offer) -> dict:
    zone = offer.application.edition.time_zone
    return {
        "amount": in_words(offer.amount_minor, offer.currency),
        "message": offer.message,
        "expires": announced(offer.expires_at, aoe=True, venue=zone) if offer.expires_at else "",
    }


def note(verb: str, application: Application, *, by: Viewer | None, **details) -> None:
    """Leave the audit entry, which organisers without the grants role never see."""
    record(f"grant.{verb}", by=by, subject=application, edition=application.edition, grants_only=True, details=details)
