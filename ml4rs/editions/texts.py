"""The prose of an edition: its variables, filled in wherever a text is shown."""

import re
from collections.abc import Callable

from ml4rs.editions.models import Edition

_VARIABLE = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")


def _days(edition: Edition) -> str:
    if edition.starts_on is None:
        return ""
    if edition.ends_on in (None, edition.starts_on):
        return f"{edition.starts_on:%-d %B %Y}"
    return f"{edition.starts_on:%-d %B} to {edition.ends_on:%-d %B %Y}"


# Name: (what it stands for, how it is read from an edition). Empty values read "to be confirmed".
VARIABLES: dict[str, tuple[str, Callable[[Edition], str]]] = {
    "name": ("The workshop's name", lambda edition: edition.name),
    "short_name": ("Its short name", lambda edition: edition.short_name),
    "host": ("The host conference", lambda edition: edition.host),
    "host_url": ("The host's web page", lambda edition: edition.host_url),
    "dates": ("The days of the workshop", _days),
    "year": ("Its year", lambda edition: str(edition.starts_on.year) if edition.starts_on else ""),
    "venue": ("The venue", lambda edition: edition.venue),
    "city": ("The city", lambda edition: edition.city),
    "country": ("The country", lambda edition: edition.country),
    "contact": ("The contact address", lambda edition: edition.contact_email),
}


def filled_in(text: str, edition: Edition) -> str:
    """The text with `{{ host }}` and its like replaced; a name that is no variable stays as it was typed."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in VARIABLES:
            return match[0]
        return VARIABLES[match[1]][1](edition) or "to be confirmed"

    return _VARIABLE.sub(value, text)


def unknown_variables(text: str) -> list[str]:
    """Names in double braces that stand for nothing, so that a slip is told when the text is stored."""
    return [name for name in _VARIABLE.findall(text) if name not in VARIABLES]
