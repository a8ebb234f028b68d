"""Answers are planned, looked at, and released at once; money that returns goes down the waiting list."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ml4rs.audit.models import Entry
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import RoleFactory, UserFactory
from ml4rs.editions.viewer import Viewer
from travel import actions
from travel.models import Application, Offer, Plan
from travel.outlook import fingerprint, outlook, planned
from travel.tests.factories import ApplicationFactory, PoolFactory, SettingsFactory

pytestmark = [pytest.mark.django_db, pytest.mark.both]
NOW = datetime(2025, 4, 1, 12, tzinfo=UTC)
SOON = NOW + timedelta(days=7)
PAGE = "/iclr2025/grants/plan/"
FORM = {"expires_on": "2025-04-09", "offer": "See you there.", "wait": "", "decline": "Sorry."}


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
    return officer_of(edition)


def asked(edition, officer, merit, amount=100_000, **values):
    """An application with this officer's marks."""
    row = ApplicationFactory(edition=edition, amount_minor=amount, **values)
    actions.assess(seen(officer, row), merit=merit, need=3, note="", by=officer)
    return row


def seen(officer, row):
    return Application.objects.seen_by(officer).get(pk=row.pk)


def release(officer, **words):
    return actions.release(seen=fingerprint(planned(officer)), expires_at=SOON, words=words, by=officer)


def state_of(row):
    row.refresh_from_db()
    return row.state


@pytest.fixture
def three(edition, officer):
    """The pool reaches the best two of three."""
    pool = PoolFactory(edition=edition, name="Fund", amount_minor=200_000)
    rows = [asked(edition, officer, merit) for merit in (5, 4, 3)]
    actions.plan_all("full", others="wait", by=officer)
    return pool, rows


def test_nobody_hears_of_a_plan(client, edition, officer, three):
    _, rows = three
    assert [plan.answer for plan in planned(officer)] == ["offer", "offer", "wait"]
    assert {state_of(row) for row in rows} == {"submitted"}
    client.force_login(rows[0].user)
    text = client.get("/iclr2025/travel/application/").text
    assert "Submitted. You will hear from us" in text
    assert "waiting list" not in text.lower()


def test_a_release_gives_every_answer_with_its_mail_and_money(officer, three, mails):
    pool, rows = three
    release(officer, offer="See you there.")
    assert [state_of(row) for row in rows] == ["offered", "offered", "waiting"]
    assert mails.events() == ["travel.offer", "travel.offer", "travel.waiting"]
    assert "See you there." in mails.messages[0].body_text
    assert {mail.grants_only for mail in mails.messages} == {True}
    pool.refresh_from_db()
    assert pool.committed_minor == 200_000
    assert not Entry.objects.filter(verb__startswith="grant.", grants_only=False).exists()


def test_a_second_press_releases_nothing_twice(officer, three, mails):
    looked_at = fingerprint(planned(officer))
    actions.release(seen=looked_at, expires_at=SOON, words={}, by=officer)
    with pytest.raises(NotAllowed, match="released a moment ago"):
        actions.release(seen=looked_at, expires_at=SOON, words={}, by=officer)
    assert len(mails.messages) == 3


def test_a_plan_that_changed_since_the_look_is_not_released(officer, three):
    _, rows = three
    looked_at = fingerprint(planned(officer))
    actions.plan(rows[2], answer="decline", by=officer)
    with pytest.raises(NotAllowed, match="changed since"):
        actions.release(seen=looked_at, expires_at=SOON, words={}, by=officer)


def test_all_or_nothing_where_a_pool_has_too_little_left(officer, three, mails):
    pool, rows = three
    actions.plan(rows[2], answer="offer", pool=pool, amount_minor=1, by=officer)
    assert outlook(officer).obstacles
    with pytest.raises(NotAllowed, match="left"):
        release(officer)
    assert {state_of(row) for row in rows} == {"submitted"}
    assert not Offer.objects.exists()


def test_two_officers_assess_before_an_answer(edition, officer, three):
    edition.travel_settings.least_assessments = 2
    edition.travel_settings.save()
    second = officer_of(edition)
    with pytest.raises(NotAllowed, match="Not enough officers"):
        release(officer)
    with pytest.raises(NotAllowed, match="1 more officer"):
        actions.offer(three[1][0], pool=three[0], amount_minor=1, by=officer)
    for row in three[1]:
        actions.assess(seen(second, row), merit=3, need=3, note="", by=second)
    assert outlook(officer).obstacles == []


def test_one_officer_is_enough_where_nobody_else_is_free(edition, officer, three, mails):
    edition.travel_settings.least_assessments = 2
    edition.travel_settings.save()
    second = officer_of(edition)
    for row in three[1]:
        actions.declare_conflict(seen(second, row), by=second)
    release(officer)
    assert Offer.objects.count() == 2


def test_declined_money_reaches_the_waiting_list_once_by_itself(officer, three, mails):
    pool, rows = three
    release(officer)
    first = Offer.objects.get(application=rows[0])
    theirs = Viewer.of(rows[0].user, officer.edition, NOW)
    actions.decline_offer(first, by=theirs)
    with pytest.raises(NotAllowed):
        actions.decline_offer(first, by=theirs)
    assert state_of(rows[2]) == "offered"
    made = Offer.objects.get(application=rows[2])
    assert (made.amount_minor, made.offered_by, made.pool) == (100_000, officer.user, pool)
    assert made.expires_at == datetime(2025, 4, 16, 11, 59, 59, tzinfo=UTC)
    pool.refresh_from_db()
    assert pool.committed_minor == 200_000
    assert mails.to(rows[2].user.email, "travel.offer")


def test_expired_and_withdrawn_money_rolls_on_too(edition, officer, three, mails):
    _, rows = three
    late = asked(edition, officer, 1)
    actions.plan(late, answer="wait", amount_minor=50_000, by=officer)
    release(officer)
    actions.withdraw(rows[0], by=Viewer.of(rows[0].user, edition, NOW))
    assert state_of(rows[2]) == "offered"
    actions.expire_due(SOON + timedelta(days=1))
    assert state_of(rows[1]) == "submitted"
    assert state_of(late) == "offered"


def test_with_approval_an_officer_presses(client, edition, officer, three, mails):
    edition.travel_settings.rolls_by_itself = False
    edition.travel_settings.save()
    _, rows = three
    release(officer)
    actions.decline_offer(Offer.objects.get(application=rows[0]), by=Viewer.of(rows[0].user, edition, NOW))
    assert state_of(rows[2]) == "waiting"
    client.force_login(officer.user)
    assert "1 offered from the waiting list" in client.post(f"{PAGE}waiting/", follow=True).text
    assert state_of(rows[2]) == "offered"
    assert "reaches nobody" in client.post(f"{PAGE}waiting/", follow=True).text


def test_the_list_goes_by_the_rule_and_not_by_who_planned_it(edition, officer, mails):
    pool = PoolFactory(edition=edition, amount_minor=100_000)
    worse, better = asked(edition, officer, 2), asked(edition, officer, 4)
    holder = asked(edition, officer, 5)
    actions.plan(holder, answer="offer", pool=pool, amount_minor=100_000, by=officer)
    for row in (worse, better):
        actions.plan(row, answer="wait", amount_minor=100_000, by=officer)
    release(officer)
    actions.decline_offer(Offer.objects.get(), by=Viewer.of(holder.user, edition, NOW))
    assert (state_of(better), state_of(worse)) == ("offered", "waiting")


def test_somebody_who_could_come_with_less_gets_what_is_left(edition, officer, mails):
    pool = PoolFactory(edition=edition, amount_minor=60_000)
    row = asked(edition, officer, 3, least_minor=50_000)
    actions.plan(row, answer="wait", amount_minor=100_000, by=officer)
    release(officer)
    actions.offer_to_waiting(by=officer)
    assert Offer.objects.get().amount_minor == 60_000
    pool.refresh_from_db()
    assert pool.left_minor == 0


def test_nothing_is_offered_from_the_list_once_the_workshop_begins(edition, officer, three, mails, time_machine):
    edition.starts_on = date(2025, 4, 4)
    edition.save()
    _, rows = three
    release(officer)
    then = datetime(2025, 4, 4, 12, tzinfo=UTC)
    actions.decline_offer(Offer.objects.get(application=rows[0]), by=Viewer.of(rows[0].user, edition, then))
    assert state_of(rows[2]) == "waiting"


def test_closing_the_list_tells_everybody_on_it(client, edition, officer, three, mails):
    release(officer)
    client.force_login(officer.user)
    client.post(f"{PAGE}close/", {"close-text": "Nothing came back."})
    assert state_of(three[1][2]) == "declined"
    assert "Nothing came back." in mails.to(three[1][2].user.email, "travel.not_granted")[0].body_text
    assert not Plan.objects.exists()


def test_an_officer_plans_looks_and_releases_on_the_page(client, edition, officer, mails):
    PoolFactory(edition=edition, name="Fund", amount_minor=100_000)
    rows = [asked(edition, officer, merit) for merit in (5, 3)]
    client.force_login(officer.user)
    assert "1 offers, 0 on the waiting list, 1 not granted" in (
        client.post(f"{PAGE}fill/", {"policy": "full", "others": "decline"}, follow=True).text
    )
    form = {**FORM, "seen": fingerprint(planned(officer))}
    text = client.post(f"{PAGE}preview/", form).text
    for words in ("We offer you travel support", "1,000 EUR", "See you there.", "we are sorry", "Release 2 answers"):
        assert words in text
    assert mails.messages == []
    assert "2 answers are released" in client.post(f"{PAGE}release/", form, follow=True).text
    assert [state_of(row) for row in rows] == ["offered", "declined"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"expires_on": "2025-03-01"}, "expire before"),
        ({"expires_on": ""}, "required"),
        ({"seen": "x"}, "changed since"),
    ],
)
def test_a_release_that_makes_no_sense_is_refused_in_words(client, officer, three, change, words):
    client.force_login(officer.user)
    form = {**FORM, "seen": fingerprint(planned(officer)), **change}
    response = client.post(f"{PAGE}release/", form)
    assert response.status_code in (409, 422)
    assert words in response.text


def test_an_amount_is_hidden_until_ones_own_marks_are_in(client, edition, officer, three):
    second = officer_of(edition)
    client.force_login(second.user)
    assert "1,000 EUR" not in _table(client)
    assert "2,000 EUR of" not in client.get(PAGE).text
    for row in three[1]:
        actions.assess(seen(second, row), merit=3, need=3, note="", by=second)
    assert "1,000 EUR" in _table(client)
    assert "2,000 EUR of" in client.get(PAGE).text


def _table(client):
    return client.get(PAGE).text.partition("What it takes of the money")[0]


def test_what_is_planned_for_those_close_to_an_officer_is_not_theirs_to_read(client, edition, officer, three):
    tied = officer_of(edition, affiliation=three[1][0].institution)
    assert len(planned(tied)) == 2
    client.force_login(tied.user)
    assert three[1][0].legal_name not in client.get(PAGE).text
    assert client.post(f"/iclr2025/grants/{three[1][0].public_id}/plan/", {"plan-answer": ""}).status_code == 422
    assert Plan.objects.count() == 3


@pytest.mark.parametrize("role", ["organiser", "schedule_editor", "reviewer"])
def test_for_others_there_are_no_answers(client, edition, officer, three, role):
    person = RoleFactory(edition=edition, name=role).user
    client.force_login(person)
    assert client.get(PAGE).status_code == 404
    for verb in ("fill", "preview", "release", "waiting", "close"):
        assert client.post(f"{PAGE}{verb}/", FORM).status_code == 404
    with pytest.raises(NotAllowed):
        release(Viewer.of(person, edition, NOW))


@pytest.mark.parametrize("number", [2, 40])
def test_the_page_costs_the_same_for_few_and_for_many(client, edition, officer, number, cost_of):
    PoolFactory(edition=edition, amount_minor=100_000 * number // 2)
    for place in range(number):
        asked(edition, officer, 1 + place % 5)
    actions.plan_all("most", others="wait", by=officer)
    client.force_login(officer.user)
    client.get(PAGE)
    with cost_of() as cost:
        assert client.get(PAGE).status_code == 200
    assert cost.queries <= 24
