"""Who still owes something for travel support: an application, or the answer to an offer."""

from collections.abc import Iterator
from datetime import datetime

from ml4rs.editions.models import Milestone
from ml4rs.notifications.links import absolute
from ml4rs.notifications.registry import Audience, Circle, Concerned, Owed, Recipient
from travel.models import Application, Offer


def drafting(found: Milestone, now: datetime) -> Iterator[Owed]:
    """Those whose application is still a draft. One query."""
    rows = Application.objects.filter(edition=found.edition_id, state=Application.State.DRAFT, user__is_active=True)
    for row in rows.select_related("user", "edition"):
        yield _owed(row, "Submit your application for travel support")


def offered(now: datetime) -> Iterator[Owed]:
    """Those who have an offer and have not answered it. One query."""
    waiting = Offer.objects.filter(state=Offer.State.OPEN, expires_at__gt=now, application__user__is_active=True)
    for offer in waiting.select_related("application__user", "application__edition"):
        yield _owed(
            offer.application,
            "Accept or decline the offer of travel support",
            about=offer.public_id,
            due=offer.expires_at,
            date="The offer’s last day",
            edition=offer.application.edition,
        )


def _owed(row: Application, what: str, *, about: str = "", **values) -> Owed:
    return Owed(
        Recipient(row.user.email, row.user.name, row.user),
        about=about or row.public_id,
        url=absolute("travel:application", row.edition.slug),
        what=what,
        application_id=row.pk,
        **values,
    )


def applicants(found: Milestone, now: datetime) -> Iterator[Concerned]:
    """Whoever has begun or submitted an application. One query."""
    states = [Application.State.DRAFT, Application.State.SUBMITTED]
    rows = Application.objects.filter(edition=found.edition_id, state__in=states, user__is_active=True)
    for row in rows.select_related("user", "edition"):
        person = Recipient(row.user.email, row.user.name, row.user)
        yield Concerned(person, absolute("travel:application", row.edition.slug), application_id=row.pk)


AUDIENCES = [
    Audience(
        "travel.drafts",
        "People with an unsubmitted travel application",
        Milestone.Kind.TRAVEL,
        drafting,
        grants_only=True,
        way_out="If you no longer need support, withdraw the application on its page.",
    ),
    Audience(
        "travel.offers",
        "People who have not answered an offer of travel support",
        Milestone.Kind.TRAVEL,
        dated=offered,
        grants_only=True,
        way_out="If you cannot come, decline the offer: somebody else can then have it.",
    ),
]

CIRCLES = [
    Circle(
        "People who apply for travel support",
        frozenset([Milestone.Kind.TRAVEL]),
        applicants,
        meaning="Until then you can submit your application, and change it.",
        grants_only=True,
    ),
]
