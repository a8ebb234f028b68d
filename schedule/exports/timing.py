"""When each talk of a session is: in order, by its minutes, or by an equal share of what is left."""

from dataclasses import replace
from datetime import timedelta

from schedule.exports.programme import WITHOUT_OWN_TIMES, Session


def timed(session: Session) -> Session:
    """The session with times on its items. Posters share the session's; without times nothing has any.

    Items that name their minutes get exactly these; the others share the rest equally, at least a minute each,
    so that an overfull session runs past its end and can be warned about.
    """
    if session.hours is None:
        return replace(session, items=tuple(replace(item, starts=None, ends=None) for item in session.items))
    if session.kind in WITHOUT_OWN_TIMES:
        same = tuple(replace(item, starts=session.starts, ends=session.ends) for item in session.items)
        return replace(session, items=same)
    at, ends = session.hours
    share, items = _share(session, ends - at), []
    for item in session.items:
        until = at + (timedelta(minutes=item.minutes) if item.minutes else share)
        items.append(replace(item, starts=at, ends=until))
        at = until
    return replace(session, items=tuple(items))


def _share(session: Session, length: timedelta) -> timedelta:
    open_items = [item for item in session.items if not item.minutes]
    taken = sum(item.minutes or 0 for item in session.items)
    left = length - timedelta(minutes=taken)
    minutes = int(left.total_seconds() // 60) // len(open_items) if open_items else 0
    return timedelta(minutes=max(1, minutes))


def overrun(session: Session) -> timedelta:
    """How far the last item of a timed session runs past its end; zero or less if it fits."""
    ends = [item.ends for item in session.items if item.ends]
    return max(ends) - session.ends if ends and session.ends else timedelta(0)
