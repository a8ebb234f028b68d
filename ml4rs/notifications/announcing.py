"""What the outbox tells the floors below: its menu entries, figures, its own mail, and what its rows are called."""

from collections.abc import Iterable, Iterator

from django.db.models import Count, Q
from django.urls import reverse

from ml4rs.audit.registry import Described
from ml4rs.editions.registry import Figure, MenuEntry
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications import registry
from ml4rs.notifications.models import Message
from ml4rs.notifications.policy import seen_by
from ml4rs.notifications.registry import Category, MailEvent

_OWED = ("what", "more", "url", "milestone", "due", "remaining", "way_out")
_SAMPLE = {
    "what": "Submit “Seeing fields from space” (Workshop papers)",
    "more": "",
    "url": "https://example.org/iclr2025/submissions/abc/",
    "milestone": "Submission deadline",
    "due": "Mon 10 Feb 2025, 23:59 AoE\nTue 11 Feb 2025, 12:59 (Berlin)",
    "remaining": "3 days",
    "way_out": "If you will not submit it, discard the draft on its page.",
}
_LATE = {
    "what": "Finish your reviews",
    "milestone": "Reviews due",
    "url": "https://example.org/iclr2025/reviewing/",
    "way_out": "If you cannot review a paper, decline it on its page, so that somebody else can.",
}
_DAILY = {
    "what": "2 papers have too few reviews",
    "more": "Paper 12: 1 of 3\nPaper 17: none of 3",
    "milestone": "Reviews due",
    "url": "https://example.org/iclr2025/organise/reviews/",
    "way_out": "",
}

MAIL_EVENTS = [
    MailEvent(
        registry.REMINDER,
        "Reminder before a date",
        _OWED,
        category=Category.REMINDERS,
        sample=_SAMPLE,
        why="this is still open",
    ),
    MailEvent(
        registry.OVERDUE,
        "Reminder after a date",
        _OWED,
        category=Category.REMINDERS,
        sample={**_SAMPLE, **_LATE},
        why="this is still open",
    ),
    MailEvent(
        registry.DIGEST,
        "Daily list for organisers",
        _OWED,
        category=Category.DIGESTS,
        sample={**_SAMPLE, **_DAILY},
        why="you organise this edition",
    ),
    MailEvent(
        registry.DATE_MOVED,
        "A date has moved",
        ("milestone", "new", "old", "words", "meaning", "url"),
        category=Category.NEWS,
        sample={
            "milestone": "Submission deadline",
            "new": "Mon 10 Feb 2025, 23:59 AoE\nTue 11 Feb 2025, 12:59 (Berlin)",
            "old": "Fri 7 Feb 2025, 23:59 AoE",
            "words": "Many of you asked for the weekend.",
            "meaning": "Until then you can submit, and change what you have submitted.",
            "url": "https://example.org/iclr2025/submissions/abc/",
        },
        why="this date concerns you",
    ),
]


def menu(viewer: Viewer) -> Iterator[MenuEntry]:
    if viewer.edition is None:
        return
    slug = viewer.edition.slug
    if viewer.is_organiser:
        yield MenuEntry("organising", "Mail", reverse("notifications:outbox", args=[slug]), 60)
        yield MenuEntry("organising", "Timeline", reverse("notifications:timeline", args=[slug]), 58)
        yield MenuEntry("organising", "Reminders", reverse("notifications:reminders", args=[slug]), 62)
    elif viewer.is_grants_officer:
        yield MenuEntry("grants", "Mail", reverse("notifications:outbox", args=[slug]), 60)


def figures(viewer: Viewer) -> Iterator[Figure]:
    """Mails that wait, are held back or failed. One query."""
    if not viewer.is_organiser:
        return
    states = Message.State
    counts = seen_by(viewer).aggregate(
        queued=Count("pk", filter=Q(state__in=[states.QUEUED, states.SENDING])),
        held=Count("pk", filter=Q(state=states.HELD)),
        failed=Count("pk", filter=Q(state=states.FAILED)),
    )
    outbox = reverse("notifications:outbox", args=[viewer.edition.slug])
    yield Figure("Mail", "waiting", counts["queued"], f"{outbox}?state=queued", position=90)
    if counts["held"]:
        yield Figure("Mail", "held back", counts["held"], f"{outbox}?state=held", "warn", position=90)
    tone = "bad" if counts["failed"] else ""
    yield Figure("Mail", "failed", counts["failed"], f"{outbox}?state=failed", tone, position=90)


def describe(viewer: Viewer, keys: Iterable[int]) -> Iterator[tuple[int, Described]]:
    """Messages as the log names them. One query."""
    for pk, public_id, subject in seen_by(viewer).filter(pk__in=keys).values_list("pk", "public_id", "subject"):
        url = reverse("notifications:message", args=[viewer.edition.slug, public_id])
        yield pk, Described(f"Mail: {subject}", url)
