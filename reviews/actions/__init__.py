"""The verbs of the committee's work: each one transaction, with its check, its audit entry and its mail."""

from reviews.actions.asking import ask_the_usual, move_question, put_question, remove_question
from reviews.actions.assigning import assign, decline_assignment, unassign
from reviews.actions.awarding import (
    announce_award,
    create_award,
    move_award,
    nominate,
    settle_winner,
    take_off,
    vote,
)
from reviews.actions.bidding import place_bids
from reviews.actions.capacity import set_capacities
from reviews.actions.chasing import chase
from reviews.actions.committee import (
    accept,
    add_publications,
    decline,
    describe_self,
    invite,
    mark_seniors,
    opens,
    remind,
    remove,
    remove_publications,
    token_of,
)
from reviews.actions.conflicts import (
    confirm_conflict,
    declare_conflicts,
    declare_on_paper,
    dismiss_conflict,
    exclude,
    find_conflicts,
    find_conflicts_around,
    find_conflicts_of,
    set_conflict,
)
from reviews.actions.deciding import clear, comment_on, correct_decision, decide, hold, mail_context, release_decisions
from reviews.actions.delegating import approve_delegate, propose_delegate, refuse_delegate
from reviews.actions.discussing import close_discussions, open_discussions, post, withdraw_post
from reviews.actions.extending import give_time, take_time_back
from reviews.actions.forms import copy_forms, ensure_forms
from reviews.actions.freezing import freeze, roll_back, thaw
from reviews.actions.journal import (
    agree_to_be_named,
    answer_journal,
    describe_stream,
    invite_to_journal,
    mark_journal,
)
from reviews.actions.proposing import apply_run, ask_for_proposal, change_run, discard_run, write_to_reviewers
from reviews.actions.rating import rate
from reviews.actions.responding import save_response, send_response, show_reviews
from reviews.actions.reviewing import EditConflict, Saved, discard_changes, save_draft, submit_review
from reviews.actions.summing import ask_for_meta_review, sum_up, take_meta_review_back
from reviews.actions.tagging import change_tag, delete_tag, tag, untag
from reviews.actions.viewing import forget_view, save_view

__all__ = [
    "EditConflict",
    "Saved",
    "accept",
    "add_publications",
    "agree_to_be_named",
    "announce_award",
    "answer_journal",
    "apply_run",
    "approve_delegate",
    "ask_for_meta_review",
    "ask_for_proposal",
    "ask_the_usual",
    "assign",
    "change_run",
    "change_tag",
    "chase",
    "clear",
    "close_discussions",
    "comment_on",
    "confirm_conflict",
    "copy_forms",
    "correct_decision",
    "create_award",
    "decide",
    "declare_conflicts",
    "declare_on_paper",
    "decline",
    "decline_assignment",
    "delete_tag",
    "describe_self",
    "describe_stream",
    "discard_changes",
    "discard_run",
    "dismiss_conflict",
    "ensure_forms",
    "exclude",
    "find_conflicts",
    "find_conflicts_around",
    "find_conflicts_of",
    "forget_view",
    "freeze",
    "give_time",
    "hold",
    "invite",
    "invite_to_journal",
    "mail_context",
    "mark_journal",
    "mark_seniors",
    "move_award",
    "move_question",
    "nominate",
    "open_discussions",
    "opens",
    "place_bids",
    "post",
    "propose_delegate",
    "put_question",
    "rate",
    "refuse_delegate",
    "release_decisions",
    "remind",
    "remove",
    "remove_publications",
    "remove_question",
    "roll_back",
    "save_draft",
    "save_response",
    "save_view",
    "send_response",
    "set_capacities",
    "set_conflict",
    "settle_winner",
    "show_reviews",
    "submit_review",
    "sum_up",
    "tag",
    "take_meta_review_back",
    "take_off",
    "take_time_back",
    "thaw",
    "token_of",
    "unassign",
    "untag",
    "vote",
    "withdraw_post",
    "write_to_reviewers",
]
