"""Proof that an applicant studies where they say: a file, or an advisor who confirms it by a personal link."""

import re
from hashlib import sha256

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from ml4rs.accounts.models import normalise_address
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.actions import Recipient, queue_mail
from ml4rs.notifications.links import absolute
from submissions.incoming import bare_name, sha256_of, type_of
from travel.actions.applying import fresh
from travel.actions.telling import note, tell
from travel.models import Application, Confirmation, Proof
from travel.policy import may_prove

TYPES = ["pdf", "png", "jpeg"]
MEGABYTES = 5
MOST_ASKED = 3  # mails to advisors for one application, so that nobody is pestered through us
_LINK = re.compile(r"://|www\.|@", re.IGNORECASE)
Answer = Confirmation.Answer


def upload_proof(application: Application, file: UploadedFile, *, by: Viewer) -> Proof:
    """Keep a proof of status; an earlier file is deleted.

    Raises:
        NotAllowed: it is not `by`'s application, or it is answered or withdrawn.
        BadFile: the file is empty, too large, or neither PDF nor picture.
    """
    require(may_prove(by, fresh(application, by)))
    found = type_of(file, TYPES, megabytes=MEGABYTES)
    values = {
        "sha256": sha256_of(file),
        "size": file.size,
        "content_type": found.content_type,
        "original_name": bare_name(file.name),
        "uploaded_at": by.now,
    }
    storage, naming = Proof.stored.field.storage, Proof(application_id=application.pk, sha256=values["sha256"])
    stored = storage.save(Proof.stored.field.upload_to(naming, ""), file)
    try:
        with transaction.atomic():
            Application.objects.select_for_update().get(pk=application.pk)
            earlier = Proof.objects.filter(application=application.pk).first()
            made, _ = Proof.objects.update_or_create(
                application_id=application.pk, defaults={**values, "stored": stored}
            )
            note("proof_uploaded", application, by=by)
            if earlier is not None:
                transaction.on_commit(lambda: storage.delete(earlier.stored.name))
    except BaseException:
        storage.delete(stored)
        raise
    return made


@transaction.atomic
def ask_advisor(application: Application, *, name: str, email: str, by: Viewer) -> Confirmation:
    """Mail an advisor a personal link to confirm the applicant's status; the same address always gets the same link.

    Raises:
        NotAllowed: it is not `by`'s application, it is answered or confirmed already, the name or institution is not
            given or holds a link, the address is the applicant's own, or advisors were asked too often.
    """
    current = fresh(application, by)
    require(may_prove(by, current))
    address = normalise_address(email)
    _refuse_misuse(current, name, address, by)
    Application.objects.select_for_update().get(pk=current.pk)
    standing = Confirmation.objects.filter(application=current).first()
    if standing is not None and standing.answer == Answer.CONFIRMED:
        raise NotAllowed("Your advisor has confirmed it already.")
    times = standing.times_asked + 1 if standing else 1
    if times > MOST_ASKED:
        raise NotAllowed(f"Advisors were asked {MOST_ASKED} times. Upload a letter or a student card instead.")
    values = {
        "name": name.strip(),
        "email": address,
        "token_hash": _hash(_token_of(current, address)),
        "times_asked": times,
        "asked_at": by.now,
        "answer": Answer.WAITING,
        "answered_at": None,
        "note": "",
    }
    made, _ = Confirmation.objects.update_or_create(application=current, defaults=values)
    note("advisor_asked", current, by=by)
    _mail_advisor(current, made)
    return made


def _refuse_misuse(application: Application, name: str, address: str, by: Viewer) -> None:
    if not application.legal_name.strip() or not application.institution.strip() or not application.status:
        raise NotAllowed(
            "Save your name, your institution and what you study towards first: your advisor confirms them."
        )
    if any(_LINK.search(text) for text in (name, application.legal_name, application.institution)):
        raise NotAllowed("Names go into the mail to your advisor: write them without links or addresses.")
    if address in by.addresses or address == normalise_address(by.user.email):
        raise NotAllowed("This is your own address. Name your advisor's.")


def _mail_advisor(application: Application, made: Confirmation) -> None:
    edition = application.edition
    token = _token_of(application, made.email)
    queue_mail(
        "travel.advisor_asked",
        edition=edition,
        to=Recipient(made.email, made.name, None),
        about=application.public_id,
        context={
            "applicant": application.legal_name,
            "studies": application.get_status_display(),
            "institution": application.institution,
            "url": absolute("travel:confirm", edition.slug, application.public_id, token),
        },
        revision=made.times_asked,
        application_id=application.pk,
        grants_only=True,
    )


def opens(confirmation: Confirmation, token: str) -> bool:
    """Whether this secret is the one that was mailed."""
    return constant_time_compare(_hash(token), confirmation.token_hash)


@transaction.atomic
def answer_for(confirmation: Confirmation, *, confirmed: bool, text: str, by: Viewer) -> None:
    """The advisor's word, by the personal link: once. The applicant is told yes or no; `text` is for officers alone.

    Raises:
        NotAllowed: it was answered already, or somebody else is asked meanwhile.
    """
    rows = Confirmation.objects.filter(pk=confirmation.pk, answer=Answer.WAITING, token_hash=confirmation.token_hash)
    answer = Answer.CONFIRMED if confirmed else Answer.DENIED
    if not rows.update(answer=answer, answered_at=by.now, note=text.strip()):
        raise NotAllowed("This was answered a moment ago.")
    application = confirmation.application
    note("advisor_answered", application, by=None)
    context = {"advisor": confirmation.name, "confirmed": confirmed}
    revision = f"{confirmation.times_asked}:{confirmation.email}"
    tell("advisor_answered", application, to=application.user, revision=revision, context=context)


def _token_of(application: Application, address: str) -> str:
    """Derived, so that a second mail to the same person carries the same link; the database holds only its hash."""
    value = f"{application.public_id}:{address}"
    return salted_hmac("travel.confirmation", value, algorithm="sha256").hexdigest()[:40]


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
