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
from travel.models import Application, Offer
from travel.queries import newest_offer, own_application

State = Application.State


def records(viewer: Viewer) -> QuerySet:
    """Keys of the applications whose log entries and mails this viewer may read. As many queries as `seen_by`."""
    return Application.objects.handled_by(viewer).order_by().values("pk")


def duties(viewer: Viewer) -> Iterator[Duty]:
    """The person's own application: what it needs, or what it waits for. Two queries."""
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
        yield Duty("Travel application submitted", url, state="waiting", detail="You will hear by mail.")
    elif row.state == State.OFFERED:
        yield _answer_duty(newest_offer(row), url)
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


def _answer_duty(offer: Offer | None, url: str) -> Duty:
    if offer is not None and offer.state == Offer.State.OPEN:
        return Duty("Answer the offer of travel support", url, due=offer.expires_at, aoe=True)
    return Duty("Travel support accepted", url, state="done")


def figures(viewer: Viewer) -> Iterator[Figure]:
    """For grants officers only, of applications they handle. Five queries."""
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
        yield MenuEntry("grants", "Money", reverse("travel:money", args=[edition.slug]), 20)
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
    _event("not_granted", "Travel support cannot be given", text="There were more applications than money."),
]
