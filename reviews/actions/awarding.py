"""Awards: candidates chosen, points given, winners settled and announced."""

from collections.abc import Iterable, Mapping

from django.db import IntegrityError, transaction

from ml4rs.audit.actions import record
from ml4rs.editions.models import Edition, Track
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.actions import Recipient, batch_of, queue_mail
from ml4rs.notifications.links import absolute
from reviews.models import Award, AwardCandidate, Ballot, Decision, Mark
from reviews.policy import may_nominate, may_run_committee, may_vote
from submissions.models import Authorship, Submission

State = Award.State
# Where an award can go from each state. Back from closed, because a tie may want another round.
_STEPS = {
    State.PREPARING: {State.VOTING, State.CLOSED},
    State.VOTING: {State.CLOSED},
    State.CLOSED: {State.PREPARING, State.VOTING},
    State.ANNOUNCED: set(),
}
_MOVED = "Somebody changed this award a moment ago. Look again."


@transaction.atomic
def create_award(edition: Edition, *, name: str, track: Track | None, committee_votes: bool, by: Viewer) -> Award:
    """A new award.

    Raises:
        NotAllowed: `by` is no organiser, or there is one of this name.
    """
    require(may_run_committee(by))
    values = {"name": name, "track": track, "committee_votes": committee_votes, "created_at": by.now}
    try:
        with transaction.atomic():
            award = Award.objects.create(edition=edition, **values)
    except IntegrityError as error:
        raise NotAllowed(f"There is an award “{name}” already.") from error
    record("award.created", by=by, subject=award, edition=edition)
    return award


def _held(award: Award) -> Award:
    """The award as it is now, which nobody moves on until this act is done."""
    return Award.objects.select_for_update(of=("self",)).select_related("edition", "track").get(pk=award.pk)


@transaction.atomic
def nominate(award: Award, submissions: Iterable[Submission], *, by: Viewer) -> int:
    """Make these papers candidates; how many are new.

    Raises:
        NotAllowed: a conflict, a paper that is not accepted or of another track, or voting has begun.
    """
    award, new = _held(award), 0
    for submission in submissions:
        require(may_nominate(submission, award, Decision.objects.filter(submission=submission.pk).first()))
        values = {"nominated_by": by.user, "nominated_at": by.now}
        _, is_new = AwardCandidate.objects.get_or_create(award=award, submission=submission, defaults=values)
        if is_new:
            record("award.nominated", by=by, subject=award, submission_id=submission.pk)
            new += 1
    return new


@transaction.atomic
def take_off(award: Award, submission: Submission, *, by: Viewer) -> None:
    """A paper is no candidate any more.

    Raises:
        NotAllowed: a conflict, or voting has begun.
    """
    award = _held(award)
    require(may_nominate(submission, award, Decision.objects.filter(submission=submission.pk).first()))
    AwardCandidate.objects.filter(award=award, submission=submission.pk).delete()
    record("award.taken_off", by=by, subject=award, submission_id=submission.pk)


@transaction.atomic
def move_award(award: Award, state: str, *, by: Viewer) -> None:
    """Open the voting, close it, or go back.

    Raises:
        NotAllowed: `by` is no organiser, it cannot go there from where it is, or there is no candidate to vote on.
    """
    require(may_run_committee(by))
    if state not in _STEPS[State(award.state)]:
        raise NotAllowed(f"An award that is “{award.get_state_display().lower()}” cannot go there.")
    if state == State.VOTING and not award.candidates.exists():
        raise NotAllowed("Choose candidates first.")
    if not Award.objects.filter(pk=award.pk, state=award.state).update(state=state):
        raise NotAllowed(_MOVED)
    record("award.moved", by=by, subject=award, edition=award.edition, details={"before": award.state, "after": state})


@transaction.atomic
def vote(award: Award, points: Mapping[int, int | None], *, by: Viewer) -> None:
    """Give points to candidates (by key), in place of what one gave before; None is no opinion and counts nothing.

    Raises:
        NotAllowed: not one's vote, voting is not open, more points than there are, or a candidate one may not judge.
    """
    award = _held(award)
    require(may_vote(by, award))
    judged = set(AwardCandidate.objects.seen_by(by).filter(award=award).values_list("pk", flat=True))
    given = {candidate: number for candidate, number in points.items() if number is not None}
    if not given.keys() <= judged:
        raise NotAllowed("The candidates changed. Look again.")
    if any(not 0 <= number <= Mark.MOST for number in given.values()):
        raise NotAllowed(f"Give between 0 and {Mark.MOST} points.")
    ballot, _ = Ballot.objects.update_or_create(award=award, voter=by.user, defaults={"cast_at": by.now})
    ballot.marks.all().delete()
    Mark.objects.bulk_create(Mark(ballot=ballot, candidate_id=each, points=number) for each, number in given.items())
    record("award.voted", by=by, subject=award, edition=award.edition)


@transaction.atomic
def settle_winner(award: Award, submission: Submission, *, wins: bool, laudation: str, by: Viewer) -> None:
    """Say that a candidate wins (or does not), and why. Nobody else learns it before the award is announced.

    Raises:
        NotAllowed: a conflict, voting is still open, the award is announced, or it is no candidate.
    """
    if not submission.is_chair:
        raise NotAllowed("Only an organiser without conflict may do this.")
    award = _held(award)
    if award.state != State.CLOSED:
        raise NotAllowed("Close the voting first." if award.state != State.ANNOUNCED else "This award is announced.")
    changed = AwardCandidate.objects.filter(award=award, submission=submission.pk)
    if not changed.update(wins=wins, laudation=laudation):
        raise NotAllowed("This paper is no candidate.")
    record("award.settled", by=by, subject=award, submission_id=submission.pk, details={"wins": wins})


@transaction.atomic
def announce_award(award: Award, *, by: Viewer) -> None:
    """Tell everybody who wins: on the public pages, and the authors by mail. It is one act for all winners.

    Raises:
        NotAllowed: `by` is no organiser, nobody wins yet, a winner's acceptance is not released, or it is announced.
    """
    require(may_run_committee(by))
    winners = list(award.candidates.filter(wins=True).select_related("submission"))
    if not winners:
        raise NotAllowed("Settle first who wins.")
    papers = [each.submission for each in winners]
    if not all(_is_accepted(paper, by) for paper in papers):
        raise NotAllowed("Release the decisions first: only a paper that is accepted can win.")
    closed = Award.objects.filter(pk=award.pk, state=State.CLOSED)
    if not closed.update(state=State.ANNOUNCED, announced_at=by.now):
        raise NotAllowed(_MOVED if award.state == State.CLOSED else "Close the voting first.")
    record("award.announced", by=by, subject=award, edition=award.edition)
    _congratulate(award, winners)


def _is_accepted(paper: Submission, by: Viewer) -> bool:
    accepted = paper.state == Submission.State.SUBMITTED and paper.outcome == Submission.Outcome.ACCEPTED
    return accepted and paper.released_at is not None and paper.released_at <= by.now


def _congratulate(award: Award, winners: list[AwardCandidate]) -> None:
    by_paper = {each.submission_id: each for each in winners}
    authors = list(Authorship.objects.filter(submission__in=by_paper).select_related("user"))
    batch = batch_of(authors)
    for author in authors:
        winner = by_paper[author.submission_id]
        queue_mail(
            "reviews.award",
            edition=award.edition,
            to=Recipient(author.email, author.name, author.user),
            about=f"{award.public_id}:{winner.submission.public_id}",
            context={
                "name": author.name,
                "title": winner.submission.title,
                "award": award.name,
                "laudation": winner.laudation,
                "link": absolute("submissions:paper", award.edition.slug, winner.submission.public_id),
            },
            submission_id=winner.submission_id,
            batch=batch,
        )


def copy_awards(source: Edition, target: Edition) -> None:
    """Give a cloned edition the awards of the one it comes from, without anything that was decided."""
    tracks = {track.slug: track for track in target.tracks.all()}
    for award in source.awards.select_related("track"):
        values = {"committee_votes": award.committee_votes, "created_at": award.created_at}
        if award.track is not None:
            values["track"] = tracks.get(award.track.slug)
        Award.objects.get_or_create(edition=target, name=award.name, defaults=values)
