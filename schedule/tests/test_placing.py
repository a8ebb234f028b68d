"""Places for papers: the engine keeps its rules, and the editor's pages put its proposal into the draft."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import EditionFactory, PersonFactory, RoleFactory, TrackFactory
from ml4rs.jobs.models import Job
from schedule import actions
from schedule.absences import AbsenceError, read_absences
from schedule.models import PlacingRun, Slot
from schedule.placing.explaining import explain
from schedule.placing.problem import Place, Placing, Work
from schedule.placing.solving import solve
from schedule.proposing import work_out
from schedule.queries import draft_programme
from schedule.tests.factories import NINE, SessionFactory, SlotFactory
from submissions.tests.factories import SubmissionFactory

NOW = datetime(2025, 3, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ORALS, POSTERS = frozenset({"orals"}), frozenset({"posters"})


# --- The engine -----------------------------------------------------------------------------------------------


@st.composite
def problems(draw):
    kinds = st.sampled_from(["orals", "posters"])
    words = st.lists(st.sampled_from(["clouds", "forest", "flood", "radar"]), max_size=4)
    places = draw(st.lists(st.tuples(kinds, st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=4))
    rows = draw(st.lists(st.tuples(kinds, st.integers(0, 4), words, st.integers(0, 5)), max_size=9))
    works = tuple(Work(frozenset({kind}), frozenset({who}), " ".join(text), paper) for kind, who, text, paper in rows)
    busy = draw(st.dictionaries(st.integers(0, 4), st.just(((0.0, 40.0),)), max_size=2))
    sessions = tuple(Place(kind, 30.0 * at, 30.0 * at + 60, room) for kind, at, room in places)
    return Placing(sessions, works, busy)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_nobody_is_in_two_places_and_no_session_overflows(problem):
    found = solve(problem)
    load = Counter(found.at.values())
    for place, number in load.items():
        assert number <= problem.places[place].capacity
    for one, there in found.at.items():
        place = problem.places[there]
        assert place.kind in problem.works[one].kinds
        for person in problem.works[one].people:
            assert not any(place.overlaps(*span) for span in problem.busy.get(person, ()))
        for other, elsewhere in found.at.items():
            if one < other and place.overlaps(problem.places[elsewhere].starts, problem.places[elsewhere].ends):
                assert not problem.works[one].people & problem.works[other].people
                assert problem.works[one].paper != problem.works[other].paper
    assert found.value <= found.bound + 1e-6
    assert set(explain(problem, found)) == set(range(len(problem.works)))


def works(*texts, kinds=ORALS):
    return tuple(Work(kinds, frozenset({number}), text, number) for number, text in enumerate(texts))


def test_what_is_alike_comes_together_and_sessions_are_equally_full():
    texts = ["clouds radar", "forest height", "clouds removal", "forest species", "clouds mask", "forest canopy"]
    found = solve(Placing((Place("orals", 0, 60, 6), Place("orals", 60, 120, 6)), works(*texts)))
    assert found.at[0] == found.at[2] == found.at[4] != found.at[1] == found.at[3] == found.at[5]
    assert found.gap == pytest.approx(0, abs=1e-3)


def test_what_stands_in_a_session_draws_its_like():
    inside = Work(frozenset(), frozenset({"x"}), "forest height")
    problem = Placing(
        (Place("orals", 0, 60, 1), Place("orals", 60, 120, 1, inside=(2,))),
        (*works("forest canopy", "clouds radar"), inside),
    )
    found = solve(problem)
    assert found.at == {0: 1, 1: 0}
    assert "forest" in explain(problem, found)[0].words


def test_as_many_as_possible_are_placed_before_anything_else_counts():
    lone = Work(ORALS, frozenset({"a"}), "clouds")
    either = Work(ORALS, frozenset({"b"}), "clouds")
    places = (Place("orals", 0, 60, 1), Place("orals", 60, 120, 1))
    assert len(solve(Placing(places, (lone, either), {"a": ((0, 30),)})).at) == 2


@pytest.mark.parametrize(
    ("busy", "capacity", "kinds", "why"),
    [({0: ((0, 10),)}, 1, ORALS, "busy"), ({}, 0, ORALS, "full"), ({}, 1, POSTERS, "kind")],
)
def test_why_something_has_no_place(busy, capacity, kinds, why):
    problem = Placing((Place("orals", 0, 60, capacity),), works("clouds", kinds=kinds), busy)
    assert explain(problem, solve(problem))[0].why_not == why


@pytest.mark.parametrize(
    "place", [Place("orals", 60, 60, 1), Place("orals", 0, 60, -1), Place("orals", 0, 60, 1, (5,))]
)
def test_a_place_that_cannot_be_is_refused(place):
    with pytest.raises(ValueError, match="Place 0"):
        Placing((place,), works("clouds"))


# --- Absences -------------------------------------------------------------------------------------------------

DAY = datetime(2025, 4, 27, tzinfo=UTC).date()


@pytest.mark.parametrize(
    ("line", "starts", "ends"),
    [
        ("Ada Lovelace: 2025-04-28 09:00-10:30", "2025-04-28T01:00", "2025-04-28T02:30"),
        ("ada  lovelace: 09:00 – 10:30", "2025-04-27T01:00", "2025-04-27T02:30"),
        ("Ada Lovelace: 2025-04-27", "2025-04-26T16:00", "2025-04-27T16:00"),
    ],
)
def test_an_absence_is_read_by_the_venues_clocks(line, starts, ends):
    [found] = read_absences(f"\n{line}\n", ["Ada Lovelace"], DAY, "Asia/Singapore")
    assert (f"{found.starts:%Y-%m-%dT%H:%M}", f"{found.ends:%Y-%m-%dT%H:%M}") == (starts, ends)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Ada Lovelace", "write it as"),
        ("Ada Lovelace: tomorrow", "write it as"),
        ("Nobody: 2025-04-27", "nobody of that name"),
        ("Ada Lovelace: 2025-13-27", "no such day"),
        ("Ada Lovelace: 25:00-26:00", "no such day"),
        ("Ada Lovelace: 10:00-09:00", "after the start"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_with_its_number(line, words):
    with pytest.raises(AbsenceError, match=words) as error:
        read_absences(f"Ada Lovelace: 2025-04-27\n{line}", ["Ada Lovelace"], DAY, "Asia/Singapore")
    assert "Line 2" in str(error.value)


# --- In the editor --------------------------------------------------------------------------------------------


@pytest.fixture
def edition(db, time_machine):
    time_machine.move_to(NOW, tick=False)
    return EditionFactory(slug="iclr2025", time_zone="Asia/Singapore", starts_on=DAY)


@pytest.fixture
def track(edition):
    return TrackFactory(edition=edition)


def accepted(track, presentation="oral", **fields):
    given = {"outcome": "accepted", "presentation": presentation, "released_at": NOW, "authors": 1}
    return SubmissionFactory(track=track, **(given | fields))


def proposed(editor, **asked):
    rooms = {each.id: 5 for each in draft_programme(editor).programme.sessions}
    job = actions.ask_for_places(editor.edition, by=editor, asked={"room": rooms} | asked)
    result = work_out(job, lambda per_cent, step: None)
    Job.objects.all().delete()
    return PlacingRun.objects.get(public_id=result["run"])


def test_a_proposal_changes_nothing_until_it_is_put_into_the_draft_and_can_be_taken_back(edition, editor, track):
    orals = SessionFactory(edition=edition, kind="orals")
    posters = SessionFactory(edition=edition, kind="posters", starts_at=NINE + HOUR)
    papers = [accepted(track), accepted(track, "poster")]
    run = proposed(editor, orals_as_posters=True)
    assert not Slot.objects.exists()
    assert actions.apply_places(run, by=editor) == (3, 0)
    assert set(Slot.objects.values_list("session", "submission")) == {
        (orals.pk, papers[0].pk), (posters.pk, papers[0].pk), (posters.pk, papers[1].pk),
    }  # fmt: skip
    with pytest.raises(NotAllowed, match="already"):
        actions.apply_places(run, by=editor)
    assert actions.take_places_back(run, by=editor) == 3
    assert not Slot.objects.exists()


def test_what_stood_there_before_stays_when_a_proposal_is_taken_back(edition, editor, track):
    session = SessionFactory(edition=edition, kind="orals")
    one, other = accepted(track), accepted(track)
    run = proposed(editor)
    SlotFactory(session=session, submission=one, title="")
    assert actions.apply_places(run, by=editor) == (1, 1)
    actions.take_places_back(run, by=editor)
    assert list(Slot.objects.values_list("submission", flat=True)) == [one.pk]
    assert other.slots.count() == 0


def test_while_a_search_runs_another_one_is_not_silently_dropped(edition, editor, track):
    asked = {"room": {}, "absences": "", "orals_as_posters": False}
    first = actions.ask_for_places(edition, by=editor, asked=asked)
    assert actions.ask_for_places(edition, by=editor, asked=asked) == first
    with pytest.raises(NotAllowed, match="still runs"):
        actions.ask_for_places(edition, by=editor, asked=asked | {"orals_as_posters": True})


def test_a_paper_withdrawn_since_is_left_out(edition, editor, track):
    SessionFactory(edition=edition, kind="orals")
    paper = accepted(track)
    run = proposed(editor)
    paper.state = "withdrawn"
    paper.save()
    assert actions.apply_places(run, by=editor) == (0, 1)


def test_who_speaks_elsewhere_or_cannot_come_is_not_placed_then(edition, editor, track):
    early = SessionFactory(edition=edition, kind="orals")
    late = SessionFactory(edition=edition, kind="orals", starts_at=NINE + HOUR)
    last = SessionFactory(edition=edition, kind="orals", starts_at=NINE + 2 * HOUR)
    paper = accepted(track)
    author = paper.authorships.get()
    keynote = SessionFactory(edition=edition, kind="keynote")
    speaker = PersonFactory(edition=edition, name=author.name, user=author.user)
    SlotFactory(session=keynote, title="Keynote").speakers.add(speaker)
    run = proposed(editor, absences=f"{author.name}: 10:00-11:00")
    assert [place[:2] for place in run.places] == [[last.public_id, paper.public_id]]
    assert {early, late, last} == set(edition.sessions.filter(kind="orals"))


def test_pages_lead_from_asking_to_the_draft(client, edition, editor, track):
    session = SessionFactory(edition=edition, kind="orals", title="Morning talks")
    paper = accepted(track, title="Clouds over <forests>")
    client.force_login(editor.user)
    address = "/iclr2025/organise/programme/places/"
    assert "Morning talks" in client.get(address).content.decode()
    refused = client.post(address, {f"room-{session.public_id}-more": "3", "absences": "Nobody: 2025-04-27"})
    assert "nobody of that name" in refused.content.decode()
    assert client.post(address, {f"room-{session.public_id}-more": "-1"}).status_code == 200
    assert not Job.objects.exists()
    client.post(address, {f"room-{session.public_id}-more": "3", "absences": ""})
    run = PlacingRun.objects.get(public_id=work_out(Job.objects.get(), lambda per_cent, step: None)["run"])
    page = client.get(f"{address}{run.public_id}/").content.decode()
    assert "Clouds over &lt;forests&gt;" in page
    client.post(f"{address}{run.public_id}/")
    assert session.slots.get().submission == paper
    client.post(f"{address}{run.public_id}/", {"verb": "undo"})
    assert not session.slots.exists()


@pytest.mark.parametrize("size", [2, 60])
def test_the_pages_need_the_same_queries_for_two_papers_and_for_sixty(client, edition, editor, track, size, cost_of):
    SessionFactory(edition=edition, kind="orals")
    for number in range(size):
        accepted(track, title=f"Paper {number}")
    run = proposed(editor)
    client.force_login(editor.user)
    for address, most in (("", 16), (f"{run.public_id}/", 15)):
        client.get(f"/iclr2025/organise/programme/places/{address}")
        with cost_of() as cost:
            assert client.get(f"/iclr2025/organise/programme/places/{address}").status_code == 200
        assert cost.queries <= most


def test_only_editors_come_here(client, edition, track):
    client.force_login(RoleFactory(edition=edition, name="grants_officer").user)
    assert client.get("/iclr2025/organise/programme/places/").status_code == 404
