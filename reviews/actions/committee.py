"""The programme committee: invite, answer, remind, remove."""

from collections.abc import Iterable
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from ml4rs.accounts.proof import AddressTakenError, person_of_proved_address
from ml4rs.audit.actions import record
from ml4rs.editions.models import Edition, Role
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.actions import Recipient, batch_of, queue_mail
from ml4rs.notifications.links import absolute
from reviews.actions.conflicts import find_conflicts_of
from reviews.actions.handing_on import settle_delegations
from reviews.invitees import Invitee
from reviews.matching.publications import MOST
from reviews.matching.publications import Publication as Written
from reviews.models import Assignment, Publication, Reviewer
from reviews.policy import may_answer, may_run_committee, may_upload_publications

State = Reviewer.State
_TAKEN_BACK = "This invitation was taken back a moment ago."


def token_of(reviewer: Reviewer) -> str:
    """The secret of an invitation. It is derived, so that a reminder can carry the same link; the database

    holds only its hash, and a new invitation of the same person has another one.
    """
    value = f"{reviewer.public_id}:{reviewer.invited_at.timestamp():.6f}"
    return salted_hmac("reviews.invitation", value, algorithm="sha256").hexdigest()[:40]


def opens(reviewer: Reviewer, token: str) -> bool:
    """Whether this secret is the one that was mailed."""
    return constant_time_compare(_hash(token), reviewer.token_hash)


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def invitation_link(reviewer: Reviewer) -> str:
    return absolute("reviews:invitation", reviewer.edition.slug, reviewer.public_id, token_of(reviewer))


@transaction.atomic
def invite(edition: Edition, people: list[Invitee], *, by: Viewer, load: int = 4, words: str = "") -> list[Reviewer]:
    """Invite those who are new, each by a mail with a personal link; others in the list are passed over.

    Raises:
        NotAllowed: `by` is no organiser.
    """
    require(may_run_committee(by))
    new = [person for person in people if person.state == "new"]
    batch = batch_of(new)
    invited = [_invite(edition, person, by, load, words, batch) for person in new]
    return [reviewer for reviewer in invited if reviewer is not None]


def _invite(edition: Edition, person: Invitee, by: Viewer, load: int, words: str, batch: str) -> Reviewer | None:
    fields = {
        "name": person.name,
        "affiliation": person.affiliation,
        "load": load,
        "invited_at": by.now,
        "state": State.INVITED,
        "answered_at": None,
    }
    again = Reviewer.objects.filter(edition=edition, email=person.email, state=State.REMOVED)
    if again.update(**fields):
        reviewer = Reviewer.objects.get(edition=edition, email=person.email)
    else:
        try:
            with transaction.atomic():
                reviewer = Reviewer.objects.create(edition=edition, email=person.email, **fields)
        except IntegrityError:  # invited by somebody else a moment ago
            return None
    reviewer.token_hash = _hash(token_of(reviewer))
    reviewer.save(update_fields=["token_hash"])
    record("reviewer.invited", by=by, subject=reviewer, edition=edition, details={"email": reviewer.email})
    _mail("reviews.invitation", reviewer, revision=f"{by.now:%Y%m%d%H%M%S}", words=words, batch=batch)
    return reviewer


@transaction.atomic
def remind(reviewers: QuerySet[Reviewer], *, by: Viewer) -> int:
    """Ask once more those who have not answered; at most one mail a day to each. How many were asked.

    Raises:
        NotAllowed: `by` is no organiser.
    """
    require(may_run_committee(by))
    waiting = list(reviewers.filter(edition=by.edition, state=State.INVITED).select_related("edition"))
    batch = batch_of(waiting)
    for reviewer in waiting:
        _mail("reviews.invitation_reminder", reviewer, revision=f"{by.now:%Y%m%d}", batch=batch)
        record("reviewer.reminded", by=by, subject=reviewer)
    return len(waiting)


@transaction.atomic
def mark_seniors(edition: Edition, public_ids: Iterable[str], *, by: Viewer) -> int:
    """These members, and no others, count as senior where each paper needs one: how many do.

    Raises:
        NotAllowed: `by` is no organiser.
    """
    require(may_run_committee(by))
    chosen = set(public_ids)
    members = list(Reviewer.objects.filter(edition=edition, state=State.ACCEPTED).select_for_update())
    for reviewer in members:
        is_senior = reviewer.public_id in chosen
        if reviewer.is_senior != is_senior:
            reviewer.is_senior = is_senior
            reviewer.save(update_fields=["is_senior"])
            record("reviewer.made_senior" if is_senior else "reviewer.made_junior", by=by, subject=reviewer)
    return sum(reviewer.is_senior for reviewer in members)


def _mail(event: str, reviewer: Reviewer, *, revision: str, words: str = "", batch: str = "") -> None:
    queue_mail(
        event,
        edition=reviewer.edition,
        to=Recipient(reviewer.email, reviewer.name, reviewer.user),
        about=reviewer.public_id,
        context={"name": reviewer.name, "link": invitation_link(reviewer), "load": reviewer.load, "words": words},
        revision=revision,
        batch=batch,
    )


@transaction.atomic
def accept(reviewer: Reviewer, *, load: int, show_publicly: bool, by: Viewer, steps_in: bool = False) -> Reviewer:
    """Join the committee. The mailed secret proved the address: whoever owns it is the reviewer.

    Raises:
        NotAllowed: the invitation was taken back, or the address belongs to an account that must confirm it first.
    """
    require(may_answer(reviewer, accept=True))
    try:
        user = person_of_proved_address(reviewer.email, name=reviewer.name, affiliation=reviewer.affiliation)
    except AddressTakenError:
        raise NotAllowed(
            "This address stands on an account that has not confirmed it. Sign in, confirm it, and open the link again."
        ) from None
    if Reviewer.objects.filter(edition=reviewer.edition, user=user).exclude(pk=reviewer.pk).exists():
        raise NotAllowed("You are on the committee already, by another address.")
    changed = Reviewer.objects.filter(pk=reviewer.pk).exclude(state=State.REMOVED)
    said = {"load": load, "steps_in": steps_in, "show_publicly": show_publicly}
    if not changed.update(state=State.ACCEPTED, user=user, answered_at=by.now, decline_reason="", **said):
        raise NotAllowed(_TAKEN_BACK)
    Role.objects.get_or_create(edition=reviewer.edition, user=user, name=Role.Name.REVIEWER)
    find_conflicts_of(user, reviewer.edition)
    record("reviewer.accepted", by=by, subject=reviewer, edition=reviewer.edition, details={"load": load})
    reviewer.refresh_from_db()
    settle_delegations(reviewer, by=by)
    return reviewer


@transaction.atomic
def decline(reviewer: Reviewer, *, reason: str, suggestion: str, by: Viewer) -> Reviewer:
    """Say no, or no longer; with a reason and somebody else to ask.

    Raises:
        NotAllowed: the invitation was taken back, or papers are assigned already.
    """
    require(may_answer(reviewer, accept=False))
    changed = Reviewer.objects.filter(pk=reviewer.pk).exclude(state=State.REMOVED)
    if not changed.update(state=State.DECLINED, answered_at=by.now, decline_reason=reason, suggestion=suggestion):
        raise NotAllowed(_TAKEN_BACK)
    _take_role(reviewer)
    record("reviewer.declined", by=by, subject=reviewer, edition=reviewer.edition)
    reviewer.refresh_from_db()
    settle_delegations(reviewer, by=by)
    return reviewer


@transaction.atomic
def remove(reviewer: Reviewer, *, by: Viewer) -> None:
    """Take somebody off the committee. Papers still assigned are freed; submitted reviews stay.

    Raises:
        NotAllowed: `by` is no organiser.
    """
    require(may_run_committee(by))
    Reviewer.objects.filter(pk=reviewer.pk).update(state=State.REMOVED, answered_at=by.now, token_hash="")
    unfinished = reviewer.assignments.filter(state=Assignment.State.ACTIVE).exclude(review__state="submitted")
    freed = list(unfinished.values_list("submission_id", flat=True))
    unfinished.update(state=Assignment.State.REMOVED)
    _take_role(reviewer)
    record("reviewer.removed", by=by, subject=reviewer)
    for submission in freed:
        record("assignment.removed", by=by, subject=reviewer, submission_id=submission)
    reviewer.refresh_from_db()
    settle_delegations(reviewer, by=by)


def _take_role(reviewer: Reviewer) -> None:
    if reviewer.user_id is not None:
        Role.objects.filter(edition=reviewer.edition, user=reviewer.user_id, name=Role.Name.REVIEWER).delete()


@transaction.atomic
def add_publications(reviewer: Reviewer, publications: list[Written], *, by: Viewer) -> int:
    """Keep what a member wrote, each publication once; how many are new. Whom it brings into conflict is not told.

    Raises:
        NotAllowed: it is somebody else, papers can be seen already, or there are too many.
    """
    require(may_upload_publications(by, reviewer))
    there = set(reviewer.publications.values_list("key", flat=True))
    new = [each for each in publications if each.key[:300] not in there]
    if len(there) + len(new) > MOST:
        raise NotAllowed(f"At most {MOST:,} publications are kept. Remove the old ones first.")
    Publication.objects.bulk_create(
        Publication(
            reviewer=reviewer,
            key=each.key[:300],
            title=each.title,
            abstract=each.abstract,
            authors=list(each.authors),
            year=each.year,
        )
        for each in new
    )
    find_conflicts_of(reviewer.user, reviewer.edition)
    record("reviewer.publications_added", by=by, subject=reviewer, details={"number": len(new)})
    return len(new)


@transaction.atomic
def remove_publications(reviewer: Reviewer, *, by: Viewer) -> int:
    """Forget all of them; how many. Conflicts that they brought stay until an organiser dismisses them.

    Raises:
        NotAllowed: it is somebody else, or papers can be seen already.
    """
    require(may_upload_publications(by, reviewer))
    removed, _ = reviewer.publications.all().delete()
    record("reviewer.publications_removed", by=by, subject=reviewer, details={"number": removed})
    return removed


@transaction.atomic
def describe_self(
    reviewer: Reviewer,
    *,
    profile: str,
    load: int,
    topics: list,
    show_publicly: bool,
    by: Viewer,
    steps_in: bool = False,
) -> None:
    """A member's own words on what they know, their topics and how much they take on.

    Raises:
        NotAllowed: it is somebody else.
    """
    if by.user is None or reviewer.user_id != by.user.pk or reviewer.state != State.ACCEPTED:
        raise NotAllowed("Only members of the programme committee may do this.")
    said = {"profile": profile, "load": load, "steps_in": steps_in, "show_publicly": show_publicly}
    Reviewer.objects.filter(pk=reviewer.pk).update(**said)
    reviewer.topics.set(topics)
    record("reviewer.described", by=by, subject=reviewer)
