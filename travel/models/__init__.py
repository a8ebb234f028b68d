"""Travel grants: pools of sponsors' money, applications, answers, receipts. Money in minor units, never a float."""

from travel.models.answers import Offer, Plan
from travel.models.applications import Application, Assessment, Confirmation, Conflict, Proof
from travel.models.money import Pool, TravelSettings, room_for
from travel.models.receipts import Payment, Receipt

__all__ = [
    "Application",
    "Assessment",
    "Confirmation",
    "Conflict",
    "Offer",
    "Payment",
    "Plan",
    "Pool",
    "Proof",
    "Receipt",
    "TravelSettings",
    "room_for",
]
