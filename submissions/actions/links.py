"""The personal link of somebody named on a paper: signed, and bound to the address it was sent to."""

from django.core import signing

from ml4rs.editions.models import Edition
from ml4rs.notifications.links import absolute
from submissions.models import Authorship, Submission

_SALT = "submissions.authorship"


def answer_link(author: Authorship, edition: Edition) -> str:
    """The full address of this person's own page."""
    token = signing.dumps([author.public_id, author.email], salt=_SALT)
    return absolute("submissions:named", edition.slug, token)


def named_by_link(edition: Edition, token: str) -> Authorship | None:
    """Whom the link is for; None if it is forged, or if nobody stands on a paper with that address any more."""
    try:
        public_id, email = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = Authorship.objects.filter(public_id=public_id, email=email, submission__edition=edition)
    return rows.exclude(submission__state=Submission.State.WITHDRAWN).select_related("submission__track").first()
