"""The verbs of submissions: each checks policy and state, leaves an audit entry and queues its mail."""

from submissions.actions.agreeing import agree, object_to_being_named
from submissions.actions.areas import Box, add_area, remove_area
from submissions.actions.authors import (
    AuthorDetails,
    add_author,
    add_authors,
    change_author,
    move_author,
    order_authors,
    remove_author,
)
from submissions.actions.bulk import desk_reject_all, reinstate_all
from submissions.actions.checks import ask_for_check, record_check
from submissions.actions.disputes import answer_dispute, dispute
from submissions.actions.extending import EXTENDABLE, extend, revoke_extension
from submissions.actions.files import upload
from submissions.actions.final import FinalTexts, accept_conditions, finalise
from submissions.actions.links import answer_link, named_by_link
from submissions.actions.outcomes import answer_bonus, publish_papers, release_outcome, unpublish_papers
from submissions.actions.states import desk_reject, discard, reinstate, revive, submit, withdraw
from submissions.actions.writing import EditConflict, edit, start

__all__ = [
    "EXTENDABLE",
    "AuthorDetails",
    "Box",
    "EditConflict",
    "FinalTexts",
    "accept_conditions",
    "add_area",
    "add_author",
    "add_authors",
    "agree",
    "answer_bonus",
    "answer_dispute",
    "answer_link",
    "ask_for_check",
    "change_author",
    "desk_reject",
    "desk_reject_all",
    "discard",
    "dispute",
    "edit",
    "extend",
    "finalise",
    "move_author",
    "named_by_link",
    "object_to_being_named",
    "order_authors",
    "publish_papers",
    "record_check",
    "reinstate",
    "reinstate_all",
    "release_outcome",
    "remove_area",
    "remove_author",
    "revive",
    "revoke_extension",
    "start",
    "submit",
    "unpublish_papers",
    "upload",
    "withdraw",
]
