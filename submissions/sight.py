"""The one evaluator of sight on submissions: `Submission.objects.seen_by(viewer)`, in SQL.

Each rule of the visibility matrix (ml4rs/editions/visibility.yaml) that concerns a submission is one
boolean expression here. Rows a viewer may not see are absent; a guarded value is NULL where it is hidden.
What the committee is to a paper is known one floor up: the reviews app registers it in its `ready()`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from ml4rs.editions.conditions import ALWAYS, NEVER, all_of, any_of, constant, flag, guarded, none_of
from ml4rs.editions.models import Milestone, Role
from ml4rs.editions.queries import milestones
from ml4rs.editions.viewer import Viewer


def _never(viewer: Viewer) -> Q:
    return NEVER


@dataclass
class CommitteeRelations:
    """What a committee member is to a submission, each as a condition over `OuterRef("pk")`."""

    in_conflict: Callable[[Viewer], Q] = _never
    is_assigned: Callable[[Viewer], Q] = _never
    has_reviewed: Callable[[Viewer], Q] = _never
    may_bid: Callable[[Viewer], Q] = _never
    is_orphan: Callable[[Viewer], Q] = _never  # every organiser is in conflict with it


committee = CommitteeRelations()


class SubmissionQuerySet(QuerySet):
    """The language of submissions. Start every reading with `seen_by`."""

    def seen_by(self, viewer: Viewer) -> "SubmissionQuerySet":
        """The submissions of the viewer's edition that this viewer may know of, each annotated with

        relations `is_author`, `in_conflict`, `is_assigned`, `has_reviewed`, `may_bid`, `reads` (assigned and
        entitled to read it), `is_chair` (organiser without conflict, or a deputy where there is none), `is_public`
        (anybody may know of it), and permissions `sees_authors`, `sees_author_addresses`, `sees_declarations`,
        `sees_manuscript`, `sees_original` (the upload itself rather than the reviewers' copy), `sees_versions`,
        `sees_format_findings`, `sees_identity_findings`, `sees_reviews`, `sees_review_count`,
        `sees_published`, and guarded values `seen_outcome`, `seen_presentation`.
        One query, whatever the viewer.
        """
        sight = _Sight(viewer)
        values = {f"seen_{name}": guarded(F(name), sight.knows_outcome) for name in ("outcome", "presentation")}
        columns = {name: flag(condition) for name, condition in sight.columns.items()}
        return self.filter(edition=viewer.edition).annotate(**columns, **values).filter(sight.is_visible)

    def keys_where(self, viewer: Viewer, *names: str) -> QuerySet | None:
        """Primary keys, for a subquery, of the papers of which all these columns of `seen_by` are true; None if

        that can be said of no paper. Each name must be one that implies that the viewer may know of the paper.
        """
        sight = _Sight(viewer)
        wanted = all_of(*(sight.named(name) for name in names))
        if wanted is NEVER:
            return None
        needed = set(sight.needed(wanted))
        columns = {name: flag(condition) for name, condition in sight.columns.items() if name in needed}
        return self.filter(edition=viewer.edition).alias(**columns).filter(wanted).values("pk")


class _Sight:
    """What one viewer is to a submission and may know of it: named conditions, each built on those before it."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.columns: dict[str, Q] = {}
        self._relations()
        self._permissions()

    def named(self, name: str) -> Q:
        """The column, for use in a condition: by its name, unless its value is known before the query."""
        condition = self.columns[name]
        return condition if condition is NEVER or condition is ALWAYS else Q(**{name: True})

    def needed(self, condition: Q) -> Iterator[str]:
        """Names of the columns that a condition is built on, through all that they are built on in turn."""
        for child in condition.children:
            if isinstance(child, Q):
                yield from self.needed(child)
            elif isinstance(child, tuple) and child[0] in self.columns:
                yield child[0]
                yield from self.needed(self.columns[child[0]])

    def _define(self, name: str, condition: Q) -> Q:
        self.columns[name] = condition
        return self.named(name)

    def _relations(self) -> None:
        viewer = self.viewer
        self.watched = watched = self._watched()
        self.author = self._define("is_author", all_of(_is_author(viewer), watched))
        self.conflict = self._define("in_conflict", committee.in_conflict(viewer))
        self.assigned = self._define("is_assigned", all_of(committee.is_assigned(viewer), watched))
        self.reviewed = self._define("has_reviewed", all_of(committee.has_reviewed(viewer), watched))
        self.bids = self._define("may_bid", all_of(committee.may_bid(viewer), watched))
        organises = all_of(_chairs(viewer, self.conflict), none_of(self.author), watched)
        self.chair = self._define("is_chair", organises)
        accepted = Q(state="submitted", outcome="accepted", released_at__lte=viewer.earliest)
        # Its files are public once the edition says so and this paper's turn has come.
        files = all_of(constant(_papers_are_public(viewer)), accepted, Q(published_at__lte=viewer.earliest))
        self.published = self._define("is_published", files)
        # Accepted papers after release; bonus items only once they are published.
        self.public = self._define("is_public", any_of(all_of(accepted, ~_IS_BONUS), self.published))

    def _watched(self) -> Q:
        """Whoever looks through this viewer's eyes is an organiser without conflict: the one person who may see all

        that is not private. Papers that are not theirs to see stay as hidden as ever.
        """
        watcher = self.viewer.watcher
        if watcher is None:
            return ALWAYS
        conflict = self._define("watcher_in_conflict", committee.in_conflict(watcher))
        author = self._define("watcher_is_author", _is_author(watcher))
        return self._define("is_watchers", all_of(_chairs(watcher, conflict), none_of(author)))

    def _permissions(self) -> None:
        untied = none_of(self.author, self.conflict)
        reads = self._define("reads", all_of(self.assigned, untied, _SUBMITTED))
        edits = self._define("edits_programme", all_of(self._edits_programme(untied), self.watched))
        inside = any_of(self.author, self.chair)
        released = Q(released_at__lte=self.viewer.earliest)
        as_reader = all_of(reads, Q(track__blind__in=["single", "none"]))
        self._define("sees_authors", any_of(inside, self.public, as_reader, all_of(edits, _IS_BONUS)))
        for name in ("author_addresses", "declarations", "original", "versions", "identity_findings"):
            self._define(f"sees_{name}", inside)
        for name in ("manuscript", "format_findings"):
            self._define(f"sees_{name}", any_of(inside, reads))
        reads_reviews = NEVER
        if reads is not NEVER:
            opened = all_of(Q(track__reviewers_see_reviews=True), _reviews_are_opened(self.viewer))
            reads_reviews = all_of(reads, self.reviewed, opened)
        shown = any_of(released, Q(reviews_shown_at__lte=self.viewer.now))
        self._define("sees_reviews", any_of(self.chair, all_of(self.author, shown), reads_reviews))
        self._define("sees_review_count", any_of(self.chair, reads_reviews))
        as_editor = all_of(edits, any_of(self.public, _IS_BONUS))
        self._define("sees_published", any_of(self.published, inside, as_editor))
        self.knows_outcome = any_of(
            self.chair,
            all_of(self.author, released),
            self.public,
            all_of(reads, released, Q(track__reviewers_see_decisions=True)),
            all_of(edits, released, Q(outcome="accepted")),
        )
        # Row "that the paper exists" of the matrix.
        bidding = all_of(self.bids, untied, _SUBMITTED, ~_IS_BONUS)
        self.is_visible = any_of(self.author, self.chair, reads, self.public, edits, bidding)

    def _edits_programme(self, untied: Q) -> Q:
        """A schedule editor needs what goes into the programme: accepted papers, and bonus items once handed in."""
        is_editor = constant(Role.Name.SCHEDULE_EDITOR in self.viewer.roles)
        return all_of(is_editor, untied, _SUBMITTED, any_of(self.public, _IS_BONUS))


_SUBMITTED = Q(state="submitted")
# A slide or demo that nobody reviews: there is no judgement that a conflict could bend.
_IS_BONUS = Q(track__is_reviewed=False)


def _chairs(viewer: Viewer, conflict: Q) -> Q:
    """An organiser without conflict, or a deputy where there is none. Being an author is another matter."""
    organises = all_of(constant(viewer.is_organiser), any_of(none_of(conflict), _IS_BONUS))
    return any_of(organises, all_of(constant(viewer.is_deputy), none_of(conflict), committee.is_orphan(viewer)))


def _is_author(viewer: Viewer) -> Q:
    """Named on the paper by any verified address, or the one who started it."""
    if viewer.user is None:
        return NEVER
    on_paper = Q(user=viewer.user) | Q(email__in=viewer.addresses)
    authorships = apps.get_model("submissions", "Authorship").objects
    return Q(Exists(authorships.filter(on_paper, submission=OuterRef("pk")))) | Q(created_by=viewer.user)


def _reviews_are_opened(viewer: Viewer) -> Q:
    """Where reviews wait until they are due: that they are. No query beyond the edition's dates."""
    dates = [each for each in milestones(viewer.edition) if each.kind == Milestone.Kind.REVIEW]
    over = {each.track_id for each in dates if each.has_closed(viewer.now)}
    own = {each.track_id for each in dates if each.track_id is not None}
    due = Q(track__in=over - {None}) | (~Q(track__in=own) if None in over else NEVER)
    return ALWAYS if over == {None} and not own else Q(track__reviews_wait_for_due=False) | due


def _papers_are_public(viewer: Viewer) -> bool:
    return viewer.edition is not None and viewer.edition.papers_public
