"""Who learns that a submission exists, and what of it; each rule in both directions."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models import Exists

from ml4rs.editions.tests.factories import RoleFactory, TrackFactory, UserFactory
from reviews.tests.factories import AssignmentFactory, ConflictFactory, ReviewerFactory
from submissions.models import Submission
from submissions.queries.papers import authors_of
from submissions.registering import describe
from submissions.tests.factories import AuthorshipFactory, SubmissionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def seen(viewer):
    return list(Submission.objects.seen_by(viewer))


def test_a_stranger_finds_no_trace_of_a_submission(viewer_of):
    paper = SubmissionFactory()
    assert seen(viewer_of(UserFactory(), paper.edition)) == []
    assert seen(viewer_of(None, paper.edition)) == []


def test_everybody_sees_an_accepted_paper_after_release(viewer_of):
    paper = SubmissionFactory(accepted=True)
    [row] = seen(viewer_of(None, paper.edition))
    assert (row.sees_authors, row.sees_author_addresses, row.seen_outcome) == (True, False, "accepted")


def test_nobody_but_its_people_sees_a_rejected_paper(viewer_of):
    paper = SubmissionFactory(rejected=True)
    assert seen(viewer_of(None, paper.edition)) == []
    [row] = seen(viewer_of(paper.created_by, paper.edition))
    assert row.seen_outcome == "rejected"


def test_a_coauthor_is_known_by_any_verified_address(viewer_of):
    paper = SubmissionFactory()
    coauthor = UserFactory()
    AuthorshipFactory(submission=paper, email=coauthor.email)
    assert seen(viewer_of(coauthor, paper.edition)) == [paper]


def test_an_unverified_address_opens_nothing(viewer_of):
    paper = SubmissionFactory()
    impostor = UserFactory(verified=False)
    AuthorshipFactory(submission=paper, email=impostor.email)
    assert seen(viewer_of(impostor, paper.edition)) == []


def test_an_organiser_sees_every_paper_with_its_authors(viewer_of):
    paper = SubmissionFactory()
    organiser = RoleFactory(edition=paper.edition).user
    [row] = seen(viewer_of(organiser, paper.edition))
    assert row.sees_authors
    assert row.is_chair


def test_an_organiser_sees_her_own_paper_as_an_author_only(viewer_of):
    paper = SubmissionFactory()
    RoleFactory(edition=paper.edition, user=paper.created_by)
    [row] = seen(viewer_of(paper.created_by, paper.edition))
    assert row.is_author
    assert not row.is_chair
    assert not row.sees_review_count


def test_sight_takes_one_query_besides_the_viewers_own(viewer_of, cost_of):
    paper = SubmissionFactory()
    viewer = viewer_of(RoleFactory(edition=paper.edition).user, paper.edition)
    assert viewer.roles == {"organiser"}
    assert viewer.addresses
    with cost_of() as cost:
        seen(viewer)
    assert cost.queries == 1


def column(viewer, paper, name):
    """The value of one annotated column for this viewer; None if the paper is not there at all."""
    row = Submission.objects.seen_by(viewer).filter(pk=paper.pk).first()
    return getattr(row, name) if row else None


def assigned(paper, **fields):
    reviewer = ReviewerFactory(edition=paper.edition)
    AssignmentFactory(submission=paper, reviewer=reviewer, **fields)
    return reviewer.user


@pytest.mark.parametrize(("blind", "seen"), [("double", False), ("single", True), ("none", True)])
def test_reviewers_see_authors_where_reviewing_is_not_double_blind(viewer_of, blind, seen):
    paper = SubmissionFactory(track__blind=blind)
    viewer = viewer_of(assigned(paper), paper.edition)
    assert column(viewer, paper, "sees_manuscript") is True
    assert column(viewer, paper, "sees_authors") is seen
    for never in ("sees_author_addresses", "sees_declarations", "sees_identity_findings", "sees_original"):
        assert column(viewer, paper, never) is False


@pytest.mark.parametrize("state", ["withdrawn", "desk_rejected", "draft"])
def test_what_left_review_is_gone_for_reviewers_but_not_for_authors_and_chairs(viewer_of, state):
    paper = SubmissionFactory(state=state)
    reviewer, chair = assigned(paper), RoleFactory(edition=paper.edition).user
    assert column(viewer_of(reviewer, paper.edition), paper, "pk") is None
    assert column(viewer_of(chair, paper.edition), paper, "pk") == paper.pk
    assert column(viewer_of(paper.created_by, paper.edition), paper, "pk") == paper.pk


def test_conflict_beats_assignment_and_every_role(viewer_of):
    paper = SubmissionFactory()
    user = assigned(paper)
    for role in ("organiser", "schedule_editor", "grants_officer"):
        RoleFactory(edition=paper.edition, user=user, name=role)
    assert column(viewer_of(user, paper.edition), paper, "is_chair") is True
    ConflictFactory(user=user, submission=paper)
    assert column(viewer_of(user, paper.edition), paper, "pk") is None


def test_a_conflicted_organiser_sees_of_an_accepted_paper_what_everybody_sees(viewer_of):
    paper = SubmissionFactory(accepted=True)
    chair = RoleFactory(edition=paper.edition).user
    ConflictFactory(user=chair, submission=paper)
    viewer = viewer_of(chair, paper.edition)
    assert column(viewer, paper, "seen_outcome") == "accepted"
    for never in ("sees_manuscript", "sees_published", "sees_author_addresses", "sees_reviews", "is_chair"):
        assert column(viewer, paper, never) is False


def test_a_schedule_editor_sees_accepted_papers_and_handed_in_bonus_items(viewer_of):
    bonus = SubmissionFactory(track=TrackFactory(bonus=True))
    editor = RoleFactory(edition=bonus.edition, name="schedule_editor").user
    undecided = SubmissionFactory(track=TrackFactory(edition=bonus.edition))
    accepted = SubmissionFactory(track=undecided.track, accepted=True)
    draft = SubmissionFactory(track=bonus.track, draft=True)
    viewer = viewer_of(editor, bonus.edition)
    assert {row.pk for row in seen(viewer)} == {bonus.pk, accepted.pk}
    assert column(viewer, accepted, "sees_published") is True
    assert column(viewer, accepted, "sees_manuscript") is False
    assert column(viewer, bonus, "sees_authors") is True
    assert draft.pk


def test_a_bonus_item_is_public_only_once_published(viewer_of):
    slide = SubmissionFactory(track=TrackFactory(bonus=True), accepted=True, presentation="slide")
    anybody = viewer_of(None, slide.edition)
    assert column(anybody, slide, "pk") is None
    Submission.objects.filter(pk=slide.pk).update(published_at=slide.released_at)
    assert column(anybody, slide, "pk") is None
    slide.edition.papers_public = True
    slide.edition.save()
    assert column(viewer_of(None, slide.edition), slide, "sees_published") is True


def test_an_organiser_in_conflict_may_answer_a_bonus_item_but_not_her_own(viewer_of):
    slide = SubmissionFactory(track=TrackFactory(bonus=True))
    chair = RoleFactory(edition=slide.edition).user
    ConflictFactory(user=chair, submission=slide)
    assert column(viewer_of(chair, slide.edition), slide, "is_chair") is True
    RoleFactory(edition=slide.edition, user=slide.created_by)
    assert column(viewer_of(slide.created_by, slide.edition), slide, "is_chair") is False


def test_an_outcome_dated_later_is_not_known_to_its_authors_yet(viewer_of):
    paper = SubmissionFactory(accepted=True)
    early = viewer_of(paper.created_by, paper.edition, paper.released_at - timedelta(seconds=1))
    late = viewer_of(paper.created_by, paper.edition, paper.released_at)
    assert column(early, paper, "seen_outcome") is None
    assert column(late, paper, "seen_outcome") == "accepted"


@pytest.mark.parametrize(("shown", "outcome"), [(True, "rejected"), (False, None)])
def test_reviewers_learn_the_decision_after_release_where_the_track_says_so(viewer_of, shown, outcome):
    paper = SubmissionFactory(rejected=True, track__reviewers_see_decisions=shown)
    assert column(viewer_of(assigned(paper), paper.edition), paper, "seen_outcome") == outcome


def test_another_editions_organiser_finds_nothing(viewer_of):
    paper, elsewhere = SubmissionFactory(), RoleFactory()
    assert column(viewer_of(elsewhere.user, paper.edition), paper, "pk") is None
    assert seen(viewer_of(elsewhere.user, elsewhere.edition)) == []


def test_a_relation_is_resolved_once_however_many_rules_lean_on_it(viewer_of, monkeypatch):
    organiser = RoleFactory(name="organiser")
    resolved = []
    resolve = Exists.resolve_expression
    monkeypatch.setattr(
        Exists, "resolve_expression", lambda self, *args, **kwargs: resolved.append(1) or resolve(self, *args, **kwargs)
    )
    str(Submission.objects.seen_by(viewer_of(organiser.user, organiser.edition)).query)
    assert 0 < len(resolved) < 12


def test_names_and_objections_are_read_by_those_only_who_may_know_them(viewer_of):
    paper = SubmissionFactory(accepted=True)
    paper.authorships.update(answer="objected", answered_at=paper.submitted_at, objection="Never asked")
    for user, objection in ((None, ""), (paper.created_by, "Never asked")):
        (row,) = seen(viewer_of(user, paper.edition))
        assert [(each.name, each.objection) for each in authors_of(row)] == [(paper.created_by.name, objection)]
    hidden = SubmissionFactory(track=paper.track)
    reviewer = AssignmentFactory(submission=hidden).reviewer.user
    row = Submission.objects.seen_by(viewer_of(reviewer, paper.edition)).get(pk=hidden.pk)
    assert authors_of(row) == []


def test_a_paper_has_a_name_in_lists_of_what_happened_for_those_only_who_may_know_it(viewer_of):
    paper = SubmissionFactory(title="Tidal flats")
    chair = RoleFactory(edition=paper.edition).user
    ((key, described),) = describe(viewer_of(chair, paper.edition), [paper.pk])
    assert key == paper.pk
    assert "Tidal flats" in described.label
    ConflictFactory(user=chair, submission=paper)
    assert list(describe(viewer_of(chair, paper.edition), [paper.pk])) == []


def test_an_accepted_paper_that_was_withdrawn_is_public_no_more(viewer_of):
    paper = SubmissionFactory(accepted=True)
    assert seen(viewer_of(None, paper.edition)) == [paper]
    Submission.objects.update(state="withdrawn")
    assert seen(viewer_of(None, paper.edition)) == []


def test_the_files_of_a_paper_are_public_when_its_turn_has_come(viewer_of):
    paper = SubmissionFactory(accepted=True)
    paper.edition.papers_public = True
    turn = paper.released_at + timedelta(days=40)
    for published_at, now, public in (
        (None, turn, False),
        (turn, turn - timedelta(hours=1), False),
        (turn, turn, True),
    ):
        Submission.objects.update(published_at=published_at)
        (row,) = seen(viewer_of(None, paper.edition, now))
        assert row.is_published is public


@pytest.mark.parametrize("who", ["author", "reviewer"])
def test_through_somebodys_eyes_one_sees_no_paper_that_one_is_in_conflict_with(viewer_of, who):
    assignment = AssignmentFactory()
    paper = assignment.submission
    user = {"author": paper.created_by, "reviewer": assignment.reviewer.user}[who]
    chair = RoleFactory(edition=paper.edition).user
    assert seen(replace(viewer_of(user, paper.edition), watcher=viewer_of(chair, paper.edition))) == [paper]
    ConflictFactory(user=chair, submission=paper)
    assert seen(replace(viewer_of(user, paper.edition), watcher=viewer_of(chair, paper.edition))) == []
