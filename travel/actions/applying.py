"""The applicant's verbs: start, save while typing, submit, withdraw, take up again."""

from django.db import transaction
from django.db.models import F, Q

from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from travel.actions.money import give_back, one_at_a_time
from travel.actions.rolling import roll
from travel.actions.telling import note, tell
from travel.models import Application, Offer, Plan
from travel.policy import may_apply, may_edit, may_reopen, may_submit, may_withdraw, problems
from travel.queries import erased_on, settings_of

State = Application.State
FIELDS = (
    "legal_name",
    "preferred_name",
    "status",
    "institution",
    "country",
    "airport",
    "will_present",
    "amount_minor",
    "currency",
    "costs",
    "least_minor",
    "without",
    "arrives_on",
    "leaves_on",
    "wants_letter",
    "other_funding",
    "benefit",
    "need",
    "is_true",
    "consents",
)


class EditConflict(Exception):  # noqa: N818  (named after what happened to the writer)
    """Another tab saved meanwhile; `current` is the row as it left it."""

    def __init__(self, current: Application) -> None:
        super().__init__("This application was changed in another tab.")
        self.current = current


def fresh(application: Application, by: Viewer) -> Application:
    """The row as it stands now."""
    current = Application.objects.select_related("edition", "user").get(pk=application.pk)
    if by.edition is None or current.edition_id != by.edition.pk:
        raise NotAllowed("This page does not exist.")
    return current


@transaction.atomic
def start(*, by: Viewer) -> Application:
    """The person's application of this edition, made as a draft where there was none.

    Raises:
        NotAllowed: nobody is signed in, or the deadline has passed.
    """
    require(may_apply(by))
    user = by.user
    row, created = Application.objects.get_or_create(
        edition=by.edition,
        user=user,
        defaults={
            "legal_name": user.name,
            "institution": user.affiliation,
            "country": user.country,
            "created_at": by.now,
            "updated_at": by.now,
        },
    )
    if created:
        note("started", row, by=by)
    return row


@transaction.atomic
def save(
    application: Application, values: dict, *, by: Viewer, revision: int, tab: str = "", typing: bool = False
) -> Application:
    """Save what the applicant wrote if no other tab has saved since `revision`.

    A draft may lack anything. A submitted application must stay complete, and changes only on request.

    Raises:
        NotAllowed: `by` is not the applicant, the deadline has passed, or a submitted one would be incomplete.
        EditConflict: another tab saved meanwhile. Nothing was written.
    """
    current = fresh(application, by)
    require(may_edit(by, current))
    changed = {name: values[name] for name in FIELDS if name in values and values[name] != getattr(current, name)}
    if not changed:
        return current
    if current.state == State.SUBMITTED:
        if typing:
            raise NotAllowed("A submitted application changes only when you press “Save changes”.")
        _refuse_incomplete(current, changed)
    expected = Q(revision=revision) | (Q(edited_in=tab) & ~Q(edited_in=""))
    rows = Application.objects.filter(expected, pk=current.pk, state=current.state)
    if not rows.update(**changed, updated_at=by.now, revision=F("revision") + 1, edited_in=tab):
        raise EditConflict(fresh(current, by))
    if not typing:
        note("edited", current, by=by, fields=sorted(changed))
    return fresh(current, by)


def _refuse_incomplete(current: Application, changed: dict) -> None:
    for name, value in changed.items():
        setattr(current, name, value)
    if found := problems(current, settings_of(current.edition)):
        raise NotAllowed(" ".join(found))


@transaction.atomic
def submit(application: Application, *, by: Viewer) -> Application:
    """Hand it in; it may be changed until the deadline. A receipt goes out.

    Raises:
        NotAllowed: `by` is not the applicant, the deadline has passed, or something is missing.
    """
    current = fresh(application, by)
    require(may_submit(by, current))
    if found := problems(current, settings_of(current.edition)):
        raise NotAllowed(" ".join(found))
    waiting = Application.objects.filter(pk=current.pk, state=State.DRAFT)
    now = {"submitted_at": by.now, "updated_at": by.now, "revision": F("revision") + 1}
    erase_on = erased_on(current.edition, settings_of(current.edition))
    if not waiting.update(state=State.SUBMITTED, erase_on=erase_on, **now):
        raise NotAllowed("This application is submitted already.")
    current = fresh(current, by)
    note("submitted", current, by=by)
    tell("receipt", current, to=current.user, revision=current.revision)
    return current


@transaction.atomic
def withdraw(application: Application, *, by: Viewer) -> Application:
    """Take it back; money that was offered or accepted returns to its pool.

    Raises:
        NotAllowed: `by` is not the applicant, or it is neither submitted nor offered.
    """
    one_at_a_time(application.edition)
    current = fresh(application, by)
    require(may_withdraw(by, current))
    if not Application.objects.filter(pk=current.pk, state=current.state).update(
        state=State.WITHDRAWN, updated_at=by.now, revision=F("revision") + 1
    ):
        raise NotAllowed("This application changed a moment ago. Look at it again.")
    held = current.offers.filter(state__in=[Offer.State.OPEN, Offer.State.ACCEPTED]).first()
    if held is not None and not give_back(held, Offer.State.DECLINED, at=by.now):
        raise NotAllowed("The offer changed a moment ago. Look at it again.")
    Plan.objects.filter(application=current).delete()
    current = fresh(current, by)
    note("withdrawn", current, by=by)
    tell("withdrawn", current, to=current.user, revision=current.revision)
    if held is not None:
        tell("offer_answered", current, to=held.offered_by, revision=f"{held.public_id}:back", context=_taken_back())
        roll(current.edition, by.now)
    return current


def _taken_back() -> dict:
    return {"accepted": False, "taken_back": True}


@transaction.atomic
def reopen(application: Application, *, by: Viewer) -> Application:
    """Make a withdrawn application a draft again, until the deadline.

    Raises:
        NotAllowed: `by` is not the applicant, it is not withdrawn, or the deadline has passed.
    """
    current = fresh(application, by)
    require(may_reopen(by, current))
    rows = Application.objects.filter(pk=current.pk, state=State.WITHDRAWN)
    if not rows.update(state=State.DRAFT, updated_at=by.now, revision=F("revision") + 1):
        raise NotAllowed("This application changed a moment ago. Look at it again.")
    note("reopened", current, by=by)
    return fresh(current, by)
