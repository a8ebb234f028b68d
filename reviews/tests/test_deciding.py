"""Decisions: staged, held, released once, corrected on the record."""

import pytest
from django.urls import reverse

from ml4rs.audit.models import Entry
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import RoleFactory, TrackFactory
from ml4rs.notifications.models import Message
from reviews import actions
from reviews.models import Decision
from reviews.tests.factories import ConflictFactory, DecisionFactory, ReviewerFactory
from submissions.models import Submission
from submissions.tests.factories import SubmissionFactory


@pytest.fixture
def papers(stage):
    return [SubmissionFactory(track=stage.track, title=f"Paper {number}", authors=2) for number in range(3)]


def rows(stage, *papers):
    seen = Submission.objects.seen_by(stage.chair).select_related("track")
    return list(seen.filter(pk__in=[paper.pk for paper in papers]))


def staged(stage, *papers, outcome="accepted", presentation="poster"):
    actions.decide(rows(stage, *papers), outcome=outcome, presentation=presentation, by=stage.chair)


def test_a_decision_is_staged_and_changed_without_a_trace_on_the_paper(stage, papers):
    staged(stage, *papers)
    staged(stage, papers[0], outcome="rejected")
    assert Decision.objects.get(submission=papers[0]).outcome == "rejected"
    assert Decision.objects.get(submission=papers[0]).presentation == ""
    assert set(Submission.objects.values_list("outcome", "presentation", "released_at")) == {("", "", None)}
    assert not Message.objects.exists()


def test_a_form_of_presentation_that_the_track_does_not_offer_is_refused(stage, papers):
    with pytest.raises(NotAllowed, match="does not offer"):
        staged(stage, papers[0], presentation="demo")
    assert not Decision.objects.exists()


def test_a_release_tells_every_author_once_and_a_second_click_nothing(stage, papers, mails):
    staged(stage, *papers[:2])
    staged(stage, papers[2], outcome="rejected")
    assert len(actions.release_decisions(stage.edition, by=stage.chair)) == 3
    assert actions.release_decisions(stage.edition, by=stage.chair) == []
    assert mails.events() == ["reviews.decision"] * 6
    assert len({message.recipient for message in mails.messages}) == 6
    assert {message.submission_id for message in mails.messages} == {paper.pk for paper in papers}
    outcomes = dict(Submission.objects.values_list("title", "outcome"))
    assert outcomes == {"Paper 0": "accepted", "Paper 1": "accepted", "Paper 2": "rejected"}
    assert Entry.objects.filter(verb="decision.released").count() == 3


def test_held_undecided_and_withdrawn_papers_stay_behind(stage, papers, mails):
    staged(stage, *papers[:2])
    actions.hold(rows(stage, papers[0]), by=stage.chair)
    Submission.objects.filter(pk=papers[1].pk).update(state="withdrawn")
    assert actions.release_decisions(stage.edition, by=stage.chair) == []
    actions.hold(rows(stage, papers[0]), by=stage.chair, held=False)
    assert actions.release_decisions(stage.edition, by=stage.chair) == [papers[0].public_id]


def test_a_release_by_track_leaves_the_others(stage, papers, mails):
    other = SubmissionFactory(track=TrackFactory(edition=stage.edition, slug="tiny"))
    staged(stage, papers[0], other)
    assert actions.release_decisions(stage.edition, by=stage.chair, track="tiny") == [other.public_id]


def test_a_released_decision_changes_only_by_a_correction_with_its_own_mail(stage, papers, mails):
    staged(stage, papers[0])
    actions.release_decisions(stage.edition, by=stage.chair)
    [paper] = rows(stage, papers[0])
    for verb in (
        lambda: staged(stage, papers[0], outcome="rejected"),
        lambda: actions.comment_on(paper, "x", by=stage.chair),
        lambda: actions.clear([paper], by=stage.chair),
        lambda: actions.hold([paper], by=stage.chair),
    ):
        with pytest.raises(NotAllowed, match="released"):
            verb()
    correction = {"outcome": "rejected", "comment": "", "by": stage.chair}
    with pytest.raises(NotAllowed, match="why"):
        actions.correct_decision(paper, reason=" ", **correction)
    actions.correct_decision(paper, reason="We mixed up two papers.", **correction)
    assert Submission.objects.get(pk=paper.pk).outcome == "rejected"
    assert mails.events().count("reviews.decision_corrected") == 2
    assert "We mixed up two papers." in mails.messages[-1].body_text
    assert Entry.objects.get(verb="decision.corrected").details["before"]["outcome"] == "accepted"
    with pytest.raises(NotAllowed, match="Nothing is different"):
        actions.correct_decision(rows(stage, papers[0])[0], reason="Again", **correction)


def test_an_organiser_in_conflict_can_neither_decide_nor_see_that_others_did(stage, papers):
    staged(stage, *papers)
    other = RoleFactory(edition=stage.edition).user
    ConflictFactory(user=other, submission=papers[0])
    client = stage.client(other)
    for name in ("decision", "preview", "paper", "assign"):
        assert client.get(reverse(f"reviews:{name}", args=["iclr2025", papers[0].public_id])).status_code == 404
        assert client.get(reverse(f"reviews:{name}", args=["iclr2025", papers[1].public_id])).status_code == 200
    everything = "".join(
        client.get(reverse(f"reviews:{name}", args=["iclr2025"])).content.decode()
        for name in ("decisions", "release", "assignments", "progress", "conflict_list")
    )
    assert "Paper 0" not in everything
    assert "Paper 1" in everything
    chosen = {"paper": papers[0].public_id, "verb": "clear"}
    client.post(reverse("reviews:decide", args=["iclr2025"]), chosen)
    assert Decision.objects.filter(submission=papers[0]).exists()


def test_a_hidden_decision_does_not_change_what_a_conflicted_organiser_gets(stage, papers, cost_of):
    other = RoleFactory(edition=stage.edition).user
    ConflictFactory(user=other, submission=papers[0])
    client = stage.client(other)
    names = ("decisions", "release", "assignments", "progress", "conflict_list")
    looks = []
    for decided in (False, True):
        if decided:
            DecisionFactory(submission=papers[0])
        for name in names:
            with cost_of() as cost:
                page = client.get(reverse(f"reviews:{name}", args=["iclr2025"]))
            looks.append((page.status_code, _without_tokens(page), cost.queries))
    assert looks[:5] == looks[5:]


def _without_tokens(page):
    import re

    return re.sub(r"[A-Za-z0-9]{64}", "", page.content.decode())


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_the_table_is_exported_as_shown(stage, papers, kind):
    staged(stage, papers[0])
    client = stage.client(stage.organiser)
    for name in ("decisions", "assignments", "progress", "committee"):
        answer = client.get(reverse(f"reviews:{name}", args=["iclr2025"]), {"format": kind})
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
    json = client.get(
        reverse("reviews:decisions", args=["iclr2025"]), {"format": "json", "decision": "accepted"}
    ).json()
    assert [row["title"] for row in json] == ["Paper 0"]


@pytest.mark.parametrize("form", [{}, {"verb": "decide"}, {"verb": "x"}, {"verb": "decide", "verdict": "maybe:oral"}])
def test_a_broken_bulk_form_changes_nothing_and_says_so(stage, papers, form):
    client = stage.client(stage.organiser)
    data = {"paper": [paper.public_id for paper in papers], **form}
    answer = client.post(reverse("reviews:decide", args=["iclr2025"]), data, follow=True)
    assert answer.status_code == 200
    assert not Decision.objects.exists()


def test_reviewers_and_authors_find_no_organisers_page(stage, papers):
    for user in (papers[0].created_by, ReviewerFactory(edition=stage.edition).user):
        client = stage.client(user)
        for name in ("committee", "invite", "conflict_list", "assignments", "progress", "decisions", "release"):
            assert client.get(reverse(f"reviews:{name}", args=["iclr2025"])).status_code == 404
