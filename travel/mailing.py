"""Writing to those who apply for travel support, chosen as on the grants officers' table."""

from collections.abc import Iterator

from django.http import QueryDict

from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.links import absolute
from ml4rs.notifications.registry import Addressee, MailEvent, MailingList, Recipient
from travel.models import Application
from travel.queries import officers_table

MESSAGE = MailEvent(
    "travel.message",
    "Grants officers write to applicants",
    ("url",),
    by_hand=True,
    sample={"url": "https://example.org/iclr2025/travel/application/"},
    why="you applied for travel support",
)


def applicants(viewer: Viewer, asked: QueryDict) -> Iterator[Addressee]:
    """One for each application that the table shows and this officer handles. Seven queries."""
    state = asked.get("state", "")
    state = state if state in Application.State.values else ""
    text = asked.get("q", "").replace("\0", "").strip()[:100]
    handled = [row.public_id for row in officers_table(viewer, state=state, text=text) if row.is_handled]
    rows = Application.objects.filter(edition=viewer.edition, public_id__in=handled, user__is_active=True)
    url = absolute("travel:application", viewer.edition.slug)
    for row in rows.select_related("user").order_by("legal_name", "pk"):
        person = Recipient(row.user.email, row.user.name, row.user)
        yield Addressee(person, row.public_id, {"url": url}, application_id=row.pk)


APPLICANTS = MailingList(
    "travel.applicants",
    "People who applied for travel support",
    MESSAGE,
    applicants,
    page="travel:officer",
    filters=frozenset({"q", "state", "order"}),
    grants_only=True,
)
