"""Four papers beside the one that all is about, unequal in everything that is hidden.

So orders, ranks, counts, averages and pages have something to tell. The twin shares both reviewers and all conflicts
with the paper; the others share no reviewer with either.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from ml4rs.editions.tests.factories import UserFactory
from reviews.models import Bid, Decision
from submissions.models import Authorship, CheckReport, Submission
from tests.world.judging import assign, write_review
from tests.world.papers import keep_file
from tests.world.scene import World


@dataclass(frozen=True)
class Neighbour:
    key: str
    number: int
    title: str
    outcome: str
    presentation: str
    decided_on: int  # of February
    reviews: tuple[tuple[str, str, int, int | None], ...]  # who, under which letter, score, in on which day


NEIGHBOURS = (
    Neighbour(
        "twin", 212, "Kestrelmoor", "rejected", "", 17,
        (("reviewer_writing", "F", 4, 16), ("reviewer_done", "C", 2, 14)),
    ),
    Neighbour(
        "third", 655, "Lapwingfell", "accepted", "poster", 18,
        (("wren", "H", 6, 17), ("finch", "B", 3, 15), ("lark", "M", 1, 13)),
    ),
    Neighbour("fourth", 118, "Merlinford", "accepted", "oral", 16, (("wren", "P", 1, 12),)),
    Neighbour("fifth", 530, "Nightjarwood", "rejected", "", 15, (("finch", "D", 2, None),)),
)  # fmt: skip


def write_neighbours(world: World) -> None:
    for order, each in enumerate(NEIGHBOURS):
        author = UserFactory(name=f"Author of{each.title}", email=f"author@{each.title.lower()}.example")
        then = datetime(2025, 1, 20 + 2 * order, 12, tzinfo=UTC)
        paper = Submission.objects.create(
            edition=world.edition,
            track=world.paper.track,
            number=each.number,
            title=each.title,
            abstract=f"About {each.title}.",
            state=Submission.State.SUBMITTED,
            created_by=author,
            created_at=then,
            updated_at=then,
            submitted_at=then,
        )
        Authorship.objects.create(
            submission=paper, position=0, name=author.name, email=author.email, user=author, is_corresponding=True
        )
        own = {"writer": author.name, "name": f"{each.title.lower()}.pdf"}
        version = keep_file(paper, "manuscript", 1, f"Words of {each.title}", **own)
        CheckReport.objects.create(
            file_version=version, rule_version="1", verdict="ok", pages=4, checked_at=version.uploaded_at
        )
        world.neighbours[each.key] = paper
        for level, key in zip((1, 2, -1), ("lark", "wren", "finch"), strict=True):
            reviewer = world.edition.reviewers.get(user=world.actors[key])
            Bid.objects.create(reviewer=reviewer, submission=paper, level=level if order % 2 else -1)


def judge_neighbours(world: World) -> None:
    for each in NEIGHBOURS:
        paper = world.neighbours[each.key]
        for key, letter, score, day in each.reviews:
            at = datetime(2025, 2, day or 11, 9, tzinfo=UTC)
            seat = assign(world, paper, key, letter)
            write_review(seat, f"{key} on {each.title}", score=score, at=at, is_in=day is not None)
        Decision.objects.create(
            submission=paper,
            outcome=each.outcome,
            presentation=each.presentation,
            comment=f"Comment on {each.title}",
            decided_by=world.actors["chair"],
            decided_at=datetime(2025, 2, each.decided_on, tzinfo=UTC),
        )
