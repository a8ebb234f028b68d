"""The reading side of travel support: an applicant's own page, and the officers' table."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from ml4rs.editions.markdown import variables
from ml4rs.editions.models import Edition, Person
from ml4rs.editions.money import in_words, plainly
from ml4rs.editions.policy import require
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.models import Message
from submissions.models import Authorship, Submission
from travel.airports import kilometres
from travel.letters import DEFAULTS, TITLES, Letter, filled
from travel.models import (
    Application,
    Assessment,
    Confirmation,
    Offer,
    Payment,
    Pool,
    Proof,
    Receipt,
    TravelSettings,
)
from travel.policy import STUDENTS, may_have_letter, may_officiate


def settings_of(edition: Edition) -> TravelSettings:
    """An edition's settings; the usual ones, unsaved, where none were made. One query."""
    return TravelSettings.objects.filter(edition=edition).first() or TravelSettings(edition=edition)


def erased_on(edition: Edition, settings: TravelSettings) -> date | None:
    """The day on which everything about grants is deleted: the officers' date, else a year after the edition.

    None while neither is known.
    """
    last = edition.ends_on or edition.starts_on
    return settings.erase_on or (last + timedelta(days=365) if last else None)


def own_application(viewer: Viewer) -> Application | None:
    """The viewer's own; nothing for whoever looks through their eyes. One query."""
    if viewer.user is None or viewer.is_watched:
        return None
    return Application.objects.filter(edition=viewer.edition, user=viewer.user).first()


def own_papers(viewer: Viewer) -> QuerySet[Submission]:
    """The person's papers in this edition, found from the account and never typed. One query."""
    rows = Submission.objects.seen_by(viewer).filter(is_author=True).select_related("track")
    return rows.exclude(state=Submission.State.WITHDRAWN).order_by("pk")


def newest_offer(application: Application) -> Offer | None:
    return application.offers.select_related("application", "pool").order_by("-offered_at", "-pk").first()


@dataclass(frozen=True)
class Proving:
    """How an applicant's status is proved, as they may know of it."""

    proof: Proof | None
    confirmation: Confirmation | None
    came_back: bool  # the mail to the advisor

    @property
    def is_asked(self) -> bool:
        return self.confirmation is not None and self.confirmation.answer == Confirmation.Answer.WAITING

    @property
    def words(self) -> str:
        """In a few words, for the applicant."""
        parts = [f"file handed in, {self.proof}"] if self.proof else []
        if self.confirmation and self.came_back:
            parts.append(f"our mail to {self.confirmation.name} came back")
        elif self.confirmation:
            parts.append(f"{self.confirmation.name}: {self.confirmation.get_answer_display().lower()}")
        return "; ".join(parts)


def proving_of(application: Application) -> Proving:
    """The file and the advisor's answer. Three queries at most."""
    confirmation = Confirmation.objects.filter(application=application).first()
    came_back = confirmation is not None and (
        Message.objects.filter(
            event="travel.advisor_asked",
            application_id=application.pk,
            recipient=confirmation.email,
            state__in=[Message.State.BOUNCED, Message.State.FAILED],
        ).exists()
    )
    return Proving(Proof.objects.filter(application=application).first(), confirmation, came_back)


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
    is_blind: bool = False  # the amount waits for this officer's marks


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
    own_marks = Assessment.objects.filter(application=OuterRef("pk"), officer=viewer.user)
    rows = rows.annotate(is_marked=Exists(own_marks))
    found = [_row(values, venue) for values in rows.values(*fields, *guarded, "is_marked")]
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
        is_blind=state == Application.State.SUBMITTED and not values["is_marked"],
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
    public = Submission.objects.seen_by(Viewer.of(None, viewer.edition, viewer.earliest)).filter(is_public=True)
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
        return self.pool.left_minor

    @property
    def per_cent(self) -> int:
        return round(100 * self.pool.committed_minor / self.pool.limit_minor) if self.pool.limit_minor else 0


def pools(viewer: Viewer) -> list[PoolLine]:
    """The edition's money. One query.

    Raises:
        NotAllowed: the viewer is no grants officer.
    """
    require(may_officiate(viewer))
    return [PoolLine(pool) for pool in Pool.objects.filter(edition=viewer.edition).select_related("sponsor")]


@dataclass(frozen=True)
class Account:
    """What became of a grant: bills, and what was paid on them."""

    offer: Offer
    receipts: list[Receipt]
    payments: list[Payment]

    @property
    def waiting(self) -> list[Receipt]:
        return [each for each in self.receipts if each.state == Receipt.State.SUBMITTED]

    @property
    def left_minor(self) -> int:
        """What of the grant no receipt covers yet."""
        return max(0, self.offer.amount_minor - self.offer.approved_minor)


def account_of(offer: Offer | None) -> Account | None:
    """Receipts and payments of an accepted grant, oldest first; None before that. Two queries."""
    if offer is None or offer.state != Offer.State.ACCEPTED:
        return None
    receipts = offer.receipts.exclude(state=Receipt.State.WITHDRAWN)
    return Account(offer, list(receipts), list(offer.payments.select_related("recorded_by")))


def own_grant(viewer: Viewer) -> Offer | None:
    """The offer that the viewer accepted; nothing for whoever looks through their eyes. One query."""
    if viewer.user is None or viewer.is_watched:
        return None
    rows = Offer.objects.filter(
        application__edition=viewer.edition, application__user=viewer.user, state=Offer.State.ACCEPTED
    )
    return rows.select_related("application", "pool").first()


def grants_of(viewer: Viewer) -> list[Offer]:
    """Each accepted grant that this officer handles, with `waiting`, its receipts to look at; those first.

    Six queries.

    Raises:
        NotAllowed: the viewer is no grants officer.
    """
    require(may_officiate(viewer))
    handled = Application.objects.handled_by(viewer).order_by()
    rows = Offer.objects.filter(application__in=handled.values("pk"), state=Offer.State.ACCEPTED)
    waiting = Count("receipts", filter=Q(receipts__state=Receipt.State.SUBMITTED))
    found = rows.select_related("application", "pool").prefetch_related("payments").annotate(waiting=waiting)
    return list(found.order_by("-waiting", "application__legal_name", "pk"))


def for_accountant(grants: Iterable[Offer]) -> list[dict[str, Any]]:
    """Granted, approved and paid, a line a grant, as spreadsheets take it."""
    return [
        {
            "name": each.application.legal_name,
            "institution": each.application.institution,
            "pool": each.pool.name,
            "currency": each.currency,
            "granted": plainly(each.amount_minor, each.currency),
            "approved": plainly(each.approved_minor, each.currency),
            "paid": plainly(each.paid_minor, each.currency),
            "to pay": plainly(each.payable_minor, each.currency),
            "references": "; ".join(payment.reference for payment in each.payments.all() if payment.reference),
        }
        for each in grants
    ]


def seen_or_none(viewer: Viewer, public_id: str) -> Application | None:
    """An application that this officer may know of. Five queries."""
    if not viewer.is_grants_officer:
        return None
    related = ("user", "proof", "confirmation", "plan__pool")
    rows = Application.objects.seen_by(viewer).select_related(*related).filter(public_id=public_id)
    return rows.exclude(state="draft").first()


def letter_of(viewer: Viewer, offer: Offer, kind: str = "invitation") -> Letter:
    """The letter of a kind (`invitation`, `visa`) for whoever accepted this offer, in the edition's words or our own.

    Three queries.

    Raises:
        NotAllowed: it is somebody else's offer, or not accepted.
    """
    require(may_have_letter(viewer, offer))
    edition, row = viewer.edition, offer.application
    own = edition.texts.filter(key="visa_letter" if kind == "visa" else kind).first()
    presents = own_papers(viewer).filter(seen_outcome=Submission.Outcome.ACCEPTED, state=Submission.State.SUBMITTED)
    titles = ", ".join(f"“{title}”" for title in presents.values_list("title", flat=True)) if row.will_present else ""
    place = ", ".join(part for part in (edition.venue, edition.city, edition.country) if part)
    facts = variables(edition) | {
        "legal_name": row.legal_name,
        "institution": row.institution,
        "amount": in_words(offer.amount_minor, offer.currency),
        "dates": _dates_of(edition),
        "place": place or "a venue to be confirmed",
        "studies": row.get_status_display() if row.status in STUDENTS else "researcher",
        "stay": _stay_of(row),
        "presents": f"{row.legal_name} presents {titles} there. " if titles else "",
    }
    signers = edition.people.filter(kind=Person.Kind.ORGANISER).values_list("name", flat=True)
    return Letter(
        title=TITLES[kind],
        sender=edition.name,
        address="\n".join(part for part in (str(edition), place, edition.contact_email) if part),
        day=f"{viewer.now:%-d %B %Y}",
        text=filled(own.body if own else DEFAULTS[kind], facts),
        signers=(*signers[:6], f"Organisers of {edition}"),
        reference=offer.public_id,
    )


def _stay_of(row: Application) -> str:
    if row.arrives_on and row.leaves_on:
        return f"from {row.arrives_on:%-d %B %Y} to {row.leaves_on:%-d %B %Y}"
    return "for the days of the meeting"


def _dates_of(edition: Edition) -> str:
    if edition.starts_on is None:
        return "days to be confirmed"
    first, last = edition.starts_on, edition.ends_on or edition.starts_on
    return f"{first:%-d %B %Y}" if first == last else f"{first:%-d %B} to {last:%-d %B %Y}"
