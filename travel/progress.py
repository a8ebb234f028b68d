"""Where an application stands, step by step: all that its writer would otherwise ask by mail."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from ml4rs.editions.clock import aoe_day
from ml4rs.editions.models import Milestone
from ml4rs.editions.queries import milestone
from ml4rs.editions.viewer import Viewer
from travel.models import Application, Offer, TravelSettings
from travel.policy import STUDENTS, may_prove
from travel.queries import Proving, erased_on, proving_of

State = Application.State
DONE, NOW, LATER = "done", "now", "later"


@dataclass(frozen=True)
class Step:
    """One line: what it is, what is to be known of it, and the way to it."""

    label: str
    detail: str
    state: str
    url: str = ""
    link: str = ""


def progress_of(viewer: Viewer, row: Application, offer: Offer | None, settings: TravelSettings) -> list[Step]:
    """The steps of the applicant's own application. Four queries at most."""
    if row.state == State.WITHDRAWN:
        return []
    return [
        _submitted(viewer, row),
        *_proved(viewer, row, settings),
        *_answered(row, offer, settings),
        _erased(row, viewer, settings),
    ]


def _submitted(viewer: Viewer, row: Application) -> Step:
    due = milestone(viewer.edition, Milestone.Kind.TRAVEL)
    until = f"until {_day(aoe_day(due.instant))}, Anywhere on Earth" if due and due.instant and due.aoe else ""
    is_open = due is not None and not due.has_closed(viewer.now)
    if row.state == State.DRAFT:
        return Step("Submit", until if is_open else "the deadline has passed", NOW)
    handed_in = f"on {_day(row.submitted_at.date())}" if row.submitted_at else ""
    change = f"; you may change it {until}" if row.state == State.SUBMITTED and is_open and until else ""
    return Step("Submitted", f"{handed_in}{change}", DONE)


def _proved(viewer: Viewer, row: Application, settings: TravelSettings) -> list[Step]:
    proving = proving_of(row)
    wanted = settings.needs_proof and (row.status in STUDENTS or not row.status)
    if not wanted and proving.proof is None and proving.confirmation is None:
        return []
    url = reverse("travel:proof", args=[viewer.edition.slug]) if may_prove(viewer, row) else ""
    return [Step("Proof that you study", proving.words or "not yet", _state(proving), url, _link(proving, url))]


def _link(proving: Proving, url: str) -> str:
    if not url:
        return ""
    return "Look at it" if proving.words else "Hand it in, or name your advisor"


def _state(proving: Proving) -> str:
    confirmation = proving.confirmation
    confirmed = confirmation is not None and confirmation.answer == "confirmed"
    return DONE if proving.proof or confirmed else NOW


def _answered(row: Application, offer: Offer | None, settings: TravelSettings) -> list[Step]:
    by = f"by {_day(settings.answers_on)}" if settings.answers_on else "by mail, once all are assessed"
    if row.state == State.DRAFT:
        return [Step("You hear from us", by, LATER)]
    if row.state == State.SUBMITTED:
        officers = settings.least_assessments
        detail = f"{by}; {officers} grants officers read each application first" if officers > 1 else by
        return [Step("You hear from us", detail, NOW)]
    if row.state == State.WAITING:
        return [Step("On the waiting list", "what others decline is offered in its order; you hear at once", NOW)]
    if row.state == State.DECLINED or offer is None:
        return [Step("Answered", "not granted", DONE)]
    if offer.state == Offer.State.OPEN:
        return [Step("Offer", "waits for your answer above", NOW)]
    paid = "paid" if offer.paid_minor >= offer.amount_minor else "paid against receipts, after the workshop"
    return [Step("Offer accepted", "", DONE), Step("Money", paid, DONE if paid == "paid" else NOW)]


def _erased(row: Application, viewer: Viewer, settings: TravelSettings) -> Step:
    days = [day for day in (row.erase_on, erased_on(viewer.edition, settings)) if day is not None]
    return Step("Deleted", f"on {_day(min(days))}" if days else "a year after the workshop", LATER)


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
