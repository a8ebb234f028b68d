"""What comes after the decisions: the release, the programme, the journal."""

from datetime import UTC, datetime

from reviews.models import Award, Decision, JournalCandidate, JournalStream
from schedule.models import Absence, PlacingRun, Resource, Slot, StarList, Step
from submissions.models import Submission
from tests.world.scene import RELEASED_AT, World


def release(world: World, *, published: bool) -> None:
    """All decisions at once; accepted papers are in the programme, and public if `published`."""
    for paper in (world.paper, *world.neighbours.values()):
        _tell(paper, published=published)
        if paper.outcome == Submission.Outcome.ACCEPTED:
            slot = Slot.objects.create(session=world.edition.sessions.get(slug="draft"), submission=paper)
            Resource.objects.create(slot=slot, kind="slides", url="https://slides.example/")
    if published:
        Award.objects.update(state="announced", announced_at=datetime(2025, 4, 20, 14, tzinfo=UTC))
    if world.paper.outcome == Submission.Outcome.ACCEPTED:
        _follow(world)
        JournalStream.objects.create(edition=world.edition, name="Letters", portal_url="https://letters.example/")
        JournalCandidate.objects.create(
            submission=world.paper,
            article_type="Journaltamarisk",
            invited_by=world.actors["chair"],
            invited_at=RELEASED_AT,
        )


def _tell(paper: Submission, *, published: bool) -> None:
    decision = Decision.objects.get(submission=paper)
    decision.state, decision.released_at = "released", RELEASED_AT
    decision.save()
    accepted = decision.outcome == Submission.Outcome.ACCEPTED
    paper.outcome, paper.presentation, paper.conditions = decision.outcome, decision.presentation, decision.conditions
    paper.released_at = RELEASED_AT
    paper.published_at = datetime(2025, 4, 20, 13, tzinfo=UTC) if published and accepted else None
    paper.save()


def _follow(world: World) -> None:
    """What a programme brings with it: an absence, stars, a step that can be undone, a proposal of places."""
    at = datetime(2025, 3, 4, 12, tzinfo=UTC)
    author, editor = world.actors["author"], world.actors["editor"]
    Absence.objects.create(edition=world.edition, user=author, starts_at=at, ends_at=at.replace(hour=13))
    StarList.objects.create(edition=world.edition, user=author, items=["abc"])
    nothing = {"sessions": {}, "slots": {}}
    Step.objects.create(edition=world.edition, by=editor, words="Moved", before=nothing, after=nothing, done_at=at)
    figures = {"gap": 0, "seconds": 0.1}
    PlacingRun.objects.create(edition=world.edition, figures=figures, created_by=editor, created_at=at)
