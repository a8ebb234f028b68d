"""Dates and sizes in words, for mails and plain files."""

from datetime import UTC, timedelta, timezone

from ml4rs.editions.models import Milestone

ANYWHERE_ON_EARTH = timezone(timedelta(hours=-12), "AoE")


def date_in_words(milestone: Milestone) -> str:
    """`Mon 10 Feb 2025, 23:59 AoE`; "to be confirmed" where there is no date."""
    if milestone.instant is None:
        return "to be confirmed"
    zone, name = (ANYWHERE_ON_EARTH, "AoE") if milestone.aoe else (UTC, "UTC")
    local = milestone.instant.astimezone(zone)
    day = f"{local:%a} {local.day} {local:%b %Y}"
    return day if milestone.whole_day else f"{day}, {local:%H:%M} {name}"
