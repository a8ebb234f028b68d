"""Two worlds that differ in one hidden fact look alike to whoever must not know it.

Status, headers, body and number of SQL queries of every address are compared; random identifiers, which
differ anyway, are masked.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.urls import reverse

from ml4rs.editions.views import errors
from reviews.models import (
    Answer,
    Assignment,
    AssignmentRun,
    AwardCandidate,
    Bid,
    Conflict,
    Decision,
    Discussion,
    Exclusion,
    Post,
    Rating,
    Response,
    Review,
    Reviewer,
)
from reviews.proposing.scores import Scores
from submissions.models import Authorship
from tests.crawl import addresses, once_for_each, reads, text_of
from tests.matrix import in_phases
from tests.proof.ledger import note
from tests.world import World
from travel.models import Application, Plan

pytestmark = pytest.mark.crawl

RANDOM = re.compile(r"\b[abcdefghjkmnpqrstuvwxyz2-9]{12}\b|[A-Za-z0-9]{64}|[A-Za-z0-9]{32}\b")


@dataclass(frozen=True)
class Twist:
    """A change to one hidden fact, the phase it is made in, and those who must not notice."""

    name: str
    phase: str
    change: Callable[[World], object]
    unaware: tuple[str, ...]


def another_reviewer(world: World) -> None:
    """The paper has the same number of reviewers, but one of them is another member of the committee."""
    other = world.edition.reviewers.get(user=world.actors["committee"])
    Assignment.objects.filter(reviewer__user=world.actors["reviewer_done"]).update(reviewer=other)


def another_author(world: World) -> None:
    Authorship.objects.filter(submission=world.paper, position=1).update(
        name="Another Person", email="another@person.example", affiliation="Another Institute"
    )


def no_decision(world: World) -> None:
    Decision.objects.filter(submission__in=[world.paper, world.neighbours["twin"]]).delete()


def no_review_of_the_other(world: World) -> None:
    own = {"assignment__reviewer__user": world.actors["reviewer_done"], "assignment__submission": world.paper}
    Review.objects.filter(**own).update(state="draft", submitted_at=None)


def nothing_said(world: World) -> None:
    Post.objects.filter(parent__isnull=False).delete()
    Post.objects.all().delete()
    Discussion.objects.all().delete()


def nothing_between_authors_and_organisers(world: World) -> None:
    """No response, nobody excluded, no candidate for an award, and no opinion on a review."""
    Response.objects.all().delete()
    Exclusion.objects.all().delete()
    AwardCandidate.objects.all().delete()
    Rating.objects.all().delete()


def no_bid(world: World) -> None:
    Bid.objects.filter(reviewer__user=world.actors["reviewer_done"]).delete()


def one_more_conflict(world: World) -> None:
    Conflict.objects.create(
        user=world.actors["editor"], submission=world.paper, kind="declared", created_at=world.paper.created_at
    )


def a_proposal_without_the_paper(world: World) -> None:
    run = AssignmentRun.objects.get()
    run.pairs, run.figures = [], {"papers": {}, "standing": []}
    run.scores = Scores.unpacked(run.scores).only([]).packed()
    run.save()


def no_applicant(world: World) -> None:
    Application.objects.all().delete()


def nothing_planned(world: World) -> None:
    Plan.objects.all().delete()


def swap(model: type[Model], one: dict, other: dict, *fields: str) -> None:
    """Two rows exchange these values, so that whoever sorts, ranks or counts by them comes to something else."""
    first, second = model._default_manager.get(**one), model._default_manager.get(**other)
    model._default_manager.filter(pk=first.pk).update(**{field: getattr(second, field) for field in fields})
    model._default_manager.filter(pk=second.pk).update(**{field: getattr(first, field) for field in fields})


HIDDEN_OF_A_DECISION = ("outcome", "presentation", "conditions", "comment", "decided_at")


def swapped_decisions(world: World) -> None:
    """Of the two papers with which an organiser is in conflict the other one is accepted."""
    swap(Decision, {"submission": world.paper}, {"submission": world.neighbours["twin"]}, *HIDDEN_OF_A_DECISION)


def swapped_decisions_of_others(world: World) -> None:
    papers = world.neighbours
    swap(Decision, {"submission": papers["third"]}, {"submission": papers["fifth"]}, *HIDDEN_OF_A_DECISION)


def swapped_scores_and_times(world: World) -> None:
    """The twin's two reviews exchange their scores and their instants; so do those of two papers beside them."""
    for one, other in ((("twin", "F"), ("twin", "C")), (("third", "H"), ("fourth", "P"))):
        first, second = ({"submission": world.neighbours[key], "pseudonym": letter} for key, letter in (one, other))
        seats = [Assignment.objects.get(**each) for each in (first, second)]
        score = {"field__use": "overall"}
        swap(Answer, {"review__assignment": seats[0], **score}, {"review__assignment": seats[1], **score}, "number")
        swap(Review, {"assignment": seats[0]}, {"assignment": seats[1]}, "submitted_at", "created_at", "updated_at")


def swapped_reviewers(world: World) -> None:
    """The only reviewer of one paper goes to another one, whose reviewer comes: nobody has more papers than before."""
    third, fourth = world.neighbours["third"], world.neighbours["fourth"]
    Assignment.objects.filter(submission=fourth, pseudonym="P").update(reviewer=_reviewer(world, "lark"))
    Assignment.objects.filter(submission=third, pseudonym="M").update(reviewer=_reviewer(world, "committee"))
    Assignment.objects.filter(submission=third, pseudonym="H").update(reviewer=_reviewer(world, "wren"))


def _reviewer(world: World, key: str) -> Reviewer:
    return world.edition.reviewers.get(user=world.actors[key])


def swapped_bids(world: World) -> None:
    third, fourth = world.neighbours["third"], world.neighbours["fourth"]
    for key in ("wren", "lark"):
        person = {"reviewer__user": world.actors[key]}
        swap(Bid, {"submission": third, **person}, {"submission": fourth, **person}, "level")


BOTH = "organiser_author"
PUTTING_IN = (
    another_reviewer,
    another_author,
    one_more_conflict,
    swapped_decisions,
    swapped_decisions_of_others,
    swapped_scores_and_times,
    swapped_bids,
)
PUBLIC = ("anyone", "author")
COMMITTEE = ("reviewer_writing", "committee", "committee_conflict")
STAFF = ("chair_conflict", "officer", "editor")
ORGANISERS = ("chair_conflict", BOTH)
APART = ("reviewer_writing", "committee_conflict", "chair_conflict")
TWISTS = (
    Twist("another reviewer", "reviewing", another_reviewer, ("author", "reviewer_writing", *ORGANISERS)),
    Twist("another author", "reviewing", another_author, ("anyone", "reviewer_done", *COMMITTEE, "chair_conflict")),
    Twist(
        "an unreleased decision",
        "reviewing",
        no_decision,
        (*PUBLIC, "reviewer_done", "committee", *STAFF, BOTH),
    ),
    Twist("somebody else's review", "reviewing", no_review_of_the_other, (*PUBLIC, *COMMITTEE, *ORGANISERS)),
    Twist("a discussion", "reviewing", nothing_said, ("author", "reviewer_writing", *ORGANISERS)),
    Twist("between authors and organisers", "reviewing", nothing_between_authors_and_organisers, APART),
    Twist("somebody else's bid", "bidding", no_bid, ("author", "reviewer_writing", *ORGANISERS)),
    Twist("somebody else's conflict", "bidding", one_more_conflict, ("author", "reviewer_writing", "officer")),
    Twist("a proposal of who reviews it", "reviewing", a_proposal_without_the_paper, ("reviewer_writing", *ORGANISERS)),
    Twist("which paper is accepted", "reviewing", swapped_decisions, (*PUBLIC, *COMMITTEE, *STAFF, BOTH)),
    Twist(
        "which other paper is accepted",
        "reviewing",
        swapped_decisions_of_others,
        (*PUBLIC, *COMMITTEE, "officer", "editor"),
    ),
    Twist("scores and times of reviews", "reviewing", swapped_scores_and_times, (*PUBLIC, "committee", "officer")),
    Twist("who reviews other papers", "reviewing", swapped_reviewers, ("author", "reviewer_writing", "officer")),
    Twist("how others bid", "bidding", swapped_bids, ("author", "reviewer_writing", "committee", "officer")),
    Twist("an application for a grant", "bidding", no_applicant, ("author", "committee", "chair", "editor")),
    Twist("the planned answer to an application", "bidding", nothing_planned, ("applicant",)),
)


class Counted:
    """Counts queries. Django's own way would have SQLite quote every parameter by a query of its own."""

    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, execute: Callable, *arguments: object) -> object:
        self.queries += 1
        return execute(*arguments)


def look(
    world: World, actor: str, change: Callable[[World], object] | None, *, at_the_paper: bool = False
) -> dict[str, tuple]:
    """What every address (or every one with the paper in it) answers to the actor, in a world that is as it was

    afterwards.
    """
    # Each world makes its own, so that both need the same queries for it.
    not_found = patch("ml4rs.urls.handler404", once_for_each(errors.not_found))
    answers: dict[str, tuple] = {}
    with transaction.atomic(), not_found:
        if change:
            change(world)
        client = world.client(actor)
        with_authors = reverse("submissions:detail", args=[world.edition.slug, world.paper.public_id]) + "?authors=1"
        paths = [*filter(reads, addresses(world.edition, most=2)), with_authors]
        for path in (each for each in paths if not at_the_paper or f"/{world.paper.public_id}/" in each):
            counted = Counted()
            with connection.execute_wrapper(counted):
                response = client.get(path)
                text = RANDOM.sub("*", text_of(response))
            answers.setdefault(RANDOM.sub("*", path), ())
            answers[RANDOM.sub("*", path)] += ((response.status_code, text, counted.queries),)
        transaction.set_rollback(True)
    return {path: tuple(sorted(set(seen))) for path, seen in answers.items()}


def all_of(twists: Iterable[Twist]) -> Callable[[World], object]:
    def change(world: World) -> None:
        for twist in twists:
            twist.change(world)

    return change


def unaware(phase: str) -> list[str]:
    return sorted({actor for twist in TWISTS if twist.phase == phase for actor in twist.unaware})


def hold_against_each_other(world: World, actor: str) -> None:
    """Two worlds: hidden facts are taken away in one, put in or exchanged in the other.

    In one world they could even each other out. If nothing differs between the two, both look like a third in which
    nothing was changed.
    """
    own = [twist for twist in TWISTS if twist.phase == world.phase and actor in twist.unaware]
    less, more = ([t for t in own if (t.change in PUTTING_IN) == puts_in] for puts_in in (False, True))
    one, other = look(world, actor, all_of(less)), look(world, actor, all_of(more))
    differing = {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}
    names = ", ".join(twist.name for twist in own)
    note("worlds", phase=world.phase, actor=actor, twist=names, requests=len(one), differing=len(differing))
    assert differing == set(), f"one of: {names}"


@in_phases(["bidding"])
@pytest.mark.parametrize("actor", unaware("bidding"))
def test_hidden_facts_change_nothing_while_members_bid(actor, world):
    hold_against_each_other(world, actor)


@in_phases(["reviewing"])
@pytest.mark.parametrize("actor", unaware("reviewing"))
def test_hidden_facts_change_nothing_for_those_who_must_not_know(actor, world):
    hold_against_each_other(world, actor)


@in_phases(["reviewing"])
@pytest.mark.parametrize("twist", [t for t in TWISTS if t.phase == "reviewing"][:6], ids=lambda twist: twist.name)
def test_an_organiser_without_conflict_does_notice(twist, world):
    plain, twisted = (look(world, "chair", change, at_the_paper=True) for change in (None, twist.change))
    assert plain.keys() == twisted.keys()
    assert plain != twisted
