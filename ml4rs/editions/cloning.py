"""Starting the next edition from one that is there: what carries over, what moves, what is cleared."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import models, transaction

from ml4rs.editions.clock import shifted
from ml4rs.editions.models import Edition, Milestone, Question, Role, Track, TrackFile
from ml4rs.editions.policy import may_start_next, require
from ml4rs.editions.registry import cloners
from ml4rs.editions.signals import acted
from ml4rs.editions.viewer import Viewer


@transaction.atomic
def start_next(
    old: Edition, *, slug: str, host: str, starts_on: date | None = None, shift_days: int | None = None, by: Viewer
) -> Edition:
    """A new, hidden edition with the rules, texts and organisers of `old`; without its people, sponsors, papers.

    Dates move by `shift_days`, or with the first day of the workshop; where neither says how far, they are
    to be confirmed. Apps above copy what is theirs through `registry.cloners`.

    Raises:
        NotAllowed: `by` neither organises `old` nor runs the site.
    """
    require(may_start_next(by))
    if shift_days is None and starts_on is not None and old.starts_on is not None:
        shift_days = (starts_on - old.starts_on).days
    new = _edition(old, slug=slug, host=host, starts_on=starts_on, shift_days=shift_days)
    tracks = _tracks(old, new)
    _milestones(old, new, tracks, shift_days)
    for rows in (old.topics.all(), old.sponsor_tiers.all(), old.texts.all()):
        _copies(rows, edition=new)
    _organisers(old, new, by)
    for copy in cloners:
        copy(old, new)
    acted.send(Edition, by=by, verb="edition.started", subject=new, edition=new, details={"from": old.slug})
    return new


def _copy(row: models.Model, **changes) -> models.Model:
    """The row anew, unsaved, with other values where told."""
    skipped = {"id", "public_id"}
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name not in skipped}
    fresh = type(row)(**values)
    for name, value in changes.items():
        setattr(fresh, name, value)
    return fresh


def _copies(rows: Iterable[models.Model], **changes) -> None:
    for row in rows:
        _copy(row, **changes).save()


def _edition(old: Edition, *, slug: str, host: str, starts_on: date | None, shift_days: int | None) -> Edition:
    if starts_on is None and shift_days is not None and old.starts_on is not None:
        starts_on = old.starts_on + timedelta(days=shift_days)
    length = old.ends_on - old.starts_on if old.ends_on and old.starts_on else None
    new = _copy(
        old,
        slug=slug,
        host=host,
        ordinal=old.ordinal + 1 if old.ordinal else None,
        starts_on=starts_on,
        ends_on=starts_on + length if starts_on and length is not None else None,
        is_public=False,
        is_current=False,
        papers_public=False,
        frozen_at=None,
        **dict.fromkeys(("host_url", "venue", "city", "country", "source_url", "frozen_because"), ""),
    )
    new.save()
    return new


def _tracks(old: Edition, new: Edition) -> dict[int, Track]:
    """The new tracks by the old ones' keys."""
    tracks = {}
    for track in old.tracks.all():
        tracks[track.pk] = _copy(track, edition=new)
        tracks[track.pk].save()
    for model in (TrackFile, Question):
        for row in model.objects.filter(track__edition=old):
            _copy(row, track=tracks[row.track_id]).save()
    return tracks


def _milestones(old: Edition, new: Edition, tracks: dict[int, Track], shift_days: int | None) -> None:
    for each in old.milestones.all():
        known = each.instant is not None and shift_days is not None
        _copy(
            each,
            edition=new,
            track=tracks[each.track_id] if each.track_id else None,
            instant=shifted(each.instant, shift_days, aoe=each.aoe, zone=old.time_zone) if known else None,
            revision=Milestone._meta.get_field("revision").default,
            previous_instant=None,
            before_move=None,
        ).save()


def _organisers(old: Edition, new: Edition, by: Viewer) -> None:
    """The same organisers; whoever runs the site and starts it alone becomes its first."""
    organisers = old.roles.filter(name=Role.Name.ORGANISER)
    _copies(organisers, edition=new)
    if not organisers.filter(user__isnull=False).exists():
        Role.objects.create(edition=new, name=Role.Name.ORGANISER, user=by.user)
