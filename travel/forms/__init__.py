"""Forms of travel support."""

from travel.forms.applicant import AdvisorForm, ApplicationForm, ConfirmForm, ProofForm
from travel.forms.officer import (
    AssessForm,
    DeclineForm,
    FillForm,
    OfferForm,
    PlanForm,
    PoolForm,
    ReleaseForm,
    SettingsForm,
    WeightsForm,
)
from travel.forms.receipts import JudgeReceiptForm, PaymentForm, ReceiptForm

__all__ = [
    "AdvisorForm",
    "ApplicationForm",
    "AssessForm",
    "ConfirmForm",
    "DeclineForm",
    "FillForm",
    "JudgeReceiptForm",
    "OfferForm",
    "PaymentForm",
    "PlanForm",
    "PoolForm",
    "ProofForm",
    "ReceiptForm",
    "ReleaseForm",
    "SettingsForm",
    "WeightsForm",
]
