"""Engine of the programme: what it consists of, its feeds and its change log. Plain Python, no Django."""

from schedule.exports.calendar import to_calendar
from schedule.exports.changes import changes
from schedule.exports.linked_data import to_events
from schedule.exports.programme import Item, Programme, Session, Speaker
from schedule.exports.timing import timed

__all__ = ["Item", "Programme", "Session", "Speaker", "changes", "timed", "to_calendar", "to_events"]
