"""Bills and payments."""

from typing import Any

from django import forms

from travel.forms.amounts import CURRENCIES, AmountForm, amount_field
from travel.models import Offer, Receipt


class ReceiptForm(AmountForm):
    """One bill: what it was for, what it shows, and the file."""

    line = forms.ChoiceField(choices=[("", "Choose one"), *Receipt.Line.choices], label="What it was for")
    amount = amount_field(
        label="Amount on the receipt",
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


class _InOffersCurrency(AmountForm):
    amount = amount_field()

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer = offer

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.clean_amount_in(data, self.offer.currency)
        return data


class JudgeReceiptForm(_InOffersCurrency):
    """What a receipt counts for, in the offer's currency; or why it does not."""

    amount = amount_field(required=False)
    text = forms.CharField(max_length=500, required=False)


class PaymentForm(_InOffersCurrency):
    reference = forms.CharField(max_length=100, required=False, help_text="The bank’s or the accountant’s, if any.")
    paid_before = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
