"""Awards: candidates from scores, votes without conflicts, and nothing told before the announcement."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import EditionFactory, MilestoneFactory, RoleFactory, TrackFactory, UserFactory
from reviews import actions
from reviews.actions.awarding import copy_awards
from reviews.announcing import duties
from reviews.models import Award, AwardCandidate, Ballot, Mark
from reviews.queries.awarding import ballot_of, standings, suggested, winners
from reviews.tests.factories import ConflictFactory, DecisionFactory, ReviewerFactory
from reviews.tests.test_discussing import row, seat_of
from submissions.models import Submission
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.usefixtures("mails")

RELEASED = datetime(2025, 2, 19, tzinfo=UTC)


def accepted(stage, title="Clouds", released=True):
    paper = SubmissionFactory(track=stage.track, title=title, authors=2)
    DecisionFactory(submission=paper)
    if released:
        changes = {"outcome": "accepted", "presentation": "poster", "released_at": RELEASED}
        Submission.objects.filter(pk=paper.pk).update(**changes)
    return paper


@pytest.fixture
def award(stage):
    MilestoneFactory(edition=stage.edition, kind="notification", instant=RELEASED)
    values = {"name": "Best paper", "track": None, "committee_votes": True}
    return actions.create_award(stage.edition, by=stage.chair, **values)


@pytest.fixture
def papers(stage, award):
    found = [accepted(stage, "Clouds"), accepted(stage, "Reeds")]
    actions.nominate(award, [row(stage.chair, each) for each in found], by=stage.chair)
    return found


def move(stage, award, *states):
    for state in states:
        actions.move_award(award, state, by=stage.chair)
        award.refresh_from_db()


def give(viewer, award, **points):
    keys = {each.candidate.submission.title.lower(): each.candidate.pk for each in ballot_of(viewer, award)}
    actions.vote(award, {keys[title]: number for title, number in points.items()}, by=viewer)


def url(name, *arguments):
    return reverse(f"reviews:{name}", args=["iclr2025", *arguments])


# --- Candidates ----------------------------------------------------------------------------------------------


def test_the_best_scores_among_accepted_papers_are_suggested(stage, award):
    weak, strong = accepted(stage, "Weak"), accepted(stage, "Strong")
    DecisionFactory(submission=SubmissionFactory(track=stage.track, title="No"), outcome="rejected", presentation="")
    seat_of(weak, "K")
    seat = seat_of(strong, "K")
    seat.review.answers.filter(field__use="overall").update(number=6)
    assert [each.title for each in suggested(stage.chair, award)] == ["Strong", "Weak"]


def test_only_accepted_papers_of_the_track_become_candidates(stage, award):
    rejected = SubmissionFactory(track=stage.track)
    DecisionFactory(submission=rejected, outcome="rejected", presentation="")
    with pytest.raises(NotAllowed, match="not accepted"):
        actions.nominate(award, [row(stage.chair, rejected)], by=stage.chair)
    Award.objects.update(track=TrackFactory(edition=stage.edition, slug="tiny"))
    award.refresh_from_db()
    with pytest.raises(NotAllowed, match="another track"):
        actions.nominate(award, [row(stage.chair, accepted(stage))], by=stage.chair)


def test_once_voting_begins_the_candidates_are_settled(stage, award, papers):
    move(stage, award, "voting")
    with pytest.raises(NotAllowed, match="settled"):
        actions.nominate(award, [row(stage.chair, accepted(stage, "Late"))], by=stage.chair)
    with pytest.raises(NotAllowed, match="settled"):
        actions.take_off(award, row(stage.chair, papers[0]), by=stage.chair)


def test_an_organiser_in_conflict_does_not_learn_of_the_candidate(stage, award, papers):
    other = RoleFactory(edition=stage.edition).user
    ConflictFactory(user=other, submission=papers[0])
    viewer, client = stage.viewer(other), stage.client(other)
    assert [each.candidate.submission.title for each in standings(viewer, award)] == ["Reeds"]
    assert "Clouds" not in client.get(url("award", award.public_id)).text
    taken = {"verb": "take_off", "paper": papers[0].public_id}
    assert client.post(url("change_award", award.public_id), taken).status_code == 404
    move(stage, award, "voting")
    assert "Clouds" not in client.get(url("ballot", award.public_id)).text


# --- Voting --------------------------------------------------------------------------------------------------


def test_points_are_averaged_over_those_who_could_judge(stage, award, papers):
    other = RoleFactory(edition=stage.edition).user
    ConflictFactory(user=other, submission=papers[0])
    move(stage, award, "voting")
    give(stage.chair, award, clouds=4, reeds=1)
    give(stage.viewer(other), award, reeds=2)
    move(stage, award, "closed")
    found = [(each.candidate.submission.title, each.mean, each.votes) for each in standings(stage.chair, award)]
    assert found == [("Clouds", 4, 1), ("Reeds", 1.5, 2)]


def test_while_voting_is_open_nobody_sees_who_is_ahead(stage, award, papers):
    move(stage, award, "voting")
    give(stage.chair, award, clouds=4)
    assert {(each.mean, each.votes) for each in standings(stage.chair, award)} == {(None, None)}
    assert "4.00 points" not in stage.client(stage.organiser).get(url("award", award.public_id)).text


def test_a_vote_can_be_changed_and_counts_once(stage, award, papers):
    move(stage, award, "voting")
    give(stage.chair, award, clouds=4, reeds=1)
    give(stage.chair, award, reeds=0)
    assert Ballot.objects.count() == 1
    assert list(Mark.objects.values_list("candidate__submission__title", "points")) == [("Reeds", 0)]


def test_the_committee_votes_where_it_may_on_what_it_is_not_in_conflict_with(stage, award, papers):
    member = ReviewerFactory(edition=stage.edition).user
    ConflictFactory(user=member, submission=papers[0])
    move(stage, award, "voting")
    client = stage.client(member)
    page = client.get(url("ballot", award.public_id)).text
    assert "Reeds" in page
    assert "Clouds" not in page
    client.post(url("ballot", award.public_id), {f"points-{papers[1].public_id}": "3"})
    assert Mark.objects.get().points == 3
    Award.objects.update(committee_votes=False)
    assert client.get(url("ballot", award.public_id)).status_code == 404


def test_the_committee_meets_no_candidate_before_its_release(stage, award):
    paper = accepted(stage, "Unreleased", released=False)
    actions.nominate(award, [row(stage.chair, paper)], by=stage.chair)
    move(stage, award, "voting")
    member = ReviewerFactory(edition=stage.edition).user
    assert "Unreleased" not in stage.client(member).get(url("ballot", award.public_id)).text
    assert "Unreleased" in stage.client(stage.organiser).get(url("ballot", award.public_id)).text


def test_the_committee_meets_candidates_only_while_it_votes_on_them(stage, award, papers):
    member = ReviewerFactory(edition=stage.edition).user

    def met() -> int:
        return AwardCandidate.objects.seen_by(stage.viewer(member)).count()

    assert met() == 0
    move(stage, award, "voting")
    assert met() == 2
    move(stage, award, "closed")
    assert met() == 0


def test_authors_do_not_vote_for_themselves(stage, award, papers):
    member = ReviewerFactory(edition=stage.edition, user=papers[0].created_by).user
    move(stage, award, "voting")
    assert "Clouds" not in stage.client(member).get(url("ballot", award.public_id)).text


@pytest.mark.parametrize("points", ["5", "-1", "many", "²", "99999"])
def test_points_out_of_scale_count_nothing(stage, award, papers, points):
    move(stage, award, "voting")
    client = stage.client(stage.organiser)
    client.post(url("ballot", award.public_id), {f"points-{papers[0].public_id}": points})
    assert not Mark.objects.exists()


def test_the_database_keeps_one_ballot_a_person_and_points_in_scale(stage, award, papers):
    ballot = Ballot.objects.create(award=award, voter=stage.organiser, cast_at=RELEASED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.create(award=award, voter=stage.organiser, cast_at=RELEASED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(ballot=ballot, candidate=award.candidates.first(), points=5)


def test_voting_is_a_duty_until_it_is_done(stage, award, papers):
    def states(viewer):
        return [each.state for each in duties(viewer) if "Vote" in each.title]

    assert states(stage.chair) == []
    move(stage, award, "voting")
    assert states(stage.chair) == ["open"]
    assert states(stage.viewer(papers[0].created_by)) == []
    give(stage.chair, award, clouds=1)
    assert states(stage.chair) == ["done"]


def test_without_candidates_nobody_votes(stage, award):
    with pytest.raises(NotAllowed, match="Choose candidates"):
        actions.move_award(award, "voting", by=stage.chair)


# --- Announcing ----------------------------------------------------------------------------------------------


@pytest.fixture
def settled(stage, award, papers):
    move(stage, award, "closed")
    actions.settle_winner(
        award, row(stage.chair, papers[0]), wins=True, laudation="A simple idea.", by=stage.chair
    )  # fmt: skip
    return award


def public_page(stage, paper):
    return stage.client(None).get(reverse("submissions:paper", args=["iclr2025", paper.public_id])).text


def test_nothing_is_told_before_the_announcement(stage, settled, papers, mails):
    assert winners(stage.viewer(None)) == []
    assert "Best paper" not in public_page(stage, papers[0])
    assert "Best paper" not in stage.client(None).get(reverse("editions:home", args=["iclr2025"])).text
    assert [each for each in mails.messages if each.event == "reviews.award"] == []


def test_an_announced_award_stands_on_the_public_pages_and_its_authors_get_one_mail(stage, settled, papers, mails):
    client = stage.client(stage.organiser)
    for _ in range(2):
        client.post(url("change_award", settled.public_id), {"verb": "announce"})
    assert "Best paper" in public_page(stage, papers[0])
    assert "Best paper" not in public_page(stage, papers[1])
    assert "A simple idea." in stage.client(None).get(reverse("editions:home", args=["iclr2025"])).text
    sent = [each for each in mails.messages if each.event == "reviews.award"]
    assert {each.recipient for each in sent} == set(papers[0].authorships.values_list("email", flat=True))
    assert len(sent) == 2


def test_an_unreleased_paper_cannot_win_yet(stage, award):
    paper = accepted(stage, "Unreleased", released=False)
    actions.nominate(award, [row(stage.chair, paper)], by=stage.chair)
    move(stage, award, "closed")
    actions.settle_winner(award, row(stage.chair, paper), wins=True, laudation="", by=stage.chair)
    with pytest.raises(NotAllowed, match="Release the decisions first"):
        actions.announce_award(award, by=stage.chair)


def test_without_a_winner_there_is_nothing_to_announce(stage, award, papers):
    move(stage, award, "closed")
    with pytest.raises(NotAllowed, match="who wins"):
        actions.announce_award(award, by=stage.chair)


def test_an_announced_award_stays_as_it_is(stage, settled, papers):
    actions.announce_award(settled, by=stage.chair)
    settled.refresh_from_db()
    with pytest.raises(NotAllowed, match="announced"):
        actions.settle_winner(settled, row(stage.chair, papers[0]), wins=False, laudation="", by=stage.chair)
    with pytest.raises(NotAllowed, match="cannot go there"):
        actions.move_award(settled, "voting", by=stage.chair)


def test_whose_paper_is_withdrawn_after_the_announcement_is_not_shown(stage, settled, papers):
    actions.announce_award(settled, by=stage.chair)
    Submission.objects.filter(pk=papers[0].pk).update(state="withdrawn")
    assert winners(stage.viewer(None)) == []


# --- The pages -----------------------------------------------------------------------------------------------


def test_an_organiser_leads_an_award_through_the_pages(stage, award):
    paper = accepted(stage, "Clouds")
    client = stage.client(stage.organiser)
    change = url("change_award", award.public_id)
    assert "Clouds" in client.get(url("award", award.public_id)).text
    client.post(change, {"verb": "nominate", "paper": [paper.public_id]})
    client.post(change, {"verb": "move-voting"})
    assert client.get(url("ballot", award.public_id)).status_code == 200
    client.post(change, {"verb": "move-closed"})
    client.post(change, {"verb": "wins", "paper": paper.public_id, "laudation": "Well done."})
    assert AwardCandidate.objects.get().laudation == "Well done."
    client.post(change, {"verb": "announce"})
    assert Award.objects.get().state == "announced"


def test_a_second_award_of_the_same_name_is_refused_in_words(stage, award):
    page = stage.client(stage.organiser).post(url("awards"), {"name": "Best paper"}, follow=True)
    assert "already" in page.text
    assert Award.objects.count() == 1


def test_nobody_else_finds_the_pages(stage, award, papers):
    for person in (papers[0].created_by, ReviewerFactory(edition=stage.edition).user, UserFactory()):
        client = stage.client(person)
        for address in (url("awards"), url("award", award.public_id), url("ballot", award.public_id)):
            assert client.get(address).status_code == 404
        assert client.post(url("change_award", award.public_id), {"verb": "announce"}).status_code == 404


def test_the_next_edition_has_the_same_awards_with_nothing_decided(stage, settled):
    target = EditionFactory(slug="iclr2026")
    copy_awards(stage.edition, target)
    found = target.awards.get()
    assert (found.name, found.committee_votes, found.state) == ("Best paper", True, "preparing")
    assert not found.candidates.exists()


@pytest.mark.parametrize("number", [1, 30])
@pytest.mark.parametrize(("name", "queries"), [("award", 8), ("ballot", 8)])
def test_pages_cost_the_same_whatever_the_number_of_candidates(stage, award, cost_of, number, name, queries):
    found = [accepted(stage, f"Paper {each}") for each in range(number)]
    actions.nominate(award, [row(stage.chair, each) for each in found], by=stage.chair)
    move(stage, award, "voting")
    client = stage.client(stage.organiser)
    client.get(url(name, award.public_id))
    with cost_of() as cost:
        assert client.get(url(name, award.public_id)).status_code == 200
    assert cost.queries == queries
