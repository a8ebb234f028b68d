"""The matrix of visibility.yaml, as tests ask it: who should meet which fact in which phase, and who did."""

from collections.abc import Iterable

import pytest

from ml4rs.editions.queries import visibility
from tests.world import CANARIES, PHASES, World

MATRIX = visibility()
ROWS = {row["key"]: row["cells"] for row in MATRIX["rows"]}
OTHERS = MATRIX["actors"]
ACTORS = [*MATRIX["columns"], *OTHERS]
RELEASED = ("released", "rejected", "published")
UNDER_REVIEW = ("reviewing", *RELEASED)
# In which `make test` reads every page; the proof reads them in the others as well.
READ_ALWAYS = ("bidding", "reviewing", "published")

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
    """The column of an actor. Reviewers are plain committee members until they are assigned."""
    if actor in OTHERS:
        return OTHERS[actor]["column"]
    if actor.startswith("reviewer") and phase not in UNDER_REVIEW:
        return "committee"
    return actor


def condition_of(row: str, actor: str, phase: str) -> str:
    return OTHERS.get(actor, {}).get("differs", {}).get(row) or ROWS[row][column_of(actor, phase)]


def expected(row: str, actor: str, phase: str) -> bool:
    """Whether the matrix says that this actor meets this fact in this phase."""
    return {
        "visible": True,
        "hidden": False,
        "accepted": phase in ("released", "published"),
        "released": phase in RELEASED,
        "published": phase == "published",
        "bidding": phase == "bidding" or phase in ("released", "published"),
        "own": OWNER.get(row) == actor,
        "existence": True,
        "day": True,
    }[condition_of(row, actor, phase)]


def rows_of(phase: str) -> list[str]:
    """The rows with a fact that the world knows in this phase."""
    return [row for row in ROWS if row in CANARIES and phase in EXISTS.get(row, PHASES)]


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


def in_phases(always: Iterable[str] = READ_ALWAYS, in_proof: Iterable[str] = ()) -> pytest.MarkDecorator:
    """The test takes the scene of these phases; tests of one phase run beside each other, on one worker."""
    together = {phase: pytest.mark.xdist_group(f"crawl {phase}") for phase in PHASES}
    params = [pytest.param(phase, marks=together[phase]) for phase in always]
    params += [pytest.param(phase, marks=[together[phase], pytest.mark.proof]) for phase in in_proof]
    return pytest.mark.parametrize("scene", params, indirect=True)
