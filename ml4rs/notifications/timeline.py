"""All dates of an edition in the order in which they come, with what hangs on each."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from ml4rs.editions.models import Milestone
from ml4rs.editions.queries import milestones
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications import queries
from ml4rs.notifications.registry import Granted, extensions


@dataclass(frozen=True)
class ToCome:
    """A reminder that goes out by itself: when, how long before the date, and to whom."""

    moment: datetime
    words: str
    audience: str


@dataclass(frozen=True)
class Stop:
    """A date, the reminders that are still to come before or after it, and who was given another one."""

    milestone: Milestone
    is_next: bool
    reminders: list[ToCome] = field(default_factory=list)
    granted: list[Granted] = field(default_factory=list)

    @property
    def grace_minutes(self) -> int:
        return int(self.milestone.grace.total_seconds() // 60)


def timeline(viewer: Viewer) -> list[Stop]:
    """Soonest first, those to be confirmed last. Three queries, and at most three for each kind of extension."""
    reminders, granted = _to_come(viewer), _granted(viewer)
    dates = milestones(viewer.edition)
    ahead = next((each.pk for each in dates if each.instant and not each.has_passed(viewer.now)), None)
    return [Stop(each, each.pk == ahead, reminders[each.pk], granted[each.pk]) for each in dates]


def _to_come(viewer: Viewer) -> dict[int, list[ToCome]]:
    found: dict[int, list[ToCome]] = defaultdict(list)
    for group in queries.reminder_rules(viewer):
        for offset in group.offsets:
            for milestone, moment in offset.moments if offset.rule.is_active else ():
                if moment > viewer.now:
                    found[milestone.pk].append(ToCome(moment, offset.words, group.audience.label))
    for each in found.values():
        each.sort(key=lambda reminder: (reminder.moment, reminder.audience))
    return found


def _granted(viewer: Viewer) -> dict[int, list[Granted]]:
    found: dict[int, list[Granted]] = defaultdict(list)
    for source in extensions:
        for each in source(viewer):
            found[each.milestone_id].append(each)
    return found
