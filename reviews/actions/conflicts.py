"""Conflicts: found, declared, set, confirmed and dismissed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from ml4rs.accounts.models import User, normalise_address
from ml4rs.audit.actions import record
from ml4rs.editions.models import Edition, Role
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from reviews.actions.handing_on import settle_delegations
from reviews.matching.conflicts import Author, Named, Someone, find, still_close
from reviews.matching.publications import Publication as Written
from reviews.matching.publications import coauthors
from reviews.models import Assignment, Bid, Conflict, Exclusion, Publication, Reviewer
from reviews.policy import may_declare, may_exclude, may_judge_conflict
from submissions.models import Authorship, Submission

# Who meets papers of others by their role. Grants officers see accepted papers only.
_MEETING_PAPERS = (Role.Name.ORGANISER, Role.Name.DEPUTY, Role.Name.REVIEWER, Role.Name.SCHEDULE_EDITOR)


@transaction.atomic
def find_conflicts(edition: Edition) -> int:
    """Look for conflicts between everybody with a role and every paper of the edition; how many are new.

    What was found before stays, dismissed ones too. A handful of queries, then work in memory.
    """
    return _keep(find(_people(edition), _authors(edition), _named(edition)))


def find_conflicts_of(user: User, edition: Edition) -> int:
    """The same for one person: a new role, a new address, a new affiliation, a declaration."""
    if not (authors := _authors(edition)):
        return 0
    return _keep(find(_people(edition, [user.pk]), authors, _named(edition)))


def find_conflicts_around(submission: Submission) -> int:
    """The same for one paper whose authors changed, and for papers that share an author with it."""
    if not (people := _people(submission.edition)):
        return 0
    addresses = Authorship.objects.filter(submission=submission).values("email")
    related = Authorship.objects.filter(email__in=addresses, submission__edition=submission.edition_id)
    authors = _authors(submission.edition, related.values("submission"))
    named = _named(submission.edition, submission)
    return _keep(find(people, authors, named))


@transaction.atomic
def declare_conflicts(reviewer: Reviewer, *, lines: str, by: Viewer) -> Reviewer:
    """A reviewer says once whom they are close to; from then on they may see papers.

    What the lines match is never told to the reviewer: it would tell whose paper is whose.

    Raises:
        NotAllowed: not a member of the committee, or papers can be seen already.
    """
    require(may_declare(by, reviewer))
    Reviewer.objects.filter(pk=reviewer.pk).update(conflict_lines=lines, conflicts_declared_at=by.now)
    reviewer.conflict_lines, reviewer.conflicts_declared_at = lines, by.now
    find_conflicts_of(reviewer.user, reviewer.edition)
    record("reviewer.conflicts_declared", by=by, subject=reviewer)
    settle_delegations(reviewer, by=by)
    return reviewer


@transaction.atomic
def exclude(submission: Submission, people: list[tuple[str, str]], *, by: Viewer) -> None:
    """The authors say who must not review their paper: names or addresses, each with its reason, in place of before.

    Whom they mean of the committee is never told to them. Conflicts that an organiser has judged stay as judged.

    Raises:
        NotAllowed: not an author, too late, too many people, or one without a reason.
    """
    require(may_exclude(by, submission))
    most = submission.track.author_conflicts
    lines = {" ".join(line.split())[:200]: " ".join(reason.split())[:200] for line, reason in people if line.strip()}
    if len(lines) > most:
        raise NotAllowed(f"Name at most {most} people.")
    for line, reason in lines.items():
        if not reason:
            raise NotAllowed(f"Say why “{line}” must not review this paper.")
    Exclusion.objects.filter(submission=submission.pk).delete()
    fields = {"submission_id": submission.pk, "named_by": by.user, "named_at": by.now}
    Exclusion.objects.bulk_create(Exclusion(line=line, reason=reason, **fields) for line, reason in lines.items())
    Conflict.objects.filter(
        submission=submission.pk, kind=Conflict.Kind.BY_AUTHOR, confirmed_at=None, dismissed_at=None
    ).delete()
    find_conflicts_around(submission)
    record("conflict.named", by=by, subject=submission, submission_id=submission.pk, details={"people": len(lines)})


@transaction.atomic
def declare_on_paper(submission: Submission, *, by: Viewer) -> None:
    """A reviewer who sees a paper says that they must not: it disappears from their pages at once.

    Raises:
        NotAllowed: the paper is not before this reviewer.
    """
    if not (submission.reads or submission.may_bid):
        raise NotAllowed("Only a reviewer of this paper may do this.")
    _put(by.user, submission, Conflict.Kind.DECLARED, "Declared on the paper", by.now)
    Bid.objects.filter(reviewer__user=by.user, submission=submission.pk).delete()
    Assignment.objects.active().filter(submission=submission.pk, reviewer__user=by.user).exclude(
        review__state="submitted"
    ).update(state=Assignment.State.DECLINED, decline_reason="Conflict of interest")
    record("conflict.declared", by=by, subject=submission, submission_id=submission.pk)


@transaction.atomic
def set_conflict(submission: Submission, user: User, *, by: Viewer, note: str) -> None:
    """An organiser knows of a conflict.

    Raises:
        NotAllowed: `by` is no organiser without conflict.
    """
    require(may_judge_conflict(submission))
    _put(user, submission, Conflict.Kind.BY_ORGANISER, note, by.now)
    details = {"person": user.public_id, "note": note}
    record("conflict.set", by=by, subject=submission, submission_id=submission.pk, details=details)


@transaction.atomic
def confirm_conflict(conflict: Conflict, submission: Submission, *, by: Viewer, note: str = "") -> None:
    """An organiser looked at it, and it holds.

    Raises:
        NotAllowed: `by` is no organiser without conflict.
    """
    require(may_judge_conflict(submission))
    Conflict.objects.filter(pk=conflict.pk).update(confirmed_at=by.now, dismissed_at=None, note=note)
    record("conflict.confirmed", by=by, subject=conflict, submission_id=submission.pk, details={"note": note})


@transaction.atomic
def dismiss_conflict(conflict: Conflict, submission: Submission, *, by: Viewer, note: str) -> None:
    """An organiser looked at it, and it does not hold: the note says why.

    Raises:
        NotAllowed: `by` is no organiser without conflict, there is no note, or the person is an author.
    """
    require(may_judge_conflict(submission))
    if not note.strip():
        raise NotAllowed("Say in a note why this is no conflict.")
    if conflict.kind == Conflict.Kind.AUTHOR and _is_author(conflict.user_id, submission):
        raise NotAllowed("An author is always in conflict with their own paper.")
    Conflict.objects.filter(pk=conflict.pk).update(dismissed_at=by.now, confirmed_at=None, note=note)
    record("conflict.dismissed", by=by, subject=conflict, submission_id=submission.pk, details={"note": note})


def _put(user: User, submission: Submission, kind: str, evidence: str, at) -> None:
    """One active conflict of this kind, whether it was there, dismissed, or new."""
    Conflict.objects.update_or_create(
        user=user,
        submission_id=submission.pk,
        kind=kind,
        defaults={"evidence": evidence[:300], "dismissed_at": None},
        create_defaults={"evidence": evidence[:300], "created_at": at},
    )


def _keep(findings: list) -> int:
    """Store what is new; rows that exist, dismissed or not, stay as they are."""
    known = set(
        Conflict.objects.filter(user__in={each.user for each in findings}).values_list(
            "user_id", "submission_id", "kind"
        )
        if findings
        else []
    )
    now = timezone.now()
    fresh = [
        Conflict(user_id=each.user, submission_id=each.paper, kind=each.kind, evidence=each.evidence, created_at=now)
        for each in findings
        if (each.user, each.paper, each.kind) not in known
    ]
    Conflict.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    return len(fresh)


def _authors(edition: Edition, submissions=None) -> list[Author]:
    rows = Authorship.objects.filter(submission__edition=edition)
    if submissions is not None:
        rows = rows.filter(submission__in=submissions)
    columns = ("submission_id", "name", "email", "affiliation", "user_id")
    return [Author(*row) for row in rows.values_list(*columns)]


def _named(edition: Edition, submission: Submission | None = None) -> list[Named]:
    """Whom authors name, of one paper or of all. One query."""
    rows = Exclusion.objects.filter(submission__edition=edition)
    if submission is not None:
        rows = rows.filter(submission=submission)
    return [Named(*row) for row in rows.values_list("submission_id", "line", "reason")]


def _people(edition: Edition, users: Iterable[int] | None = None) -> list[Someone]:
    """Everybody with a role that meets papers, with all verified addresses and what they declared."""
    roles = Role.objects.filter(edition=edition, name__in=_MEETING_PAPERS, user__isnull=False)
    if users is not None:
        roles = roles.filter(user__in=list(users))
    people = {user: rest for user, *rest in roles.values_list("user_id", "user__name", "user__affiliation")}
    addresses: dict[int, set[str]] = defaultdict(set)
    for user, address in EmailAddress.objects.filter(user__in=people, verified=True).values_list("user_id", "email"):
        addresses[user].add(normalise_address(address))
    members = Reviewer.objects.filter(edition=edition, user__in=people).values_list(
        "user_id", "name", "affiliation", "conflict_lines", "email"
    )
    said = {user: rest for user, *rest in members}
    written, since = _written(edition, people), _since(edition)
    return [
        replace(_someone(user, *of_account, addresses[user], said.get(user), since), published=written.get(user, ()))
        for user, of_account in people.items()
    ]


def _written(edition: Edition, people: dict[int, list[str]]) -> dict[int, tuple[tuple[str, str], ...]]:
    """With whom these people published lately: names with titles. One query."""
    rows = Publication.objects.filter(reviewer__edition=edition, reviewer__user__in=people)
    by_user: dict[int, list[Written]] = defaultdict(list)
    for user, title, authors, year in rows.values_list("reviewer__user", "title", "authors", "year"):
        by_user[user].append(Written(title, tuple(authors), year))
    since = _since(edition)
    if not edition.coauthor_years:
        return {}
    return {
        user: tuple((name, each.title) for name, each in coauthors(own, people[user][0], since).items())
        for user, own in by_user.items()
    }


def _since(edition: Edition) -> int:
    """The first year that still counts."""
    return timezone.now().year - edition.coauthor_years


def _someone(
    user: int, name: str, affiliation: str, addresses: set[str], said: list[str] | None, since: int
) -> Someone:
    invited_as, as_member, lines, invited_at = said or ["", "", "", ""]
    return Someone(
        user=user,
        name=name or invited_as,
        addresses=frozenset(addresses | ({invited_at} if invited_at else set())),
        affiliations=tuple(filter(None, (affiliation, as_member))),
        declared=tuple(filter(None, (still_close(line, since) for line in lines.splitlines()))),
    )


def _is_author(user: int, submission: Submission) -> bool:
    addresses = [
        normalise_address(email)
        for email in EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    ]
    on_paper = Authorship.objects.filter(submission=submission.pk)
    return on_paper.filter(user=user).exists() or on_paper.filter(email__in=addresses).exists()
