"""Through whatever eyes an organiser looks, they meet only what both may: the matrix, taken twice."""

import pytest
import time_machine
from django.test import Client

from ml4rs.editions.view_as import ANYONE, SIGNED_IN
from ml4rs.editions.views.guards import is_closed_to_watchers
from tests.crawl import everything, view_at
from tests.test_matrix import ACTORS, EXISTS, ROWS, expected, met
from tests.world import CANARIES, CLOCK, PHASES, World, build_world

pytestmark = pytest.mark.crawl

OWN_PAGE = "/iclr2025/organise/view-as/"  # is seen with one's own eyes, and lists people


def look_as(client: Client, world: World, target: str, at: str = "") -> None:
    """Put into the session what the page would, also where the page would refuse: a conflict may come later."""
    person = world.actors[target]
    choice = f"person-{person.public_id}" if person else ANYONE
    session = client.session
    session["view_as"] = {"edition": "iclr2025", "choice": SIGNED_IN if target == "stranger" else choice, "at": at}
    session.save()


def facts_through(client: Client, world: World, target: str, at: str = "") -> dict[str, bool]:
    look_as(client, world, target, at)
    pages = everything(client, world.edition, wanted=is_open)
    return met(world, target, pages)


def is_open(path: str) -> bool:
    """Other pages answer 403 with nothing in it, which test_view_as.py shows."""
    view = view_at(path)
    return path != OWN_PAGE and view is not None and not is_closed_to_watchers(view)


def rows_of(phase: str) -> list[str]:
    return [row for row in ROWS if row in CANARIES and phase in EXISTS.get(row, PHASES)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("watcher", "phase"), [("chair", "reviewing"), ("chair_conflict", "reviewing"), ("chair_conflict", "published")]
)
def test_an_organiser_meets_through_other_eyes_only_what_both_may_see(watcher, phase):
    with time_machine.travel(CLOCK[phase], tick=False):
        world = build_world(phase)
        client = Client()
        client.force_login(world.actors[watcher])
        leaks = {}
        for target in ACTORS:
            facts = facts_through(client, world, target)
            both = {row: expected(row, watcher, phase) and expected(row, target, phase) for row in rows_of(phase)}
            if more := [row for row in both if facts[row] and not both[row]]:
                leaks[target] = more
    assert leaks == {}


@pytest.mark.django_db
def test_another_date_releases_nothing_to_an_organiser_in_conflict():
    with time_machine.travel(CLOCK["reviewing"], tick=False):
        world = build_world("reviewing")
        world.paper.outcome, world.paper.released_at = "accepted", CLOCK["released"]
        world.paper.save()
        client = Client()
        client.force_login(world.actors["chair_conflict"])
        facts = facts_through(client, world, "author", CLOCK["published"].isoformat())
    assert not [row for row in rows_of("reviewing") if facts[row] and not expected(row, "chair_conflict", "reviewing")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("target", "fact"),
    [
        ("author", "author_addresses"),
        ("author", "manuscript"),
        ("reviewer_writing", "manuscript"),
        ("reviewer_done", "review_text"),
        ("reviewer_done", "discussion"),
        ("editor", "programme_unpublished"),
    ],
)
def test_an_organiser_without_conflict_sees_what_others_see(target, fact):
    with time_machine.travel(CLOCK["reviewing"], tick=False):
        world = build_world("reviewing")
        client = Client()
        client.force_login(world.actors["chair"])
        assert facts_through(client, world, target)[fact]
