"""Demo accounts: one press to be somebody else, in debug mode and nowhere else."""

import pytest

from ml4rs.editions.tests.factories import RoleFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_organiser():
    return RoleFactory(edition__slug="iclr2025", user=UserFactory(email="organiser@demo.example", name="Olga")).user


def test_in_production_the_page_does_not_exist(client, demo_organiser):
    assert client.get("/demo/").status_code == 404
    assert client.post(f"/demo/{demo_organiser.public_id}/").status_code == 404
    assert client.get("/accounts/profile/").status_code == 302


def test_in_debug_mode_one_press_signs_in(client, demo_organiser, settings):
    settings.DEBUG = True
    page = client.get("/demo/").content.decode()
    assert "Olga" in page
    assert "Organiser (iclr2025)" in page
    assert client.post(f"/demo/{demo_organiser.public_id}/").url == "/sandbox/my/"
    assert "organiser@demo.example" in client.get("/accounts/email/").content.decode()


def test_one_press_leads_to_what_is_worth_trying_and_nowhere_else(client, demo_organiser, settings):
    settings.DEBUG = True
    enter = f"/demo/{demo_organiser.public_id}/"
    assert "/sandbox/organise/decisions/" in client.get("/demo/").content.decode()
    assert client.post(enter, {"to": "/sandbox/organise/decisions/"}).url == "/sandbox/organise/decisions/"
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example/", "/sandbox/grants/", "/admin/"):
        assert client.post(enter, {"to": elsewhere}).url == "/sandbox/my/"


def test_real_people_and_administrators_are_not_offered(client, settings):
    settings.DEBUG = True
    for user in (UserFactory(email="ada@example.org"), UserFactory(email="root@demo.example", is_superuser=True)):
        assert user.email not in client.get("/demo/").content.decode()
        assert client.post(f"/demo/{user.public_id}/").status_code == 404


def test_the_list_takes_the_same_few_queries_at_any_length(client, settings, cost_of):
    settings.DEBUG = True
    costs = []
    for count in (1, 49, 250):
        for user in UserFactory.create_batch(count, verified=False):
            type(user).objects.filter(pk=user.pk).update(email=f"person{user.pk}@demo.example")
        with cost_of() as cost:
            client.get("/demo/")
        costs.append(cost.queries)
    assert len(set(costs)) == 1
