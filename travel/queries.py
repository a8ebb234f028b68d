"""The reading side of travel support: an applicant's own page, and the officers' table."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from ml4rs.editions.models import Edition
from ml4rs.editions.policy import require
from ml4rs.editions.viewer import Viewer
from submissions.models import Authorship, Submission
from travel.airports import kilometres
from travel.models import Application, Offer, Pool, TravelSettings
from travel.policy import may_officiate


def settings_of(edition: Edition) -> TravelSettings:
    """An edition's settings; the usual ones, unsaved, where none were made. One query."""
    return TravelSettings.objects.filter(edition=edition).first() or TravelSettings(edition=edition)


def own_application(viewer: Viewer) -> Application | None:
    """The viewer's own. One query."""
    if viewer.user is None:
        return None
    return Application.objects.filter(edition=viewer.edition, user=viewer.user).first()


def own_papers(viewer: Viewer) -> QuerySet[Submission]:
    """The person's papers in this edition, found from the account and never typed. One query."""
    rows = Submission.objects.seen_by(viewer).filter(is_author=True).select_related("track")
    return rows.exclude(state=Submission.State.WITHDRAWN).order_by("pk")


def newest_offer(application: Application) -> Offer | None:
    return application.offers.select_related("application", "pool").order_by("-offered_at", "-pk").first()


@dataclass(frozen=True)
class LinkedPaper:
    """An applicant's accepted paper, as everybody may know of it."""

    public_id: str
    title: str
    presentation: str


@dataclass
class Row:
    """A line of the officers' table. In conflict: name and institution, and nothing else."""

    public_id: str
    name: str
    institution: str
    is_own: bool
    is_handled: bool
    state: str | None
    state_name: str
    will_present: bool | None
    amount_minor: int | None
    currency: str | None
    kilometres: int | None
    user: int
    papers: list[LinkedPaper]


def officers_table(viewer: Viewer, *, state: str = "", text: str = "", order: str = "name") -> list[Row]:
    """All applications handed in, filtered and ordered by what this officer may see. Six queries, no model objects.

    Raises:
        NotAllowed: the viewer is no grants officer.
    """
    require(may_officiate(viewer))
    venue = settings_of(viewer.edition).airport
    rows = Application.objects.seen_by(viewer).filter(submitted_at__isnull=False).exclude(state="draft")
    if state:
        rows = rows.filter(is_handled=True, seen_state=state)
    if text:
        rows = rows.filter(Q(legal_name__icontains=text) | Q(institution__icontains=text))
    fields = ("public_id", "legal_name", "institution", "is_own", "is_handled", "user")
    guarded = ("seen_state", "seen_will_present", "seen_amount_minor", "seen_currency", "seen_airport")
    found = [_row(values, venue) for values in rows.values(*fields, *guarded)]
    key = {"distance": lambda row: -(row.kilometres or -1), "state": lambda row: row.state or "~"}
    return sorted(found, key=lambda row: (key.get(order, lambda row: 0)(row), row.name.casefold(), row.public_id))


def _row(values: dict, venue: str) -> Row:
    def guarded(name: str) -> Any:
        return values[f"seen_{name}"] if values["is_handled"] else None

    state, departure = guarded("state"), guarded("airport")
    return Row(
        public_id=values["public_id"],
        name=values["legal_name"],
        institution=values["institution"],
        is_own=values["is_own"],
        is_handled=values["is_handled"],
        state=state,
        state_name=str(dict(Application.State.choices).get(state, "")),
        will_present=guarded("will_present"),
        amount_minor=guarded("amount_minor"),
        currency=guarded("currency"),
        kilometres=kilometres(departure, venue) if departure and venue else None,
        user=values["user"],
        papers=[],
    )


def link_papers(viewer: Viewer, rows: Iterable[Row]) -> None:
    """Fill in the accepted papers of those whose applications this officer handles. Two queries."""
    handled = {row.user: row for row in rows if row.is_handled}
    papers = accepted_papers(viewer, list(handled))
    for user, row in handled.items():
        row.papers = papers[user]


def accepted_papers(viewer: Viewer, users: list[int]) -> dict[int, list[LinkedPaper]]:
    """Papers of these people that everybody may know of: accepted, after release. Two queries."""
    owner = dict(EmailAddress.objects.filter(user__in=users, verified=True).values_list("email", "user"))
    by_address = {email.lower(): user for email, user in owner.items()}
    public = Submission.objects.seen_by(Viewer.of(None, viewer.edition, viewer.now)).filter(is_public=True)
    named = Authorship.objects.filter(Q(user__in=users) | Q(email__in=by_address), submission__in=public.values("pk"))
    found: dict[int, list[LinkedPaper]] = defaultdict(list)
    names = dict(Submission.Presentation.choices)
    fields = ("user", "email", "submission__public_id", "submission__title", "submission__presentation")
    for user, email, public_id, title, presentation in named.order_by("submission__title").values_list(*fields):
        person = user if user in users else by_address.get(email)
        paper = LinkedPaper(public_id, title, str(names.get(presentation, "")))
        if person is not None and paper not in found[person]:
            found[person].append(paper)
    return found


@dataclass(frozen=True)
class PoolLine:
    """What a pool holds and what is left of it."""

    pool: Pool

    @property
    def left(self) -> int:
        return self.pool.amount_minor - self.pool.committed_minor

    @property
    def per_cent(self) -> int:
        return round(100 * self.pool.committed_minor / self.pool.amount_minor) if self.pool.amount_minor else 0


def pools(viewer: Viewer) -> list[PoolLine]:
    """The edition's money. One query.

    Raises:
        NotAllowed: the viewer is no grants officer.
    """
    require(may_officiate(viewer))
    return [PoolLine(pool) for pool in Pool.objects.filter(edition=viewer.edition).select_related("sponsor")]


def seen_or_none(viewer: Viewer, public_id: str) -> Application | None:
    """An application that this officer may know of. Five queries."""
    if not viewer.is_grants_officer:
        return None
    rows = Application.objects.seen_by(viewer).select_related("user").filter(public_id=public_id)
    return rows.exclude(state="draft").first()
