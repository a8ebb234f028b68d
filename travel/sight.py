"""The one evaluator of sight on applications: `Application.objects.seen_by(viewer)`.

An applicant sees their own. A grants officer sees that somebody applied; amounts, need, state and the rest only
where nothing ties the two: not one's own application, nor one from one's own institution, a co-author or a student,
nor one where the officer declared a conflict of interest.
"""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db.models import BooleanField, Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields import BigIntegerField

from ml4rs.editions.viewer import Viewer
from reviews.matching.conflicts import institutions, organisation_of

_GUARDED = {
    "state": CharField(null=True),
    "airport": CharField(null=True),
    "amount_minor": BigIntegerField(null=True),
    "currency": CharField(null=True),
    "will_present": BooleanField(null=True),
}


class ApplicationQuerySet(QuerySet):
    """Start every reading with `seen_by`."""

    def seen_by(self, viewer: Viewer) -> "ApplicationQuerySet":
        """Applications of the viewer's edition that this viewer may know of, with `is_own`, `in_conflict` and

        `is_handled` (an officer whom nothing ties to the applicant), and `seen_state`, `seen_airport`,
        `seen_amount_minor`, `seen_currency`, `seen_will_present`: NULL where this viewer may not know them.
        Four queries for an officer to find their conflicts, none for others; then the one it stands for.
        """
        own = Q(user=viewer.user) if viewer.user and not viewer.is_watched else Q(pk__in=[])
        rows = self.filter(edition=viewer.edition)
        if not viewer.is_grants_officer:
            return rows.filter(own)._with_relations(own, [], is_officer=False)
        handed_in = Q(submitted_at__isnull=False) & ~Q(state="draft")
        return rows.filter(own | handed_in)._with_relations(own, conflicted(viewer), is_officer=True)

    def handled_by(self, viewer: Viewer) -> "ApplicationQuerySet":
        """Those whose records and mails this officer may read, drafts included. As many queries as `seen_by`."""
        if not viewer.is_grants_officer:
            return self.none()
        return self.filter(edition=viewer.edition).exclude(user=viewer.user).exclude(pk__in=conflicted(viewer))

    def _with_relations(self, own: Q, in_conflict: Iterable[int], *, is_officer: bool) -> "ApplicationQuerySet":
        tied = Q(pk__in=list(in_conflict))
        handled = ~own & ~tied if is_officer else Q(pk__in=[])
        rows = self.annotate(is_own=_flag(own), in_conflict=_flag(tied), is_handled=_flag(handled))
        return rows.annotate(
            **{
                f"seen_{name}": Case(
                    When(Q(is_own=True) | Q(is_handled=True), then=F(name)), default=Value(None), output_field=field
                )
                for name, field in _GUARDED.items()
            }
        )


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def conflicted(viewer: Viewer) -> set[int]:
    """Primary keys of applications of those whom something ties to the officer, drafts included: institution,

    organisation, co-authors, one who names them as advisor, and declared conflicts of interest.

    Four queries, once for a viewer.
    """
    if "travel.conflicted" not in viewer.memo:
        viewer.memo["travel.conflicted"] = _look_up(viewer)
    return viewer.memo["travel.conflicted"]


def _look_up(viewer: Viewer) -> set[int]:
    application = apps.get_model("travel", "Application")
    rows = application.objects.filter(edition=viewer.edition).exclude(user=viewer.user)
    declared = apps.get_model("travel", "Conflict").objects.filter(application=OuterRef("pk"), officer=viewer.user)
    asked = rows.annotate(is_declared=Exists(declared))
    fields = ("pk", "user", "institution", "user__affiliation", "confirmation__email", "is_declared")
    applicants = list(asked.values_list(*fields))
    addresses = _addresses(rows)
    organisations = {organisation_of(address) for address in viewer.addresses} - {""}
    institution = set(institutions(viewer.user.affiliation))
    users, emails = _coauthors(viewer)
    return {
        pk
        for pk, user, named, affiliation, advisor, is_declared in applicants
        if is_declared
        or advisor in viewer.addresses
        or user in users
        or addresses[user] & emails
        or {organisation_of(address) for address in addresses[user]} & organisations
        or (set(institutions(named)) | set(institutions(affiliation))) & institution
    }


def _addresses(rows: QuerySet) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {user: set() for user in rows.order_by().values_list("user", flat=True)}
    verified = EmailAddress.objects.filter(user__in=rows.order_by().values("user"), verified=True)
    for user, email in verified.values_list("user", "email"):
        found[user].add(email.lower())
    return found


def _coauthors(viewer: Viewer) -> tuple[set[int], set[str]]:
    """Accounts and addresses of those who write a paper of this edition with the officer."""
    authorship = apps.get_model("submissions", "Authorship")
    mine = authorship.objects.filter(
        Q(user=viewer.user) | Q(email__in=viewer.addresses), submission__edition=viewer.edition
    )
    rows = authorship.objects.filter(submission__in=mine.values("submission")).values_list("user", "email")
    pairs = list(rows)
    return {user for user, _ in pairs if user}, {email.lower() for _, email in pairs}
