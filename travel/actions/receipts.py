"""From bills to money: a grantee hands in receipts, officers approve them and record what was paid.

The sums stand on the offer and move by conditional updates only: never more is paid than granted, nor than
approved receipts come to.
"""

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import F

from ml4rs.editions.money import in_words
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from submissions.incoming import bare_name, sha256_of, type_of
from travel.actions.telling import note, tell
from travel.models import Application, Offer, Payment, Receipt
from travel.policy import may_hand_in_receipts, may_judge_receipt, may_pay, may_withdraw_receipt
from travel.queries import seen_or_none

TYPES = ["pdf", "png", "jpeg"]
MEGABYTES = 10
MOST = 40  # receipts of one grant
_PAGE = "travel:receipts"
_AGAIN = "You handed in this very file already."
_MEANWHILE = "Somebody changed this a moment ago. Look at it again."


def hand_in(offer: Offer, file: UploadedFile, *, line: str, amount_minor: int, currency: str, by: Viewer) -> Receipt:
    """Keep a receipt. The same file counts once.

    Raises:
        NotAllowed: it is not `by`'s accepted offer, the date has passed, or the file was handed in before.
        BadFile: it is empty, too large, or neither PDF nor picture.
    """
    require(may_hand_in_receipts(by, offer))
    if offer.receipts.exclude(state=Receipt.State.WITHDRAWN).count() >= MOST:
        raise NotAllowed(f"At most {MOST} receipts are taken. Put several on one page, or write to the organisers.")
    found = type_of(file, TYPES, megabytes=MEGABYTES)
    receipt = Receipt(
        offer=offer,
        line=line,
        amount_minor=amount_minor,
        currency=currency,
        sha256=sha256_of(file),
        size=file.size,
        content_type=found.content_type,
        original_name=bare_name(file.name),
        handed_in_at=by.now,
    )
    storage = Receipt.stored.field.storage
    receipt.stored = storage.save(Receipt.stored.field.upload_to(receipt, ""), file)
    try:
        with transaction.atomic():
            receipt.save(force_insert=True)
            note("receipt_handed_in", offer.application, by=by, receipt=str(receipt))
    except IntegrityError as error:
        storage.delete(receipt.stored.name)
        raise NotAllowed(_AGAIN) from error
    except BaseException:
        storage.delete(receipt.stored.name)
        raise
    return receipt


@transaction.atomic
def withdraw_receipt(receipt: Receipt, *, by: Viewer) -> None:
    """Take back a receipt that waits for approval.

    Raises:
        NotAllowed: it is not `by`'s, or is judged already.
    """
    require(may_withdraw_receipt(by, receipt))
    _move(receipt, Receipt.State.WITHDRAWN)
    note("receipt_withdrawn", receipt.offer.application, by=by, receipt=str(receipt))


@transaction.atomic
def approve_receipt(receipt: Receipt, *, counted_minor: int, text: str = "", by: Viewer) -> None:
    """Let a receipt count for so much in the offer's currency.

    Raises:
        NotAllowed: `by` may not handle it, it is judged already, or it would count for more than it shows.
    """
    application = _handled(receipt.offer, by)
    require(may_judge_receipt(by, application, receipt))
    if counted_minor <= 0:
        raise NotAllowed("Let it count for more than nothing, or do not accept it.")
    if receipt.currency == receipt.offer.currency and counted_minor > receipt.amount_minor:
        raise NotAllowed(f"The receipt shows {in_words(receipt.amount_minor, receipt.currency)}, not more.")
    _move(receipt, Receipt.State.APPROVED, counted_minor=counted_minor, note=text, judged_by=by.user, judged_at=by.now)
    held = Offer.objects.filter(pk=receipt.offer_id, state=Offer.State.ACCEPTED)
    if not held.update(approved_minor=F("approved_minor") + counted_minor):
        raise NotAllowed(_MEANWHILE)
    words = in_words(counted_minor, receipt.offer.currency)
    note("receipt_approved", application, by=by, receipt=str(receipt), counted=words)


@transaction.atomic
def refuse_receipt(receipt: Receipt, *, text: str, by: Viewer) -> None:
    """Say why a receipt does not count; the grantee gets a mail and may hand in another.

    Raises:
        NotAllowed: `by` may not handle it, it is judged already, or no reason is given.
    """
    application = _handled(receipt.offer, by)
    require(may_judge_receipt(by, application, receipt))
    if not text.strip():
        raise NotAllowed("Say why, so that something can be done about it.")
    _move(receipt, Receipt.State.REFUSED, note=text.strip(), judged_by=by.user, judged_at=by.now)
    note("receipt_refused", application, by=by, receipt=str(receipt), reason=text.strip())
    context = {"receipt": str(receipt), "text": text.strip()}
    tell(
        "receipt_refused", application, to=application.user, revision=receipt.public_id, context=context, own_page=_PAGE
    )


@transaction.atomic
def pay(offer: Offer, *, amount_minor: int, reference: str, paid_before: int, by: Viewer) -> Payment:
    """Record that money was sent; the grantee gets a mail.

    `paid_before` is the sum paid as the officer saw it, in minor units, so that a second click pays nothing twice.

    Raises:
        NotAllowed: `by` may not handle it, the sum is above what is payable, or somebody paid meanwhile.
    """
    application = _handled(offer, by)
    require(may_pay(by, application, offer))
    if not 0 < amount_minor <= offer.payable_minor:
        raise NotAllowed(f"At most {in_words(offer.payable_minor, offer.currency)} can be paid now.")
    held = Offer.objects.filter(
        pk=offer.pk,
        state=Offer.State.ACCEPTED,
        paid_minor=paid_before,
        amount_minor__gte=F("paid_minor") + amount_minor,
        approved_minor__gte=F("paid_minor") + amount_minor,
    )
    if not held.update(paid_minor=F("paid_minor") + amount_minor):
        raise NotAllowed("A payment was recorded a moment ago. Look at it again before you record another.")
    made = Payment.objects.create(
        offer=offer,
        amount_minor=amount_minor,
        currency=offer.currency,
        reference=reference.strip(),
        recorded_by=by.user,
        recorded_at=by.now,
    )
    note("paid", application, by=by, amount=str(made), reference=made.reference)
    context = {"amount": str(made), "reference": made.reference}
    tell("paid", application, to=application.user, revision=made.public_id, context=context, own_page=_PAGE)
    return made


def _handled(offer: Offer, by: Viewer) -> Application:
    """The application as this officer sees it now."""
    current = seen_or_none(by, offer.application.public_id)
    if current is None:
        raise NotAllowed("This page does not exist.")
    current.edition = by.edition
    return current


def _move(receipt: Receipt, state: str, **values) -> None:
    waiting = Receipt.objects.filter(pk=receipt.pk, state=Receipt.State.SUBMITTED)
    if not waiting.update(state=state, **values):
        raise NotAllowed(_MEANWHILE)
