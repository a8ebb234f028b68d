"""What this app announces to the floors below: duties, figures for grants officers, menus, mails."""

from collections.abc import Iterator

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from ml4rs.editions.models import Milestone
from ml4rs.editions.queries import milestone
from ml4rs.editions.registry import Duty, Figure, MenuEntry
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.registry import Category, MailEvent
from submissions.models import Submission
from submissions.registry import Section
from travel.models import Application, Offer, Receipt
from travel.queries import newest_offer, own_application, settings_of

State = Application.State


def records(viewer: Viewer) -> QuerySet:
    """Keys of the applications whose log entries and mails this viewer may read. As many queries as `seen_by`."""
    return Application.objects.handled_by(viewer).order_by().values("pk")


def duties(viewer: Viewer) -> Iterator[Duty]:
    """The person's own application: what it needs, or what it waits for. Three queries."""
    row = own_application(viewer) if viewer.edition else None
    if row is None:
        return
    url = reverse("travel:application", args=[viewer.edition.slug])
    found = milestone(viewer.edition, Milestone.Kind.TRAVEL)
    due, aoe = (found.instant, found.aoe) if found else (None, False)
    if row.state == State.DRAFT:
        if found is not None and not found.has_closed(viewer.now):
            yield Duty("Finish and submit your travel application", url, due=due, aoe=aoe)
        else:
            yield Duty("Never submitted: your travel application", url, state="done", detail="The deadline has passed.")
    elif row.state == State.SUBMITTED:
        settings = settings_of(viewer.edition)
        detail = f"You hear by {settings.answers_on:%-d %B %Y}." if settings.answers_on else "You will hear by mail."
        yield Duty("Travel application submitted", url, state="waiting", detail=detail)
    elif row.state == State.WAITING:
        yield Duty("Travel support: on the waiting list", url, state="waiting", detail="You hear if money comes back.")
    elif row.state == State.OFFERED:
        yield _grant_duty(viewer, newest_offer(row), url)
    else:
        yield Duty(f"Travel application: {row.get_state_display().lower()}", url, state="done")


def section(viewer: Viewer, submission: Submission) -> Section | None:
    """On the page of an author's own paper: how their application stands, or the way to one. One query at most."""
    due = milestone(viewer.edition, Milestone.Kind.TRAVEL)
    if due is None or not submission.is_author:
        return None
    application = own_application(viewer)
    is_open = not due.has_closed(viewer.now)
    if application is None and not is_open:
        return None
    return Section("travel/_section.html", {"application": application, "due": due, "is_open": is_open})


def _grant_duty(viewer: Viewer, offer: Offer | None, url: str) -> Duty:
    """An offer's answer, then its receipts where there is a date for them. Two queries at most."""
    if offer is not None and offer.state == Offer.State.OPEN:
        return Duty("Answer the offer of travel support", url, due=offer.expires_at, aoe=True)
    due = milestone(viewer.edition, Milestone.Kind.RECEIPTS)
    if offer is None or due is None or due.has_closed(viewer.now):
        return Duty("Travel support accepted", url, state="done")
    url = reverse("travel:receipts", args=[viewer.edition.slug])
    if offer.receipts.filter(state__in=[Receipt.State.SUBMITTED, Receipt.State.APPROVED]).exists():
        return Duty("Receipts handed in", url, state="waiting", detail="Add more if there are any.")
    return Duty("Hand in the receipts of your journey", url, due=due.instant, aoe=due.aoe)


def figures(viewer: Viewer) -> Iterator[Figure]:
    """For grants officers only, of applications they handle. Six queries."""
    if viewer.edition is None or not viewer.is_grants_officer:
        return
    rows = Application.objects.seen_by(viewer).filter(is_handled=True, submitted_at__isnull=False).order_by()
    counts = rows.aggregate(
        waiting=Count("pk", filter=Q(seen_state=State.SUBMITTED)),
        offered=Count("pk", filter=Q(seen_state=State.OFFERED)),
    )
    table = reverse("travel:officer", args=[viewer.edition.slug])
    waiting = counts["waiting"]
    yield Figure("Travel grants", "to answer", waiting, f"{table}?state=submitted", "warn" if waiting else "good")
    yield Figure("Travel grants", "offered", counts["offered"], f"{table}?state=offered")
    bills = Receipt.objects.filter(
        state=Receipt.State.SUBMITTED,
        offer__state=Offer.State.ACCEPTED,
        offer__application__in=Application.objects.handled_by(viewer).order_by().values("pk"),
    ).count()
    yield Figure(
        "Travel grants",
        "receipts to look at",
        bills,
        reverse("travel:payments", args=[viewer.edition.slug]),
        "warn" if bills else "good",
    )


def menu(viewer: Viewer) -> Iterator[MenuEntry]:
    """The public page where there is a deadline; the officers' pages for officers. No query of its own."""
    edition = viewer.edition
    if edition is None:
        return
    if milestone(edition, Milestone.Kind.TRAVEL) is not None:
        yield MenuEntry("public", "Travel support", reverse("travel:about", args=[edition.slug]), 60)
        if viewer.is_signed_in:
            yield MenuEntry("personal", "Travel support", reverse("travel:application", args=[edition.slug]), 40)
    if viewer.is_grants_officer:
        yield MenuEntry("grants", "Applications", reverse("travel:officer", args=[edition.slug]), 10)
        yield MenuEntry("grants", "Ranking", reverse("travel:ranking", args=[edition.slug]), 12)
        yield MenuEntry("grants", "Answers", reverse("travel:plan", args=[edition.slug]), 15)
        yield MenuEntry("grants", "Money", reverse("travel:money", args=[edition.slug]), 20)
        yield MenuEntry("grants", "Payments", reverse("travel:payments", args=[edition.slug]), 25)
        yield MenuEntry("grants", "Settings", reverse("travel:settings", args=[edition.slug]), 30)


_SAMPLE = {
    "applicant": "Ada Lovelace",
    "deadline": "Fri 28 Mar 2025, 23:59 AoE",
    "url": "https://example.org/iclr2025/travel/application/",
}
_OFFER = {"amount": "1,200 EUR", "message": "We look forward to seeing you.", "expires": "Fri 11 Apr 2025, 23:59 AoE"}


def _event(
    name: str, label: str, why: str = "you applied for travel support", category: str = "", **sample
) -> MailEvent:
    known, example = (*_SAMPLE, *sample), {**_SAMPLE, **sample}
    return MailEvent(f"travel.{name}", label, variables=known, category=category, sample=example, why=why)


MAIL_EVENTS = [
    _event("receipt", "Receipt for a travel application", category=Category.RECEIPTS),
    _event("withdrawn", "A travel application was withdrawn"),
    _event("offer", "Travel support is offered", **_OFFER),
    _event("offer_revoked", "An offer of travel support was taken back", **_OFFER),
    _event("offer_expired", "An offer of travel support expired", **_OFFER),
    _event(
        "offer_answered",
        "To the officer: an offer was answered",
        "you made this offer as a grants officer",
        accepted=True,
        taken_back=False,
    ),
    _event(
        "receipt_refused",
        "A receipt is not accepted",
        "you accepted travel support",
        receipt="Flight, train or bus, 412.50 EUR",
        text="The file shows the booking, not the bill.",
    ),
    _event("paid", "Travel support was paid", "you accepted travel support", amount="900 EUR", reference="2025-117"),
    _event("waiting", "On the waiting list for travel support", text="There were more applications than money."),
    _event(
        "advisor_answered",
        "An advisor answered",
        advisor="Augusta Byron",
        confirmed=True,
    ),
    MailEvent(
        "travel.advisor_asked",
        "To an advisor: is this right?",
        ("applicant", "studies", "institution", "url"),
        secret=True,
        sample={
            "applicant": "Ada Lovelace",
            "studies": "PhD student",
            "institution": "Analytical Society",
            "url": "https://example.org/iclr2025/travel/confirm/…",
        },
        why="an applicant for travel support named you as advisor",
    ),
    MailEvent(
        "travel.erasure",
        "To officers: what will be erased",
        ("day", "applications", "receipts", "unpaid", "url"),
        sample={
            "day": "28 April 2026",
            "applications": 31,
            "receipts": 0,
            "unpaid": 1,
            "url": "https://example.org/iclr2025/grants/payments/",
        },
        why="you are a grants officer of this workshop",
    ),
    _event("not_granted", "Travel support cannot be given", text="There were more applications than money."),
]
