"""An amount with its currency, as people type it."""

from typing import Any

from django import forms

from ml4rs.editions.money import NotAnAmountError, to_minor

_MOST_MINOR = 10_000_000_00
_CODES = (
    "AED ARS AUD BDT BRL CAD CHF CLP CNY COP CZK DKK EGP ETB EUR GBP GHS HKD HUF IDR ILS INR ISK JPY KES KRW "
    "MAD MXN MYR NGN NOK NPR NZD PEN PHP PKR PLN RON RWF SAR SEK SGD THB TND TRY TWD TZS UGX USD UYU VND ZAR"
)
CURRENCIES = [(code, code) for code in _CODES.split()]


class AmountForm(forms.Form):
    """An amount with its currency; `amount_minor` is what comes out."""

    def clean_amount_in(self, data: dict[str, Any], currency: str, name: str = "amount", *, zero: bool = False) -> None:
        """Turn field `name` into minor units under `NAME_minor`; nothing written is None, or 0 where zero will do."""
        text = (data.get(name) or "").strip()
        data[f"{name}_minor"] = 0 if zero else None
        if not text or name in self.errors:
            return
        try:
            minor = to_minor(text, currency)
        except NotAnAmountError as error:
            self.add_error(name, str(error))
            return
        if minor == 0 and not zero:
            self.add_error(name, "Write an amount above zero.")
        elif minor > _MOST_MINOR:
            self.add_error(name, "This amount is too large to be meant. Write it in the currency's main unit.")
        else:
            data[f"{name}_minor"] = minor


def amount_field(**options: Any) -> forms.CharField:
    """A field for an amount: digits, with the keyboard that fits on a phone."""
    return forms.CharField(max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **options)


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
