"""Writing to the programme committee, chosen as on its list and by how far the reviews are."""

from collections import defaultdict
from collections.abc import Iterator

from django.http import QueryDict

from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.registry import Addressee, MailEvent, MailingList, Recipient
from reviews.models import Assignment, Reviewer
from reviews.queries.committee import members
from reviews.queries.papers import carried
from reviews.texts import desk_in_words

MESSAGE = MailEvent(
    "reviews.message",
    "Organisers write to the committee",
    ("link", "due", "load"),
    by_hand=True,
    sample={"link": "https://ml4rs.example/iclr2025/reviewing/", "due": "Wed 26 Feb 2025, 23:59 AoE", "load": "4"},
    why="you were invited to the programme committee",
)
_WORK = (
    ("", "whatever they have to do"),
    ("undeclared", "conflicts not declared"),
    ("free", "no paper assigned"),
    ("unfinished", "reviews not finished"),
    ("late", "reviews late"),
    ("done", "all reviews in"),
)


def committee(viewer: Viewer, asked: QueryDict) -> Iterator[Addressee]:
    """One for each member that the filters leave. Four queries.

    Who is chosen by the state of their reviews is so for papers, of which whoever reads the mail must know.
    """
    state = asked.get("state", "")
    rows = members(viewer, state=state if state in Reviewer.State.values else "", text=asked.get("q", ""))
    if picked := asked.getlist("reviewer"):
        rows = rows.filter(public_id__in=picked)
    rows = rows.filter(state__in=[Reviewer.State.INVITED, Reviewer.State.ACCEPTED]).select_related("user")
    work = asked.get("work", "")
    loads, papers = (carried(viewer), _papers(viewer)) if work else ({}, {})
    about = desk_in_words(viewer.edition)
    for row in rows:
        if _is_meant(row, work, *loads.get(row.pk, (0, 0, 0))):
            person = Recipient(row.user.email, f"{row.user}", row.user) if row.user else Recipient(row.email, row.name)
            values = {**about, "load": f"{row.load}"}
            yield Addressee(person, row.public_id, values, papers=frozenset(papers.get(row.pk, ())))


def _is_meant(row: Reviewer, work: str, assigned: int, submitted: int, late: int) -> bool:
    if work and row.state != Reviewer.State.ACCEPTED:
        return False
    return {
        "undeclared": row.conflicts_declared_at is None,
        "free": not assigned,
        "unfinished": submitted < assigned,
        "late": late > 0,
        "done": 0 < assigned == submitted,
    }.get(work, True)


def _papers(viewer: Viewer) -> dict[int, set[int]]:
    """Reviewer → the papers that they have, of those that the viewer may know of. One query."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = Assignment.objects.seen_by(viewer).active().filter(is_chairs=True)
    for reviewer, paper in rows.values_list("reviewer", "submission"):
        found[reviewer].add(paper)
    return found


COMMITTEE = MailingList(
    "reviews.committee",
    "The programme committee and those invited to it",
    MESSAGE,
    committee,
    page="reviews:committee",
    filters=frozenset({"q", "state"}),
    picks="reviewer",
    choices=(("work", "Whose state is", _WORK),),
)
