"""Ten people at once, on PostgreSQL with real threads: nobody's words are lost, no decision is half released."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import RoleFactory, UserFactory
from reviews import actions
from reviews.actions import EditConflict
from reviews.models import Assignment, Decision, Discussion, Post, Review, ReviewVersion
from reviews.queries.papers import judged
from reviews.tests.factories import AssignmentFactory, ReviewerFactory
from submissions.models import Submission
from submissions.tests.factories import SubmissionFactory
from tests.together import at_once as together

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one after the other"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("mails"),
]
REFUSALS = (NotAllowed, EditConflict)


def at_once(verbs: list[Callable[[], object]]) -> list[object]:
    return together(verbs, REFUSALS)


def refused(results: list[object]) -> int:
    return sum(isinstance(each, REFUSALS) for each in results)


def own(stage, seat):
    viewer = stage.viewer(seat.reviewer.user)
    rows = Assignment.objects.seen_by(viewer).select_related("submission__track", "reviewer")
    return rows.get(pk=seat.pk), viewer


def test_of_many_tabs_one_submits_and_the_others_are_told(stage):
    seat = AssignmentFactory(submission=SubmissionFactory(track=stage.track))
    form = actions.ensure_forms(stage.track)

    def submit(number: int) -> Review:
        assignment, viewer = own(stage, seat)
        return actions.submit_review(
            assignment, form, {"summary": f"Tab {number}", "overall": 4}, revision=0, by=viewer
        )

    results = at_once([lambda number=number: submit(number) for number in range(8)])
    assert refused(results) == 7
    (version,) = ReviewVersion.objects.all()
    assert Review.objects.get().answers.get(field__key="summary").text == version.answers["summary"]


def test_a_second_click_says_it_once(stage):
    paper = SubmissionFactory(track=stage.track)
    Discussion.objects.create(submission=paper, opened_by=stage.organiser, opened_at=paper.submitted_at)

    def say() -> Post:
        seen = Submission.objects.seen_by(stage.chair).select_related("track", "edition").get(pk=paper.pk)
        return actions.post(seen, "Once.", by=stage.chair, nonce="abcdefgh2345")

    results = at_once([say] * 6)
    assert len({each.pk for each in results}) == 1
    assert Post.objects.count() == 1


def test_nine_decide_while_one_releases_and_no_paper_is_between(stage, mails):
    papers = [SubmissionFactory(track=stage.track, authors=1) for _ in range(6)]
    viewers = [stage.viewer(RoleFactory(edition=stage.edition).user) for _ in range(9)]
    actions.decide(judged(stage.chair), outcome="accepted", presentation="poster", by=stage.chair)

    def decide(viewer, number: int) -> int:
        rows = list(judged(viewer).filter(released_at=None).order_by("pk" if number % 2 else "-pk"))
        outcome, form = [("accepted", "oral"), ("accepted", "poster"), ("rejected", "")][number % 3]
        return sum(actions.decide([row], outcome=outcome, presentation=form, by=viewer) for row in rows)

    verbs = [lambda each=each, n=n: decide(each, n) for n, each in enumerate(viewers)]
    at_once([*verbs, lambda: actions.release_decisions(stage.edition, by=stage.chair)])
    actions.release_decisions(stage.edition, by=stage.chair)
    told = Counter(each.submission_id for each in mails.messages if each.event == "reviews.decision")
    for paper in papers:
        paper.refresh_from_db()
        decision = Decision.objects.get(submission=paper)
        assert (paper.outcome, paper.presentation) == (decision.outcome, decision.presentation)
        assert (decision.state, paper.released_at) == ("released", decision.released_at)
        assert told[paper.pk] == paper.authorships.count()


def test_of_many_releases_one_tells_the_authors(stage, mails):
    for _ in range(4):
        SubmissionFactory(track=stage.track, authors=1)
    actions.decide(judged(stage.chair), outcome="rejected", by=stage.chair)
    results = at_once([lambda: actions.release_decisions(stage.edition, by=stage.chair)] * 5)
    assert sum(len(each) for each in results if isinstance(each, list)) == 4
    sent = Counter((each.submission_id, each.recipient) for each in mails.messages)
    assert set(sent.values()) == {1}


def test_of_many_organisers_one_assigns(stage):
    paper, reviewer = SubmissionFactory(track=stage.track), ReviewerFactory(edition=stage.edition)

    def assign() -> Assignment:
        return actions.assign(judged(stage.chair).get(pk=paper.pk), reviewer, by=stage.chair)

    results = at_once([assign] * 6)
    assert refused(results) == 5
    assert Assignment.objects.active().count() == 1


def test_one_of_many_puts_a_tag_and_it_is_one_tag(stage):
    paper = SubmissionFactory(track=stage.track)
    results = at_once([lambda: actions.tag(judged(stage.chair), "discuss", by=stage.chair)] * 6)
    assert sum(results) == 1
    assert paper.taggings.count() == 1


def test_a_colleague_takes_a_paper_over_once(stage):
    seat = AssignmentFactory(submission=SubmissionFactory(track=stage.track))
    ReviewerFactory(edition=stage.edition, user=UserFactory(email="mary@far.example"))
    assignment, viewer = own(stage, seat)
    found = actions.propose_delegate(assignment, name="Mary", email="mary@far.example", reason="Why", by=viewer)

    def approve() -> object:
        fresh = type(found).objects.select_related("assignment__reviewer__user", "assignment__submission__edition")
        row = judged(stage.chair).select_related("edition").get(pk=assignment.submission_id)
        return actions.approve_delegate(fresh.get(pk=found.pk), row, by=stage.chair)

    results = at_once([approve] * 4)
    assert refused(results) == 3
    assert list(Assignment.objects.active().values_list("reviewer__email", flat=True)) == ["mary@far.example"]
