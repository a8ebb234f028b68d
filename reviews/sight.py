"""Sight on the committee's work, in SQL: `Review`, `Answer`, `Assignment` and `Decision.objects.seen_by(viewer)`.

Every rule leans on `Submission.objects.seen_by(viewer)`, so that nobody sees a review of a paper they may
not know of. The first part tells that evaluator what the committee is to a paper. Where one paper's row of that
evaluator is at hand, `paper=` takes what it says of the viewer instead of asking the database again for each row.
"""

from django.apps import apps
from django.db.models import DateField, DateTimeField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from ml4rs.editions.conditions import ALWAYS, NEVER, all_of, any_of, constant, flag, given, guarded
from ml4rs.editions.models import Milestone, Role
from ml4rs.editions.queries import is_open, milestone, milestones
from ml4rs.editions.viewer import Viewer


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
    if not viewer.is_reviewer:
        return NEVER
    return Q(Exists(_own_assignments(viewer)))


def has_reviewed(viewer: Viewer) -> Q:
    if not viewer.is_reviewer:
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


def is_orphan(viewer: Viewer) -> Q:
    """No organiser is left who is neither in conflict with the paper nor its author: it goes to a deputy."""
    if not viewer.is_deputy:
        return NEVER
    paper = OuterRef(OuterRef("pk"))
    tied = _model("Conflict").filter(user=OuterRef("user"), submission=paper, dismissed_at__isnull=True)
    undeclared = _model("Reviewer").filter(
        edition=OuterRef("edition"), user=OuterRef("user"), state="accepted", conflicts_declared_at__isnull=True
    )
    organisers = Role.objects.filter(edition=OuterRef("edition"), name=Role.Name.ORGANISER, user__is_active=True)
    free = organisers.exclude(user=OuterRef("created_by")).exclude(Exists(tied)).exclude(Exists(undeclared))
    return Q(track__is_reviewed=True) & ~Q(Exists(free))


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


def papers_of_chair(viewer: Viewer) -> QuerySet | list[int]:
    """Keys of the papers whose audit entries, mails and jobs a viewer may read: an organiser without conflict."""
    found = _papers(viewer, "is_chair")
    return [] if found is None else found


# --- The committee's own rows ------------------------------------------------------------------------


def _papers(viewer: Viewer, *columns: str) -> QuerySet | None:
    """Keys of the papers that `viewer` sees and of which these columns are true; None where there can be none."""
    return apps.get_model("submissions", "Submission").objects.keys_where(viewer, *columns)


def _about(viewer: Viewer, path: str, *columns: str, paper=None) -> Q:
    """The paper at the end of `path` is one of these; of `paper` it is known."""
    if paper is not None:
        return all_of(Q(**{path: paper.pk}), constant(all(getattr(paper, column) for column in columns)))
    papers = _papers(viewer, *columns)
    return NEVER if papers is None else Q(**{f"{path}__in": papers})


def _by(viewer: Viewer, path: str) -> Q:
    """Whose assignment it is; `path` leads to the reviewer."""
    return NEVER if viewer.user is None else Q(**{f"{path}user": viewer.user})


def _privately(viewer: Viewer, else_only: Q = NEVER) -> Q:
    """Whatever the state for whom it belongs to; to whoever looks through their eyes only this."""
    return else_only if viewer.is_watched else ALWAYS


class AssignmentQuerySet(QuerySet):
    """Who reviews what. Start with `seen_by`; take names from the guarded columns only."""

    def active(self) -> "AssignmentQuerySet":
        return self.filter(state="active")

    def seen_by(self, viewer: Viewer, *, paper=None) -> "AssignmentQuerySet":
        """One's own active assignments; all of them for organisers without conflict; and for reviewers whose

        review is in, the other active ones under their pseudonyms. Columns: `is_own`, `is_chairs` (seen as an
        organiser), guarded `seen_reviewer` (name), `seen_reason`, `seen_review_state` (organisers learn that a
        draft exists, other reviewers do not). One query.
        """
        active, own = Q(state="active"), _own(viewer, paper=paper)
        chairs = _about(viewer, "submission", "is_chair", paper=paper)
        peers = all_of(active, _about(viewer, "submission", "reads", "sees_review_count", paper=paper))
        names = any_of(chairs, own, all_of(peers, Q(submission__track__reviewers_see_names=True)))
        states = any_of(chairs, own, all_of(peers, Q(review__state="submitted")))
        shown = any_of(own, chairs, peers)
        return self.filter(shown).annotate(
            is_own=flag(given(own, shown)),
            is_chairs=flag(given(chairs, shown)),
            seen_reviewer=guarded(F("reviewer__name"), given(names, shown)),
            seen_reason=guarded(F("reason"), given(chairs, shown)),
            seen_review_state=guarded(F("review__state"), given(states, shown)),
        )

    def own_of(self, viewer: Viewer) -> "AssignmentQuerySet":
        """The rows of `seen_by` with `is_own`, and their `seen_review_state`: what a desk needs, for less.

        `is_discussed` says that one's own review is in and an open discussion waits for one's words; `sums_up` that
        a meta-review is asked of one and not submitted.
        """
        opened = _model("Discussion").filter(
            submission=OuterRef("submission"), closed_at__isnull=True, submission__track__has_discussion=True
        )
        discussed = all_of(Q(review__state="submitted"), Q(Exists(opened)))
        asked = _model("MetaReview").filter(assignment=OuterRef("pk"), submitted_at__isnull=True)
        return self.filter(_own(viewer)).annotate(
            seen_review_state=F("review__state"), is_discussed=flag(discussed), sums_up=flag(Q(Exists(asked)))
        )


def _own(viewer: Viewer, *, paper=None) -> Q:
    """One's own active assignments of papers that one reads."""
    return all_of(_by(viewer, "reviewer__"), Q(state="active"), _about(viewer, "submission", "reads", paper=paper))


class ReviewQuerySet(QuerySet):
    """Reviews. Start with `seen_by`; a pseudonym is all that peers and authors learn of a writer."""

    def submitted(self) -> "ReviewQuerySet":
        return self.filter(state="submitted")

    def seen_by(self, viewer: Viewer, *, paper=None) -> "ReviewQuerySet":
        """One's own reviews in any state, and others' submitted ones where the paper's sight allows reviews.

        Columns: `is_own`, `is_chairs`, `is_peers` (seen by another reviewer of the paper), guarded
        `seen_reviewer`, `seen_written_at` (own and organisers), `seen_written_on` (the day, for peers too).
        Ordered by pseudonym, never by time. One query.
        """
        own, chairs, peers, authors = _sides(viewer, "assignment__", paper=paper)
        peers_names = all_of(peers, Q(assignment__submission__track__reviewers_see_names=True))
        instants, days = any_of(own, chairs), any_of(own, chairs, peers)
        shown = any_of(days, authors)
        names = any_of(instants, peers_names)
        return (
            self.filter(shown)
            .annotate(
                is_own=flag(given(own, shown)),
                is_chairs=flag(given(chairs, shown)),
                is_peers=flag(given(peers, shown)),
                seen_reviewer=guarded(F("assignment__reviewer__name"), given(names, shown)),
                seen_written_at=guarded(F("submitted_at"), given(instants, shown), DateTimeField(null=True)),
                seen_written_on=guarded(TruncDate("submitted_at"), given(days, shown), DateField(null=True)),
            )
            .order_by("assignment__submission", "assignment__pseudonym")
        )


class AnswerQuerySet(QuerySet):
    """Answers, each to those whom its question is meant for."""

    def seen_by(self, viewer: Viewer, *, paper=None) -> "AnswerQuerySet":
        """Everything of one's own and, for organisers, of submitted reviews; peers read what is for authors

        and for the committee; authors, once decisions are released, what is for them. One query.
        """
        own, chairs, peers, authors = _sides(viewer, "review__assignment__", "review__", paper=paper)
        for_peers = all_of(peers, Q(field__audience__in=["authors", "committee"]))
        return self.filter(any_of(own, chairs, for_peers, all_of(authors, Q(field__audience="authors"))))


def _sides(viewer: Viewer, to_assignment: str, to_review: str = "", *, paper=None) -> tuple[Q, Q, Q, Q]:
    """From which side a review may be seen: own, as organiser, as another reviewer, as author."""
    path = f"{to_assignment}submission"
    active = Q(**{f"{to_assignment}state": "active"})
    theirs = Q(**{f"{to_review}state": "submitted"})
    own = all_of(
        _by(viewer, f"{to_assignment}reviewer__"), active, _about(viewer, path, "reads", paper=paper),
        _privately(viewer, theirs),
    )  # fmt: skip
    chairs = all_of(theirs, _about(viewer, path, "is_chair", paper=paper))
    peers = all_of(theirs, active, _about(viewer, path, "reads", "sees_reviews", paper=paper))
    authors = all_of(
        theirs,
        _shown_to_authors(viewer, path, to_review),
        _about(viewer, path, "is_author", "sees_reviews", paper=paper),
    )
    return own, chairs, peers, authors


def _shown_to_authors(viewer: Viewer, path: str, to_review: str) -> Q:
    """All once the decision is released; for a response before it, those that were in when they were shown."""
    released = Q(**{f"{path}__released_at__lte": viewer.now})
    return released | Q(**{f"{to_review}submitted_at__lte": F(f"{path}__reviews_shown_at")})


class RatingQuerySet(QuerySet):
    """What organisers think of reviews."""

    def seen_by(self, viewer: Viewer, *, paper=None) -> "RatingQuerySet":
        """For organisers without conflict alone; not for whom it is about. One query."""
        persons = [each.user for each in (viewer, viewer.watcher) if each is not None and each.user is not None]
        return self.filter(_about(viewer, "review__assignment__submission", "is_chair", paper=paper)).exclude(
            review__assignment__reviewer__user__in=persons
        )


class DecisionQuerySet(QuerySet):
    """Decisions: organisers' alone until released."""

    def seen_by(self, viewer: Viewer, *, paper=None) -> "DecisionQuerySet":
        """Any state for organisers without conflict; after release for authors and the paper's reviewers.

        Column: `is_chairs`, guarded `seen_comment`. One query.
        """
        chairs = _about(viewer, "submission", "is_chair", paper=paper)
        released = Q(state="released", released_at__lte=viewer.now)
        authors = all_of(released, _about(viewer, "submission", "is_author", paper=paper))
        told = Q(submission__track__reviewers_see_decisions=True)
        readers = all_of(released, told, _about(viewer, "submission", "reads", paper=paper))
        whole = any_of(chairs, authors, readers)
        return self.filter(whole).annotate(is_chairs=flag(given(chairs, whole)), seen_comment=F("comment"))


class PostQuerySet(QuerySet):
    """What is said in the discussion of a paper."""

    def seen_by(self, viewer: Viewer, *, paper=None) -> "PostQuerySet":
        """For organisers without conflict, and for reviewers of the paper whose own review is in.

        Columns: `is_own`, `is_chairs` (seen as an organiser), guarded `seen_writer` (name, for organisers only) and
        `seen_at` (the instant, for writers and organisers; others learn the day, `seen_on`). One query.
        """
        chairs = _about(viewer, "submission", "is_chair", paper=paper)
        reviewers = _about(viewer, "submission", "reads", "has_reviewed", paper=paper)
        # A changed score is a part of a review: where reviewers do not read those, they do not read it here.
        readable = ~Q(kind="change") | _about(viewer, "submission", "reads", "sees_reviews", paper=paper)
        reviewers = all_of(reviewers, readable)
        shown = all_of(any_of(chairs, reviewers), Q(submission__track__has_discussion=True))
        own = NEVER if viewer.user is None else Q(writer=viewer.user)
        return self.filter(shown).annotate(
            is_own=flag(own),
            is_chairs=flag(chairs),
            seen_writer=guarded(F("writer__name"), chairs),
            seen_at=guarded(F("created_at"), any_of(chairs, own), DateTimeField(null=True)),
            seen_on=TruncDate("created_at"),
        )


class ResponseQuerySet(QuerySet):
    """What authors answer to reviews."""

    def seen_by(self, viewer: Viewer, *, paper=None) -> "ResponseQuerySet":
        """Its authors' own in any state; once sent, for organisers without conflict and for reviewers of the paper

        whose own review is in. Columns: `is_authors`, guarded `seen_draft` (authors only), and `seen_writer` and
        `seen_at` (the instant), for authors and organisers; reviewers learn the day, `seen_on`. One query.
        """
        sent = Q(sent_at__isnull=False)
        authors = all_of(_about(viewer, "submission", "is_author", paper=paper), _privately(viewer, sent))
        chairs = all_of(sent, _about(viewer, "submission", "is_chair", paper=paper))
        reviewers = all_of(sent, _about(viewer, "submission", "reads", "has_reviewed", paper=paper))
        shown, insiders = any_of(authors, chairs, reviewers), any_of(authors, chairs)
        return self.filter(shown).annotate(
            is_authors=flag(given(authors, shown)),
            seen_draft=guarded(F("text"), all_of(given(authors, shown), _privately(viewer))),
            seen_writer=guarded(F("written_by__name"), given(insiders, shown)),
            seen_at=guarded(F("sent_at"), given(insiders, shown), DateTimeField(null=True)),
            seen_on=TruncDate("sent_at"),
        )


class AwardCandidateQuerySet(QuerySet):
    """Candidates for awards: organisers' secret until it is announced, and then only who wins is told."""

    def seen_by(self, viewer: Viewer) -> "AwardCandidateQuerySet":
        """For organisers without conflict; while voting is open and they vote, for members of the committee without

        conflict, of papers that are public by then. Column: `is_chairs`. One query.
        """
        chairs = _about(viewer, "submission", "is_chair")
        voters = NEVER
        if viewer.is_reviewer and not viewer.is_watched:
            papers = apps.get_model("submissions", "Submission").objects.seen_by(viewer)
            free = papers.filter(is_public=True, in_conflict=False, is_author=False).order_by().values("pk")
            voters = Q(award__committee_votes=True, award__state="voting", submission__in=free)
        shown = any_of(chairs, voters)
        return self.filter(shown, award__edition=viewer.edition).annotate(is_chairs=flag(given(chairs, shown)))


class ExclusionQuerySet(QuerySet):
    """Whom authors keep from their paper."""

    def seen_by(self, viewer: Viewer, *, paper=None) -> "ExclusionQuerySet":
        """For the paper's authors, and for organisers without conflict. One query."""
        chairs = _about(viewer, "submission", "is_chair", paper=paper)
        return self.filter(any_of(chairs, _about(viewer, "submission", "is_author", paper=paper)))


class CandidateQuerySet(QuerySet):
    """Papers invited to a journal."""

    def seen_by(self, viewer: Viewer, *, paper=None) -> "CandidateQuerySet":
        """For the paper's authors, and for organisers without conflict. Column: `is_chairs`. One query."""
        chairs = _about(viewer, "submission", "is_chair", paper=paper)
        authors = _about(viewer, "submission", "is_author", paper=paper)
        shown = any_of(chairs, authors)
        return self.filter(shown).annotate(is_chairs=flag(given(chairs, shown)))


class MetaReviewQuerySet(QuerySet):
    """What sums the reviews of a paper up."""

    def seen_by(self, viewer: Viewer, *, paper=None) -> "MetaReviewQuerySet":
        """Its writer's own in any state; that it is asked for, for organisers without conflict; once submitted its text

        for them, for reviewers of the paper whose own review is in and who read the others, and, once the decision is
        released, for authors. Columns: `is_own`, `is_chairs`, guarded `seen_text`, and `seen_recommendation` and
        `seen_writer` (writer and organisers). One query.
        """
        submitted, released = Q(submitted_at__isnull=False), Q(submission__released_at__lte=viewer.now)
        own = all_of(
            _by(viewer, "assignment__reviewer__"), Q(assignment__state="active"),
            _about(viewer, "submission", "reads", paper=paper), _privately(viewer, submitted),
        )  # fmt: skip
        chairs = _about(viewer, "submission", "is_chair", paper=paper)
        peers = all_of(submitted, _about(viewer, "submission", "reads", "sees_reviews", paper=paper))
        authors = all_of(submitted, released, _about(viewer, "submission", "is_author", paper=paper))
        readers = any_of(own, all_of(chairs, submitted), peers, authors)
        shown, insiders = any_of(chairs, readers), any_of(own, chairs)
        return self.filter(shown).annotate(
            is_own=flag(given(own, shown)),
            is_chairs=flag(given(chairs, shown)),
            seen_text=guarded(F("text"), given(readers, shown)),
            seen_recommendation=guarded(F("recommendation"), given(all_of(insiders, readers), shown)),
            seen_writer=guarded(F("assignment__reviewer__name"), given(insiders, shown)),
        )


class TaggingQuerySet(QuerySet):
    """Tags on papers."""

    def seen_by(self, viewer: Viewer, *, paper=None) -> "TaggingQuerySet":
        """Shared ones and one's own for organisers without conflict; the committee's for reviewers of the paper."""
        chairs = _about(viewer, "submission", "is_chair", paper=paper)
        readers = all_of(_about(viewer, "submission", "reads", paper=paper), Q(tag__audience="committee"))
        theirs = Q(tag__owner__isnull=True)
        if viewer.user is not None and not viewer.is_watched:
            theirs |= Q(tag__owner=viewer.user)
        return self.filter(any_of(all_of(chairs, theirs), readers))
