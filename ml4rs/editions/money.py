"""Money in minor units: from and to the way people write it, never through a float."""

import re
from decimal import Decimal

# Currencies whose minor unit is not a hundredth (ISO 4217).
_DECIMALS = {"JPY": 0, "KRW": 0, "CLP": 0, "VND": 0, "ISK": 0, "UGX": 0, "XAF": 0, "XOF": 0,
             "KWD": 3, "BHD": 3, "OMR": 3, "JOD": 3, "TND": 3}  # fmt: skip
_AMOUNT = re.compile(r"^\d{1,12}(?:\.\d{1,3})?$")


class NotAnAmountError(ValueError):
    """The text is no amount of money in that currency; `str()` says why, fit for a form."""


def decimals(currency: str) -> int:
    return _DECIMALS.get(currency, 2)


def in_words(minor: int, currency: str) -> str:
    """`3,000 EUR`, `12.50 EUR`, `1,500 JPY`: decimals only where there are any."""
    places = decimals(currency)
    whole, rest = divmod(minor, 10**places)
    cents = f".{rest:0{places}d}" if rest else ""
    return f"{whole:,}{cents} {currency}"


def plainly(minor: int | None, currency: str) -> str:
    """`1200`, `1200.50`: as it is typed, and as spreadsheets take it. Empty for None."""
    if minor is None:
        return ""
    places = decimals(currency)
    whole, rest = divmod(minor, 10**places)
    return f"{whole}.{rest:0{places}d}" if rest else str(whole)


def to_minor(text: str, currency: str) -> int:
    """Minor units from `1200`, `1,200` or `1200.50`.

    Raises:
        NotAnAmountError: no number, negative, or finer than the currency's minor unit.
    """
    plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text.strip()).replace(" ", "")
    if not _AMOUNT.match(plain):
        raise NotAnAmountError("Write the amount in digits, such as 1200 or 1200.50.")
    scaled = Decimal(plain).scaleb(decimals(currency))
    if scaled != scaled.to_integral_value():
        raise NotAnAmountError(f"{currency} has no unit that small.")
    return int(scaled)
