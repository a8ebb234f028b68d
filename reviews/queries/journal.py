"""Papers on their way to a journal, as organisers and authors see them, and what guest editors are given."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from ml4rs.editions.models import Milestone
from ml4rs.editions.policy import Verdict
from ml4rs.editions.queries import milestone
from ml4rs.editions.viewer import Viewer
from reviews.models import JournalCandidate, JournalStream, Review
from reviews.policy import may_answer_journal
from reviews.queries.papers import judged
from reviews.queries.reviews import ReviewView, reviews_of
from submissions.models import Submission


def stream_of(viewer: Viewer) -> JournalStream | None:
    """The journal of the edition. One query."""
    return JournalStream.objects.filter(edition=viewer.edition).first()


def candidates(viewer: Viewer) -> QuerySet[Submission]:
    """Accepted papers whose authors opted in, best score first, with `journal_candidate` where they are invited.

    One query, of papers that the viewer sees as an organiser.
    """
    rows = judged(viewer).filter(
        state=Submission.State.SUBMITTED,
        outcome=Submission.Outcome.ACCEPTED,
        released_at__lte=viewer.now,
        track__journal_eligible=True,
        declarations__journal=True,
    )
    return rows.select_related("track", "journal_candidate").defer(None).order_by("-mean", "number", "pk")


@dataclass(frozen=True)
class Invitation:
    """What the authors of an invited paper are asked."""

    candidate: JournalCandidate
    stream: JournalStream
    due: Milestone | None
    verdict: Verdict


def invitation_of(viewer: Viewer, submission: Submission) -> Invitation | None:
    """For authors and organisers of the paper. One query, two where it is invited."""
    rows = JournalCandidate.objects.seen_by(viewer, paper=submission).filter(submission=submission.pk)
    candidate = rows.first()
    stream = stream_of(viewer) if candidate else None
    if candidate is None or stream is None:
        return None
    due = milestone(viewer.edition, Milestone.Kind.JOURNAL, submission.track)
    return Invitation(candidate, stream, due, may_answer_journal(viewer, submission, candidate))


@dataclass(frozen=True)
class Packet:
    """A paper as guest editors get it: reviews as its authors read them, signed by those who agreed to it."""

    submission: Submission
    authors: list[tuple[str, str, str, bool]]  # name, address, affiliation, corresponding
    reviews: list[tuple[ReviewView, str]]  # with the name of who agreed, else empty


def packets(viewer: Viewer) -> Iterator[Packet]:
    """Of the papers that go on, never of one that the viewer is in conflict with. One query, and four a paper."""
    on_their_way = [JournalCandidate.State.GOING, JournalCandidate.State.SUBMITTED, JournalCandidate.State.PUBLISHED]
    for paper in candidates(viewer).filter(journal_candidate__state__in=on_their_way):
        agreed = Review.objects.seen_by(viewer, paper=paper).submitted().filter(named_to_journal=True)
        names = dict(agreed.values_list("assignment__pseudonym", "seen_reviewer"))
        reviews = reviews_of(viewer, paper, audience="authors")
        authors = paper.authorships.order_by("position").values_list("name", "email", "affiliation", "is_corresponding")
        yield Packet(paper, list(authors), [(each, names.get(each.pseudonym, "")) for each in reviews])


def reviews_as_text(packet: Packet) -> str:
    """The reviews as plain text."""
    lines = [f"{packet.submission.number}: {packet.submission.title}", ""]
    for review, name in packet.reviews:
        lines += [f"Reviewer {review.pseudonym}{f' ({name})' if name else ''}", ""]
        for answer in review.answers:
            words = answer.text if answer.number is None else f"{answer.number} ({answer.text})"
            lines += [answer.label, words, ""]
    return "\n".join(lines)
