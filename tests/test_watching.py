"""Through whatever eyes an organiser looks, they meet only what both may: the matrix, taken twice."""

import pytest
from django.test import Client

from ml4rs.editions.view_as import ANYONE, SIGNED_IN
from ml4rs.editions.views.guards import is_closed_to_watchers
from tests.crawl import everything, view_at
from tests.matrix import MATRIX, expected, in_phases, met, rows_of
from tests.world import CLOCK, World

pytestmark = pytest.mark.crawl

OWN_PAGE = "/iclr2025/organise/view-as/"  # is seen with one's own eyes, and lists people


def look_as(client: Client, world: World, target: str, at: str = "") -> None:
    """Put into the session what the page would, also where the page would refuse: a conflict may come later."""
    person = world.actors[target]
    choice = f"person-{person.public_id}" if person else ANYONE
    session = client.session
    session["view_as"] = {"edition": "iclr2025", "choice": SIGNED_IN if target == "stranger" else choice, "at": at}
    session.save()


def facts_through(world: World, client: Client, target: str, at: str = "") -> dict[str, bool]:
    look_as(client, world, target, at)
    return met(world, target, everything(client, world.edition, most=1, unwanted=is_closed).texts)


def is_closed(path: str) -> str:
    """Other pages answer 403 with nothing in it, which test_view_as.py shows."""
    view = view_at(path)
    return "closed to watchers" if path == OWN_PAGE or view is None or is_closed_to_watchers(view) else ""


def hold_to_both(world: World, watcher: str, target: str) -> None:
    facts = facts_through(world, world.client(watcher), target)
    both = {
        row: expected(row, watcher, world.phase) and expected(row, target, world.phase) for row in rows_of(world.phase)
    }
    assert [row for row in both if facts[row] and not both[row]] == []


@in_phases(["reviewing"])
@pytest.mark.parametrize("watcher", ["chair", "chair_conflict"])
@pytest.mark.parametrize("target", [*MATRIX["columns"], "stranger"])
def test_an_organiser_meets_through_other_eyes_only_what_both_may_see(watcher, target, world):
    hold_to_both(world, watcher, target)


@pytest.mark.proof
@in_phases(["bidding", "released", "published"])
@pytest.mark.parametrize("watcher", ["chair", "chair_conflict", "organiser_author"])
@pytest.mark.parametrize("target", [*MATRIX["columns"], *(each for each in MATRIX["actors"] if each != "deputy")])
def test_nor_do_they_in_other_phases(watcher, target, world):
    hold_to_both(world, watcher, target)


@in_phases(["reviewing"])
def test_another_date_releases_nothing_to_an_organiser_in_conflict(world):
    world.paper.outcome, world.paper.released_at = "accepted", CLOCK["released"]
    world.paper.save()
    facts = facts_through(world, world.client("chair_conflict"), "author", CLOCK["published"].isoformat())
    assert not [row for row in rows_of("reviewing") if facts[row] and not expected(row, "chair_conflict", "reviewing")]


@in_phases(["reviewing"])
@pytest.mark.parametrize(
    ("target", "facts"),
    [
        ("author", ("author_addresses", "manuscript")),
        ("reviewer_writing", ("manuscript",)),
        ("reviewer_done", ("review_text", "discussion")),
        ("editor", ("programme_unpublished",)),
    ],
)
def test_an_organiser_without_conflict_sees_what_others_see(target, facts, world):
    found = facts_through(world, world.client("chair"), target)
    assert [fact for fact in facts if not found[fact]] == []
