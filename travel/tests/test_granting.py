"""The officers: what they see, whom they may not handle, offers inside the budget."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from ml4rs.audit.models import Entry
from ml4rs.editions.models import Role
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import EditionFactory, MilestoneFactory, RoleFactory, TrackFactory, UserFactory
from ml4rs.editions.viewer import Viewer
from submissions.models import Authorship
from submissions.tests.factories import SubmissionFactory
from travel import actions
from travel.models import Application, Offer, Pool
from travel.queries import officers_table
from travel.registering import figures
from travel.tests.factories import ApplicationFactory, PoolFactory, SettingsFactory

pytestmark = pytest.mark.both

NOW = datetime(2025, 4, 1, 12, tzinfo=UTC)


def make_edition():
    edition = SettingsFactory(edition__slug="iclr2025").edition
    MilestoneFactory(edition=edition, kind="travel", instant=datetime(2025, 3, 29, 11, 59, 59, tzinfo=UTC))
    return edition


@pytest.fixture(autouse=True)
def _clock(request):
    if request.cls is None:
        request.getfixturevalue("time_machine").move_to(NOW, tick=False)


@pytest.fixture
def edition(db):
    return make_edition()


@pytest.fixture
def officer(edition):
    return viewer(RoleFactory(edition=edition, name=Role.Name.GRANTS_OFFICER).user, edition)


def viewer(user, edition, now=NOW):
    return Viewer.of(user, edition, now)


def of(row):
    return viewer(row.user, row.edition)


def committed(pool):
    pool.refresh_from_db()
    return pool.committed_minor


def test_the_table_shows_what_an_officer_decides_on(client, edition, officer):
    actions.set_settings(edition, airport="SIN", currency="EUR", students_only=True, by=officer)
    row = ApplicationFactory(edition=edition, airport="ZRH", institution="Far University", will_present=True)
    track = TrackFactory(edition=edition)
    SubmissionFactory(track=track, accepted=True, created_by=row.user, title="Acceptedpaper", presentation="oral")
    SubmissionFactory(track=track, created_by=row.user, title="Undecidedpaper")
    actions.assess(Application.objects.seen_by(officer).get(), merit=3, need=3, note="", by=officer)
    client.force_login(officer.user)
    text = client.get("/iclr2025/grants/").text
    for shown in (row.legal_name, "Far University", "Acceptedpaper", "(oral)", "1,200 EUR", "10,306 km"):
        assert shown in text
    assert "Undecidedpaper" not in text
    case = client.get(f"/iclr2025/grants/{row.public_id}/").text
    assert "I would learn a lot." in case
    assert "Undecidedpaper" not in case


def test_drafts_stay_with_their_writers(client, edition, officer):
    row = ApplicationFactory(edition=edition, draft=True, legal_name="Draftapplicant")
    client.force_login(officer.user)
    assert "Draftapplicant" not in client.get("/iclr2025/grants/").text
    assert client.get(f"/iclr2025/grants/{row.public_id}/").status_code == 404


@pytest.mark.parametrize("role", ["organiser", "schedule_editor", "reviewer", None])
def test_without_the_role_there_is_no_trace_of_an_applicant_anywhere(client, edition, officer, role, mails):
    row = ApplicationFactory(
        edition=edition, legal_name="Applicantsorrel", institution="Sorrelinstitute", need="Sorrelneed"
    )
    pool = PoolFactory(edition=edition, name="Sorrelpool")
    made = actions.offer(row, pool=pool, amount_minor=100, by=officer)
    actions.accept_offer(made, by=of(row))
    person = RoleFactory(edition=edition, name=role).user if role else UserFactory()
    client.force_login(person)
    base = "/iclr2025/"
    pages = ["", "travel/", "travel/application/", "my/", "grants/", f"grants/{row.public_id}/", "grants/money/"]
    pages += ["grants/settings/", f"grants/money/{pool.public_id}/", "organise/", "organise/mail/", "organise/audit/"]
    for page in pages:
        response = client.get(base + page)
        assert response.status_code in (200, 404), page
        assert "sorrel" not in response.text.lower(), page
        if page.startswith("grants"):
            assert response.status_code == 404
    for verb in ("offer", "decline", "reconsider", "revoke"):
        assert client.post(f"{base}grants/{row.public_id}/{verb}/").status_code == 404
    assert list(figures(viewer(person, edition))) == []
    assert not Entry.objects.filter(verb__startswith="grant.", grants_only=False).exists()
    assert {mail.grants_only for mail in mails.messages} == {True}
    with pytest.raises(NotAllowed):
        officers_table(viewer(person, edition))
    with pytest.raises(NotAllowed):
        actions.decline(row, text="", by=viewer(person, edition))


def _own(row, officer):
    Application.objects.filter(pk=row.pk).update(user=officer.user)


def _institution(row, officer):
    type(officer.user).objects.filter(pk=officer.user.pk).update(affiliation="ETH Zürich")
    Application.objects.filter(pk=row.pk).update(institution="ETH Zurich")


def _domain(row, officer):
    for user, address in ((officer.user, "a@ethz.ch"), (row.user, "b@student.ethz.ch")):
        user.emailaddress_set.update(email=address)


def _coauthor(row, officer):
    paper = SubmissionFactory(track=TrackFactory(edition=row.edition), created_by=officer.user)
    Authorship.objects.create(submission=paper, position=7, name="X", email=row.user.email)


@pytest.mark.parametrize("tie", [_own, _institution, _domain, _coauthor])
def test_an_officer_never_handles_somebody_close(client, edition, officer, tie):
    row = ApplicationFactory(edition=edition, legal_name="Closeperson", need="Secretneed", amount_minor=7_654_300)
    tie(row, officer)
    again = viewer(type(officer.user).objects.get(pk=officer.user.pk), edition)
    (line,) = officers_table(again)
    assert line.name == "Closeperson"
    assert (line.is_handled, line.state, line.amount_minor, line.kilometres) == (False, None, None, None)
    client.force_login(again.user)
    for page in ("grants/", f"grants/{row.public_id}/"):
        text = client.get(f"/iclr2025/{page}").text
        assert "Closeperson" in text
        assert "Secretneed" not in text
        assert "76,543" not in text
    assert officers_table(again, state="submitted") == []
    for attempt in (
        lambda: actions.offer(row, pool=PoolFactory(edition=edition), amount_minor=1, by=again),
        lambda: actions.decline(row, text="", by=again),
        lambda: actions.reconsider(row, by=again),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert not Offer.objects.exists()


def test_a_mail_provider_in_common_is_no_tie(edition, officer):
    row = ApplicationFactory(edition=edition)
    for user, address in ((officer.user, "a@gmail.com"), (row.user, "b@gmail.com")):
        user.emailaddress_set.update(email=address)
    assert officers_table(viewer(officer.user, edition))[0].is_handled


def test_an_offer_sets_money_aside_and_tells_the_applicant(client, edition, officer, mails):
    row, pool = ApplicationFactory(edition=edition), PoolFactory(edition=edition)
    client.force_login(officer.user)
    data = {"pool": pool.public_id, "amount": "1,000", "expires_on": "2025-04-11", "message": "Do come."}
    assert client.post(f"/iclr2025/grants/{row.public_id}/offer/", data).status_code == 302
    assert committed(pool) == 100_000
    (mail,) = mails.to(row.user.email, "travel.offer")
    assert "1,000 EUR" in mail.body_text
    assert "Fri 11 Apr 2025, 23:59 AoE" in mail.body_text
    assert mail.grants_only
    client.force_login(row.user)
    assert "Offer: 1,000 EUR" in client.get("/iclr2025/travel/application/").text


def test_a_pool_is_never_overrun(client, edition, officer, mails):
    pool = PoolFactory(edition=edition, amount_minor=100_000)
    one, two = ApplicationFactory(edition=edition), ApplicationFactory(edition=edition)
    actions.offer(one, pool=pool, amount_minor=60_000, by=officer)
    client.force_login(officer.user)
    data = {"pool": pool.public_id, "amount": "400.01", "expires_on": "2025-04-11", "message": "Keepthis"}
    response = client.post(f"/iclr2025/grants/{two.public_id}/offer/", data)
    assert response.status_code == 422
    assert "has 400 EUR left" in response.text
    assert "Keepthis" in response.text
    two.refresh_from_db()
    assert (two.state, committed(pool)) == ("submitted", 60_000)
    actions.offer(two, pool=pool, amount_minor=40_000, by=officer)


@pytest.mark.parametrize(
    "change", [{"amount": "0"}, {"amount": "-1"}, {"amount": "x"}, {"expires_on": "2025-03-01"}, {"pool": "nosuch"}]
)
def test_a_senseless_offer_is_refused(client, edition, officer, change):
    row, pool = ApplicationFactory(edition=edition), PoolFactory(edition=edition)
    client.force_login(officer.user)
    data = {"pool": pool.public_id, "amount": "10", "expires_on": "2025-04-11", **change}
    assert client.post(f"/iclr2025/grants/{row.public_id}/offer/", data).status_code == 422
    assert not Offer.objects.exists()


def test_two_officers_make_one_offer(edition, officer, mails):
    row, pool = ApplicationFactory(edition=edition), PoolFactory(edition=edition)
    actions.offer(row, pool=pool, amount_minor=100, by=officer)
    with pytest.raises(NotAllowed, match="not waiting"):
        actions.offer(row, pool=pool, amount_minor=100, by=officer)
    assert (Offer.objects.count(), committed(pool)) == (1, 100)


def answer(client, offer, word):
    return client.post("/iclr2025/travel/application/answer/", {"offer": offer.public_id, "answer": word}, follow=True)


def test_accepting_keeps_the_money_and_tells_the_officer_once(client, edition, officer, mails):
    row, pool = ApplicationFactory(edition=edition), PoolFactory(edition=edition)
    made = actions.offer(row, pool=pool, amount_minor=100, by=officer)
    client.force_login(row.user)
    assert "You accepted the offer." in answer(client, made, "accept").text
    assert "not open any more" in answer(client, made, "accept").text
    assert "not open any more" in answer(client, made, "decline").text
    assert committed(pool) == 100
    assert len(mails.to(officer.user.email, "travel.offer_answered")) == 1


def test_declining_returns_the_money_exactly_once(client, edition, officer, mails):
    row, pool = ApplicationFactory(edition=edition), PoolFactory(edition=edition)
    made = actions.offer(row, pool=pool, amount_minor=100, by=officer)
    client.force_login(row.user)
    for _ in range(2):
        answer(client, made, "decline")
    assert committed(pool) == 0
    row.refresh_from_db()
    assert row.state == "withdrawn"


@pytest.mark.parametrize(
    ("word", "lead"),
    [("accept", "You have accepted our offer."), ("decline", "You have declined our offer, and your application")],
)
def test_the_page_says_how_an_offer_was_answered(client, edition, officer, mails, word, lead):
    row = ApplicationFactory(edition=edition)
    made = actions.offer(row, pool=PoolFactory(edition=edition), amount_minor=100, by=officer)
    client.force_login(row.user)
    asked = client.get("/iclr2025/travel/application/").text
    assert "We have an offer for you." in asked
    assert "Is it for you?" not in asked
    assert lead in answer(client, made, word).text


def test_whether_it_is_for_somebody_is_told_while_they_can_apply(client, edition):
    row = ApplicationFactory(edition=edition)
    client.force_login(row.user)
    assert "Is it for you?" in client.get("/iclr2025/travel/application/").text


def test_the_offer_of_another_cannot_be_answered(client, edition, officer, mails):
    mine, theirs = ApplicationFactory(edition=edition), ApplicationFactory(edition=edition)
    made = actions.offer(theirs, pool=PoolFactory(edition=edition), amount_minor=100, by=officer)
    client.force_login(mine.user)
    assert answer(client, made, "accept").status_code == 404
    with pytest.raises(NotAllowed):
        actions.accept_offer(made, by=of(mine))


def test_an_expired_offer_is_told_and_its_money_returns_by_itself(client, edition, officer, mails, time_machine):
    row, pool = ApplicationFactory(edition=edition), PoolFactory(edition=edition)
    made = actions.offer(row, pool=pool, amount_minor=100, by=officer, expires_at=NOW + timedelta(days=1))
    late = NOW + timedelta(days=1, seconds=1)
    time_machine.move_to(late, tick=False)
    client.force_login(row.user)
    assert "has expired" in answer(client, made, "accept").text
    assert committed(pool) == 100
    assert [actions.expire_due(late), actions.expire_due(late)] == [1, 0]
    assert committed(pool) == 0
    row.refresh_from_db()
    assert row.state == "submitted"
    assert len(mails.to(row.user.email, "travel.offer_expired")) == 1


def test_taking_an_offer_back_lets_the_application_wait_again(edition, officer, mails):
    row, pool = ApplicationFactory(edition=edition), PoolFactory(edition=edition)
    made = actions.offer(row, pool=pool, amount_minor=100, by=officer)
    actions.revoke(made, by=officer)
    with pytest.raises(NotAllowed):
        actions.revoke(made, by=officer)
    row.refresh_from_db()
    assert (row.state, committed(pool)) == ("submitted", 0)
    actions.offer(row, pool=pool, amount_minor=200, by=officer)
    assert committed(pool) == 200


def test_declining_an_application_sends_its_words_and_can_be_reconsidered(client, edition, officer, mails):
    row = ApplicationFactory(edition=edition)
    client.force_login(officer.user)
    client.post(f"/iclr2025/grants/{row.public_id}/decline/", {"decline-text": "Too many asked."})
    row.refresh_from_db()
    assert row.state == "declined"
    assert "Too many asked." in mails.to(row.user.email, "travel.not_granted")[0].body_text
    client.post(f"/iclr2025/grants/{row.public_id}/reconsider/")
    row.refresh_from_db()
    assert row.state == "submitted"


def test_pools_are_added_changed_and_never_fall_below_what_is_offered(client, edition, officer, mails):
    client.force_login(officer.user)
    client.post("/iclr2025/grants/money/", {"name": "DeepMind", "amount": "3,000.00", "currency": "EUR"})
    pool = Pool.objects.get()
    assert (pool.amount_minor, pool.currency) == (300_000, "EUR")
    assert (
        "already" in client.post("/iclr2025/grants/money/", {"name": "DeepMind", "amount": "1", "currency": "EUR"}).text
    )
    actions.offer(ApplicationFactory(edition=edition), pool=pool, amount_minor=200_000, by=officer)
    page = f"/iclr2025/grants/money/{pool.public_id}/"
    assert "More than that is offered" in client.post(page, {"name": "DeepMind", "amount": "1,999.99"}).text
    assert "it stays for the record" in client.post(page, {"verb": "remove"}, follow=True).text
    client.post(page, {"name": "Google DeepMind", "amount": "2000"})
    pool.refresh_from_db()
    assert (pool.name, pool.amount_minor) == ("Google DeepMind", 200_000)


def test_a_pool_of_another_edition_is_out_of_reach(client, edition, officer):
    foreign = PoolFactory(edition=EditionFactory())
    client.force_login(officer.user)
    assert client.get(f"/iclr2025/grants/money/{foreign.public_id}/").status_code == 404
    with pytest.raises(NotAllowed):
        actions.offer(ApplicationFactory(edition=edition), pool=foreign, amount_minor=1, by=officer)


def test_yen_have_no_cents(edition, officer, client):
    client.force_login(officer.user)
    client.post("/iclr2025/grants/money/", {"name": "Tokyo", "amount": "50000", "currency": "JPY"})
    assert Pool.objects.get().amount_minor == 50_000
    assert "50,000 JPY" in client.get("/iclr2025/grants/money/").text


def test_an_unknown_filter_is_refused_clearly(client, edition, officer):
    client.force_login(officer.user)
    assert client.get("/iclr2025/grants/?amount=1").status_code == 400


def test_figures_count_what_the_officer_may_answer(edition, officer):
    ApplicationFactory(edition=edition)
    tied = ApplicationFactory(edition=edition)
    _domain(tied, officer)
    values = {figure.label: figure.value for figure in figures(viewer(officer.user, edition))}
    assert values == {"to answer": 1, "offered": 0, "receipts to look at": 0}


@pytest.mark.parametrize("size", [1, 50, 300])
def test_the_officers_pages_cost_the_same_whatever_the_number(client, edition, officer, cost_of, size):
    track = TrackFactory(edition=edition)
    for _ in range(size):
        row = ApplicationFactory(edition=edition)
        SubmissionFactory(track=track, accepted=True, created_by=row.user)
    PoolFactory(edition=edition)
    client.force_login(officer.user)
    for page in ("grants/", f"grants/{row.public_id}/"):
        client.get(f"/iclr2025/{page}")
        with cost_of() as cost:
            assert client.get(f"/iclr2025/{page}").status_code == 200
        assert cost.queries <= 20, page
        assert cost.objects <= 15, page


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["offer", "accept", "decline", "withdraw", "revoke", "expire", "reopen"]),
        st.integers(0, 2),
        st.integers(1, 700),
    ),
    max_size=25,
)


@pytest.mark.usefixtures("mails")
class TestMoney(TestCase):
    """Whatever officers and applicants do in whatever order, every cent is accounted for."""

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps=_STEPS)
    def test_committed_is_always_the_sum_of_open_and_accepted_offers_and_never_more_than_there_is(self, steps):
        edition = make_edition()
        officer = viewer(RoleFactory(edition=edition, name=Role.Name.GRANTS_OFFICER).user, edition)
        pool = PoolFactory(edition=edition, amount_minor=1_000)
        rows = [ApplicationFactory(edition=edition) for _ in range(3)]
        for verb, who, amount in steps:
            self._do(verb, rows[who], pool, amount, officer)
            held = Offer.objects.filter(state__in=["open", "accepted"]).values_list("amount_minor", flat=True)
            assert committed(pool) == sum(held) <= pool.amount_minor
            for row in rows:
                row.refresh_from_db()
                holds = row.offers.filter(state__in=["open", "accepted"]).exists()
                assert (row.state == "offered") == holds

    def _do(self, verb, row, pool, amount, officer):
        newest = row.offers.order_by("-pk").first()
        early = viewer(row.user, row.edition, NOW - timedelta(days=10))
        attempts = {
            "offer": lambda: actions.offer(
                row, pool=pool, amount_minor=amount, by=officer, expires_at=NOW + timedelta(1)
            ),
            "withdraw": lambda: actions.withdraw(row, by=of(row)),
            "expire": lambda: actions.expire_due(NOW + timedelta(days=2)),
            "reopen": lambda: actions.submit(actions.reopen(row, by=early), by=early),
        }
        if newest is not None:
            attempts |= {
                "accept": lambda: actions.accept_offer(newest, by=of(row)),
                "decline": lambda: actions.decline_offer(newest, by=of(row)),
                "revoke": lambda: actions.revoke(newest, by=officer),
            }
        with suppress(NotAllowed):
            attempts.get(verb, lambda: None)()


@pytest.mark.parametrize(
    ("reserve", "per_cent", "most"),
    [(0, 100, 300_000), (50_000, 100, 250_000), (100_000, 115, 230_000), (1, 115, 344_998)],
)
def test_what_may_be_offered_is_the_sum_less_the_reserve_and_a_little(edition, officer, mails, reserve, per_cent, most):
    pool = PoolFactory(edition=edition, reserve_minor=reserve, overcommit_percent=per_cent)
    assert pool.limit_minor == most
    with pytest.raises(NotAllowed, match="left"):
        actions.offer(ApplicationFactory(edition=edition), pool=pool, amount_minor=most + 1, by=officer)
    actions.offer(ApplicationFactory(edition=edition), pool=pool, amount_minor=most, by=officer)
    assert committed(pool) == most
    with pytest.raises(IntegrityError), transaction.atomic():
        Pool.objects.filter(pk=pool.pk).update(committed_minor=most + 1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reserve": "4000"}, "reserve cannot be more than the sum"),
        ({"overcommit_percent": "120"}, "less than or equal to 115"),
        ({"overcommit_percent": "90"}, "greater than or equal to 100"),
        ({"reserve": "-5"}, "Write"),
        ({"reserve": "2500"}, "More than that is offered already"),
    ],
)
def test_a_reserve_or_factor_that_makes_no_sense_is_refused_in_words(client, edition, officer, mails, changes, words):
    pool = PoolFactory(edition=edition)
    actions.offer(ApplicationFactory(edition=edition), pool=pool, amount_minor=100_000, by=officer)
    client.force_login(officer.user)
    fields = {"name": "Sponsors", "amount": "3000", "overcommit_percent": "100", **changes}
    assert words in client.post(f"/iclr2025/grants/money/{pool.public_id}/", fields).text
    pool.refresh_from_db()
    assert pool.limit_minor == 300_000
