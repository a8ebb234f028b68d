"""A person's own deadlines as a calendar: a private address, which can be taken back.

The address is derived from a row's nonce and the site's key, so that the database alone gives nobody's away. The
calendar shows what the person's desk shows, to organisers the edition's dates besides, and nothing that the person
may not see.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from icalendar import Calendar, Event

from ml4rs.accounts.models import User, random_public_id
from ml4rs.editions.models import Edition
from ml4rs.editions.queries import milestones
from ml4rs.editions.registry import Duty, duties
from ml4rs.editions.times import announced
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.models import CalendarFeed

_REFRESH = timedelta(hours=4)
_OPEN = ("open", "waiting")


def address_of(user: User) -> str:
    """Where the calendar is; empty while it has no address. One query."""
    feed = CalendarFeed.objects.filter(user=user).first()
    if feed is None:
        return ""
    return settings.SITE_URL + reverse("notifications:calendar", args=[user.public_id, _token(user, feed)])


def renew(user: User, now: datetime) -> None:
    """Give it an address, or another one."""
    CalendarFeed.objects.update_or_create(user=user, defaults={"nonce": random_public_id(), "created_at": now})


def end(user: User) -> None:
    CalendarFeed.objects.filter(user=user).delete()


def person_of(user_pid: str, token: str) -> User | None:
    """Whose calendar this address is. One query."""
    feed = CalendarFeed.objects.filter(user__public_id=user_pid, user__is_active=True).select_related("user").first()
    if feed is None or not constant_time_compare(token, _token(feed.user, feed)):
        return None
    return feed.user


def _token(user: User, feed: CalendarFeed) -> str:
    value = f"{user.public_id}:{feed.nonce}"
    return salted_hmac("notifications.calendar", value, algorithm="sha256").hexdigest()[:40]


def to_calendar(user: User, now: datetime) -> bytes:
    """One event for each thing that this person owes or waits for, at the instant when it is due.

    Editions whose dates are all long over are left out. A moved date is the same event at another time: its UID
    (RFC 5545, 3.8.4.7) comes from person and page, not from the instant.
    """
    calendar, domain = Calendar(), urlsplit(settings.SITE_URL).hostname or "localhost"
    calendar.add("prodid", f"-//{domain}//ml4rs deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Workshop deadlines")
    calendar.add("name", "Workshop deadlines")
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    for edition in _with_dates_ahead(now):
        for duty in _dated(Viewer.of(user, edition, now)):
            calendar.add_component(_event(duty, user, edition, domain, now))
    return calendar.to_ical()


def _with_dates_ahead(now: datetime) -> Iterator[Edition]:
    recent = now - timedelta(days=30)
    yield from Edition.objects.filter(milestones__instant__gt=recent).distinct().order_by("slug")


def _dated(viewer: Viewer) -> Iterator[Duty]:
    for source in duties:
        for duty in source(viewer):
            if duty.due is not None and duty.state in _OPEN:
                yield duty
    if viewer.is_organiser:
        page = reverse("notifications:timeline", args=[viewer.edition.slug])
        for each in milestones(viewer.edition):
            if each.instant is not None:
                title = f"{each.title} ({each.track})" if each.track else each.title
                yield Duty(title, f"{page}#{each.public_id}", due=each.instant, aoe=each.aoe)


def _event(duty: Duty, user: User, edition: Edition, domain: str, now: datetime) -> Event:
    event = Event()
    name = f"{user.public_id} {duty.url} {duty.state}"
    event.add("uid", f"{sha256(name.encode()).hexdigest()[:24]}@{domain}")
    event.add("dtstamp", now)
    event.add("dtstart", duty.due)
    event.add("summary", f"{edition.short_name}: {duty.title}")
    words = announced(duty.due, aoe=duty.aoe, venue=edition.time_zone)
    event.add("description", "\n".join(filter(None, (f"Due: {words}", duty.detail))))
    event.add("url", f"{settings.SITE_URL}{duty.url}")
    event.add("transp", "TRANSPARENT")
    return event
