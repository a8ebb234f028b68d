"""The matrix of visibility.yaml over every page, file and feed: who meets which fact, in every phase.

A cell that says visible is held to it as well, so that no row passes on an empty page.
"""

from pathlib import Path

import pytest
import time_machine
import yaml
from django.test import Client

import ml4rs.editions
from tests.crawl import everything
from tests.world import CANARIES, CLOCK, CONFLICT_EVIDENCE, PHASES, World, build_world

pytestmark = pytest.mark.crawl

MATRIX = yaml.safe_load((Path(ml4rs.editions.__file__).parent / "visibility.yaml").read_text())
ROWS = {row["key"]: row["cells"] for row in MATRIX["rows"]}
ACTORS = [*MATRIX["columns"], "stranger"]
RELEASED = ("released", "rejected", "published")
UNDER_REVIEW = ("reviewing", *RELEASED)

# Whose own the thing is, where a cell says so.
OWNER = {"delegation": "reviewer_writing", "review_draft": "reviewer_writing", "review_confidential": "reviewer_done"}
# Organisers know who is on the committee. These pages list all of it; that they do not tell who is on which
# paper is shown in test_two_worlds.py.
WHOLE_COMMITTEE = (
    "/iclr2025/organise/committee/",
    "/iclr2025/organise/reviews/",
    "/iclr2025/organise/assignments/proposals/",
    "/iclr2025/organise/mail/write/reviews.committee/",
    "/iclr2025/organise/view-as/",
)

# From which phase on a fact exists in the world at all.
EXISTS = {
    "reviewer_identity": UNDER_REVIEW,
    "review_text": UNDER_REVIEW,
    "review_confidential": UNDER_REVIEW,
    "review_draft": UNDER_REVIEW,
    "rating": UNDER_REVIEW,
    "meta_review": UNDER_REVIEW,
    "discussion": UNDER_REVIEW,
    "author_response": UNDER_REVIEW,
    "response_draft": UNDER_REVIEW,
    "tags": UNDER_REVIEW,
    "proposals": UNDER_REVIEW,
    "delegation": UNDER_REVIEW,
    "decision_unreleased": ("reviewing",),
    "decision_comment": RELEASED,
    "award": UNDER_REVIEW,
    "journal": ("released", "published"),
    "camera_ready": ("released", "published"),
    "conditions": ("reviewing", "released", "published"),
}


def column_of(actor: str, phase: str) -> str:
    """Reviewers are plain committee members until they are assigned."""
    if actor == "stranger":
        return "anyone"
    if actor.startswith("reviewer") and phase not in UNDER_REVIEW:
        return "committee"
    return actor


def expected(row: str, actor: str, phase: str) -> bool:
    condition = ROWS[row][column_of(actor, phase)]
    return {
        "visible": True,
        "hidden": False,
        "accepted": phase in ("released", "published"),
        "released": phase in RELEASED,
        "published": phase == "published",
        "bidding": phase == "bidding" or phase in ("released", "published"),
        "own": OWNER.get(row) == actor,
    }[condition]


def met(world: World, actor: str, pages: dict[str, str]) -> dict[str, bool]:
    """Which facts stand in what the actor could read; nobody's own name counts."""
    text = "\n".join(pages.values())
    lists = "\n".join(page for path, page in pages.items() if not path.startswith(WHOLE_COMMITTEE))
    own = world.actors[actor].name if world.actors[actor] else ""
    found = {}
    for fact, words in CANARIES.items():
        others = [word for word in words if word not in own]
        found[fact] = any(word in (lists if fact == "reviewer_identity" else text) for word in others)
    return found


# Before bidding and after a rejection these see what they see while bidding and after an acceptance, or less.
AS_BEFORE = ("chair", "committee", "committee_conflict", "chair_conflict", "officer", "editor", "reviewer_done")
CRAWLED = [(actor, phase) for actor in ACTORS for phase in PHASES
           if phase not in ("submission", "rejected") or actor not in AS_BEFORE]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("actor", "phase"), CRAWLED)
def test_everybody_meets_exactly_what_the_matrix_says(actor, phase):
    with time_machine.travel(CLOCK[phase], tick=False):
        world = build_world(phase)
        client = Client(raise_request_exception=True)
        if person := world.actors[actor]:
            client.force_login(person)
        pages = everything(client, world.edition)
    facts = met(world, actor, pages)
    rows = [row for row in ROWS if row in CANARIES and phase in EXISTS.get(row, PHASES)]
    assert {row: facts[row] for row in rows} == {row: expected(row, actor, phase) for row in rows}
    for owner, evidence in CONFLICT_EVIDENCE.items():
        if actor not in (owner, "chair"):
            assert not [path for path, page in pages.items() if evidence in page]
