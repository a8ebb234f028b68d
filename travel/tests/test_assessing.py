"""Assessment: blind to the amount, to others' marks until one's own are in, never of somebody close."""

from datetime import UTC, datetime

import pytest

from ml4rs.audit.models import Entry
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import RoleFactory, TrackFactory, UserFactory
from ml4rs.editions.viewer import Viewer
from reviews.matching.lottery import commitment
from submissions.tests.factories import AuthorshipFactory, SubmissionFactory
from travel import actions
from travel.models import Application, Assessment, Conflict, TravelSettings
from travel.standings import standings
from travel.tests.factories import ApplicationFactory, PoolFactory, SettingsFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 4, 1, 12, tzinfo=UTC)
RANKING = "/iclr2025/grants/ranking/"


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def edition():
    return SettingsFactory(edition__slug="iclr2025").edition


def officer_of(edition, **user):
    return Viewer.of(RoleFactory(edition=edition, name="grants_officer", user=UserFactory(**user)).user, edition, NOW)


@pytest.fixture
def officer(edition):
    return officer_of(edition, name="Officerfern")


def seen(viewer, row):
    return Application.objects.seen_by(viewer).get(pk=row.pk)


def mark(viewer, row, merit=4, need=3, note=""):
    return actions.assess(seen(viewer, row), merit=merit, need=need, note=note, by=viewer)


def case(client, viewer, row):
    client.force_login(viewer.user)
    return client.get(f"/iclr2025/grants/{row.public_id}/").text


def test_the_amount_is_shown_once_the_officers_own_marks_are_in(client, edition, officer):
    row = ApplicationFactory(edition=edition, amount_minor=123_400)
    client.force_login(officer.user)
    for address in (f"/iclr2025/grants/{row.public_id}/", "/iclr2025/grants/"):
        assert "1,234" not in client.get(address).text
    client.post(f"/iclr2025/grants/{row.public_id}/assess/", {"merit": "4", "need": "2", "note": "Clear plan"})
    for address in (f"/iclr2025/grants/{row.public_id}/", "/iclr2025/grants/", RANKING):
        assert "1,234" in client.get(address).text


def test_others_marks_are_shown_once_ones_own_are_in(client, edition, officer):
    row, other = ApplicationFactory(edition=edition), officer_of(edition)
    mark(other, row, note="Notethistle")
    assert "Notethistle" not in case(client, officer, row)
    mark(officer, row)
    assert "Notethistle" in case(client, officer, row)


def test_the_ranking_leaves_out_what_one_has_not_marked(client, edition, officer):
    row, other = ApplicationFactory(edition=edition, legal_name="Applicantelm"), officer_of(edition)
    mark(other, row)
    assert standings(officer).lines == []
    assert [each.legal_name for each in standings(officer).waiting] == ["Applicantelm"]
    mark(officer, row)
    assert [line.application.legal_name for line in standings(officer).lines] == ["Applicantelm"]


def test_marks_can_be_changed_and_are_one_for_each_officer(edition, officer):
    row = ApplicationFactory(edition=edition)
    mark(officer, row, merit=1)
    mark(officer, row, merit=5)
    assert [each.merit for each in Assessment.objects.all()] == [5]


def test_nobody_marks_their_institution_or_themselves(client, edition):
    officer = officer_of(edition, affiliation="Coastal University")
    near = ApplicationFactory(edition=edition, institution="Coastal University")
    own = ApplicationFactory(edition=edition, user=officer.user)
    for row in (near, own):
        with pytest.raises(NotAllowed):
            mark(officer, row)
    assert standings(officer).waiting == []


def test_the_log_and_the_mail_tell_no_marks(edition, officer):
    mark(officer, ApplicationFactory(edition=edition), merit=5, note="Notewillow")
    entry = Entry.objects.get(verb="grant.assessed")
    assert "Notewillow" not in str(entry.details)
    assert entry.details == {}


def test_the_seed_of_the_draw_is_logged_as_a_hash_before_the_first_marks(edition, officer):
    mark(officer, ApplicationFactory(edition=edition))
    mark(officer, ApplicationFactory(edition=edition))
    seed = TravelSettings.objects.get().seed
    entries = list(Entry.objects.order_by("pk").values_list("verb", flat=True))
    assert entries.index("grant.draw_committed") < entries.index("grant.assessed")
    [entry] = Entry.objects.filter(verb="grant.draw_committed")
    assert entry.details["sha256"] == commitment(seed)


def test_presenters_of_accepted_papers_stand_first(edition, officer):
    without = ApplicationFactory(edition=edition, legal_name="Without", will_present=True)
    presenter = ApplicationFactory(edition=edition, legal_name="Presenter", will_present=True)
    author = ApplicationFactory(edition=edition, legal_name="Author", will_present=False)
    track = TrackFactory(edition=edition)
    for row in (presenter, author):
        AuthorshipFactory(submission=SubmissionFactory(track=track, accepted=True), user=row.user)
    mark(officer, without, merit=5, need=5)
    mark(officer, presenter, merit=1, need=1)
    mark(officer, author, merit=3, need=3)
    assert [line.application.legal_name for line in standings(officer).lines] == ["Presenter", "Author", "Without"]


def test_who_is_safely_in_depends_on_the_money(edition, officer):
    PoolFactory(edition=edition, amount_minor=120_000)
    strong, weak = ApplicationFactory(edition=edition), ApplicationFactory(edition=edition)
    mark(officer, strong, merit=5, need=5)
    mark(officer, weak, merit=1, need=1)
    assert [line.standing for line in standings(officer).lines] == ["in", "out"]


def test_the_pictures_count_applications_and_airports_without_names(client, edition, officer):
    for code in ("NBO", "NBO", "ZRH"):
        mark(officer, ApplicationFactory(edition=edition, airport=code))
    client.force_login(officer.user)
    response = client.get(RANKING)
    assert [(each.title, each.people) for each in response.context["departures"]] == [
        ("Nairobi, KE: 2", 2), ("Zurich, CH: 1", 1)
    ]  # fmt: skip
    assert sum(row.value for row in response.context["scores"].rows) == 3


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ({"merit": "40", "need": "40", "distance": "20"}, "Merit weighs at least"),
        ({"merit": "60", "need": "30", "distance": "20"}, "add up to 1"),
        ({"merit": "-5", "need": "30", "distance": "20"}, "greater than or equal to 0"),
        ({"merit": "all", "need": "30", "distance": "20"}, "Enter a whole number"),
    ],
)
def test_weights_that_break_the_rule_are_refused_in_words(client, officer, weights, words):
    client.force_login(officer.user)
    assert words in client.post(RANKING, weights).text


def test_weights_are_kept(client, officer):
    client.force_login(officer.user)
    client.post(RANKING, {"merit": "70", "need": "20", "distance": "10"})
    assert TravelSettings.objects.get().merit_weight == 70


@pytest.mark.parametrize("fields", [{"merit": "6", "need": "1"}, {"merit": "", "need": "1"}, {"merit": "3"}])
def test_marks_that_are_none_are_refused_and_kept(client, edition, officer, fields):
    row = ApplicationFactory(edition=edition)
    client.force_login(officer.user)
    response = client.post(f"/iclr2025/grants/{row.public_id}/assess/", {**fields, "note": "Kept words"})
    assert response.status_code == 422
    assert "Kept words" in response.text
    assert not Assessment.objects.exists()


def test_an_answered_application_is_not_marked_any_more(edition, officer):
    row = ApplicationFactory(edition=edition, state="declined")
    with pytest.raises(NotAllowed, match="not waiting"):
        mark(officer, row)


@pytest.mark.parametrize("role", ["organiser", "reviewer", None])
def test_for_others_there_is_no_ranking(client, edition, role):
    row = ApplicationFactory(edition=edition)
    client.force_login(RoleFactory(edition=edition, name=role).user if role else row.user)
    assert client.get(RANKING).status_code == 404
    assert client.post(f"/iclr2025/grants/{row.public_id}/assess/", {"merit": "5", "need": "5"}).status_code == 404


@pytest.mark.parametrize("number", [1, 50])
def test_the_ranking_asks_the_same_few_questions(client, edition, officer, number, django_assert_max_num_queries):
    for _ in range(number):
        mark(officer, ApplicationFactory(edition=edition))
    client.force_login(officer.user)
    client.get(RANKING)
    with django_assert_max_num_queries(18):
        assert client.get(RANKING).status_code == 200


def test_a_declared_conflict_hands_the_case_to_another(client, edition, officer):
    row = ApplicationFactory(edition=edition, legal_name="Applicantsorrel", benefit="Sorrelbenefit")
    other = officer_of(edition)
    actions.assess(Application.objects.seen_by(officer).get(), merit=5, need=5, note="", by=officer)
    client.force_login(officer.user)
    case = f"/iclr2025/grants/{row.public_id}/"
    client.post(f"{case}conflict/")
    assert "Sorrelbenefit" not in client.get(case).text
    assert not Assessment.objects.exists()
    client.force_login(other.user)
    assert officer.user.name in client.get(case).text


def test_only_a_colleague_lifts_a_declared_conflict(client, edition, officer):
    row = ApplicationFactory(edition=edition)
    other = officer_of(edition)
    client.force_login(officer.user)
    lift = f"/iclr2025/grants/{row.public_id}/conflict/lift/"
    client.post(f"/iclr2025/grants/{row.public_id}/conflict/")
    client.post(lift, {"officer": officer.user.public_id})
    assert Conflict.objects.exists()
    client.force_login(other.user)
    client.post(lift, {"officer": officer.user.public_id})
    assert not Conflict.objects.exists()
