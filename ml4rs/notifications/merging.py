"""Mail merge: organisers write once, and everybody on a list gets a mail of their own, as one batch."""

from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256

from django.db import transaction
from django.http import QueryDict

from ml4rs.accounts.models import normalise_address
from ml4rs.audit.actions import record
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.actions import queue_mail
from ml4rs.notifications.policy import may_write_to
from ml4rs.notifications.registry import Addressee, MailingList
from ml4rs.notifications.wording import Words, sample_words, unknown_variables, variables_of

MOST_AT_ONCE = 2000


def addressees(those: MailingList, asked: QueryDict, viewer: Viewer) -> list[Addressee]:
    """Who is on the list, as the filters in `asked` leave it and as far as the viewer may know; in the list's order.

    Raises:
        NotAllowed: the list is not for this viewer to write to.
    """
    require(may_write_to(viewer, those))
    return list(those.people(viewer, asked))


def merged(people: Iterable[Addressee], those: MailingList, *words: str) -> list[Addressee]:
    """Each person once, unless the words say something of each paper of theirs in particular."""
    if set(those.event.variables) & variables_of(" ".join(words)):
        return list(people)
    found: dict[str, Addressee] = {}
    for person in people:
        address = normalise_address(person.recipient.address)
        before = found.get(address)
        found[address] = (
            replace(before, papers=before.concerns | person.concerns, submission_id=None) if before else person
        )
    return list(found.values())


def digest(people: Iterable[Addressee]) -> str:
    """Tells whether a list is still the one that was looked at."""
    words = "\n".join(f"{person.recipient.address} {person.about}" for person in people)
    return sha256(words.encode()).hexdigest()[:16]


def preview(person: Addressee, those: MailingList, subject: str, body: str, viewer: Viewer) -> Words:
    """The mail as this person will read it."""
    return sample_words(those.event, viewer.edition, subject, body, person.recipient, person.values)


@transaction.atomic
def send(
    people: list[Addressee],
    those: MailingList,
    *,
    subject: str,
    body: str,
    batch: str,
    held: bool = False,
    by: Viewer,
) -> int:
    """Queue one mail for each; how many. `held` keeps them in the outbox until they are released.

    `batch` is the form's own word for this sending: the same form sent twice writes to nobody twice.

    Raises:
        NotAllowed: the list is not for `by` to write to, a variable is unknown, or there are too many at once.
    """
    require(may_write_to(by, those))
    if strange := unknown_variables(f"{subject} {body}", those.event):
        raise NotAllowed(f"Mails to these people have no {', '.join(strange)}.")
    if len(people) > MOST_AT_ONCE:
        raise NotAllowed(f"These are {len(people)} mails; {MOST_AT_ONCE} at once are the most.")
    for person in people:
        _queue(person, those, (subject, body), batch, held, by)
    return len(people)


def _queue(person: Addressee, those: MailingList, wording: tuple[str, str], batch: str, held: bool, by: Viewer) -> None:
    message = queue_mail(
        those.event.name,
        edition=by.edition,
        to=person.recipient,
        about=person.about,
        revision=batch,
        context=person.values,
        wording=wording,
        submission_id=person.submission_id,
        papers=person.papers,
        names_papers=person.names_papers,
        application_id=person.application_id,
        grants_only=those.grants_only,
        batch=batch,
        held=held,
    )
    for paper in person.concerns or [None]:
        record(
            "mail.written",
            by=by,
            subject=message,
            submission_id=paper,
            application_id=person.application_id,
            grants_only=those.grants_only,
            details={"subject": message.subject},
        )
