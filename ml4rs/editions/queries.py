"""The reading side of editions: dates and gates."""

from datetime import datetime

from ml4rs.editions.models import Edition, Milestone, Track


def milestones(edition: Edition) -> list[Milestone]:
    """All milestones of an edition, soonest first. One query for as long as the edition object lives."""
    if not hasattr(edition, "_milestones"):
        edition._milestones = list(edition.milestones.select_related("track"))
    return edition._milestones


def milestone(edition: Edition, kind: str, track: Track | None = None) -> Milestone | None:
    """The date that holds for a track: its own if it has one, else the edition's; None if there is neither."""
    of_kind = [each for each in milestones(edition) if each.kind == kind]
    own = [each for each in of_kind if track is not None and each.track_id == track.pk]
    general = [each for each in of_kind if each.track_id is None]
    return next(iter(own + general), None)


def is_open(edition: Edition, kind: str, now: datetime, track: Track | None = None) -> bool:
    """Whether the gate of this kind has not closed yet, grace included. A date "to be confirmed" is open."""
    found = milestone(edition, kind, track)
    return found is not None and not found.has_closed(now)
