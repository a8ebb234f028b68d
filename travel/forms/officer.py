"""What grants officers fill in: marks, answers, money, settings."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms

from ml4rs.editions.clock import aoe_deadline
from ml4rs.editions.models import Edition, Sponsor
from ml4rs.editions.money import plainly
from travel.forms.amounts import CURRENCIES, AmountForm, amount_field, day_input
from travel.forms.applicant import ApplicationForm
from travel.models import Application, Assessment, Plan, Pool
from travel.policies import POLICIES


class OfferForm(AmountForm):
    """How much of which pool, until when, with which words."""

    pool = forms.ModelChoiceField(Pool.objects.none(), empty_label="Choose a pool", to_field_name="public_id")
    amount = amount_field()
    expires_on = forms.DateField(
        label="To be answered until the end of",
        help_text="Anywhere on Earth. Unanswered, the money returns to the pool by itself.",
        widget=day_input(),
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


class PoolForm(AmountForm):
    """A pool of money. Its currency stays once it exists."""

    name = forms.CharField(max_length=100)
    amount = amount_field()
    currency = forms.ChoiceField(choices=CURRENCIES)
    sponsor = forms.ModelChoiceField(Sponsor.objects.none(), required=False, empty_label="No sponsor named")
    reserve = amount_field(
        required=False,
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
    needs_proof = forms.BooleanField(
        required=False, label="Students prove their status", help_text="By a letter, a student card, or their advisor."
    )
    least_assessments = forms.IntegerField(
        min_value=0, max_value=5, label="Officers who assess each application",
        help_text="Before it is answered; as many as there are, where fewer are free of a conflict of interest.",
    )  # fmt: skip
    answers_on = forms.DateField(
        required=False, label="Applicants hear by", widget=day_input(), help_text="Shown to them. Empty: not said."
    )
    offer_days = forms.IntegerField(min_value=1, max_value=90, label="Days to answer an offer")
    rolls_by_itself = forms.BooleanField(
        required=False, label="Returned money goes to the waiting list by itself",
        help_text="Otherwise an officer approves it on the page of planned answers.",
    )  # fmt: skip
    erase_on = forms.DateField(
        required=False, label="Everything about applicants is deleted on", widget=day_input(),
        help_text="Empty: a year after the workshop. Who has submitted was told a day; it never moves later for them.",
    )  # fmt: skip

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_erase_on(self) -> date | None:
        day = self.cleaned_data["erase_on"]
        if "erase_on" in self.changed_data and day is not None and day <= self.today + timedelta(days=7):
            raise forms.ValidationError("Officers are told a week before. Choose a later day.")
        return day

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


class PlanForm(AmountForm):
    """What an application is to be answered, once all answers are released."""

    answer = forms.ChoiceField(choices=[("", "Nothing yet"), *Plan.Answer.choices], required=False, label="Answer")
    pool = forms.ModelChoiceField(
        Pool.objects.none(), required=False, empty_label="For an offer", to_field_name="public_id"
    )
    amount = amount_field(required=False, help_text="For an offer now, or later from the waiting list.")

    def __init__(self, *args: Any, edition: Edition, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application = application
        self.fields["pool"].queryset = Pool.objects.filter(edition=edition)

    @classmethod
    def initial_of(cls, plan: Plan | None, application: Application) -> dict[str, Any]:
        if plan is None:
            return {"amount": plainly(application.amount_minor, application.currency)}
        currency = plan.pool.currency if plan.pool else application.currency
        pool = plan.pool.public_id if plan.pool else ""
        return {"answer": plan.answer, "pool": pool, "amount": plainly(plan.amount_minor, currency)}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        pool = data.get("pool")
        self.clean_amount_in(data, pool.currency if pool else self.application.currency)
        return data


class FillForm(forms.Form):
    """Plan an answer for everybody at once."""

    policy = forms.ChoiceField(choices=[(key, name) for key, (name, *_) in POLICIES.items()], label="Way of sharing")
    others = forms.ChoiceField(
        choices=[(Plan.Answer.WAIT, "go on the waiting list"), (Plan.Answer.DECLINE, "are not granted"),
                 ("", "get no answer yet")],
        required=False, initial=Plan.Answer.WAIT, label="All others",
    )  # fmt: skip


class ReleaseForm(forms.Form):
    """Until when offers are to be answered, and words of the officers' own in each kind of mail."""

    expires_on = forms.DateField(
        label="Offers are to be answered until the end of", widget=day_input(), help_text="Anywhere on Earth."
    )
    offer = forms.CharField(max_length=4000, required=False, label="Words to those with an offer")
    wait = forms.CharField(max_length=4000, required=False, label="Words to those on the waiting list")
    decline = forms.CharField(max_length=4000, required=False, label="Words to those not granted")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in Plan.Answer.values:
            self.fields[name].widget = forms.Textarea(attrs={"rows": 2})

    @property
    def expires_at(self) -> datetime:
        """The end of that day, Anywhere on Earth; for a form that is valid."""
        return aoe_deadline(self.cleaned_data["expires_on"])

    @property
    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in Plan.Answer.values}
