"""Who may ask for travel support, and who may answer, each with its reason."""

from ml4rs.editions.models import Milestone
from ml4rs.editions.policy import ALLOWED, Verdict, refused
from ml4rs.editions.queries import is_open, milestone
from ml4rs.editions.viewer import Viewer
from travel.models import Application, Confirmation, Offer, Proof, Receipt, TravelSettings

State = Application.State
STUDENTS = frozenset({Application.Status.BACHELOR, Application.Status.MASTER, Application.Status.PHD})
WAITING_FOR_AN_ANSWER = (State.SUBMITTED, State.WAITING)
MOST_WORDS = {"benefit": 200, "need": 150}

_NOT_YOURS = "Only the applicant may do this."
_CLOSED = "The deadline for travel support has passed."
_TIED = "Institution, a paper together, advice or what you declared ties you; another grants officer answers."
_OFFICERS = "Only grants officers of this edition may do this."


def is_open_for(viewer: Viewer) -> bool:
    return is_open(viewer.edition, Milestone.Kind.TRAVEL, viewer.now)


def may_apply(viewer: Viewer) -> Verdict:
    if not viewer.is_signed_in:
        return refused("Sign in to apply.")
    return ALLOWED if is_open_for(viewer) else refused(_CLOSED)


def _is_own(viewer: Viewer, application: Application) -> bool:
    return viewer.user is not None and application.user_id == viewer.user.pk


def may_edit(viewer: Viewer, application: Application) -> Verdict:
    if not _is_own(viewer, application):
        return refused(_NOT_YOURS)
    if application.state not in (State.DRAFT, State.SUBMITTED):
        return refused("This application is answered or withdrawn; it stays as it is.")
    return ALLOWED if is_open_for(viewer) else refused(_CLOSED)


def may_submit(viewer: Viewer, application: Application) -> Verdict:
    if _is_own(viewer, application) and application.state == State.SUBMITTED:
        return refused("This application is submitted already.")
    return may_edit(viewer, application)


def may_withdraw(viewer: Viewer, application: Application) -> Verdict:
    if not _is_own(viewer, application):
        return refused(_NOT_YOURS)
    if application.offers.filter(paid_minor__gt=0).exists():
        return refused("Money was paid on it already. Write to the organisers.")
    if application.state not in (*WAITING_FOR_AN_ANSWER, State.OFFERED):
        return refused("Only a submitted application can be withdrawn.")
    return ALLOWED


def may_prove(viewer: Viewer, application: Application) -> Verdict:
    """A proof of status may follow after the deadline: universities and advisors take their time."""
    if not _is_own(viewer, application):
        return refused(_NOT_YOURS)
    if application.state in (State.WITHDRAWN, State.DECLINED):
        return refused("This application is withdrawn or answered; nothing needs to be proved.")
    return ALLOWED


def may_confirm(confirmation: Confirmation) -> Verdict:
    """By the link that was mailed, while the application stands and no answer is given."""
    if confirmation.answer != Confirmation.Answer.WAITING:
        return refused("You answered already; thank you.")
    if confirmation.application.state in (State.WITHDRAWN, State.DECLINED):
        return refused(
            "The application is no longer considered, so nothing needs to be confirmed. Thank you all the same."
        )
    return ALLOWED


def may_reopen(viewer: Viewer, application: Application) -> Verdict:
    if not _is_own(viewer, application):
        return refused(_NOT_YOURS)
    if application.state != State.WITHDRAWN:
        return refused("Only a withdrawn application can be taken up again.")
    return ALLOWED if is_open_for(viewer) else refused(_CLOSED)


def may_answer(viewer: Viewer, offer: Offer) -> Verdict:
    """The applicant accepts or declines while the offer is open and has not expired."""
    if not _is_own(viewer, offer.application):
        return refused(_NOT_YOURS)
    if offer.state != Offer.State.OPEN:
        return refused(f"This offer is not open any more: {offer.get_state_display().lower()}.")
    if offer.expires_at and offer.expires_at < viewer.now:
        return refused("This offer has expired. Write to the organisers if you still need it.")
    return ALLOWED


def may_hand_in_receipts(viewer: Viewer, offer: Offer) -> Verdict:
    """The grantee, from acceptance on, until the announced date where there is one."""
    if not _is_own(viewer, offer.application):
        return refused(_NOT_YOURS)
    if offer.state != Offer.State.ACCEPTED:
        return refused("Receipts are handed in for an offer that you accepted.")
    due = milestone(viewer.edition, Milestone.Kind.RECEIPTS)
    if due is not None and due.has_closed(viewer.now):
        return refused("The date for receipts has passed. Write to the organisers.")
    return ALLOWED


def may_have_letter(viewer: Viewer, offer: Offer) -> Verdict:
    """A letter of invitation names the grant: it is for those who accepted theirs."""
    if not _is_own(viewer, offer.application):
        return refused(_NOT_YOURS)
    if offer.state != Offer.State.ACCEPTED:
        return refused("The letter is ready once you have accepted an offer.")
    return ALLOWED


def may_withdraw_receipt(viewer: Viewer, receipt: Receipt) -> Verdict:
    verdict = may_hand_in_receipts(viewer, receipt.offer)
    if verdict and receipt.state != Receipt.State.SUBMITTED:
        return refused(f"This receipt is {receipt.get_state_display().lower()}; it stays.")
    return verdict


def may_judge_receipt(viewer: Viewer, application: Application, receipt: Receipt) -> Verdict:
    """`application` is a row of `seen_by(viewer)`."""
    verdict = may_handle(viewer, application)
    if verdict and receipt.offer.state != Offer.State.ACCEPTED:
        return refused("The offer that it belongs to is not accepted any more.")
    if verdict and receipt.state != Receipt.State.SUBMITTED:
        return refused(f"This receipt is not waiting: {receipt.get_state_display().lower()}.")
    return verdict


def may_pay(viewer: Viewer, application: Application, offer: Offer) -> Verdict:
    """`application` is a row of `seen_by(viewer)`."""
    verdict = may_handle(viewer, application)
    if verdict and offer.state != Offer.State.ACCEPTED:
        return refused("Only an accepted offer is paid.")
    if verdict and not offer.payable_minor:
        return refused("Nothing is to be paid: approve receipts first, or the grant is used up.")
    return verdict


def may_officiate(viewer: Viewer) -> Verdict:
    return ALLOWED if viewer.is_grants_officer else refused(_OFFICERS)


def may_handle(viewer: Viewer, application: Application) -> Verdict:
    """`application` is a row of `seen_by(viewer)`. Never one's own, one's institution's or a co-author's."""
    if not viewer.is_grants_officer:
        return refused(_OFFICERS)
    if application.is_own:
        return refused("This is your own application; another grants officer answers it.")
    if not application.is_handled:
        return refused(_TIED)
    return ALLOWED


def may_assess(viewer: Viewer, application: Application) -> Verdict:
    """Marks are given while an application waits. `application` is a row of `seen_by(viewer)`."""
    verdict = may_handle(viewer, application)
    if verdict and application.state not in WAITING_FOR_AN_ANSWER:
        return refused(f"This application is not waiting for an answer: {application.get_state_display().lower()}.")
    return verdict


def may_plan(viewer: Viewer, application: Application) -> Verdict:
    """Note an answer to be released later: for what is submitted. On the waiting list the answer is given."""
    verdict = may_handle(viewer, application)
    if verdict and application.state != State.SUBMITTED:
        return refused(f"This application is not waiting for an answer: {application.get_state_display().lower()}.")
    return verdict


def may_decide(viewer: Viewer, application: Application) -> Verdict:
    """Offer or decline: a submitted application that nobody answered yet, or that is on the waiting list."""
    verdict = may_handle(viewer, application)
    if verdict and application.state not in WAITING_FOR_AN_ANSWER:
        return refused(f"This application is not waiting for an answer: {application.get_state_display().lower()}.")
    return verdict


def is_proved(application: Application) -> bool:
    """Whether a proof of status is there, or an advisor is asked for one. Two queries at most."""
    denied = Confirmation.Answer.DENIED
    proof = Proof.objects.filter(application=application)
    return proof.exists() or Confirmation.objects.filter(application=application).exclude(answer=denied).exists()


def problems(application: Application, settings: TravelSettings) -> list[str]:
    """What keeps an application from being submitted, each with the remedy. Two queries at most."""
    a = application
    found = [
        words
        for is_missing, words in (
            (not a.legal_name, "Give your name as in your travel document."),
            (not a.status, "Say what you study towards."),
            (not a.institution, "Name your institution."),
            (not a.country, "Choose the country of your institution."),
            (not a.airport, "Name the airport nearest to your departure."),
            (a.amount_minor is None, "Say how much you ask for."),
            (not a.benefit.strip(), "Say what you and others gain by your coming."),
            (not a.is_true, "Tick that what you write is true."),
            (not a.consents, "Tick that you agree to who reads it, and until when."),
        )
        if is_missing
    ]
    if a.status and settings.students_only and a.status not in STUDENTS:
        found.append("Travel support is for students.")
    if settings.needs_proof and a.status in STUDENTS and not is_proved(a):
        found.append("Prove that you study: upload a letter or your student card, or let us ask your advisor.")
    for name, most in MOST_WORDS.items():
        count = len(getattr(a, name).split())
        if count > most:
            label = "The benefit statement" if name == "benefit" else "The need statement"
            found.append(f"{label} has {count} words; at most {most} are taken.")
    return found
