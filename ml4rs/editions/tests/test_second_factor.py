"""Organisers, grants officers and staff need a second factor; until then their role rests everywhere."""

import pytest
from allauth.mfa.models import Authenticator

from ml4rs.editions.registry import duties
from ml4rs.editions.second_factor import second_factor_duty
from ml4rs.editions.tests.factories import EditionFactory, RoleFactory, UserFactory
from ml4rs.editions.viewer import Viewer

pytestmark = pytest.mark.django_db

SET_UP = "/accounts/2fa/"


@pytest.fixture(autouse=True)
def _required(settings):
    settings.REQUIRE_MFA = True


def add_factor(user, kind="totp"):
    Authenticator.objects.create(user=user, type=kind, data={"secret": "ABC"})


@pytest.mark.parametrize(
    ("name", "path"),
    [("organiser", "organise/edition/"), ("organiser", "organise/"), ("grants_officer", "grants/")],
)
def test_without_a_second_factor_the_roles_pages_lead_to_its_set_up(client, name, path):
    page = f"/iclr2025/{path}"
    user = RoleFactory(edition__slug="iclr2025", name=name).user
    client.force_login(user)
    answer = client.get(page)
    assert (answer.status_code, answer.url) == (302, SET_UP)
    assert "second factor" in client.get(SET_UP).content.decode()
    add_factor(user)
    assert client.get(page).status_code == 200


def test_a_post_is_stopped_too(client):
    role = RoleFactory(edition__slug="iclr2025")
    client.force_login(role.user)
    answer = client.post("/iclr2025/organise/edition/topics/add/", {"name": "SAR"})
    assert answer.url == SET_UP
    assert not role.edition.topics.exists()


def test_where_it_is_not_required_nothing_changes(client, settings):
    settings.REQUIRE_MFA = False
    client.force_login(RoleFactory(edition__slug="iclr2025").user)
    assert client.get("/iclr2025/organise/edition/").status_code == 200


@pytest.mark.parametrize("name", ["organiser", "grants_officer"])
def test_the_role_rests_on_every_page_not_only_on_its_own(name):
    role = RoleFactory(name=name)
    viewer = Viewer.of(role.user, role.edition)
    assert (viewer.roles, viewer.resting_roles) == (frozenset(), {name})
    add_factor(role.user)
    viewer = Viewer.of(role.user, role.edition)
    assert (viewer.roles, viewer.resting_roles) == ({name}, frozenset())


def test_other_roles_do_not_rest():
    role = RoleFactory(name="reviewer")
    RoleFactory(edition=role.edition, user=role.user, name="organiser")
    assert Viewer.of(role.user, role.edition).roles == {"reviewer"}


def test_recovery_codes_alone_are_no_second_factor():
    role = RoleFactory()
    add_factor(role.user, "recovery_codes")
    assert not Viewer.of(role.user, role.edition).is_organiser


def test_an_organiser_of_a_hidden_edition_is_told_rather_than_refused(client):
    role = RoleFactory(edition=EditionFactory(slug="iclr2026", is_public=False))
    client.force_login(role.user)
    assert client.get("/iclr2026/organise/").url == SET_UP


def test_strangers_learn_nothing_of_it(client):
    EditionFactory(slug="iclr2025")
    assert client.get("/iclr2025/organise/edition/").url.startswith("/accounts/login/")
    client.force_login(UserFactory())
    assert client.get("/iclr2025/organise/edition/").status_code == 404


def test_the_desk_names_it_as_due():
    role = RoleFactory()
    assert [duty.url for duty in second_factor_duty(Viewer.of(role.user, role.edition))] == [SET_UP]
    add_factor(role.user)
    assert list(second_factor_duty(Viewer.of(role.user, role.edition))) == []
    assert second_factor_duty in list(duties)


def test_staff_enter_the_admin_with_a_second_factor_only(client):
    staff = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(staff)
    assert client.get("/admin/").url == SET_UP
    add_factor(staff)
    assert client.get("/admin/").status_code == 200


def test_reviewers_pay_no_query_for_it(cost_of):
    role = RoleFactory(name="reviewer")
    with cost_of() as cost:
        assert Viewer.of(role.user, role.edition).is_reviewer
    assert cost.queries == 1
