"""A date moves: everything that was to be said of the old one is taken back, and those concerned are told once.

Gates, pages, countdowns, feeds and reminders read the milestone itself and need nothing. What waits in the outbox
was written for the old date, so it is cancelled by whoever moves the date, here or in the editor. A file that moves
dates does not speak up: there, sending finds out (rechecking.py).
"""

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from ml4rs.accounts.models import normalise_address
from ml4rs.audit.actions import record
from ml4rs.editions import actions
from ml4rs.editions.models import Edition, Milestone
from ml4rs.editions.policy import NotAllowed, may_organise, require
from ml4rs.editions.templatetags.editions import when_text
from ml4rs.editions.times import announced
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications import policy, queries
from ml4rs.notifications.actions import queue_mail
from ml4rs.notifications.links import absolute
from ml4rs.notifications.models import Message
from ml4rs.notifications.registry import DATE_MOVED, REMINDERS, Circle, Concerned, Recipient, circles
from ml4rs.notifications.wording import Words, words_for

State = Message.State
_UNSENT = (State.QUEUED, State.HELD)
_TAKEN_BACK = "The new date that we wrote to you about no longer holds."


@dataclass(frozen=True)
class Told:
    """Somebody who is told, in which circle."""

    circle: Circle
    person: Concerned


@transaction.atomic
def extend(
    milestone: Milestone,
    *,
    instant: datetime,
    grace: timedelta,
    words: str = "",
    tell: bool = True,
    batch: str,
    by: Viewer,
    seen: str | None = None,
) -> int:
    """Move a date to a later one and tell those whom it concerns, all in one; how many of them `by` may know of.

    `words` from the organisers stand in the mail. Sending the same form twice moves and tells once.

    Raises:
        NotAllowed: `by` is no organiser, or the new date is over or no later than the old one.
        ChangedMeanwhileError: somebody else changed the milestone since it was looked at.
    """
    require(may_organise(by))
    if milestone.instant == instant:
        return _told_already(batch, by)
    if instant <= by.now:
        raise NotAllowed("Choose a date that is still ahead.")
    if milestone.instant is not None and instant < milestone.instant:
        raise NotAllowed("This is no later than the date that holds now.")
    moment = {"instant": instant, "aoe": milestone.aoe, "whole_day": milestone.whole_day, "grace": grace}
    moved = actions.move_milestone(milestone, **moment, by=by, seen=seen)
    if not tell:
        return 0
    told = list(to_tell(moved, by.now))
    for each in told:
        _tell(each, moved, words=words, batch=batch)
    known = len(queries.known(by, (each.person for each in told)))
    record("milestone.told", by=by, subject=moved, details={"name": moved.title, "mails": known})
    return known


def _told_already(batch: str, by: Viewer) -> int:
    """The same form a second time is no mistake; a form with the date that holds is."""
    if not Message.objects.filter(batch=batch, event=DATE_MOVED).exists():
        raise NotAllowed("This is the date that holds now. To change its grace alone, edit the date.")
    return policy.seen_by(by).filter(batch=batch).count()


def to_tell(milestone: Milestone, now: datetime) -> Iterator[Told]:
    """Each whom the date concerns, once, however many papers they have in it."""
    found: dict[str, Told] = {}
    for circle in circles:
        for person in circle.people(milestone, now) if milestone.kind in circle.kinds else ():
            address = normalise_address(person.recipient.address)
            found[address] = _together(found.get(address), circle, person, milestone.edition)
    yield from found.values()


def _together(before: Told | None, circle: Circle, person: Concerned, edition: Edition) -> Told:
    if before is None:
        return Told(circle, person)
    same_page = before.person.url == person.url
    url = person.url if same_page else absolute("editions:desk", edition.slug)
    merged = replace(before.person, papers=before.person.papers | person.papers, url=url)
    return Told(before.circle, merged)


def seen_by(viewer: Viewer, milestone: Milestone) -> list[Told]:
    """Whom a move would be told to, as far as this viewer may know."""
    told = [each for each in to_tell(milestone, viewer.now) if viewer.is_grants_officer or not each.circle.grants_only]
    known = {id(person) for person in queries.known(viewer, [each.person for each in told])}
    return [each for each in told if id(each.person) in known]


def as_moved(milestone: Milestone, instant: datetime) -> Milestone:
    """The milestone as it will be, to look at; not to be stored."""
    moved = copy(milestone)
    moved.previous_instant, moved.instant = milestone.instant, instant
    return moved


def sample(told: Told, moved: Milestone, words: str) -> Words:
    """The mail as this person will read it."""
    context = in_words(told, moved, words)
    return words_for(DATE_MOVED, edition=moved.edition, recipient=told.person.recipient, context=context)


def waiting_reminders(viewer: Viewer, milestone: Milestone) -> int:
    """How many mails wait that were written for the date that holds now, of those that this viewer may read."""
    return _about(milestone, REMINDERS, _UNSENT).filter(pk__in=policy.seen_by(viewer).values("pk")).count()


def _tell(told: Told, milestone: Milestone, *, words: str, batch: str) -> None:
    queue_mail(
        DATE_MOVED,
        edition=milestone.edition,
        to=told.person.recipient,
        about=f"{milestone.pk}",
        revision=milestone.revision,
        context=in_words(told, milestone, words),
        papers=told.person.papers,
        application_id=told.person.application_id,
        grants_only=told.circle.grants_only,
        batch=batch,
    )


def in_words(told: Told, milestone: Milestone, words: str) -> dict[str, str]:
    """What the mail may say of a date that has moved."""
    return {
        "milestone": milestone.title,
        "new": when_text(milestone, told.person.recipient.user),
        "old": _before(milestone),
        "words": words,
        "meaning": told.circle.meaning,
        "url": told.person.url,
    }


def _before(milestone: Milestone) -> str:
    if milestone.previous_instant is None:
        return "to be confirmed"
    venue = milestone.edition.time_zone
    return announced(milestone.previous_instant, aoe=milestone.aoe, whole_day=milestone.whole_day, venue=venue)


# --- What a move takes back -----------------------------------------------------------------------------


def follow_moves(sender, *, verb: str, subject, by: Viewer | None, **kwargs) -> None:
    """Listens to what happens in editions, in the same transaction."""
    if verb not in ("milestone.moved", "milestone.move_undone"):
        return
    _about(subject, REMINDERS, _UNSENT).update(state=State.CANCELLED, error="Not sent: the date was moved.")
    if verb == "milestone.move_undone":
        told = _about(subject, [DATE_MOVED], (State.SENT, State.SENDING, State.BOUNCED), subject.revision - 1)
        _tell_again(list(told), subject)
    outdated = _about(subject, [DATE_MOVED], _UNSENT).exclude(key__endswith=f":{subject.revision}")
    outdated.update(state=State.CANCELLED, error="Not sent: the date was moved again.")


def _about(milestone: Milestone, events: Iterable[str], states: Iterable[str], revision: int = 0) -> QuerySet[Message]:
    prefixes = Q()
    for event in events:
        prefixes |= Q(key__startswith=f"{event}:{milestone.pk}:{revision or ''}")
    found = Message.objects.filter(prefixes, edition=milestone.edition_id, state__in=list(states))
    return found.filter(key__endswith=f":{revision}") if revision else found


def _tell_again(told: list[Message], milestone: Milestone) -> None:
    """Those who have read of the move learn that it was taken back; who has not got the mail gets none."""
    for message in told:
        values = {**message.values, "old": message.values.get("new", "").partition("\n")[0], "words": _TAKEN_BACK}
        queue_mail(
            DATE_MOVED,
            edition=milestone.edition,
            to=Recipient(message.recipient, message.recipient_name, message.user),
            about=f"{milestone.pk}",
            revision=milestone.revision,
            context={**values, "new": when_text(milestone, message.user)},
            papers=message.concerns.values_list("submission_id", flat=True),
            application_id=message.application_id,
            grants_only=message.grants_only,
            batch=f"{message.batch[:8]}undo" if message.batch else "",
        )
