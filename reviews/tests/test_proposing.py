"""Proposals in the app: asked for, looked at, compared, changed by hand, applied with mails now or later."""

import pytest
from django.urls import reverse

from ml4rs.audit.models import Entry
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import RoleFactory
from ml4rs.jobs.models import Job
from ml4rs.jobs.registry import JobError
from ml4rs.notifications.models import Message
from reviews import actions
from reviews.matching.affinity import USUAL, Weights
from reviews.matching.lottery import commitment
from reviews.models import Assignment, AssignmentRun, Bid
from reviews.proposal_form import ProposalForm
from reviews.proposing.aims import FAIR, LOTTERY
from reviews.proposing.comparing import sentence_model
from reviews.proposing.parameters import Parameters
from reviews.proposing.scores import Scores
from reviews.proposing.working import propose
from reviews.queries.integrity import report
from reviews.queries.pictures import histogram, loads, map_of
from reviews.queries.proposals import compared, proposal
from reviews.tests.factories import AssignmentFactory, ConflictFactory, ReviewerFactory
from submissions.models import Submission
from submissions.tests.factories import AuthorshipFactory, SubmissionFactory

USUAL_ANSWERS = ProposalForm.initial_of(Parameters())


def proposed(stage, asked=None, by=None):
    job = actions.ask_for_proposal(stage.edition, by=by or stage.chair, asked=asked)
    result = propose(job, lambda per_cent, step: None)
    Job.objects.all().delete()
    return AssignmentRun.objects.get(public_id=result["run"])


def row(stage, paper):
    return Submission.objects.seen_by(stage.chair).select_related("track").get(pk=paper.pk)


def at(name, *arguments):
    return reverse(f"reviews:{name}", args=["iclr2025", *arguments])


@pytest.fixture
def papers(stage):
    words = ("clouds", "forests", "floods")
    return [SubmissionFactory(track=stage.track, title=word.title(), abstract=f"{word} {word}") for word in words]


@pytest.fixture
def people(stage):
    words = ("clouds", "forests", "floods", "glaciers")
    return [ReviewerFactory(edition=stage.edition, name=f"{w} person", profile=f"{w} {w}", load=3) for w in words]


# --- Asking ---------------------------------------------------------------------------------------------------


def test_what_was_asked_is_kept_and_offered_next_time(stage, papers, people):
    organiser = stage.client(stage.organiser)
    data = USUAL_ANSWERS | {"aim": FAIR, "dial": 50, "least": 1, "wants": 0.6, "institutions": "on"}
    assert organiser.post(at("propose"), data).status_code == 302
    job = Job.objects.get(kind="reviews.assign")
    run = AssignmentRun.objects.get(public_id=propose(job, lambda per_cent, step: None)["run"])
    asked = Parameters.of(run.parameters)
    assert (asked.aim, asked.dial, asked.least, asked.institutions) == (FAIR, 0.5, 1, True)
    assert asked.weights == Weights(wants=0.6)
    form = organiser.get(at("propose")).context["form"]
    assert form["dial"].value() == 50
    assert form["institutions"].value() is True
    page = organiser.get(at("run", run.public_id)).content.decode()
    assert "raised by 50%" in page
    assert "no two reviewers of one institution" in page


def test_what_is_usual_is_not_stored():
    assert Parameters().stored() == {}
    assert Parameters.of({"track": "x", "aim": "fair", "left": "by an older release"}).weights == USUAL


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"aim": LOTTERY, "seniors": "on"}, "A draw cannot keep the rules"),
        ({"wants": 0.9, "can": 0.8}, "must not count less"),
        ({"wants": 0.1}, "greater than or equal to 0.5"),
        ({"text": 101}, "less than or equal to 100"),
        ({"track": "nowhere"}, "Select a valid choice"),
        ({"least": -1}, "greater than or equal to 0"),
        ({"least": ""}, "required"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words_and_nothing_starts(stage, wrong, words):
    page = stage.client(stage.organiser).post(at("propose"), USUAL_ANSWERS | wrong).content.decode()
    assert words in page
    assert not Job.objects.exists()


def test_the_hash_of_a_seed_is_written_down_before_the_draw_and_fits_afterwards(stage, papers, people):
    run = proposed(stage, Parameters(aim=LOTTERY, cap=0.5, fading=0.5))
    seed = Parameters.of(run.parameters).seed
    told = Entry.objects.get(verb="assignment_run.drawn")
    assert told.details == {"seed_sha256": commitment(seed)}
    assert told.pk < Entry.objects.get(verb="assignment_run.proposed").pk
    page = stage.client(stage.organiser).get(at("run", run.public_id)).content.decode()
    assert seed in page
    assert commitment(seed) in page


def test_a_second_click_is_the_same_search_and_writes_one_hash(stage, papers, people):
    asked = Parameters(aim=LOTTERY)
    first = actions.ask_for_proposal(stage.edition, by=stage.chair, asked=asked)
    assert actions.ask_for_proposal(stage.edition, by=stage.chair, asked=asked) == first
    [told] = Entry.objects.filter(verb="assignment_run.drawn")
    assert told.details == {"seed_sha256": commitment(first.parameters["seed"])}


def test_while_a_search_runs_another_one_is_not_silently_dropped(stage, papers, people):
    actions.ask_for_proposal(stage.edition, by=stage.chair)
    page = stage.client(stage.organiser).post(at("propose"), USUAL_ANSWERS | {"aim": LOTTERY, "seed": "mine"})
    assert "Another search of yours still runs" in page.content.decode()
    assert page.context["form"]["seed"].value() == "mine"
    assert not Entry.objects.filter(verb="assignment_run.drawn").exists()


def test_the_same_seed_draws_the_same(stage, papers, people):
    asked = Parameters(aim=LOTTERY, cap=0.5, seed="words that everybody heard")
    assert proposed(stage, asked).pairs == proposed(stage, asked).pairs


def test_what_no_engine_can_do_fails_in_words(stage, papers, people):
    people[0].is_senior = True
    people[0].save()
    with pytest.raises(JobError, match="without further rules"):
        proposed(stage, Parameters(aim=LOTTERY, seniors=True))


def test_a_model_that_cannot_be_read_fails_in_words(stage, papers, people, settings, tmp_path):
    settings.SENTENCE_MODEL = tmp_path
    sentence_model.cache_clear()
    try:
        with pytest.raises(JobError, match="is no model"):
            proposed(stage)
    finally:
        sentence_model.cache_clear()


def test_a_senior_on_each_paper_needs_seniors(stage, papers, people):
    page = stage.client(stage.organiser).post(at("propose"), USUAL_ANSWERS | {"seniors": "on"}).content.decode()
    assert "Nobody on the committee counts as senior" in page
    with pytest.raises(JobError, match="Nobody on the committee counts as senior"):
        proposed(stage, Parameters(seniors=True))


def test_nobody_of_one_institution_twice_and_somebody_senior_on_each(stage, papers):
    for number in range(4):
        place = "Lab of Stars" if number < 2 else f"Place {number}"
        ReviewerFactory(edition=stage.edition, affiliation=place, is_senior=number in (0, 3), load=3)
    run = proposed(stage, Parameters(institutions=True, seniors=True))
    by_paper = {}
    for pair in proposal(stage.chair, run).pairs:
        by_paper.setdefault(pair.submission.pk, []).append(pair.reviewer)
    assert {len(each) for each in by_paper.values()} == {2}
    for each in by_paper.values():
        assert len({reviewer.affiliation for reviewer in each}) == 2
        assert any(reviewer.is_senior for reviewer in each)


def test_nobody_judges_who_judges_them(stage, papers):
    one, other, _third = (ReviewerFactory(edition=stage.edition, load=3) for _ in range(3))
    for paper, writer in ((papers[0], one), (papers[1], other)):
        AuthorshipFactory(submission=paper, user=writer.user, name=writer.name, email=writer.email)
    stage.track.reviews_per_paper = 1
    stage.track.save()
    run = proposed(stage, Parameters(reciprocal=True))
    found = {(pair[0], pair[1]) for pair in run.pairs}
    assert not {(papers[0].pk, other.pk), (papers[1].pk, one.pk)} <= found
    assert len(found) == 3


def test_weights_change_what_is_proposed(stage):
    stage.track.reviews_per_paper = 1
    stage.track.save()
    paper = SubmissionFactory(track=stage.track, title="Clouds", abstract="clouds in images")
    topic = stage.edition.topics.create(name="Radar", slug="radar")
    paper.topics.add(topic)
    writes = ReviewerFactory(edition=stage.edition, profile="clouds in images of clouds")
    ticks = ReviewerFactory(edition=stage.edition, profile="glaciers")
    ticks.topics.add(topic)
    writes.topics.add(stage.edition.topics.create(name="Lidar", slug="lidar"))
    assert proposed(stage, Parameters(weights=Weights(text=1))).pairs[0][1] == writes.pk
    assert proposed(stage, Parameters(weights=Weights(text=0))).pairs[0][1] == ticks.pk


# --- Looking --------------------------------------------------------------------------------------------------


def test_who_would_come_instead_and_at_what_cost_is_told(stage, papers, people):
    pairs = proposal(stage.chair, proposed(stage)).pairs
    assert all(pair.instead is not None and pair.instead != pair.reviewer for pair in pairs)
    assert all(pair.cost >= 0 for pair in pairs)
    best = max(pairs, key=lambda pair: pair.score)
    assert best.percentile > 50


def test_a_reason_names_the_closest_publications_and_the_bid_however_long_titles_are(stage, papers, people):
    for number in range(3):
        title = f"Clouds {number} " + "over clouds " * 12
        people[0].publications.create(key=f"k{number}", title=title, abstract="clouds")
    Bid.objects.create(reviewer=people[0], submission=papers[0], level=2)
    run = proposed(stage)
    [reason] = [pair[3] for pair in run.pairs if pair[:2] == [papers[0].pk, people[0].pk]]
    assert reason.count("“Clouds") == 2
    assert "bid: want to review" in reason
    assert len(reason) <= 300


def test_pictures_count_every_pair_and_everybody(stage, papers, people):
    found = proposal(stage.chair, proposed(stage))
    assert sum(bar.value for bar in histogram(found).rows) == len(found.pairs) == 6
    assert sum(bar.value for bar in loads(found).rows) == len(people)
    drawn = map_of(found)
    assert (len(drawn.papers), len(drawn.people), len(drawn.lines)) == (3, 4, 6)


def test_a_paper_in_conflict_is_absent_from_pairs_figures_map_and_exports(stage, papers, people):
    run = proposed(stage)
    other = RoleFactory(edition=stage.edition).user
    ConflictFactory(user=other, submission=papers[0])
    whole, part = proposal(stage.chair, run), proposal(stage.viewer(other), run)
    assert part.figures.total < whole.figures.total
    assert len(map_of(part).papers) == 2
    client = stage.client(other)
    for query in ("", "?format=csv", "?format=csv&what=scores", "?format=json"):
        text = client.get(at("run", run.public_id) + query).content.decode()
        assert "Clouds" not in text
    assert client.get(at("change_run", run.public_id, papers[0].public_id)).status_code == 404
    assert client.get(at("change_run", run.public_id, papers[1].public_id)).status_code == 200


def test_exported_scores_assign_the_same_from_files(stage, papers, people, tmp_path):
    from django.core.management import call_command

    run = proposed(stage)
    text = stage.client(stage.organiser).get(at("run", run.public_id) + "?format=csv&what=scores").content
    (tmp_path / "scores.csv").write_bytes(text)
    options = {"affinity": tmp_path / "scores.csv", "out": tmp_path / "o.csv", "report": tmp_path / "r.json"}
    call_command("solve_assignment", per_paper=2, max_load=3, verbosity=0, **options)
    total = sum(float(line.split(",")[2]) for line in (tmp_path / "o.csv").read_text().splitlines()[1:])
    assert total == pytest.approx(proposal(stage.chair, run).figures.total, abs=1e-3)


def test_two_proposals_side_by_side_say_what_differs(stage, papers, people):
    one = proposed(stage)
    other = proposed(stage)
    first = next(pair for pair in proposal(stage.chair, other).pairs if pair.submission == papers[0])
    comes = next(each for each in people if [papers[0].pk, each.pk] not in [pair[:2] for pair in other.pairs])
    actions.change_run(other, row(stage, papers[0]), goes=first.reviewer, comes=comes, by=stage.chair)
    other.refresh_from_db()
    found = compared(stage.chair, [one, other])
    assert [each.paper for each in found.changed] == [papers[0]]
    assert (comes, True) in found.changed[0].people[1]
    assert found.figures[0].total > found.figures[1].total
    address = f"{at('compare')}?run={one.public_id}&run={other.public_id}"
    page = stage.client(stage.organiser).get(address).content.decode()
    assert "1 of 3 papers gets other people" in page
    assert str(comes) in page


def test_one_proposal_alone_is_nothing_to_compare(stage, papers, people):
    response = stage.client(stage.organiser).get(
        f"{at('compare')}?run={proposed(stage).public_id}&run=nobody", follow=True
    )
    assert "at least two" in response.content.decode()


# --- Changing by hand -----------------------------------------------------------------------------------------


@pytest.fixture
def run(stage, papers, people):
    return proposed(stage)


def pair_on(stage, run, paper):
    return next(pair for pair in proposal(stage.chair, run).pairs if pair.submission == paper)


def free_for(run, paper, people):
    return next(each for each in people if [paper.pk, each.pk] not in [pair[:2] for pair in run.pairs])


def test_a_change_shows_its_effect_before_it_is_made(stage, run, papers, people):
    goes, comes = pair_on(stage, run, papers[0]).reviewer, free_for(run, papers[0], people)
    organiser, address = stage.client(stage.organiser), at("change_run", run.public_id, papers[0].public_id)
    choice = {"goes": goes.public_id, "comes": comes.public_id}
    before = proposal(stage.chair, run).figures.total
    shown = organiser.post(address, choice | {"verb": "preview"}).context["effect"]
    run.refresh_from_db()
    assert proposal(stage.chair, run).figures.total == before == shown.before.total
    organiser.post(address, choice)
    run.refresh_from_db()
    assert proposal(stage.chair, run).figures.total == pytest.approx(shown.after.total, abs=1e-3)
    assert pair_on(stage, run, papers[0])
    assert Entry.objects.get(verb="assignment_run.changed").submission_id == papers[0].pk


def test_warnings_name_a_full_load_a_reluctance_a_colleague_and_a_gap(stage, run, papers, people):
    comes = free_for(run, papers[0], people)
    comes.load, comes.affiliation = 1, "Lab of Stars"
    comes.save()
    other = pair_on(stage, run, papers[0]).reviewer
    other.affiliation = "Lab of Stars"
    other.save()
    Bid.objects.create(reviewer=comes, submission=papers[0], level=-1)
    page = stage.client(stage.organiser).post(
        at("change_run", run.public_id, papers[0].public_id), {"comes": comes.public_id, "verb": "preview"}
    )
    warnings = " ".join(page.context["effect"].warnings)
    for words in ("as many papers", "rather not", "another reviewer of this paper", "and wants 2"):
        assert words in warnings


@pytest.mark.parametrize("case", ["conflict", "twice", "gone", "nothing", "over"])
def test_what_must_not_be_changed_is_refused_in_words(stage, run, papers, people, case):
    goes, comes = pair_on(stage, run, papers[0]).reviewer, free_for(run, papers[0], people)
    choice = {"goes": None, "comes": comes}
    if case == "conflict":
        ConflictFactory(user=comes.user, submission=papers[0])
    elif case == "twice":
        choice = {"goes": None, "comes": goes}
    elif case == "gone":
        choice = {"goes": comes, "comes": None}
    elif case == "nothing":
        choice = {"goes": None, "comes": None}
    else:
        actions.discard_run(run, by=stage.chair)
    words = {
        "conflict": "in conflict",
        "twice": "already",
        "gone": "a moment ago",
        "nothing": "Choose",
        "over": "already",
    }
    before = AssignmentRun.objects.get().pairs
    with pytest.raises(NotAllowed, match=words[case]):
        actions.change_run(run, row(stage, papers[0]), by=stage.chair, **choice)
    assert AssignmentRun.objects.get().pairs == before


def test_a_page_that_is_open_while_somebody_changes_applies_what_stands_now(stage, run, papers, people, mails):
    stale = AssignmentRun.objects.get()
    goes = pair_on(stage, run, papers[0]).reviewer
    actions.change_run(run, row(stage, papers[0]), goes=goes, comes=None, by=stage.chair)
    actions.apply_run(stale, by=stage.chair)
    assert not Assignment.objects.filter(submission=papers[0], reviewer=goes).exists()


# --- Mails held -----------------------------------------------------------------------------------------------


def test_mails_are_held_until_somebody_releases_them(stage, run, mails):
    organiser = stage.client(stage.organiser)
    organiser.post(at("run", run.public_id), {"verb": "hold"})
    assert Assignment.objects.count() == 6
    assert set(Message.objects.values_list("state", flat=True)) == {"held"}
    assert "Write to the reviewers now" in organiser.get(at("run", run.public_id)).content.decode()
    organiser.post(at("run", run.public_id), {"verb": "write"})
    assert set(Message.objects.values_list("state", flat=True)) == {"queued"}
    number = Message.objects.count()
    assert "Write to the reviewers now" not in organiser.get(at("run", run.public_id)).content.decode()
    again = organiser.post(at("run", run.public_id), {"verb": "write"}, follow=True)
    assert "No mail of this proposal is held" in again.content.decode()
    assert Message.objects.count() == number == 4


def test_without_holding_there_is_nothing_to_release(stage, run, mails):
    actions.apply_run(run, by=stage.chair)
    with pytest.raises(NotAllowed, match="No mail"):
        actions.write_to_reviewers(AssignmentRun.objects.get(), by=stage.chair)


# --- Seniors and patterns -------------------------------------------------------------------------------------


def test_who_is_senior_is_ticked_and_unticked(stage, people):
    organiser = stage.client(stage.organiser)
    organiser.post(at("seniors"), {"senior": [people[0].public_id, people[1].public_id, "nobody"]})
    organiser.post(at("seniors"), {"senior": [people[1].public_id]})
    people[0].refresh_from_db()
    people[1].refresh_from_db()
    assert (people[0].is_senior, people[1].is_senior) == (False, True)
    assert Entry.objects.filter(verb="reviewer.made_senior").count() == 2
    assert Entry.objects.filter(verb="reviewer.made_junior").count() == 1


@pytest.mark.parametrize("name", ["propose", "seniors", "integrity", "compare"])
def test_only_organisers_come_here(stage, people, name):
    assert stage.client(people[0].user).get(at(name)).status_code == 404


def test_patterns_are_found_among_the_papers_that_one_handles(stage, people):
    one, other = people[0], people[1]
    papers = [SubmissionFactory(track=stage.track, title=f"Paper {number}") for number in range(9)]
    for paper, writer in ((papers[0], one), (papers[1], other)):
        AuthorshipFactory(submission=paper, user=writer.user, name=writer.name, email=writer.email)
    AssignmentFactory(submission=papers[1], reviewer=one)
    AssignmentFactory(submission=papers[0], reviewer=other)
    for paper in papers[2:]:
        Bid.objects.create(reviewer=one, submission=paper, level=2)
    Bid.objects.create(reviewer=one, submission=papers[1], level=2)
    Bid.objects.create(reviewer=other, submission=papers[0], level=1)
    for each in people[2:]:
        each.affiliation = "Lab of Stars"
        each.save()
        each.user.country = "CH"
        each.user.save()
        AssignmentFactory(submission=papers[2], reviewer=each)
    found = report(stage.chair)
    assert [len(ring.links) for ring in found.review_rings] == [2]
    assert [len(ring.links) for ring in found.bid_rings] == [2]
    assert found.one_institution == [(papers[2], "Lab of Stars")]
    assert found.one_country == [(papers[2], "Switzerland")]
    assert found.bid_on_one == [other]
    assert set(found.bid_on_nothing) == set(people[2:])
    page = stage.client(stage.organiser).get(at("integrity")).content.decode()
    assert "reviews “" in page
    barred = RoleFactory(edition=stage.edition).user
    for paper in papers[:3]:
        ConflictFactory(user=barred, submission=paper)
    assert report(stage.viewer(barred)).review_rings == []
    assert report(stage.viewer(barred)).one_institution == []


def test_a_wish_far_from_ones_work_is_told_with_who_got_it(stage, papers, people):
    more = [SubmissionFactory(track=stage.track, title=f"Clouds {n}", abstract="clouds clouds") for n in range(8)]
    proposed(stage)
    Bid.objects.create(reviewer=people[0], submission=papers[1], level=2)
    Bid.objects.create(reviewer=people[0], submission=more[0], level=2)
    AssignmentFactory(submission=papers[1], reviewer=people[0])
    [wish] = report(stage.chair).far_wishes
    assert (wish.reviewer, wish.paper, wish.has_it) == (people[0], papers[1], True)


# --- What is kept ---------------------------------------------------------------------------------------------


def test_scores_survive_being_packed():
    import numpy as np

    scores = Scores((7, 9), (3,), np.array([[0.25], [np.nan]], np.float32))
    again = Scores.unpacked(scores.packed())
    assert (again.papers, again.people) == ((7, 9), (3,))
    assert (again.of(7, 3), again.of(9, 3), again.of(1, 1)) == (0.25, None, None)
    assert Scores.unpacked(b"").of(7, 3) is None
    assert again.only([9]).papers == (9,)
