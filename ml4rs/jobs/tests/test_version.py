"""Organisers find the version of their site at the foot of their desk; nobody else is told."""

import pytest

import ml4rs
from ml4rs.editions.tests.factories import EditionFactory, RoleFactory, UserFactory

pytestmark = pytest.mark.django_db
WORDS = f"ML4RS {ml4rs.__version__}"


@pytest.fixture
def edition():
    return EditionFactory(slug="iclr2025", is_current=True)


def desk_of(client, edition, role: str) -> str:
    user = UserFactory()
    RoleFactory(edition=edition, name=role, user=user)
    client.force_login(user)
    response = client.get(f"/{edition.slug}/organise/")
    assert response.status_code == 200
    return response.content.decode()


def test_an_organiser_finds_the_version_on_the_desk(client, edition):
    assert WORDS in desk_of(client, edition, "organiser")


@pytest.mark.parametrize("role", ["schedule_editor", "grants_officer"])
def test_nobody_else_at_a_desk_is_told(role, client, edition):
    assert WORDS not in desk_of(client, edition, role)


def test_public_pages_do_not_tell_even_organisers(client, edition):
    desk_of(client, edition, "organiser")
    assert WORDS not in client.get(f"/{edition.slug}/").content.decode()
    client.logout()
    assert WORDS not in client.get(f"/{edition.slug}/").content.decode()
