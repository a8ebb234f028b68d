"""The reading side of editions: dates and gates, and what the public pages show."""

from datetime import date, datetime
from functools import cache
from pathlib import Path

import yaml
from django.db.models import Exists, OuterRef

from ml4rs.editions.clock import ANYWHERE_ON_EARTH
from ml4rs.editions.models import Edition, Extension, Milestone, Person, Sponsor, SponsorTier, TextBlock, Topic, Track
from ml4rs.editions.registry import committee_sources
from ml4rs.editions.viewer import Viewer

# Texts that the public pages have a place for; an edition may leave any of them out.
TEXT_KEYS = ("about", "call", "format", "policy", "bonus", "travel", "journal", "sponsorship", "committee", "contact")


def milestones(edition: Edition) -> list[Milestone]:
    """All milestones of an edition, soonest first. One query for as long as the edition object lives."""
    if not hasattr(edition, "_milestones"):
        extended = Exists(Extension.objects.filter(milestone=OuterRef("pk")))
        edition._milestones = list(edition.milestones.select_related("track").annotate(has_extensions=extended))
    return edition._milestones


def milestone(edition: Edition, kind: str, track: Track | int | None = None) -> Milestone | None:
    """The date that holds for a track (or its primary key): its own if it has one, else the edition's, or None."""
    key = track.pk if isinstance(track, Track) else track
    of_kind = [each for each in milestones(edition) if each.kind == kind]
    own = [each for each in of_kind if key is not None and each.track_id == key]
    general = [each for each in of_kind if each.track_id is None]
    return next(iter(own + general), None)


def is_open(edition: Edition, kind: str, now: datetime, track: Track | None = None) -> bool:
    """Whether the gate of this kind has not closed yet, grace included. A date "to be confirmed" is open."""
    found = milestone(edition, kind, track)
    return found is not None and not found.has_closed(now)


def extension(edition: Edition, kind: str, about: str) -> Extension | None:
    """The later date of this kind that one thing was granted.

    Where there are any at all, one query for as long as the edition object lives.
    """
    if not any(each.has_extensions for each in milestones(edition) if each.kind == kind):
        return None
    if not hasattr(edition, "_extensions"):
        rows = Extension.objects.filter(milestone__edition=edition).select_related("milestone")
        edition._extensions = {(each.milestone.kind, each.about): each for each in rows}
    return edition._extensions.get((kind, about))


def is_extended(edition: Edition, kind: str, about: str, now: datetime) -> bool:
    """Whether it may still be handed in because an extension was granted."""
    found = extension(edition, kind, about)
    return found is not None and now <= found.until


def public_milestones(edition: Edition) -> list[Milestone]:
    """The announced dates, soonest first. Shares the one query of `milestones`."""
    return [each for each in milestones(edition) if each.is_public]


def next_milestone(viewer: Viewer) -> Milestone | None:
    """The first announced date that is still ahead."""
    ahead = [each for each in public_milestones(viewer.edition) if each.instant and not each.has_passed(viewer.now)]
    return next(iter(ahead), None)


def texts(edition: Edition) -> dict[str, TextBlock | None]:
    """The edition's texts by key, None for the keys that pages ask for and the edition has not. One query."""
    return dict.fromkeys(TEXT_KEYS) | {block.key.replace("-", "_"): block for block in edition.texts.all()}


def tracks(edition: Edition) -> list[Track]:
    """The tracks with their file rules and submission deadlines. Two queries, and one for all dates."""
    found = list(edition.tracks.prefetch_related("files"))
    for track in found:
        track.deadline = milestone(edition, Milestone.Kind.SUBMISSION, track)
    return found


def topics_by_area(edition: Edition) -> dict[str, list[Topic]]:
    """Topics under their headings, in order. One query."""
    areas: dict[str, list[Topic]] = {}
    for topic in edition.topics.all():
        areas.setdefault(topic.area, []).append(topic)
    return areas


def people(edition: Edition) -> dict[str, list[Person]]:
    """Everybody whom the public pages show but the committee, by kind. One query."""
    found: dict[str, list[Person]] = {kind: [] for kind in Person.Kind.values}
    for person in edition.people.exclude(kind=Person.Kind.COMMITTEE):
        found[person.kind].append(person)
    return found


def committee(edition: Edition) -> list[tuple[str, str]]:
    """(name, affiliation) of the committee: listed members and accepted reviewers, once each, by name."""
    listed = edition.people.filter(kind=Person.Kind.COMMITTEE).values_list("name", "affiliation")
    members = dict(listed)
    for source in committee_sources:
        members |= {name: affiliation for name, affiliation in source(edition) if name not in members}
    return sorted(members.items(), key=lambda member: member[0].casefold())


def visible_sponsors(viewer: Viewer) -> list[tuple[SponsorTier, list[Sponsor]]]:
    """Tiers that have sponsors to show today, with them. Two queries."""
    today = viewer.now.date()
    tiers = viewer.edition.sponsor_tiers.prefetch_related("sponsors")
    shown = [(tier, [each for each in tier.sponsors.all() if _is_shown(each, today)]) for tier in tiers]
    return [(tier, sponsors) for tier, sponsors in shown if sponsors]


def _is_shown(sponsor: Sponsor, today: date) -> bool:
    begun = sponsor.visible_from is None or sponsor.visible_from <= today
    return begun and (sponsor.visible_until is None or today <= sponsor.visible_until)


def accepts_submissions(viewer: Viewer) -> bool:
    """Whether any track still takes papers. Shares the one query of `milestones`."""
    tracks = {each.track for each in milestones(viewer.edition)} | {None}
    return any(is_open(viewer.edition, Milestone.Kind.SUBMISSION, viewer.now, track) for track in tracks)


def is_over(viewer: Viewer) -> bool:
    """Whether the edition's last day has ended everywhere on Earth. One without a date is still to come."""
    last = viewer.edition.ends_on or viewer.edition.starts_on
    return last is not None and viewer.now.astimezone(ANYWHERE_ON_EARTH).date() > last


def public_editions() -> list[Edition]:
    return list(Edition.objects.filter(is_public=True))


@cache
def visibility() -> dict:
    """The visibility matrix, as written in visibility.yaml."""
    return yaml.safe_load((Path(__file__).parent / "visibility.yaml").read_text())
