"""Who still owes something for travel support: an application, or the answer to an offer."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from ml4rs.editions.models import Milestone
from ml4rs.notifications.links import absolute
from ml4rs.notifications.registry import Audience, Circle, Concerned, Owed, Recipient
from travel.models import Application, Offer, Receipt


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


def without_receipts(found: Milestone, now: datetime) -> Iterator[Owed]:
    """Those who accepted a grant and have no receipt that stands. One query."""
    stands = Receipt.objects.filter(offer=OuterRef("pk"), state__in=[Receipt.State.SUBMITTED, Receipt.State.APPROVED])
    rows = Offer.objects.filter(
        ~Exists(stands),
        application__edition=found.edition_id,
        state=Offer.State.ACCEPTED,
        application__user__is_active=True,
    )
    for offer in rows.select_related("application__user", "application__edition"):
        yield _owed(
            offer.application,
            "Hand in the receipts of your journey",
            about=offer.public_id,
            page="travel:receipts",
        )


def _owed(row: Application, what: str, *, about: str = "", page: str = "travel:application", **values) -> Owed:
    return Owed(
        Recipient(row.user.email, row.user.name, row.user),
        about=about or row.public_id,
        url=absolute(page, row.edition.slug),
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


def grantees(found: Milestone, now: datetime) -> Iterator[Concerned]:
    """Whoever accepted a grant. One query."""
    accepted = Application.objects.filter(
        edition=found.edition_id, offers__state=Offer.State.ACCEPTED, user__is_active=True
    )
    for row in accepted.select_related("user", "edition"):
        person = Recipient(row.user.email, row.user.name, row.user)
        yield Concerned(person, absolute("travel:receipts", row.edition.slug), application_id=row.pk)


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
    Audience(
        "travel.receipts",
        "People with a travel grant and no receipts handed in",
        Milestone.Kind.RECEIPTS,
        without_receipts,
        offsets=(timedelta(days=14), timedelta(days=3), timedelta(days=1)),
        grants_only=True,
        way_out="If you did not come after all, write to us, so that the money helps somebody else.",
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
    Circle(
        "People with a travel grant",
        frozenset([Milestone.Kind.RECEIPTS]),
        grantees,
        meaning="Until then you can hand in the receipts of your journey.",
        grants_only=True,
    ),
]
