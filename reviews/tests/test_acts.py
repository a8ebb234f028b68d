"""The verbs of the committee's work: each refused to whom it is not for, and each in the log by who did it."""

from datetime import UTC, datetime, timedelta

import pytest

from ml4rs.audit.models import Entry
from ml4rs.editions.models import Role
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import EditionFactory, MilestoneFactory, TrackFactory, UserFactory
from reviews import actions
from reviews.actions.bulk import run, undo
from reviews.invitees import Invitee
from reviews.matching.publications import Publication as Written
from reviews.models import (
    Assignment,
    AssignmentRun,
    Award,
    AwardCandidate,
    Bid,
    BulkChange,
    Capacity,
    Conflict,
    Decision,
    JournalStream,
    Rating,
    Review,
    Reviewer,
    SavedView,
    Tag,
)
from reviews.tests.factories import ConflictFactory, DecisionFactory, ReviewerFactory
from reviews.tests.test_discussing import row, seat_of
from submissions.models import Submission
from submissions.tests.factories import AuthorshipFactory, SubmissionFactory

pytestmark = pytest.mark.usefixtures("mails")
THEN = datetime(2025, 2, 19, tzinfo=UTC)
SOON = datetime(2025, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


class World:
    """A paper that asks for nothing special, with a review in, and what its organisers may do things to."""

    def __init__(self, stage):
        type(stage.track).objects.update(
            has_author_response=True, has_meta_review=True, has_discussion=True, journal_eligible=True
        )
        stage.track.refresh_from_db()
        MilestoneFactory(edition=stage.edition, kind="response", instant=SOON)
        self.stage, self.edition, self.track = stage, stage.edition, stage.track
        self.plain = SubmissionFactory(track=stage.track, title="Clouds", declarations={"journal": True})
        self.seat = seat_of(self.plain, "K")
        self.member = self.seat.reviewer
        self.free = ReviewerFactory(edition=stage.edition)
        self.conflict = ConflictFactory(user=self.free.user, submission=SubmissionFactory(track=stage.track))
        self.award = Award.objects.create(edition=stage.edition, name="Best", created_at=THEN)
        self.run = AssignmentRun.objects.create(
            edition=stage.edition, created_at=THEN, pairs=[[self.plain.pk, self.free.pk, 0.5, "Close", None, None]]
        )
        self.word = Tag.objects.create(edition=stage.edition, name="old", audience="organisers")
        self.change = BulkChange.objects.create(
            edition=stage.edition, steps=[], applied_at=THEN, applied_by=stage.organiser
        )
        JournalStream.objects.create(edition=stage.edition, name="Journal")

    @property
    def paper(self):
        return row(self.stage.chair, self.plain)

    def decided(self):
        DecisionFactory(submission=self.plain)
        return self.paper

    def released(self):
        DecisionFactory(submission=self.plain, state="released", released_at=THEN)
        Submission.objects.filter(pk=self.plain.pk).update(outcome="accepted", presentation="poster", released_at=THEN)
        return self.paper


@pytest.fixture
def world(stage):
    return World(stage)


# --- What organisers do for the whole edition -----------------------------------------------------------------


def frozen(it):
    type(it.edition).objects.update(frozen_at=THEN, frozen_because="Why")


def winning(it):
    it.released()
    Award.objects.update(state="closed")
    AwardCandidate.objects.create(
        award=it.award, submission=it.plain, wins=True, nominated_at=THEN, nominated_by=it.stage.organiser
    )
    it.award.refresh_from_db()


OF_EDITION = {
    "award.created": lambda it, by: actions.create_award(
        it.edition, name="Other", track=None, committee_votes=False, by=by
    ),
    "award.moved": lambda it, by: actions.move_award(it.award, "closed", by=by),
    "award.announced": lambda it, by: winning(it) or actions.announce_award(it.award, by=by),
    "bulk.applied": lambda it, by: run(f"{it.plain.number},tag,,new".encode(), by=by, rehearsal=False),
    "bulk.undone": lambda it, by: undo(it.change, by=by),
    "capacity.set": lambda it, by: actions.set_capacities(it.edition, [Capacity(presentation="oral", places=3)], by=by),
    "reviewer.chased": lambda it, by: Review.objects.all().delete() and actions.chase(by=by),
    "reviewer.invited": lambda it, by: actions.invite(it.edition, [Invitee(1, "", email="x@y.org")], by=by),
    "reviewer.reminded": lambda it, by: (
        Reviewer.objects.filter(pk=it.free.pk).update(state="invited", answered_at=None)
        and actions.remind(Reviewer.objects.all(), by=by)
    ),
    "reviewer.made_senior": lambda it, by: actions.mark_seniors(it.edition, [it.free.public_id], by=by),
    "reviewer.removed": lambda it, by: actions.remove(it.free, by=by),
    "reviewer.extended": lambda it, by: actions.give_time(it.free, until=SOON, reason="Ill", by=by),
    "decisions.released": lambda it, by: it.decided() and actions.release_decisions(it.edition, by=by),
    "edition.frozen": lambda it, by: actions.freeze(it.edition, reason="Leak", by=by),
    "edition.thawed": lambda it, by: frozen(it) or actions.thaw(it.edition, by=by),
    "reviews.rolled_back": lambda it, by: frozen(it) or actions.roll_back(it.edition, to=THEN, by=by),
    "journal.described": lambda it, by: actions.describe_stream(it.edition, name="Other", by=by),
    "assignment_run.applied": lambda it, by: actions.apply_run(it.run, by=by),
    "assignment_run.discarded": lambda it, by: actions.discard_run(it.run, by=by),
    "reviews.shown": lambda it, by: actions.show_reviews(it.track, by=by),
    "tag.changed": lambda it, by: actions.change_tag(it.word, tone="red", audience="reviewers", by=by),
    "tag.deleted": lambda it, by: actions.delete_tag(it.word, by=by),
}


@pytest.mark.parametrize("verb", OF_EDITION)
def test_organisers_do_it_and_it_is_in_the_log(world, verb):
    OF_EDITION[verb](world, world.stage.chair)
    assert Entry.objects.filter(verb=verb, actor=world.stage.organiser).count() == 1


@pytest.mark.parametrize("verb", OF_EDITION)
def test_it_is_refused_to_members_of_the_committee(world, verb, mails):
    with pytest.raises(NotAllowed, match="organiser"):
        OF_EDITION[verb](world, world.stage.viewer(world.member.user))
    assert not Entry.objects.exists()
    assert not mails.messages


# --- What organisers without conflict do to a paper -----------------------------------------------------------

OF_PAPER = {
    "assignment.made": lambda it, paper, by: actions.assign(paper, it.free, by=by),
    "award.nominated": lambda it, paper, by: it.decided() and actions.nominate(it.award, [paper], by=by),
    "award.taken_off": lambda it, paper, by: it.decided() and actions.take_off(it.award, paper, by=by),
    "award.settled": lambda it, paper, by: (
        winning(it) or actions.settle_winner(it.award, paper, wins=True, laudation="Good", by=by)
    ),
    "conflict.set": lambda it, paper, by: actions.set_conflict(paper, it.free.user, by=by, note="Known"),
    "conflict.confirmed": lambda it, paper, by: actions.confirm_conflict(it.conflict, paper, by=by),
    "conflict.dismissed": lambda it, paper, by: actions.dismiss_conflict(it.conflict, paper, note="No", by=by),
    "decision.staged": lambda it, paper, by: actions.decide([paper], outcome="rejected", by=by),
    "decision.commented": lambda it, paper, by: it.decided() and actions.comment_on(paper, "Good", by=by),
    "decision.held": lambda it, paper, by: it.decided() and actions.hold([paper], by=by),
    "decision.cleared": lambda it, paper, by: it.decided() and actions.clear([paper], by=by),
    "decision.corrected": lambda it, paper, by: (
        it.released() and actions.correct_decision(paper, outcome="rejected", comment="", reason="Mixed up", by=by)
    ),
    "discussion.opened": lambda it, paper, by: actions.open_discussions([paper], by=by),
    "meta_review.asked": lambda it, paper, by: actions.ask_for_meta_review(paper, it.seat.public_id, by=by),
    "paper.tagged": lambda it, paper, by: actions.tag([paper], "new", by=by),
    "review.rated": lambda it, paper, by: actions.rate(paper, it.seat.review.public_id, grade=2, by=by),
}


@pytest.mark.parametrize("verb", OF_PAPER)
def test_an_organiser_without_conflict_does_it_and_it_is_in_the_log(world, verb):
    OF_PAPER[verb](world, world.paper, world.stage.chair)
    entry = Entry.objects.get(verb=verb)
    assert (entry.actor, entry.submission_id) == (world.stage.organiser, world.plain.pk)


@pytest.mark.parametrize("verb", OF_PAPER)
def test_it_is_refused_to_an_organiser_in_conflict(world, verb, mails):
    paper = world.paper
    paper.is_chair = False
    with pytest.raises(NotAllowed, match="without conflict"):
        OF_PAPER[verb](world, paper, world.stage.chair)
    assert not Entry.objects.filter(verb=verb).exists()
    assert not mails.messages


BACK = {
    "discussion.closed": (
        lambda paper, by: actions.open_discussions([paper], by=by),
        lambda paper, by: actions.close_discussions([paper], by=by),
    ),
    "meta_review.taken_back": (
        lambda paper, by: actions.ask_for_meta_review(paper, Assignment.objects.get().public_id, by=by),
        lambda paper, by: actions.take_meta_review_back(paper, by=by),
    ),
    "paper.untagged": (
        lambda paper, by: actions.tag([paper], "new", by=by), lambda paper, by: actions.untag([paper], "new", by=by),
    ),
}  # fmt: skip


@pytest.mark.parametrize("verb", BACK)
def test_what_was_done_to_a_paper_is_taken_back_by_organisers_without_conflict_only(world, verb):
    there, back = BACK[verb]
    there(world.paper, world.stage.chair)
    paper = world.paper
    paper.is_chair = False
    with pytest.raises(NotAllowed, match="without conflict"):
        back(paper, world.stage.chair)
    assert not Entry.objects.filter(verb=verb).exists()
    back(world.paper, world.stage.chair)
    assert Entry.objects.get(verb=verb).submission_id == world.plain.pk


# --- What a member does for themselves ------------------------------------------------------------------------


def test_members_describe_themselves_and_nobody_else_does(stage):
    member, other = ReviewerFactory(edition=stage.edition), ReviewerFactory(edition=stage.edition)
    said = {"profile": "Clouds", "load": 2, "topics": [], "show_publicly": True, "steps_in": True}
    for viewer in (stage.viewer(other.user), stage.viewer(None)):
        with pytest.raises(NotAllowed, match="Only members"):
            actions.describe_self(member, **said, by=viewer)
    actions.describe_self(member, **said, by=stage.viewer(member.user))
    member.refresh_from_db()
    assert (member.profile, member.load, member.show_publicly, member.steps_in) == ("Clouds", 2, True, True)
    assert Entry.objects.get().verb == "reviewer.described"
    Reviewer.objects.update(state="declined")
    member.refresh_from_db()
    with pytest.raises(NotAllowed, match="Only members"):
        actions.describe_self(member, **said, by=stage.viewer(member.user))


def test_publications_are_written_and_forgotten_by_their_writer_only(stage, at):
    member, other = ReviewerFactory(edition=stage.edition), ReviewerFactory(edition=stage.edition)
    work = [Written("Clouds", ("Ada",), 2024)]
    with at(datetime(2025, 1, 1, tzinfo=UTC)):
        for verb in (lambda by: actions.add_publications(member, work, by=by),
                     lambda by: actions.remove_publications(member, by=by)):  # fmt: skip
            with pytest.raises(NotAllowed, match="Only members"):
                verb(stage.viewer(other.user))
        assert actions.add_publications(member, work, by=stage.viewer(member.user)) == 1
        assert actions.add_publications(member, work, by=stage.viewer(member.user)) == 0
        assert actions.remove_publications(member, by=stage.viewer(member.user)) == 1
    verbs = ["reviewer.publications_added", "reviewer.publications_added", "reviewer.publications_removed"]
    assert [each.verb for each in Entry.objects.order_by("pk")] == verbs


def test_a_conflict_declared_on_a_paper_reaches_that_paper_and_that_member_only(stage, at):
    papers = [SubmissionFactory(track=stage.track) for _ in range(2)]
    seats = [seat_of(papers[0], "K", state="draft"), seat_of(papers[0], "L", state="draft")]
    member = seats[0].reviewer
    seats.append(Assignment.objects.create(submission=papers[1], reviewer=member, pseudonym="K", created_at=THEN))
    bids = [(member, papers[0]), (member, papers[1]), (seats[1].reviewer, papers[0])]
    for reviewer, paper in bids:
        Bid.objects.create(reviewer=reviewer, submission=paper, level=2)
    viewer = stage.viewer(member.user)
    actions.declare_on_paper(row(viewer, papers[0]), by=viewer)
    assert [Assignment.objects.get(pk=seat.pk).state for seat in seats] == ["declined", "active", "active"]
    assert {(bid.reviewer, bid.submission) for bid in Bid.objects.all()} == set(bids[1:])
    assert Entry.objects.get().verb == "conflict.declared"


def test_bids_are_placed_changed_and_taken_back_on_papers_that_are_there(stage, at):
    member, other = ReviewerFactory(edition=stage.edition), ReviewerFactory(edition=stage.edition)
    one, two, hidden, gone = (SubmissionFactory(track=stage.track) for _ in range(4))
    ConflictFactory(user=member.user, submission=hidden)
    Submission.objects.filter(pk=gone.pk).update(state="withdrawn")
    Bid.objects.create(reviewer=other, submission=one, level=1)
    with at(datetime(2025, 2, 12, 12, tzinfo=UTC)):
        viewer = stage.viewer(member.user)
        levels = {each.public_id: 2 for each in (one, two, hidden, gone)}
        assert actions.place_bids(member, levels, by=viewer) == 2
        assert actions.place_bids(member, {one.public_id: None, two.public_id: 1}, by=viewer) == 2
    assert set(Bid.objects.values_list("reviewer", "submission", "level")) == {
        (other.pk, one.pk, 1), (member.pk, two.pk, 1),
    }  # fmt: skip
    with pytest.raises(NotAllowed, match="not open"):
        actions.place_bids(member, {}, by=stage.viewer(member.user))


# --- How far they reach ---------------------------------------------------------------------------------------


def test_who_was_removed_in_one_edition_is_new_in_another(stage):
    old = ReviewerFactory(edition=EditionFactory(slug="other"), state="removed")
    [made] = actions.invite(stage.edition, [Invitee(1, "", email=old.email)], by=stage.chair)
    assert made.edition_id == stage.edition.pk
    old.refresh_from_db()
    assert old.state == "removed"


def test_who_is_on_the_committee_is_not_invited_anew(stage):
    member = ReviewerFactory(edition=stage.edition)
    assert actions.invite(stage.edition, [Invitee(1, "", email=member.email)], by=stage.chair) == []
    member.refresh_from_db()
    assert member.state == "accepted"


def test_a_removed_member_loses_the_role_of_a_reviewer_here_and_nothing_else(world):
    other = ReviewerFactory(edition=EditionFactory(slug="other"), user=world.free.user)
    Role.objects.create(edition=world.edition, user=world.free.user, name="schedule_editor")
    seat_of(world.plain, "L", state="draft")
    open_seat = Assignment.objects.get(pseudonym="L")
    actions.remove(world.free, by=world.stage.chair)
    roles = set(Role.objects.filter(user=world.free.user).values_list("edition", "name"))
    assert roles == {(other.edition_id, "reviewer"), (world.edition.pk, "schedule_editor")}
    actions.remove(open_seat.reviewer, by=world.stage.chair)
    actions.remove(world.member, by=world.stage.chair)
    assert dict(Assignment.objects.values_list("pseudonym", "state")) == {"K": "active", "L": "removed"}


def test_taking_a_candidate_off_leaves_the_others_and_its_other_awards(world):
    other = Award.objects.create(edition=world.edition, name="Other", created_at=THEN)
    second = SubmissionFactory(track=world.track)
    DecisionFactory(submission=second)
    papers = [world.decided(), row(world.stage.chair, second)]
    assert actions.nominate(world.award, papers, by=world.stage.chair) == 2
    assert actions.nominate(world.award, papers, by=world.stage.chair) == 0
    actions.nominate(other, papers[:1], by=world.stage.chair)
    actions.take_off(world.award, papers[0], by=world.stage.chair)
    assert set(AwardCandidate.objects.values_list("award", "submission")) == {
        (world.award.pk, second.pk), (other.pk, world.plain.pk),
    }  # fmt: skip


@pytest.mark.parametrize("fields", [
    {"outcome": "rejected", "presentation": ""}, {"state": "withdrawn"}, {"released_at": SOON},
])  # fmt: skip
def test_what_is_not_accepted_now_wins_nothing(world, fields):
    winning(world)
    Submission.objects.filter(pk=world.plain.pk).update(**fields)
    with pytest.raises(NotAllowed, match="Release the decisions first"):
        actions.announce_award(world.award, by=world.stage.chair)
    assert Award.objects.get().state == "closed"


def test_only_the_award_that_is_announced_is(world, mails):
    winning(world)
    Submission.objects.filter(pk=world.plain.pk).update(released_at=world.stage.chair.now)
    other = Award.objects.create(edition=world.edition, name="Other", created_at=THEN, state="closed")
    actions.announce_award(world.award, by=world.stage.chair)
    other.refresh_from_db()
    assert other.state == "closed"
    assert mails.events() == ["reviews.award"] * world.plain.authorships.count()


def test_a_laudation_is_kept_with_the_winner(world):
    winning(world)
    actions.settle_winner(world.award, world.paper, wins=False, laudation="Nearly", by=world.stage.chair)
    assert AwardCandidate.objects.values_list("wins", "laudation").get() == (False, "Nearly")


def test_a_grade_is_given_replaced_and_taken_back(world):
    review = world.seat.review.public_id
    actions.rate(world.paper, review, grade=3, note=" very  good ", by=world.stage.chair)
    actions.rate(world.paper, review, grade=1, by=world.stage.chair)
    assert Rating.objects.values_list("grade", "note").get() == (1, "")
    for wrong in (99, 0):
        with pytest.raises(NotAllowed, match="one of the grades"):
            actions.rate(world.paper, review, grade=wrong, by=world.stage.chair)
    with pytest.raises(NotAllowed, match="no such review"):
        actions.rate(world.paper, "nonsense", grade=1, by=world.stage.chair)
    actions.rate(world.paper, review, grade=None, by=world.stage.chair)
    assert not Rating.objects.exists()


def test_views_are_kept_by_name_for_their_owner_up_to_fifty(stage):
    other = stage.viewer(UserFactory())
    for number in range(50):
        actions.save_view(f"View {number}", "sort=title", by=stage.chair)
    actions.save_view("View 3", "sort=score", by=stage.chair)
    assert SavedView.objects.get(name="View 3").query == "sort=score"
    for name, query, words in (("Late", "", "50 views"), (" ", "", "a name"), ("View 3", "x" * 2001, "too long")):
        with pytest.raises(NotAllowed, match=words):
            actions.save_view(name, query, by=stage.chair)
    with pytest.raises(NotAllowed, match="organiser"):
        actions.save_view("Mine", "", by=other)
    kept = SavedView.objects.get(name="View 3")
    with pytest.raises(NotAllowed, match="gone already"):
        actions.forget_view(kept.public_id, by=other)
    actions.forget_view(kept.public_id, by=stage.chair)
    assert SavedView.objects.count() == 49


def test_capacities_are_replaced_in_this_edition_only(stage):
    other = EditionFactory(slug="other")
    for edition in (other, stage.edition):
        Capacity.objects.create(edition=edition, presentation="poster", places=9)
    actions.set_capacities(stage.edition, [Capacity(presentation="oral", places=3)], by=stage.chair)
    assert set(Capacity.objects.values_list("edition", "presentation", "places")) == {
        (other.pk, "poster", 9), (stage.edition.pk, "oral", 3),
    }  # fmt: skip


def test_reviews_are_shown_in_the_track_that_was_meant_and_only_of_papers_under_review(world):
    elsewhere = SubmissionFactory(track=TrackFactory(edition=world.edition, has_author_response=True))
    seat_of(elsewhere, "K")
    gone = SubmissionFactory(track=world.track)
    seat_of(gone, "K")
    Submission.objects.filter(pk=gone.pk).update(state="withdrawn")
    assert actions.show_reviews(world.track, by=world.stage.chair) == [world.plain.public_id]
    assert Submission.objects.filter(reviews_shown_at__isnull=False).get() == world.plain


def test_conflicts_keep_their_note_and_end_each_other(world):
    conflict, by = world.conflict, world.stage.chair
    actions.confirm_conflict(conflict, world.paper, by=by, note="Seen")
    conflict.refresh_from_db()
    assert (conflict.confirmed_at, conflict.dismissed_at, conflict.note) == (by.now, None, "Seen")
    actions.dismiss_conflict(conflict, world.paper, by=by, note="A namesake")
    conflict.refresh_from_db()
    assert (conflict.confirmed_at, conflict.dismissed_at, conflict.note) == (None, by.now, "A namesake")
    with pytest.raises(NotAllowed, match="Say in a note"):
        actions.dismiss_conflict(conflict, world.paper, by=by, note=" ")
    other = ConflictFactory(submission=world.plain)
    actions.confirm_conflict(conflict, world.paper, by=by)
    other.refresh_from_db()
    assert (other.confirmed_at, other.dismissed_at) == (None, None)
    assert Conflict.objects.get(pk=conflict.pk).confirmed_at == by.now


def test_more_time_is_for_members_only(world):
    Reviewer.objects.filter(pk=world.free.pk).update(state="declined")
    world.free.refresh_from_db()
    with pytest.raises(NotAllowed, match="Only members"):
        actions.give_time(world.free, until=SOON, reason="Ill", by=world.stage.chair)
    actions.give_time(world.member, until=SOON, reason="Ill", by=world.stage.chair)
    with pytest.raises(NotAllowed, match="organiser"):
        actions.take_time_back(world.member, by=world.stage.viewer(world.member.user))
    actions.take_time_back(world.member, by=world.stage.chair)
    assert Entry.objects.filter(verb="reviewer.extension_revoked").count() == 1


def test_a_winner_of_one_award_is_none_of_another(world):
    winning(world)
    other = Award.objects.create(edition=world.edition, name="Other", created_at=THEN, state="closed")
    AwardCandidate.objects.create(
        award=other, submission=world.plain, nominated_at=THEN, nominated_by=world.stage.organiser
    )
    actions.settle_winner(other, world.paper, wins=True, laudation="Here", by=world.stage.chair)
    assert dict(AwardCandidate.objects.values_list("award__name", "laudation")) == {"Best": "", "Other": "Here"}
    stranger = row(world.stage.chair, SubmissionFactory(track=world.track))
    with pytest.raises(NotAllowed, match="no candidate"):
        actions.settle_winner(other, stranger, wins=True, laudation="", by=world.stage.chair)


def test_a_vote_is_in_the_log_without_its_points(world):
    world.decided()
    actions.nominate(world.award, [world.paper], by=world.stage.chair)
    actions.move_award(world.award, "voting", by=world.stage.chair)
    actions.vote(world.award, {AwardCandidate.objects.get().pk: 3}, by=world.stage.chair)
    assert Entry.objects.get(verb="award.voted").details == {}


@pytest.mark.parametrize(("offered", "asked", "form"), [
    ([], "oral", "oral"), ([], "", ""), (["poster"], "", "poster"), (["poster", "oral"], "", ""),
    (["poster", "oral"], "oral", "oral"), (["poster"], "oral", None),
])  # fmt: skip
def test_a_form_of_presentation_is_one_that_the_track_offers(world, offered, asked, form):
    type(world.track).objects.update(presentations=offered)
    verb = {"outcome": "accepted", "presentation": asked, "by": world.stage.chair}
    if form is None:
        with pytest.raises(NotAllowed, match="does not offer"):
            actions.decide([world.paper], **verb)
    else:
        actions.decide([world.paper], **verb)
        assert Decision.objects.get().presentation == form


def test_a_conflict_is_declared_only_on_a_paper_that_is_before_one(world):
    outsider = ReviewerFactory(edition=world.edition)
    paper = world.paper
    paper.reads = paper.may_bid = False
    with pytest.raises(NotAllowed, match="Only a reviewer of this paper"):
        actions.declare_on_paper(paper, by=world.stage.viewer(outsider.user))
    assert not Conflict.objects.filter(user=outsider.user).exists()


@pytest.mark.parametrize(("number", "is_kept"), [(3, True), (4, False)])
def test_so_many_publications_are_kept_and_no_more(stage, at, monkeypatch, number, is_kept):
    monkeypatch.setattr("reviews.actions.committee.MOST", 3)
    member = ReviewerFactory(edition=stage.edition)
    with at(datetime(2025, 1, 1, tzinfo=UTC)):
        by = stage.viewer(member.user)
        actions.add_publications(member, [Written("Work 0", ("Ada",), 2024)], by=by)
        rest = [Written(f"Work {each}", ("Ada",), 2024) for each in range(number)]
        if is_kept:
            assert actions.add_publications(member, rest, by=by) == 2
        else:
            with pytest.raises(NotAllowed, match="At most 3"):
                actions.add_publications(member, rest, by=by)


# --- Whose conflicts are looked for ---------------------------------------------------------------------------


def test_conflicts_are_looked_for_between_those_who_meet_papers_and_papers_of_their_edition(stage):
    author = UserFactory()
    paper = SubmissionFactory(track=stage.track, created_by=author)
    elsewhere = SubmissionFactory(created_by=author)
    assert {each.authorships.get().user for each in (paper, elsewhere)} == {author}
    Conflict.objects.all().delete()
    Role.objects.create(edition=stage.edition, user=author, name="grants_officer")
    assert actions.find_conflicts(stage.edition) == 0, "grants officers meet accepted papers only"
    Role.objects.create(edition=stage.edition, user=author, name="schedule_editor")
    Conflict.objects.all().delete()
    assert actions.find_conflicts(stage.edition) == 1
    assert actions.find_conflicts(stage.edition) == actions.find_conflicts_of(author, stage.edition) == 0
    assert Conflict.objects.values_list("user", "submission", "kind").get() == (author.pk, paper.pk, "author")
    assert actions.find_conflicts_of(author, EditionFactory(slug="empty")) == 0
    Conflict.objects.all().delete()
    assert actions.find_conflicts_around(paper) == 1
    assert Conflict.objects.get().submission_id == paper.pk


@pytest.mark.parametrize("by_account", [True, False])
def test_an_author_by_account_or_by_address_stays_in_conflict(stage, by_account):
    paper, author = SubmissionFactory(track=stage.track), ReviewerFactory(edition=stage.edition).user
    if by_account:
        AuthorshipFactory(submission=paper, user=author, email="elsewhere@x.org")
    else:
        AuthorshipFactory(submission=paper, user=None, email=author.email)
    conflict, _ = Conflict.objects.get_or_create(
        user=author, submission=paper, kind="author", defaults={"created_at": THEN}
    )
    with pytest.raises(NotAllowed, match="always in conflict"):
        actions.dismiss_conflict(conflict, row(stage.chair, paper), note="No", by=stage.chair)
