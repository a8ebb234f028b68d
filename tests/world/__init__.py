"""A small world in which every person and every hidden text is a word found nowhere else.

`build_world(phase)` makes one edition with five double-blind papers, its people, and everything that may be known of
one of them in that phase. Whoever meets one of `CANARIES` has learnt the fact that it stands for.
"""

from datetime import UTC, datetime, timedelta

from ml4rs.editions.models import Edition, Question, Track, TrackFile
from ml4rs.editions.tests.factories import EditionFactory, MilestoneFactory, TopicFactory, TrackFactory, UserFactory
from reviews.models import Decision
from schedule.models import Session
from tests.world.afterwards import release
from tests.world.canaries import CANARIES, CONFLICT_EVIDENCE
from tests.world.judging import judge
from tests.world.neighbours import judge_neighbours, write_neighbours
from tests.world.papers import hand_in_files, write_paper
from tests.world.people import appoint_staff, invite_committee, keep_apart, leave_to_the_deputy
from tests.world.records import apply_for_grant, keep_records
from tests.world.scene import CLOCK, PHASES, World

__all__ = ["CANARIES", "CLOCK", "CONFLICT_EVIDENCE", "PHASES", "World", "build_world", "leave_to_the_deputy"]


def build_world(phase: str) -> World:
    """The edition as it stands in `phase`. Run with the clock frozen at `CLOCK[phase]`."""
    for factory in (UserFactory, TrackFactory, TopicFactory):
        factory.reset_sequence(0)
    edition = EditionFactory(slug="iclr2025", is_current=True, papers_public=phase == "published")
    _milestones(edition)
    author = UserFactory(name="Ottoline Firstauthor", email="ottoline@first.example")
    world = World(phase, edition, write_paper(edition, _track(edition), author))
    world.actors = {"anyone": None, "stranger": UserFactory(name="Stranger"), "author": author}
    appoint_staff(world)
    invite_committee(world)
    hand_in_files(world, phase)
    write_neighbours(world)
    keep_apart(world, [world.paper, world.neighbours["twin"]])
    apply_for_grant(world)
    keep_records(world)
    _draft_programme(edition)
    if phase not in ("submission", "bidding"):
        judge(world)
        judge_neighbours(world)
    if phase == "rejected":
        Decision.objects.filter(submission=world.paper).update(outcome="rejected", presentation="", conditions="")
    if phase in ("released", "rejected", "published"):
        release(world, published=phase == "published")
    return world


def _track(edition: Edition) -> Track:
    switches = {"has_author_response": True, "journal_eligible": True, "has_meta_review": True}
    track = TrackFactory(edition=edition, slug="papers", reviews_per_paper=2, **switches)
    TrackFile.objects.create(track=track, kind="supplementary", types=["pdf"])
    TrackFile.objects.create(track=track, kind="camera_ready", types=["pdf"])
    for audience in Question.Audience.values:
        Question.objects.create(track=track, key=audience, label=f"For {audience}", audience=audience)
    TopicFactory(edition=edition)
    return track


def _draft_programme(edition: Edition) -> None:
    start = datetime(2025, 4, 27, 2, tzinfo=UTC)
    times = {"starts_at": start, "ends_at": start + timedelta(hours=1)}
    Session.objects.create(edition=edition, slug="draft", kind="orals", title="Programmelinden", **times)


def _milestones(edition: Edition) -> None:
    for kind, instant in {
        "submission": datetime(2025, 2, 11, 11, 59, 59, tzinfo=UTC),
        "bidding": datetime(2025, 2, 15, 11, 59, 59, tzinfo=UTC),
        "review": datetime(2025, 2, 27, 11, 59, 59, tzinfo=UTC),
        "response": datetime(2025, 3, 1, 11, 59, 59, tzinfo=UTC),
        "notification": datetime(2025, 3, 3, 12, tzinfo=UTC),
        "camera_ready": datetime(2025, 4, 20, 11, 59, 59, tzinfo=UTC),
        "travel": datetime(2025, 3, 29, 11, 59, 59, tzinfo=UTC),
        "workshop": datetime(2025, 4, 27, 1, tzinfo=UTC),
    }.items():
        MilestoneFactory(edition=edition, kind=kind, instant=instant)
