"""The author list: adding people by e-mail address, changing, ordering and removing them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import F, Max

from ml4rs.accounts.models import User, normalise_address
from ml4rs.audit.actions import record
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from submissions.actions.checks import ask_for_check
from submissions.actions.final import keep_as_reviewed
from submissions.actions.fresh import held
from submissions.actions.telling import tell_coauthors
from submissions.models import Authorship, Submission
from submissions.policy import FILES_AFTER_ACCEPTANCE, FILES_OF_SUBMISSION, may_change_authors
from submissions.queries import current_files

_ASIDE = 10_000  # positions move out of each other's way before they take their new places
MOST_AUTHORS = 100


@dataclass(frozen=True)
class AuthorDetails:
    name: str
    email: str
    affiliation: str = ""
    country: str = ""
    orcid: str = ""
    is_corresponding: bool = False
    is_presenter: bool = False


@transaction.atomic
def add_author(submission: Submission, details: AuthorDetails, *, by: Viewer) -> Authorship:
    """Put a person at the end of the author list.

    Raises:
        NotAllowed: `by` may not edit the paper, or the address is on the list already.
    """
    return add_authors(submission, [details], by=by)[0]


@transaction.atomic
def add_authors(submission: Submission, people: Iterable[AuthorDetails], *, by: Viewer) -> list[Authorship]:
    """Put people at the end of the author list, all or none.

    Raises:
        NotAllowed: `by` may not edit the paper, an address is on the list already, or the list grows too long.
    """
    current = _editable(submission, by)
    position = current.authorships.aggregate(last=Max("position"))["last"] or 0
    added = []
    for number, details in enumerate(people, start=1):
        if position + number > MOST_AUTHORS:
            raise NotAllowed(f"A paper can have at most {MOST_AUTHORS} authors here.")
        added.append(_insert(current, details, position + number))
    names = [author.name for author in added]
    record("submission.authors_added", by=by, subject=current, submission_id=current.pk, details={"names": names})
    _after_change(current, by)
    return added


@transaction.atomic
def change_author(submission: Submission, author_id: str, details: AuthorDetails, *, by: Viewer) -> Authorship:
    """Correct what is said of one author. A new address is told anew.

    Raises:
        NotAllowed: `by` may not edit the paper, this author is gone, or the address is on the list already.
    """
    current = _editable(submission, by)
    author = _author(current, author_id)
    if details.is_corresponding:
        current.authorships.exclude(pk=author.pk).update(is_corresponding=False)
    before = asdict(_details_of(author))
    values = _fields(details)
    if values["email"] != author.email:
        values |= {"told_at": None, "answered_at": None, "answer": "", "objection": ""}
    for name, value in values.items():
        setattr(author, name, value)
    _save_once(author, only=values)  # what the person themselves answers at this moment stays
    after = asdict(_details_of(author))
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    record("submission.author_changed", by=by, subject=current, submission_id=current.pk, details=changed)
    _after_change(current, by)
    return author


@transaction.atomic
def remove_author(submission: Submission, author_id: str, *, by: Viewer) -> None:
    """Take a person off the paper. The first author left becomes corresponding if nobody is.

    Raises:
        NotAllowed: `by` may not edit the paper, or this is its last author.
    """
    current = _editable(submission, by)
    author = _author(current, author_id)
    if current.authorships.count() == 1:
        raise NotAllowed("A paper needs at least one author.")
    author.delete()
    if author.is_corresponding:
        first = current.authorships.order_by("position").first()
        current.authorships.filter(pk=first.pk).update(is_corresponding=True)
    details = {"name": author.name, "email": author.email}
    record("submission.author_removed", by=by, subject=current, submission_id=current.pk, details=details)
    _after_change(current, by)


@transaction.atomic
def move_author(submission: Submission, author_id: str, *, by: Viewer, up: bool) -> None:
    """Let an author change places with the one before or after; at the end of the list nothing happens.

    Raises:
        NotAllowed: `by` may not edit the paper.
    """
    current = _editable(submission, by)
    order = [author.public_id for author in current.authorships.order_by("position")]
    _author(current, author_id)
    at = order.index(author_id)
    to = at - 1 if up else at + 1
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
        _place(current, order, by)


@transaction.atomic
def order_authors(submission: Submission, order: list[str], *, by: Viewer) -> None:
    """Put the authors in this order.

    Raises:
        NotAllowed: `by` may not edit the paper, or somebody was added or removed meanwhile.
    """
    current = _editable(submission, by)
    if sorted(order) != sorted(current.authorships.values_list("public_id", flat=True)):
        raise NotAllowed("The list of authors has changed meanwhile. Look at it again.")
    _place(current, order, by)


def _place(submission: Submission, order: list[str], by: Viewer) -> None:
    submission.authorships.update(position=F("position") + _ASIDE)
    for position, public_id in enumerate(order, start=1):
        submission.authorships.filter(public_id=public_id).update(position=position)
    record("submission.authors_ordered", by=by, subject=submission, submission_id=submission.pk)


def _editable(submission: Submission, by: Viewer) -> Submission:
    current = held(submission, by)
    require(may_change_authors(by, current))
    if current.seen_outcome:
        keep_as_reviewed(current)
    return current


def _author(submission: Submission, author_id: str) -> Authorship:
    found = submission.authorships.filter(public_id=author_id).first()
    if found is None:
        raise NotAllowed("This person is no longer on the list.")
    return found


def _insert(submission: Submission, details: AuthorDetails, position: int) -> Authorship:
    if details.is_corresponding:
        submission.authorships.update(is_corresponding=False)
    return _save_once(Authorship(submission=submission, position=position, **_fields(details)))


def _fields(details: AuthorDetails) -> dict:
    """Column values; an address that somebody has verified ties the row to that person."""
    email = normalise_address(details.email)
    verified = EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
    user: User | None = verified.user if verified else None
    return {**asdict(details), "email": email, "user": user}


def _save_once(author: Authorship, only: Iterable[str] | None = None) -> Authorship:
    try:
        with transaction.atomic():
            author.save(update_fields=only)
    except IntegrityError as error:
        raise NotAllowed(f"{author.email} is on the list already.") from error
    return author


def _details_of(author: Authorship) -> AuthorDetails:
    names = AuthorDetails.__dataclass_fields__
    return AuthorDetails(**{name: getattr(author, name) for name in names})


def _after_change(submission: Submission, by: Viewer) -> None:
    """Those named on a submitted paper are told; its files are searched for the new names, or held against them."""
    searched = FILES_AFTER_ACCEPTANCE if submission.seen_outcome else FILES_OF_SUBMISSION
    if submission.state == Submission.State.SUBMITTED:
        tell_coauthors(submission, by=by)
    for version in current_files(submission).values():
        if version.kind in searched:
            ask_for_check(version, by=by)
