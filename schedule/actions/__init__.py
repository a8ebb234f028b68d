"""The verbs of the programme: make and move sessions, place papers, publish."""

from schedule.actions.absences import state_absence, withdraw_absence
from schedule.actions.demos import move_demo
from schedule.actions.moving import move_item, move_session, place_at
from schedule.actions.placing import apply_places, ask_for_places, take_places_back
from schedule.actions.releasing import publish
from schedule.actions.resources import ResourceDetails, add_resource, remove_resource
from schedule.actions.rooms import add_room, change_room, remove_room
from schedule.actions.sessions import SessionDetails, add_session, edit_session, remove_session
from schedule.actions.slots import (
    SlotDetails,
    add_slot,
    edit_slot,
    move_slot,
    number_boards,
    order_slots,
    place,
    remove_slot,
)
from schedule.actions.stars import MOST_STARS, renew_secret, star
from schedule.actions.undoing import last_step, undo

__all__ = [
    "MOST_STARS",
    "ResourceDetails",
    "SessionDetails",
    "SlotDetails",
    "add_resource",
    "add_room",
    "add_session",
    "add_slot",
    "apply_places",
    "ask_for_places",
    "change_room",
    "edit_session",
    "edit_slot",
    "last_step",
    "move_demo",
    "move_item",
    "move_session",
    "move_slot",
    "number_boards",
    "order_slots",
    "place",
    "place_at",
    "publish",
    "remove_resource",
    "remove_room",
    "remove_session",
    "remove_slot",
    "renew_secret",
    "star",
    "state_absence",
    "take_places_back",
    "undo",
    "withdraw_absence",
]
