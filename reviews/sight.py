"""Sight on the committee's work, in SQL: `Review`, `Answer`, `Assignment` and `Decision.objects.seen_by(viewer)`.

Every rule leans on `Submission.objects.seen_by(viewer)`, so that nobody sees a review of a paper they may
not know of. The first part tells that evaluator what the committee is to a paper.
"""

from django.apps import apps
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import TruncDate

from ml4rs.editions.models import Milestone
from ml4rs.editions.queries import is_open, milestone, milestones
from ml4rs.editions.viewer import Viewer

NEVER = Q(Value(False, output_field=BooleanField()))


def _model(name: str):
    return apps.get_model("reviews", name).objects


# --- What the committee is to a submission: conditions over OuterRef("pk") ---------------------------


def in_conflict(viewer: Viewer) -> Q:
    """Any reason that no organiser dismissed; and unknown is conflicted, so a committee member who has not

    declared yet is in conflict with every paper, whatever else that person is.
    """
    if viewer.user is None:
        return NEVER
    active = _model("Conflict").filter(user=viewer.user, submission=OuterRef("pk"), dismissed_at__isnull=True)
    unknown = _model("Reviewer").filter(
        edition=OuterRef("edition"), user=viewer.user, state="accepted", conflicts_declared_at__isnull=True
    )
    return Q(Exists(active)) | Q(Exists(unknown))


def is_assigned(viewer: Viewer) -> Q:
    if viewer.user is None:
        return NEVER
    return Q(Exists(_own_assignments(viewer)))


def has_reviewed(viewer: Viewer) -> Q:
    if viewer.user is None:
        return NEVER
    return Q(Exists(_own_assignments(viewer).filter(review__state="submitted")))


def may_bid(viewer: Viewer) -> Q:
    """Committee members learn titles and abstracts between the submission deadline and the end of bidding."""
    if not viewer.is_reviewer:
        return NEVER
    members = _model("Reviewer").filter(
        edition=viewer.edition, user=viewer.user, state="accepted", conflicts_declared_at__isnull=False
    )
    with_own_dates = {each.track for each in milestones(viewer.edition) if each.track is not None}
    open_ones = [track.pk for track in with_own_dates if bidding_is_open(viewer, track)]
    bidding = Q(track__in=open_ones)
    if bidding_is_open(viewer):
        bidding |= ~Q(track__in=[track.pk for track in with_own_dates])
    return Q(Exists(members)) & bidding


def bidding_is_open(viewer: Viewer, track=None) -> bool:
    """Between the submission deadline (grace included) and the end of bidding; never without such a date."""
    if is_open(viewer.edition, Milestone.Kind.SUBMISSION, viewer.now, track):
        return False
    ends = milestone(viewer.edition, Milestone.Kind.BIDDING, track)
    return ends is not None and not ends.has_closed(viewer.now)


def lists_are_fixed(viewer: Viewer) -> bool:
    """Whether the submission deadline of any track is over, so that committee members may come to see papers."""
    tracks = {each.track for each in milestones(viewer.edition)} | {None}
    return any(not is_open(viewer.edition, Milestone.Kind.SUBMISSION, viewer.now, track) for track in tracks)


def _own_assignments(viewer: Viewer) -> QuerySet:
    return _model("Assignment").filter(
        submission=OuterRef("pk"),
        state="active",
        reviewer__user=viewer.user,
        reviewer__state="accepted",
        reviewer__conflicts_declared_at__isnull=False,
    )


def papers_of_chair(viewer: Viewer) -> QuerySet:
    """Keys of the papers whose audit entries, mails and jobs a viewer may read: an organiser without conflict."""
    return _papers(viewer, is_chair=True)


# --- The committee's own rows ------------------------------------------------------------------------


def _papers(viewer: Viewer, **flags: bool) -> QuerySet:
    """Keys of the papers that `viewer` sees and that have these flags."""
    seen = apps.get_model("submissions", "Submission").objects.seen_by(viewer)
    return seen.filter(**flags).values("pk")


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _guarded(value, condition: Q, output_field) -> Case:
    """The value where the condition holds, else NULL."""
    return Case(When(condition, then=value), default=Value(None), output_field=output_field)


def _by(viewer: Viewer, path: str) -> Q:
    """Whose assignment it is; `path` leads to the reviewer."""
    return NEVER if viewer.user is None else Q(**{f"{path}user": viewer.user})


class AssignmentQuerySet(QuerySet):
    """Who reviews what. Start with `seen_by`; take names from the guarded columns only."""

    def active(self) -> "AssignmentQuerySet":
        return self.filter(state="active")

    def seen_by(self, viewer: Viewer) -> "AssignmentQuerySet":
        """One's own active assignments; all of them for organisers without conflict; and for reviewers whose

        review is in, the other active ones under their pseudonyms. Columns: `is_own`, `is_chairs` (seen as an
        organiser), guarded `seen_reviewer` (name), `seen_reason`, `seen_review_state` (organisers learn that a
        draft exists, other reviewers do not). One query.
        """
        own = _by(viewer, "reviewer__") & Q(state="active", submission__in=_papers(viewer, reads=True))
        chairs = Q(submission__in=_papers(viewer, is_chair=True))
        peers = Q(state="active", submission__in=_papers(viewer, reads=True, sees_review_count=True))
        names = chairs | own | (peers & Q(submission__track__reviewers_see_names=True))
        is_in = Q(review__state="submitted")
        return (
            self.annotate(is_own=_flag(own), is_chairs=_flag(chairs))
            .filter(own | chairs | peers)
            .annotate(
                seen_reviewer=_guarded(F("reviewer__name"), names, CharField(null=True)),
                seen_reason=_guarded(F("reason"), chairs, CharField(null=True)),
                seen_review_state=_guarded(F("review__state"), chairs | own | (peers & is_in), CharField(null=True)),
            )
        )


class ReviewQuerySet(QuerySet):
    """Reviews. Start with `seen_by`; a pseudonym is all that peers and authors learn of a writer."""

    def submitted(self) -> "ReviewQuerySet":
        return self.filter(state="submitted")

    def seen_by(self, viewer: Viewer) -> "ReviewQuerySet":
        """One's own reviews in any state, and others' submitted ones where the paper's sight allows reviews.

        Columns: `is_own`, `is_chairs`, `is_peers` (seen by another reviewer of the paper), guarded
        `seen_reviewer`, `seen_written_at` (own and organisers), `seen_written_on` (the day, for peers too).
        Ordered by pseudonym, never by time. One query.
        """
        own, chairs, peers, authors = _sides(viewer, "assignment__")
        names = own | chairs | (peers & Q(assignment__submission__track__reviewers_see_names=True))
        return (
            self.annotate(is_own=_flag(own), is_chairs=_flag(chairs), is_peers=_flag(peers))
            .filter(own | chairs | peers | authors)
            .annotate(
                seen_reviewer=_guarded(F("assignment__reviewer__name"), names, CharField(null=True)),
                seen_written_at=_guarded(F("submitted_at"), own | chairs, DateTimeField(null=True)),
                seen_written_on=_guarded(TruncDate("submitted_at"), own | chairs | peers, DateField(null=True)),
            )
            .order_by("assignment__submission", "assignment__pseudonym")
        )


class AnswerQuerySet(QuerySet):
    """Answers, each to those whom its question is meant for."""

    def seen_by(self, viewer: Viewer) -> "AnswerQuerySet":
        """Everything of one's own and, for organisers, of submitted reviews; peers read what is for authors

        and for the committee; authors, once decisions are released, what is for them. One query.
        """
        own, chairs, peers, authors = _sides(viewer, "review__assignment__", "review__")
        for_peers = peers & Q(field__audience__in=["authors", "committee"])
        return self.filter(own | chairs | for_peers | (authors & Q(field__audience="authors")))


def _sides(viewer: Viewer, to_assignment: str, to_review: str = "") -> tuple[Q, Q, Q, Q]:
    """From which side a review may be seen: own, as organiser, as another reviewer, as author."""
    paper = f"{to_assignment}submission__in"
    theirs = Q(**{f"{to_review}state": "submitted"})
    own = _by(viewer, f"{to_assignment}reviewer__") & Q(
        **{f"{to_assignment}state": "active", paper: _papers(viewer, reads=True)}
    )
    chairs = theirs & Q(**{paper: _papers(viewer, is_chair=True)})
    peers = theirs & Q(**{f"{to_assignment}state": "active", paper: _papers(viewer, reads=True, sees_reviews=True)})
    authors = theirs & Q(**{paper: _papers(viewer, is_author=True, sees_reviews=True)})
    return own, chairs, peers, authors


class DecisionQuerySet(QuerySet):
    """Decisions: organisers' alone until released."""

    def seen_by(self, viewer: Viewer) -> "DecisionQuerySet":
        """Any state for organisers without conflict; after release for authors and the paper's reviewers.

        Column: `is_chairs`, guarded `seen_comment`. One query.
        """
        chairs = Q(submission__in=_papers(viewer, is_chair=True))
        released = Q(state="released", released_at__lte=viewer.now)
        authors = released & Q(submission__in=_papers(viewer, is_author=True))
        readers = released & Q(
            submission__in=_papers(viewer, reads=True), submission__track__reviewers_see_decisions=True
        )
        return (
            self.filter(chairs | authors | readers)
            .annotate(is_chairs=_flag(chairs))
            .annotate(seen_comment=_guarded(F("comment"), chairs | authors | readers, TextField(null=True)))
        )
