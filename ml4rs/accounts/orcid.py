"""ORCID identifiers: their form and their check digit (ISO 7064, MOD 11-2)."""

import re

_SHAPE = re.compile(r"^(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dX])$")
_PREFIX = re.compile(r"^(?:https?://)?(?:www\.)?orcid\.org/", re.IGNORECASE)


def check_digit(first_fifteen: str) -> str:
    """The sixteenth character that belongs to fifteen digits."""
    total = 0
    for digit in first_fifteen:
        total = (total + int(digit)) * 2
    result = (12 - total % 11) % 11
    return "X" if result == 10 else str(result)


def normalised(text: str) -> str | None:
    """`0000-0002-1825-0097` from an identifier or its address, with or without hyphens; None if it is no ORCID."""
    match = _SHAPE.match(_PREFIX.sub("", text.strip()).rstrip("/").upper())
    if match is None:
        return None
    digits = "".join(match.groups())
    return "-".join(match.groups()) if check_digit(digits[:15]) == digits[15] else None
