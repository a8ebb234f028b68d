"""Who organises, and who is on the committee."""

from datetime import UTC, datetime

from ml4rs.editions.models import Role
from ml4rs.editions.tests.factories import RoleFactory, UserFactory
from reviews.models import Bid, Conflict
from reviews.tests.factories import ReviewerFactory
from submissions.models import Authorship, Submission
from tests.world.canaries import CONFLICT_EVIDENCE
from tests.world.scene import World

STAFF = {
    "chair": Role.Name.ORGANISER,
    "chair_conflict": Role.Name.ORGANISER,
    "organiser_author": Role.Name.ORGANISER,
    "officer": Role.Name.GRANTS_OFFICER,
    "editor": Role.Name.SCHEDULE_EDITOR,
    "deputy": Role.Name.DEPUTY,
}
COMMITTEE = {
    "reviewer_writing": "Ravenswrite",
    "reviewer_done": "Doverdone",
    "committee": "Committeeplain",
    "committee_conflict": "Committeeconflict",
    "former_reviewer": "Formerstork",
    "undeclared": "Committeesilent",
    # Who reviews the other papers; nobody looks through their eyes.
    "wren": "Otherwren",
    "finch": "Otherfinch",
    "lark": "Otherlark",
}


def appoint_staff(world: World) -> None:
    for key, role in STAFF.items():
        person = UserFactory(name=f"Staff {key.replace('_', ' ')}")
        world.actors[key] = RoleFactory(edition=world.edition, name=role, user=person).user


def invite_committee(world: World) -> None:
    for key, name in COMMITTEE.items():
        person = UserFactory(name=name, email=f"{name.lower()}@{name.lower()}.example")
        declared = {"conflicts_declared_at": None} if key == "undeclared" else {}
        reviewer = ReviewerFactory(edition=world.edition, user=person, show_publicly=False, **declared)
        world.actors[key] = person
        if key.startswith("reviewer"):
            Bid.objects.create(reviewer=reviewer, submission=world.paper, level=2)


def keep_apart(world: World, papers: list[Submission]) -> None:
    """Two people are in conflict with these papers, and an organiser is among their authors."""
    both = world.actors["organiser_author"]
    for paper in papers:
        declare_conflict(world, "chair_conflict", paper)
        declare_conflict(world, "committee_conflict", paper)
        Authorship.objects.create(submission=paper, position=2, name=both.name, email=both.email, user=both)


def leave_to_the_deputy(world: World) -> None:
    """The last organiser who was free to decide on these papers is in conflict with them as well."""
    for paper in (world.paper, world.neighbours["twin"]):
        declare_conflict(world, "chair", paper)


def declare_conflict(world: World, key: str, paper: Submission) -> None:
    Conflict.objects.create(
        user=world.actors[key],
        submission=paper,
        kind="declared",
        evidence=CONFLICT_EVIDENCE.get(key, ""),
        created_at=datetime(2025, 2, 1, tzinfo=UTC),
    )
