"""What sponsors are told of their money: figures, and never who."""

from datetime import UTC, datetime

import pytest

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import RoleFactory
from ml4rs.editions.viewer import Viewer
from travel.models import Offer
from travel.tests.factories import ApplicationFactory, PoolFactory, SettingsFactory
from travel.thanks import thanks

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 4, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def pool():
    return PoolFactory(edition=SettingsFactory(edition__slug="iclr2025").edition, name="Fund")


@pytest.fixture
def officer(pool):
    return Viewer.of(RoleFactory(edition=pool.edition, name="grants_officer").user, pool.edition, NOW)


def grant(pool, officer, state="accepted", **values):
    row = ApplicationFactory(edition=pool.edition, state="offered", **values)
    money = {"amount_minor": 50_000, "currency": "EUR"}
    return Offer.objects.create(
        application=row, pool=pool, state=state, offered_by=officer.user, offered_at=NOW, **money
    )


def test_only_accepted_grants_count(pool, officer):
    for state in ("accepted", "open", "declined", "expired", "revoked"):
        grant(pool, officer, state)
    ((_, figures),) = thanks(officer)
    assert (figures.people, figures.granted_minor) == (1, 50_000)


@pytest.mark.parametrize(("people", "is_told"), [(2, False), (3, True)])
def test_of_few_people_neither_country_nor_studies_are_told(client, pool, officer, people, is_told):
    for number in range(people):
        grant(pool, officer, country="KE", legal_name=f"Sorrel {number}", will_present=number == 0)
    client.force_login(officer.user)
    text = client.get("/iclr2025/grants/money/").text
    assert f"{people} people were supported" in text
    assert ("Kenya" in text) == ("1 presented a paper" in text) == is_told
    assert "Sorrel" not in text


def test_the_bar_shows_where_the_money_is(client, pool, officer):
    pool.reserve_minor = 30_000
    pool.save()
    grant(pool, officer)
    grant(pool, officer, "open")
    client.force_login(officer.user)
    text = " ".join(client.get("/iclr2025/grants/money/").text.split())
    for words in (
        "Accepted, to be paid: 500 EUR",
        "Offered, no answer yet: 500 EUR",
        "Free: 1,700 EUR",
        "Kept back: 300",
    ):
        assert words in text
    assert "Kept back: 300 EUR" in text


def test_for_others_there_are_no_figures(pool):
    with pytest.raises(NotAllowed):
        thanks(Viewer.of(RoleFactory(edition=pool.edition, name="organiser").user, pool.edition, NOW))
