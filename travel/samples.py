"""Mails as they would be sent if planned answers were released."""

from datetime import datetime

from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.registry import Recipient
from ml4rs.notifications.wording import Words, words_for
from travel.actions.telling import context_of, money_in_words
from travel.models import Plan
from travel.outlook import outlook

_EVENTS = {Plan.Answer.OFFER: "offer", Plan.Answer.WAIT: "waiting", Plan.Answer.DECLINE: "not_granted"}


def sample_mails(viewer: Viewer, expires_at: datetime, words: dict[str, str]) -> list[tuple[str, Words]]:
    """For each kind of answer that is planned, the mail to the first who gets it, as it would be sent.

    Raises:
        NotAllowed: the viewer is no grants officer.
    """
    found = []
    for first in (rows[0] for _, rows in outlook(viewer).groups):
        plan, application = first.plan, first.plan.application
        text = words.get(plan.answer, "")
        context = {**context_of(application, "travel:application"), "text": text}
        if plan.answer == Plan.Answer.OFFER:
            hidden = "…" if first.is_blind else ""
            zone = viewer.edition.time_zone
            context |= money_in_words(plan.amount_minor or 0, first.currency, expires_at, text, zone)
            context |= {"amount": hidden} if hidden else {}
        to = Recipient(application.user.email, application.legal_name, application.user)
        event = f"travel.{_EVENTS[Plan.Answer(plan.answer)]}"
        found.append(
            (plan.get_answer_display(), words_for(event, edition=viewer.edition, recipient=to, context=context))
        )
    return found
