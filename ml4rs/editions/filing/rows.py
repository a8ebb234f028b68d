"""The sections of a file as rows: found by what names them, changed where they differ, kept otherwise."""

from typing import Any

from django.db import models

from ml4rs.editions.clock import aoe_deadline, whole_day_instant
from ml4rs.editions.filing.checking import clock_of
from ml4rs.editions.filing.pictures import Pictures
from ml4rs.editions.filing.removing import CannotLoadError, remove
from ml4rs.editions.filing.roles import load_roles
from ml4rs.editions.filing.schema import (
    EditionFile,
    MilestonePart,
    PeoplePart,
    PersonPart,
    QuestionPart,
    TierPart,
    TrackPart,
)
from ml4rs.editions.filing.values import OPEN
from ml4rs.editions.models import (
    Edition,
    Milestone,
    Person,
    Question,
    Sponsor,
    SponsorTier,
    TextBlock,
    Topic,
    Track,
    TrackFile,
)

Values = dict[str, Any]


def stored(row: models.Model, values: Values) -> models.Model:
    """The row with these values, written only if that changes anything."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if row.pk is None:
        row.save(force_insert=True)
    elif changed:
        row.save(update_fields=changed)
    return row


class Sections:
    """Loads the sections of one file into one edition."""

    def __init__(self, edition: Edition, pictures: Pictures) -> None:
        self.edition = edition
        self.pictures = pictures
        self._gone: list[models.Model] = []

    def load(self, file: EditionFile) -> None:
        """Add and change; what the file has no longer stays until `remove_what_is_gone`."""
        if file.tracks is not None:
            self._tracks(file.tracks)
        if file.milestones is not None:
            self._milestones(file.milestones)
        if file.topics is not None:
            topics = {each.slug: {"name": each.name, "area": each.area} for each in file.topics}
            self._rows(Topic, {"edition": self.edition}, "slug", topics, in_order=True)
        if file.people is not None:
            for key, kind in PeoplePart.KINDS.items():
                if (people := getattr(file.people, key)) is not None:
                    self._people(people, kind)
        if file.sponsor_tiers is not None:
            self._tiers(file.sponsor_tiers)
        if file.texts is not None:
            texts = {key: {"title": each.title, "body": each.body} for key, each in file.texts.items()}
            self._rows(TextBlock, {"edition": self.edition}, "key", texts)
        if file.roles is not None:
            load_roles(file.roles, self.edition)

    def remove_what_is_gone(self) -> None:
        """Last, when nothing new refers to it any longer."""
        for row in self._gone:
            remove(row)

    def _rows(
        self, model: type[models.Model], owner: Values, key: str, wanted: dict[str, Values], *, in_order: bool = False
    ) -> dict[str, models.Model]:
        """The wanted rows of `owner` by their key; others of `owner` are to go."""
        there = {getattr(row, key): row for row in model.objects.filter(**owner)}
        found = {}
        for place, (value, values) in enumerate(wanted.items(), start=1):
            row = there.pop(value, None) or model(**owner, **{key: value})
            found[value] = stored(row, {**values, "position": place} if in_order else values)
        self._gone += there.values()
        return found

    def _tracks(self, parts: list[TrackPart]) -> None:
        wanted = {part.slug: _track(part) for part in parts}
        found = self._rows(Track, {"edition": self.edition}, "slug", wanted, in_order=True)
        for part in parts:
            files = {each.kind: each.model_dump(exclude={"kind"}) for each in part.files}
            self._rows(TrackFile, {"track": found[part.slug]}, "kind", files)
            questions = {each.key: _question(each) for each in part.questions}
            self._rows(Question, {"track": found[part.slug]}, "key", questions, in_order=True)

    def _milestones(self, parts: list[MilestonePart]) -> None:
        tracks = {track.slug: track for track in self.edition.tracks.all()}
        there = {(each.kind, each.track_id): each for each in self.edition.milestones.all()}
        for part in parts:
            if part.track is not None and part.track not in tracks:
                raise CannotLoadError(f"A milestone speaks of the track “{part.track}”, which is not there.")
            track = tracks[part.track] if part.track else None
            row = there.pop((part.kind, track.pk if track else None), None)
            row = row or Milestone(edition=self.edition, kind=part.kind, track=track)
            stored(row, _milestone(part, row, self.edition.time_zone))
        self._gone += there.values()

    def _people(self, parts: list[PersonPart], kind: str) -> None:
        kept = ("affiliation", "url", "bio", "details_hidden")
        wanted = {part.name: {name: getattr(part, name) for name in kept} for part in parts}
        found = self._rows(Person, {"edition": self.edition, "kind": kind}, "name", wanted, in_order=True)
        for part in parts:
            if part.portrait:
                self._picture(found[part.name], "portrait", part.portrait)

    def _picture(self, row: models.Model, field: str, written: str) -> None:
        if self.pictures.keep(row, field, written):
            row.save(update_fields=[field])

    def _tiers(self, parts: list[TierPart]) -> None:
        wanted = {
            part.slug: {
                "name": part.name,
                "amount_minor": part.amount.minor if part.amount else None,
                "currency": part.amount.currency if part.amount else "",
            }
            for part in parts
        }
        tiers = self._rows(SponsorTier, {"edition": self.edition}, "slug", wanted, in_order=True)
        there = list(Sponsor.objects.filter(tier__edition=self.edition))
        for part in parts:
            tier = tiers[part.slug]
            for place, each in enumerate(part.sponsors, start=1):
                row = _sponsor(there, each.name, tier) or Sponsor(name=each.name)
                values = {name: getattr(each, name) for name in ("url", "visible_from", "visible_until")}
                stored(row, {**values, "tier_id": tier.pk, "position": place})
                if each.logo:
                    self._picture(row, "logo", each.logo)
        self._gone = [*there, *self._gone]  # sponsors before the tiers that they were in


def _sponsor(there: list[Sponsor], name: str, tier: models.Model) -> Sponsor | None:
    """The sponsor of this name, taken from the list: who gives more moves to another tier and stays the same."""
    of_name = sorted((each for each in there if each.name == name), key=lambda each: each.tier_id != tier.pk)
    if not of_name:
        return None
    there.remove(of_name[0])
    return of_name[0]


def _track(part: TrackPart) -> Values:
    same = (
        "name", "kind", "summary", "description", "template_url", "page_limit", "references", "appendix",
        "acknowledgements", "blind", "reviews_per_paper", "reviewers_see_reviews", "reviewers_see_names",
        "reviewers_see_decisions", "reviews_wait_for_due", "reviews_fixed_once_due", "journal_eligible",
        "dual_submission_allowed", "camera_ready_pages", "severities",
        "submissions_per_author", "response_words", "author_conflicts", "places",
    )  # fmt: skip
    return {
        **{name: getattr(part, name) for name in same},
        "is_reviewed": part.reviews_per_paper is not None,
        "has_discussion": part.discussion,
        "has_author_response": part.author_response,
        "has_meta_review": part.meta_review,
        "presentations": list(part.presentations),
        "is_archival": part.archival,
        "style": part.style or "",
    }


def _question(part: QuestionPart) -> Values:
    same = ("label", "stage", "kind", "choices", "required", "audience")
    return {**{name: getattr(part, name) for name in same}, "help_text": part.help}


def _milestone(part: MilestonePart, row: Milestone, zone: str) -> Values:
    values: Values = {
        "label": part.label,
        "instant": _instant(part, zone),
        "aoe": part.anywhere_on_earth,
        "whole_day": part.counts_whole_day,
        "grace": part.grace,
        "is_public": part.public,
        "previous_instant": part.moved_from.at(clock_of(part, zone)) if part.moved_from else None,
    }
    if row.pk is not None and row.instant != values["instant"]:
        values |= {"revision": row.revision + 1, "before_move": None}  # reminders follow; there is no move to undo
    return values


def _instant(part: MilestonePart, zone: str):
    if OPEN in (part.date, part.at):
        return None
    if part.at is not None:
        return part.at.at(clock_of(part, zone))
    return aoe_deadline(part.date) if part.anywhere_on_earth else whole_day_instant(part.date, zone)
