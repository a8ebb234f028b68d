"""The one evaluator of sight on submissions: `Submission.objects.seen_by(viewer)`, in SQL.

Each rule of the visibility matrix (ml4rs/editions/visibility.yaml) that concerns a submission is one
boolean expression here. Rows a viewer may not see are absent; a guarded value is NULL where it is hidden.
What the committee is to a paper is known one floor up: the reviews app registers it in its `ready()`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import BooleanField, Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When

from ml4rs.editions.models import Role
from ml4rs.editions.viewer import Viewer

Condition = Exists | Value | Q


def _never(viewer: Viewer) -> Condition:
    return Value(False)


@dataclass
class CommitteeRelations:
    """What a committee member is to a submission, each as a condition over `OuterRef("pk")`."""

    in_conflict: Callable[[Viewer], Condition] = _never
    is_assigned: Callable[[Viewer], Condition] = _never
    has_reviewed: Callable[[Viewer], Condition] = _never
    may_bid: Callable[[Viewer], Condition] = _never


committee = CommitteeRelations()


def _flag(condition: Condition):
    """A condition as a boolean column."""
    if isinstance(condition, Q):
        return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
    return condition


class SubmissionQuerySet(QuerySet):
    """The language of submissions. Start every reading with `seen_by`."""

    def seen_by(self, viewer: Viewer) -> "SubmissionQuerySet":
        """The submissions of the viewer's edition that this viewer may know of, each annotated with

        relations `is_author`, `in_conflict`, `is_assigned`, `has_reviewed`, `may_bid`, `reads` (assigned and
        entitled to read it), `is_chair` (organiser without conflict), `is_public` (anybody may know of it), and
        permissions `sees_authors`, `sees_author_addresses`, `sees_declarations`, `sees_manuscript`,
        `sees_original` (the upload itself rather than the reviewers' copy), `sees_versions`,
        `sees_format_findings`, `sees_identity_findings`, `sees_reviews`, `sees_review_count`,
        `sees_published`, and guarded values `seen_outcome`, `seen_presentation`.
        One query, whatever the viewer.
        """
        return self._with_relations(viewer)._with_permissions(viewer).filter(_is_visible())

    def _with_relations(self, viewer: Viewer) -> "SubmissionQuerySet":
        return self.filter(edition=viewer.edition).annotate(
            is_author=_flag(_is_author(viewer)),
            in_conflict=_flag(committee.in_conflict(viewer)),
            is_assigned=_flag(committee.is_assigned(viewer)),
            has_reviewed=_flag(committee.has_reviewed(viewer)),
            may_bid=_flag(committee.may_bid(viewer)),
            is_chair=_flag(_is_chair(viewer)),
            is_published=_flag(_is_published(viewer)),
            is_public=_flag(_is_public(viewer)),
        )

    def _with_permissions(self, viewer: Viewer) -> "SubmissionQuerySet":
        reads = Q(is_assigned=True, is_author=False, in_conflict=False, state="submitted")
        inside = Q(is_author=True) | Q(is_chair=True)
        edits = _edits_programme(viewer)
        released = Q(released_at__lte=viewer.now)
        open_blind = Q(track__blind__in=["single", "none"])
        knows_outcome = (
            Q(is_chair=True)
            | (Q(is_author=True) & released)
            | Q(is_public=True)
            | (reads & released & Q(track__reviewers_see_decisions=True))
            | (edits & released & Q(outcome="accepted"))
        )
        reads_reviews = reads & Q(has_reviewed=True, track__reviewers_see_reviews=True)
        return self.annotate(
            reads=_flag(reads),
            edits_programme=_flag(edits),
            sees_authors=_flag(inside | Q(is_public=True) | (reads & open_blind) | (edits & _is_bonus())),
            sees_author_addresses=_flag(inside),
            sees_declarations=_flag(inside),
            sees_manuscript=_flag(inside | reads),
            sees_original=_flag(inside),
            sees_versions=_flag(inside),
            sees_format_findings=_flag(inside | reads),
            sees_identity_findings=_flag(inside),
            sees_reviews=_flag(Q(is_chair=True) | (Q(is_author=True) & released) | reads_reviews),
            sees_review_count=_flag(Q(is_chair=True) | reads_reviews),
            sees_published=_flag(Q(is_published=True) | inside | (edits & (Q(is_public=True) | _is_bonus()))),
            seen_outcome=_guarded("outcome", knows_outcome),
            seen_presentation=_guarded("presentation", knows_outcome),
        )


def _constant(truth: bool) -> Q:
    """A condition known before the query, in a form that keeps the query's shape the same."""
    return Q(Value(truth, output_field=BooleanField()))


def _guarded(field: str, condition: Q) -> Case:
    """The field's value where the condition holds, else NULL."""
    return Case(When(condition, then=F(field)), default=Value(None), output_field=CharField(null=True))


def _is_author(viewer: Viewer) -> Condition:
    """Named on the paper by any verified address, or the one who started it."""
    if viewer.user is None:
        return Value(False)
    on_paper = Q(user=viewer.user) | Q(email__in=viewer.addresses)
    authorships = apps.get_model("submissions", "Authorship").objects
    return Exists(authorships.filter(on_paper, submission=OuterRef("pk"))) | Q(created_by=viewer.user)


def _is_bonus() -> Q:
    """A slide or demo that nobody reviews: there is no judgement that a conflict could bend."""
    return Q(track__is_reviewed=False)


def _is_chair(viewer: Viewer) -> Q:
    return _constant(viewer.is_organiser) & Q(is_author=False) & (Q(in_conflict=False) | _is_bonus())


def _is_published(viewer: Viewer) -> Q:
    """Accepted, released, and its files are public: the edition says so and this paper's turn has come."""
    papers_public = viewer.edition is not None and viewer.edition.papers_public
    accepted = Q(state="submitted", outcome="accepted", released_at__lte=viewer.now)
    return _constant(papers_public) & accepted & Q(published_at__lte=viewer.now)


def _is_public(viewer: Viewer) -> Q:
    """Accepted papers after release; bonus items only once they are published."""
    released = Q(state="submitted", outcome="accepted", released_at__lte=viewer.now)
    return (released & ~_is_bonus()) | Q(is_published=True)


def _edits_programme(viewer: Viewer) -> Q:
    """A schedule editor needs what goes into the programme: accepted papers, and bonus items once handed in."""
    return (
        _constant(Role.Name.SCHEDULE_EDITOR in viewer.roles)
        & Q(is_author=False, in_conflict=False, state="submitted")
        & (Q(is_public=True) | _is_bonus())
    )


def _is_visible() -> Q:
    """Row "that the paper exists" of the matrix."""
    bidding = Q(may_bid=True, is_author=False, in_conflict=False, state="submitted")
    return (
        Q(is_author=True)
        | Q(is_chair=True)
        | Q(reads=True)
        | Q(is_public=True)
        | Q(edits_programme=True)
        | (bidding & Q(track__is_reviewed=True))
    )
