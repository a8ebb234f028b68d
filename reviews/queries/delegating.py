"""Colleagues whom reviewers propose, for organisers."""

from dataclasses import dataclass

from django.db.models import QuerySet

from ml4rs.editions.models import Role
from ml4rs.editions.viewer import Viewer
from reviews.matching.conflicts import Author, Someone, find
from reviews.matching.identities import Known
from reviews.models import Assignment, Delegation, Reviewer
from submissions.models import Authorship, Submission


@dataclass(frozen=True)
class Proposed:
    """A colleague with what an organiser should know before approving."""

    delegation: Delegation
    remarks: list[str]

    @property
    def is_open(self) -> bool:
        found = self.delegation
        return found.state == Delegation.State.PROPOSED and found.assignment.state == Assignment.State.ACTIVE


def delegations_of(submission: Submission) -> list[Proposed]:
    """Those of a paper, newest first; open ones with what their address tells. One query, three more if any is open.

    For organisers without conflict: the remarks may name authors.
    """
    rows = Delegation.objects.filter(assignment__submission=submission.pk)
    found = list(rows.select_related("assignment__reviewer", "colleague"))
    if not any(each.state == Delegation.State.PROPOSED for each in found):
        return [Proposed(each, []) for each in found]
    columns = ("submission_id", "name", "email", "affiliation", "user_id")
    authors = [Author(*row) for row in Authorship.objects.filter(submission=submission.pk).values_list(*columns)]
    members = Reviewer.objects.filter(edition=submission.edition_id).values_list("name", "email")
    roles = Role.objects.filter(edition=submission.edition_id, user__isnull=False)
    known = Known([*members, *roles.values_list("user__name", "user__email")])
    return [Proposed(each, _remarks(each, authors, known)) for each in found]


def _remarks(each: Delegation, authors: list[Author], known: Known) -> list[str]:
    if each.state != Delegation.State.PROPOSED:
        return []
    someone = Someone(user=-1, addresses=frozenset({each.email}), declared=(each.name,))
    ties = [f"Perhaps in conflict: {finding.evidence}" for finding in find([someone], authors)]
    return ties + known.suspicions(each.name, each.email)


def waiting(viewer: Viewer) -> int:
    """How many wait for an organiser, of papers that this one sees without conflict. One query."""
    papers = Submission.objects.keys_where(viewer, "is_chair")
    if papers is None:
        return 0
    return proposed().filter(assignment__submission__in=papers).count()


def proposed() -> QuerySet[Delegation]:
    """Those that wait for an organiser; not of reviewers who gave the paper back meanwhile."""
    return Delegation.objects.filter(state=Delegation.State.PROPOSED, assignment__state=Assignment.State.ACTIVE)
