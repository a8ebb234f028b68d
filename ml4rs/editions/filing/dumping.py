"""An edition as plain data, in the order and form in which its file is written. Text, numbers, true and false."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ml4rs.editions.clock import aoe_day, aoe_deadline, whole_day_instant
from ml4rs.editions.filing.schema import PeoplePart
from ml4rs.editions.filing.values import AOE_CLOCK, OPEN, Money, written_grace, written_instant
from ml4rs.editions.models import (
    Edition,
    Milestone,
    Person,
    Question,
    Role,
    Sponsor,
    SponsorTier,
    TextBlock,
    Topic,
    Track,
)
from ml4rs.editions.queries import TEXT_KEYS
from ml4rs.editions.registry import file_sections

Data = dict[str, Any]


def dump(edition: Edition, *, roles: bool = False) -> Data:
    """Everything that a file says of an edition. Roles hold people's addresses, so only on demand.

    Pictures are not in it: `load` leaves them as they are where a file names none.
    """
    edition = Edition.objects.get(pk=edition.pk)  # as it is stored
    found: Data = {
        "edition": _basics(edition),
        "tracks": [_track(track) for track in edition.tracks.prefetch_related("files", "questions")],
        "milestones": [_milestone(each, edition) for each in edition.milestones.select_related("track")],
        "topics": [_topic(topic) for topic in edition.topics.all()],
        "people": _people(edition),
        "sponsor_tiers": [_tier(tier) for tier in edition.sponsor_tiers.prefetch_related("sponsors")],
        "texts": {text.key: _text(text) for text in sorted(edition.texts.all(), key=_as_pages_ask)},
    }
    if roles:
        found["roles"] = _roles(edition)
    for section in file_sections:
        if (data := section.dump(edition)) is not None:
            found[section.key] = data
    return found


def without_defaults(data: Data, *kept: str, **defaults: Any) -> Data:
    """The keys whose value is neither empty nor the default; `kept` always."""
    return {
        key: value
        for key, value in data.items()
        if key in kept or (value != defaults[key] if key in defaults else value not in (None, "", False, [], {}))
    }


def _basics(edition: Edition) -> Data:
    return without_defaults(
        {
            "slug": edition.slug,
            "name": edition.name,
            "short_name": edition.short_name,
            "ordinal": edition.ordinal,
            "tagline": edition.tagline,
            "host": edition.host,
            "host_url": edition.host_url,
            "starts_on": _day(edition.starts_on) or OPEN,
            "ends_on": _day(edition.ends_on),
            "venue": edition.venue or OPEN,
            "city": edition.city or OPEN,
            "country": edition.country,
            "time_zone": edition.time_zone,
            "contact": edition.contact_email,
            "source_url": edition.source_url,
            "public": edition.is_public,
            "current": edition.is_current,
            "papers_public": edition.papers_public,
            "coauthor_years": edition.coauthor_years,
        },
        "public",
        coauthor_years=3,
    )


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _track(track: Track) -> Data:
    data = {
        "slug": track.slug,
        "name": track.name,
        "kind": track.kind,
        "summary": track.summary,
        "description": track.description,
        "template_url": track.template_url,
        "page_limit": track.page_limit,
        "references": track.references,
        "appendix": track.appendix,
        "acknowledgements": track.acknowledgements,
        "blind": track.blind,
        "reviews_per_paper": track.reviews_per_paper,
        "reviewers_see_reviews": track.reviewers_see_reviews,
        "reviews_wait_for_due": track.reviews_wait_for_due,
        "reviews_fixed_once_due": track.reviews_fixed_once_due,
        "reviewers_see_names": track.reviewers_see_names,
        "reviewers_see_decisions": track.reviewers_see_decisions,
        "discussion": track.has_discussion,
        "author_response": track.has_author_response,
        "response_words": track.response_words,
        "author_conflicts": track.author_conflicts,
        "meta_review": track.has_meta_review,
        "presentations": track.presentations,
        "journal_eligible": track.journal_eligible,
        "dual_submission_allowed": track.dual_submission_allowed,
        "archival": track.is_archival,
        "style": track.style,
        "camera_ready_pages": track.camera_ready_pages or None,
        "severities": track.severities,
        "submissions_per_author": track.submissions_per_author,
        "places": track.places,
        "files": [
            without_defaults(
                {
                    "kind": file.kind,
                    "types": file.types,
                    "max_megabytes": file.max_megabytes,
                    "required": file.required,
                    "orientation": file.orientation,
                    "widest_mm": file.widest_mm,
                    "highest_mm": file.highest_mm,
                },
                "max_megabytes",
            )
            for file in track.files.all()
        ],
        "questions": [_question(question) for question in track.questions.all()],
    }
    shown = ("kind", "references", "appendix", "acknowledgements", "blind") if track.kind == Track.Kind.PAPER else ()
    return without_defaults(
        data,
        *shown,
        references="free",
        appendix="free",
        acknowledgements="free",
        blind="double",
        reviewers_see_reviews=True,
        reviewers_see_decisions=True,
        discussion=True,
        response_words=500,
        author_conflicts=5,
        dual_submission_allowed=True,
    )


def _question(question: Question) -> Data:
    return without_defaults(
        {
            "key": question.key,
            "label": question.label,
            "stage": question.stage,
            "kind": question.kind,
            "help": question.help_text,
            "choices": question.choices,
            "required": question.required,
            "audience": question.audience,
        },
        stage="submission",
        kind="text",
        audience="organisers",
    )


def _milestone(milestone: Milestone, edition: Edition) -> Data:
    moment, by_default = _moment(milestone, edition.time_zone)
    return without_defaults(
        {
            "kind": milestone.kind,
            "track": milestone.track.slug if milestone.track else None,
            "label": milestone.label,
            **moment,
            "anywhere_on_earth": milestone.aoe,
            "whole_day": milestone.whole_day,
            "grace": written_grace(milestone.grace) if milestone.grace else None,
            "public": milestone.is_public,
            "moved_from": _old(milestone, edition.time_zone),
        },
        public=True,
        whole_day=by_default,
    )


def _moment(milestone: Milestone, zone: str) -> tuple[Data, bool]:
    """`date` or `at`, and whether that alone would mean a whole day."""
    bare_day = milestone.whole_day and not milestone.aoe
    instant = milestone.instant
    if instant is None:
        return ({"date": OPEN}, bare_day) if bare_day or milestone.aoe else ({"at": OPEN}, False)
    if milestone.aoe and instant == aoe_deadline(aoe_day(instant)):
        return {"date": aoe_day(instant).isoformat()}, False
    local = instant.astimezone(ZoneInfo(zone)).date()
    if bare_day and instant == whole_day_instant(local, zone):
        return {"date": local.isoformat()}, True
    return {"at": written_instant(instant, AOE_CLOCK if milestone.aoe else zone)}, False


def _old(milestone: Milestone, zone: str) -> str | None:
    old: datetime | None = milestone.previous_instant
    return written_instant(old.astimezone(UTC), AOE_CLOCK if milestone.aoe else zone) if old else None


def _topic(topic: Topic) -> Data:
    return without_defaults({"slug": topic.slug, "name": topic.name, "area": topic.area})


def _people(edition: Edition) -> Data:
    found: dict[str, list[Data]] = {kind: [] for kind in PeoplePart.KINDS.values()}
    for person in edition.people.all():
        found[person.kind].append(_person(person))
    return {key: found[kind] for key, kind in PeoplePart.KINDS.items()}


def _person(person: Person) -> Data:
    kept = ("name", "affiliation", "url", "bio", "details_hidden")
    return without_defaults({name: getattr(person, name) for name in kept})


def _tier(tier: SponsorTier) -> Data:
    amount = None if tier.amount_minor is None else str(Money(tier.amount_minor, tier.currency))
    sponsors = [_sponsor(sponsor) for sponsor in tier.sponsors.all()]
    return without_defaults({"slug": tier.slug, "name": tier.name, "amount": amount, "sponsors": sponsors}, "sponsors")


def _sponsor(sponsor: Sponsor) -> Data:
    return without_defaults(
        {
            "name": sponsor.name,
            "url": sponsor.url,
            "visible_from": _day(sponsor.visible_from),
            "visible_until": _day(sponsor.visible_until),
        }
    )


def _as_pages_ask(text: TextBlock) -> tuple[int, str]:
    """In the order in which the public pages have a place for texts; others after them, by key."""
    known = TEXT_KEYS.index(text.key) if text.key in TEXT_KEYS else len(TEXT_KEYS)
    return known, text.key


def _text(text: TextBlock) -> Data:
    return without_defaults({"title": text.title, "body": text.body})


def _roles(edition: Edition) -> Data:
    return {
        name: sorted(_addresses(edition, name)) for name in ("organiser", "grants_officer", "schedule_editor", "deputy")
    }


def _addresses(edition: Edition, name: str) -> Iterator[str]:
    for role in Role.objects.filter(edition=edition, name=name).select_related("user"):
        yield role.user.email if role.user else role.email
