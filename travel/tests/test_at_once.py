"""Officers and applicants press at the same moment, on PostgreSQL with connections of their own: the money holds."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.db import connection

from ml4rs.editions.models import Role
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import RoleFactory
from ml4rs.editions.viewer import Viewer
from tests.together import at_once
from travel import actions
from travel.models import Application, Offer, Plan, Pool
from travel.outlook import fingerprint, planned
from travel.tests.factories import ApplicationFactory, PoolFactory, SettingsFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
    pytest.mark.usefixtures("mails"),
]
NOW = datetime(2025, 4, 1, 12, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
HANDS = 6
REFUSALS = (NotAllowed,)


@pytest.fixture
def edition():
    return SettingsFactory().edition


@pytest.fixture
def officers(edition):
    roles = [RoleFactory(edition=edition, name=Role.Name.GRANTS_OFFICER) for _ in range(HANDS)]
    return [Viewer.of(role.user, edition, NOW) for role in roles]


def holds(pool):
    """What is committed is what is open or accepted, and never more than may be offered."""
    pool.refresh_from_db()
    held = pool.offers.filter(state__in=["open", "accepted"]).values_list("amount_minor", flat=True)
    assert pool.committed_minor == sum(held) <= pool.limit_minor
    for row in Application.objects.filter(edition=pool.edition):
        assert row.offers.filter(state__in=["open", "accepted"]).count() == (row.state == "offered")


def test_of_many_officers_those_come_first_whom_the_pool_reaches(edition, officers):
    pool = PoolFactory(edition=edition, amount_minor=1_000, reserve_minor=100, overcommit_percent=110)
    rows = [ApplicationFactory(edition=edition) for _ in officers]
    results = at_once(
        [
            lambda row=row, by=by: actions.offer(row, pool=pool, amount_minor=300, by=by)
            for row, by in zip(rows, officers, strict=True)
        ],
        REFUSALS,
    )
    assert sum(isinstance(each, Offer) for each in results) == 3  # 990 may be offered
    holds(pool)


def test_an_offer_is_accepted_declined_withdrawn_or_expires_and_its_money_moves_once(edition, officers):
    pool = PoolFactory(edition=edition, amount_minor=1_000)
    row = ApplicationFactory(edition=edition)
    made = actions.offer(row, pool=pool, amount_minor=600, expires_at=TOMORROW, by=officers[0])
    theirs = Viewer.of(row.user, edition, NOW)
    at_once(
        [
            lambda: actions.accept_offer(made, by=theirs),
            lambda: actions.decline_offer(made, by=theirs),
            lambda: actions.withdraw(row, by=theirs),
            lambda: actions.revoke(made, by=officers[0]),
            lambda: actions.expire_due(TOMORROW + timedelta(days=1)),
        ],
        REFUSALS,
    )
    holds(pool)


def test_of_two_releases_one_gives_the_answers(edition, officers, mails):
    pool = PoolFactory(edition=edition, amount_minor=10_000)
    rows = [ApplicationFactory(edition=edition) for _ in range(4)]
    for row in rows:
        actions.plan(row, answer="offer", pool=pool, amount_minor=1_000, by=officers[0])
    seen = fingerprint(planned(officers[0]))
    press = [lambda by=by: actions.release(seen=seen, expires_at=TOMORROW, words={}, by=by) for by in officers[:3]]
    refused = [each for each in at_once(press, REFUSALS) if isinstance(each, NotAllowed)]
    assert len(refused) == 2
    assert Offer.objects.count() == 4
    assert len(mails.messages) == 4
    holds(pool)


@pytest.mark.parametrize("seed", range(4))
def test_at_any_interleaving_no_more_is_promised_than_there_is(edition, officers, seed):
    """Rounds of six verbs at once, drawn from all that move money; the waiting list rolls between them."""
    draw = Random(seed)
    pools = [
        PoolFactory(edition=edition, amount_minor=2_000, reserve_minor=draw.randint(0, 500), overcommit_percent=115),
        PoolFactory(edition=edition, amount_minor=1_000),
    ]
    rows = [ApplicationFactory(edition=edition, amount_minor=900, least_minor=300) for _ in range(8)]
    for place, row in enumerate(rows[5:], 1):
        by = officers[0]
        Application.objects.filter(pk=row.pk).update(state="waiting")
        Plan.objects.create(
            application=row, answer="wait", amount_minor=700, place=place, planned_by=by.user, planned_at=NOW
        )
    for _ in range(6):
        at_once([_verb(draw, rows, pools, officers[hand]) for hand in range(HANDS)], REFUSALS)
        for pool in pools:
            holds(pool)


def _verb(draw, rows, pools, by):
    row, pool, amount = draw.choice(rows), draw.choice(pools), draw.randint(100, 900)
    newest = row.offers.order_by("-pk").first()
    theirs = Viewer.of(row.user, row.edition, NOW)
    verbs = [
        lambda: actions.offer(row, pool=pool, amount_minor=amount, by=by, expires_at=TOMORROW),
        lambda: actions.offer_to_waiting(by=by),
        lambda: actions.withdraw(row, by=theirs),
        lambda: actions.edit_pool(
            pool, name=pool.name, amount_minor=pool.amount_minor + amount, sponsor=None, by=by, reserve_minor=0
        ),
    ]
    if newest is not None:
        verbs += [
            lambda: actions.accept_offer(newest, by=theirs),
            lambda: actions.decline_offer(newest, by=theirs),
            lambda: actions.revoke(newest, by=by),
            lambda: actions.expire_due(TOMORROW + timedelta(days=1)),
        ] * 2
    return draw.choice(verbs)


def test_the_pools_still_hold_after_a_budget_is_cut_at_the_same_moment(edition, officers):
    pool = PoolFactory(edition=edition, amount_minor=1_000)
    row = ApplicationFactory(edition=edition)
    cut = {"name": pool.name, "amount_minor": 500, "sponsor": None}
    at_once(
        [
            lambda: actions.offer(row, pool=pool, amount_minor=800, by=officers[0]),
            lambda: actions.edit_pool(Pool.objects.get(pk=pool.pk), by=officers[1], **cut),
        ],
        REFUSALS,
    )
    holds(pool)
