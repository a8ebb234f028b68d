"""The verbs of travel support: apply, offer, answer, and keep the money right."""

from travel.actions.answering import accept_offer, decline_offer
from travel.actions.applying import EditConflict, reopen, save, start, submit, withdraw
from travel.actions.assessing import assess, set_weights
from travel.actions.granting import decline, expire_due, offer, reconsider, revoke
from travel.actions.money import add_pool, edit_pool, remove_pool, set_settings
from travel.actions.receipts import approve_receipt, hand_in, pay, refuse_receipt, withdraw_receipt

__all__ = [
    "EditConflict",
    "accept_offer",
    "add_pool",
    "approve_receipt",
    "assess",
    "decline",
    "decline_offer",
    "edit_pool",
    "expire_due",
    "hand_in",
    "offer",
    "pay",
    "reconsider",
    "refuse_receipt",
    "remove_pool",
    "reopen",
    "revoke",
    "save",
    "set_settings",
    "set_weights",
    "start",
    "submit",
    "withdraw",
    "withdraw_receipt",
]
