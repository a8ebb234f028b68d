"""What an applicant fills in, and the advisor who confirms it."""

from datetime import date
from typing import Any

from django import forms
from django_countries.fields import CountryField

from ml4rs.editions.money import plainly
from travel.airports import AirportUnclearError, airport, meant_by
from travel.forms.amounts import CURRENCIES, AmountForm, amount_field, day_input
from travel.models import Application, TravelSettings


class ApplicationForm(AmountForm):
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
    amount = amount_field(
        required=False,
        label="Amount you ask for",
        help_text="Digits only, such as 1200 or 1200.50.",
    )
    currency = forms.ChoiceField(choices=CURRENCIES)
    least = amount_field(
        required=False,
        label="Least amount with which you could come",
        help_text="Not more than you ask for. Empty: the whole amount.",
    )
    without = forms.ChoiceField(
        choices=[("", "Not said yet"), *Application.Without.choices],
        required=False,
        label="Could you come without support",
    )
    arrives_on = forms.DateField(required=False, label="Arrival", widget=day_input())
    leaves_on = forms.DateField(required=False, label="Departure", widget=day_input())
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
    is_true = forms.BooleanField(required=False, label="What I write here is true")
    consents = forms.BooleanField(required=False, label="I agree that the grants officers read it")
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    tab = forms.CharField(max_length=12, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, label in Application.COSTS:
            self.fields[f"cost_{key}"] = amount_field(required=False, label=f"Expected: {label[0].lower()}{label[1:]}")
        self.order_fields(_ORDER)

    def tell_until(self, day: date | None) -> None:
        """Name in the consent until when the data is kept."""
        when = f"on {day:%-d %B %Y}" if day else "a year after the workshop"
        label = f"I agree that the grants officers read it, and that all of it is deleted {when}"
        self.fields["consents"].label = label

    @classmethod
    def initial_of(cls, application: Application, settings: TravelSettings, tab: str) -> dict[str, Any]:
        found = airport(application.airport) if application.airport else None
        currency = application.currency or settings.currency
        same = (
            "legal_name", "preferred_name", "status", "institution", "will_present", "other_funding", "benefit", "need",
            "without", "arrives_on", "leaves_on", "wants_letter", "is_true", "consents", "revision",
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
    "wants_letter", "is_true", "consents",
)  # fmt: skip


class ProofForm(forms.Form):
    file = forms.FileField(
        label="Letter of your university, or student card",
        help_text="PDF or a photo (JPEG, PNG), at most 5 MB. Cover what we need not know, such as your date of birth.",
        allow_empty_file=True,
        max_length=1000,
        error_messages={"required": "Choose the file."},
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )


class AdvisorForm(forms.Form):
    name = forms.CharField(max_length=100, label="Name of your advisor")
    email = forms.EmailField(max_length=254, label="Their address at the university")


class ConfirmForm(forms.Form):
    """An advisor's words with their answer."""

    text = forms.CharField(
        max_length=500,
        required=False,
        label="Anything the grants officers should know",
        help_text="The applicant does not see it.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
