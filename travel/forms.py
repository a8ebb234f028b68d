"""What applicants and grants officers fill in. Money is typed in major units and kept in minor ones."""

from datetime import timedelta
from typing import Any

from django import forms
from django_countries.fields import CountryField

from ml4rs.editions.clock import aoe_deadline
from ml4rs.editions.models import Edition, Sponsor
from ml4rs.editions.money import NotAnAmountError, plainly, to_minor
from travel.airports import AirportUnclearError, airport, meant_by
from travel.models import Application, Assessment, Offer, Pool, Receipt, TravelSettings

_MOST_MINOR = 10_000_000_00
_CODES = (
    "AED ARS AUD BDT BRL CAD CHF CLP CNY COP CZK DKK EGP ETB EUR GBP GHS HKD HUF IDR ILS INR ISK JPY KES KRW "
    "MAD MXN MYR NGN NOK NPR NZD PEN PHP PKR PLN RON RWF SAR SEK SGD THB TND TRY TWD TZS UGX USD UYU VND ZAR"
)
CURRENCIES = [(code, code) for code in _CODES.split()]


class _Amount(forms.Form):
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


def _day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ApplicationForm(_Amount):
    """All that is asked of an applicant; a draft may lack anything."""

    legal_name = forms.CharField(
        max_length=200, required=False, label="Full name", help_text="As in your travel document."
    )
    preferred_name = forms.CharField(
        max_length=200, required=False, label="Name on your badge", help_text="If it is another one."
    )
    status = forms.ChoiceField(
        choices=[("", "Not said yet"), *Application.Status.choices], required=False, label="What you study towards"
    )
    institution = forms.CharField(max_length=200, required=False)
    country = forms.ChoiceField(
        choices=[("", "Not said yet"), *CountryField().choices], required=False, label="Country of the institution"
    )
    airport = forms.CharField(
        max_length=120,
        required=False,
        label="Airport nearest to your departure",
        help_text="Its three-letter code, such as ZRH, or the city.",
        widget=forms.TextInput(attrs={"list": "airports", "autocomplete": "off"}),
    )
    will_present = forms.BooleanField(required=False, label="I will present a paper at the workshop")
    amount = forms.CharField(
        max_length=20,
        required=False,
        label="Amount you ask for",
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text="Digits only, such as 1200 or 1200.50.",
    )
    currency = forms.ChoiceField(choices=CURRENCIES)
    least = forms.CharField(
        max_length=20,
        required=False,
        label="Least amount with which you could come",
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text="Not more than you ask for. Empty: the whole amount.",
    )
    without = forms.ChoiceField(
        choices=[("", "Not said yet"), *Application.Without.choices],
        required=False,
        label="Could you come without support",
    )
    arrives_on = forms.DateField(required=False, label="Arrival", widget=_day_input())
    leaves_on = forms.DateField(required=False, label="Departure", widget=_day_input())
    wants_letter = forms.BooleanField(required=False, label="I need a letter of invitation for a visa")
    other_funding = forms.CharField(
        max_length=2000,
        required=False,
        label="Other funding you have or asked for",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    benefit = forms.CharField(
        max_length=5000,
        required=False,
        label="What you and others gain by your coming",
        help_text="At most 200 words.",
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    need = forms.CharField(
        max_length=4000,
        required=False,
        label="Why you need support (optional)",
        help_text="At most 150 words. No health, religious or bank details, please.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    tab = forms.CharField(max_length=12, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, label in Application.COSTS:
            self.fields[f"cost_{key}"] = forms.CharField(
                max_length=20,
                required=False,
                label=f"Expected: {label[0].lower()}{label[1:]}",
                widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            )
        self.order_fields(_ORDER)

    @classmethod
    def initial_of(cls, application: Application, settings: TravelSettings, tab: str) -> dict[str, Any]:
        found = airport(application.airport) if application.airport else None
        currency = application.currency or settings.currency
        same = (
            "legal_name", "preferred_name", "status", "institution", "will_present", "other_funding", "benefit", "need",
            "without", "arrives_on", "leaves_on", "wants_letter", "revision",
        )  # fmt: skip
        costs = {f"cost_{key}": plainly(minor, currency) for key, minor in application.costs.items()}
        return {
            **{name: getattr(application, name) for name in same},
            **costs,
            "least": plainly(application.least_minor, currency),
            "country": str(application.country or ""),
            "airport": str(found) if found else application.airport,
            "amount": plainly(application.amount_minor, currency),
            "currency": currency,
            "tab": tab,
        }

    def clean_airport(self) -> str:
        typed = self.cleaned_data["airport"].strip()
        if not typed:
            return ""
        try:
            return meant_by(typed)
        except AirportUnclearError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        currency = data.get("currency", "")
        for name in _MONEY:
            self.clean_amount_in(data, currency, name)
        costs = {key: data.pop(f"cost_{key}_minor") for key, _ in Application.COSTS}
        data["costs"] = {key: minor for key, minor in costs.items() if minor}
        least, amount = data.get("least_minor"), data.get("amount_minor")
        if least is not None and (amount is None or least > amount):
            self.add_error("least", "The least amount cannot be more than what you ask for.")
        arrives, leaves = data.get("arrives_on"), data.get("leaves_on")
        if arrives and leaves and leaves < arrives:
            self.add_error("leaves_on", "The departure cannot be before the arrival.")
        return data

    def values(self) -> dict[str, Any]:
        """What is right of it: a field with an error keeps what was saved before, money all together."""
        data = {name: value for name, value in self.cleaned_data.items() if name not in (*_MONEY, "revision", "tab")}
        if self.errors.keys() & {*_MONEY, "currency"}:
            for name in ("amount_minor", "least_minor", "currency", "costs"):
                data.pop(name, None)
        if self.errors.keys() & {"arrives_on", "leaves_on"}:
            data = {name: value for name, value in data.items() if name not in ("arrives_on", "leaves_on")}
        return data


_MONEY = ("amount", "least", *(f"cost_{key}" for key, _ in Application.COSTS))
_ORDER = (
    "legal_name", "preferred_name", "status", "institution", "country", "airport", "arrives_on", "leaves_on",
    "will_present", "currency", *_MONEY[2:], "amount", "least", "other_funding", "without", "benefit", "need",
    "wants_letter",
)  # fmt: skip


class OfferForm(_Amount):
    """How much of which pool, until when, with which words."""

    pool = forms.ModelChoiceField(Pool.objects.none(), empty_label="Choose a pool", to_field_name="public_id")
    amount = forms.CharField(max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    expires_on = forms.DateField(
        label="To be answered until the end of",
        help_text="Anywhere on Earth. Unanswered, the money returns to the pool by itself.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    message = forms.CharField(
        max_length=4000, required=False, label="Words to the applicant", widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, edition: Edition, now, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"expires_on": (now + timedelta(days=14)).date()})
        super().__init__(*args, **kwargs)
        self.fields["pool"].queryset = Pool.objects.filter(edition=edition)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("pool"):
            self.clean_amount_in(data, data["pool"].currency)
        if data.get("expires_on"):
            data["expires_at"] = aoe_deadline(data["expires_on"])
        return data


class DeclineForm(forms.Form):
    text = forms.CharField(
        max_length=4000, label="Words to the applicant", widget=forms.Textarea(attrs={"rows": 4}), required=False
    )


class PoolForm(_Amount):
    """A pool of money. Its currency stays once it exists."""

    name = forms.CharField(max_length=100)
    amount = forms.CharField(max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    currency = forms.ChoiceField(choices=CURRENCIES)
    sponsor = forms.ModelChoiceField(Sponsor.objects.none(), required=False, empty_label="No sponsor named")
    reserve = forms.CharField(
        max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text="Kept back for what nobody foresees; never offered. Empty: nothing.",
    )  # fmt: skip
    overcommit_percent = forms.IntegerField(
        min_value=100, max_value=115, required=False, label="Per cent that may be offered",
        help_text="Of the sum without the reserve. Some decline: up to 115 may be offered at a time. Empty: 100.",
    )  # fmt: skip

    def __init__(self, *args: Any, edition: Edition, pool: Pool | None = None, **kwargs: Any) -> None:
        if pool is not None:
            amount = plainly(pool.amount_minor, pool.currency)
            initial = {"name": pool.name, "amount": amount, "sponsor": pool.sponsor_id}
            initial["overcommit_percent"] = pool.overcommit_percent
            if pool.reserve_minor:
                initial["reserve"] = plainly(pool.reserve_minor, pool.currency)
            kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        self.pool = pool
        self.fields["sponsor"].queryset = Sponsor.objects.filter(tier__edition=edition)
        if pool is not None:
            del self.fields["currency"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        currency = self.pool.currency if self.pool else data.get("currency", "")
        self.clean_amount_in(data, currency)
        self.clean_amount_in(data, currency, "reserve", zero=True)
        data["overcommit_percent"] = data.get("overcommit_percent") or 100
        return data


class SettingsForm(forms.Form):
    airport = forms.CharField(
        max_length=120, required=False, label="Airport nearest to the venue", help_text="Code or city; for distances."
    )
    currency = forms.ChoiceField(choices=CURRENCIES, label="Currency offered first")
    students_only = forms.BooleanField(required=False, label="Only students may apply")

    clean_airport = ApplicationForm.clean_airport


class AssessForm(forms.Form):
    """Marks from 1 to 5 for what an applicant wrote."""

    merit = forms.TypedChoiceField(
        choices=Assessment.MARKS, coerce=int, widget=forms.RadioSelect, label="Merit",
        help_text="What they and the workshop gain by their coming, as they put it.",
    )  # fmt: skip
    need = forms.TypedChoiceField(
        choices=Assessment.MARKS, coerce=int, widget=forms.RadioSelect, label="Need",
        help_text="How much it depends on this support: other funding, and what they say of their need.",
    )  # fmt: skip
    note = forms.CharField(max_length=500, required=False, help_text="For the other officers, once theirs are in.")


class WeightsForm(forms.Form):
    """Per cent of a score."""

    merit = forms.IntegerField(min_value=0, max_value=100)
    need = forms.IntegerField(min_value=0, max_value=100)
    distance = forms.IntegerField(min_value=0, max_value=100)


class ReceiptForm(_Amount):
    """One bill: what it was for, what it shows, and the file."""

    line = forms.ChoiceField(choices=[("", "Choose one"), *Receipt.Line.choices], label="What it was for")
    amount = forms.CharField(
        max_length=20,
        label="Amount on the receipt",
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text="Digits only, such as 412 or 412.50.",
    )
    currency = forms.ChoiceField(choices=CURRENCIES, label="Currency on the receipt")
    file = forms.FileField(
        label="The receipt",
        help_text="PDF or a photo (JPEG, PNG), at most 10 MB. Cover card and account numbers.",
        allow_empty_file=True,
        max_length=1000,
        error_messages={"required": "Choose the file of the receipt."},
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.clean_amount_in(data, data.get("currency", ""))
        return data


class _InOffersCurrency(_Amount):
    amount = forms.CharField(max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}))

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer = offer

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.clean_amount_in(data, self.offer.currency)
        return data


class JudgeReceiptForm(_InOffersCurrency):
    """What a receipt counts for, in the offer's currency; or why it does not."""

    amount = forms.CharField(max_length=20, required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    text = forms.CharField(max_length=500, required=False)


class PaymentForm(_InOffersCurrency):
    reference = forms.CharField(max_length=100, required=False, help_text="The bank’s or the accountant’s, if any.")
    paid_before = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
