"""The verbs of travel support: apply, offer, answer, and keep the money right."""

from travel.actions.answering import accept_offer, decline_offer
from travel.actions.applying import EditConflict, reopen, save, start, submit, withdraw
from travel.actions.assessing import assess, declare_conflict, lift_conflict, set_weights
from travel.actions.erasing import erase_due, warn_of_erasure
from travel.actions.granting import decline, expire_due, offer, reconsider, revoke
from travel.actions.money import add_pool, edit_pool, remove_pool, set_settings
from travel.actions.planning import close_waiting_list, plan, plan_all, release, unplan
from travel.actions.proving import answer_for, ask_advisor, upload_proof
from travel.actions.receipts import approve_receipt, hand_in, pay, refuse_receipt, withdraw_receipt
from travel.actions.rolling import offer_to_waiting

__all__ = [
    "EditConflict",
    "accept_offer",
    "add_pool",
    "answer_for",
    "approve_receipt",
    "ask_advisor",
    "assess",
    "close_waiting_list",
    "declare_conflict",
    "decline",
    "decline_offer",
    "edit_pool",
    "erase_due",
    "expire_due",
    "hand_in",
    "lift_conflict",
    "offer",
    "offer_to_waiting",
    "pay",
    "plan",
    "plan_all",
    "reconsider",
    "refuse_receipt",
    "release",
    "remove_pool",
    "reopen",
    "revoke",
    "save",
    "set_settings",
    "set_weights",
    "start",
    "submit",
    "unplan",
    "upload_proof",
    "warn_of_erasure",
    "withdraw",
    "withdraw_receipt",
]
