"""Roles that wait for an address become its owner's, and nobody else's."""

import pytest
from allauth.account.models import EmailAddress

from ml4rs.editions.models import Role
from ml4rs.editions.tests.factories import EditionFactory, RoleFactory, UserFactory

pytestmark = pytest.mark.django_db


def waiting(address="ada@example.org", **fields):
    return RoleFactory(user=None, email=address, **fields)


def test_a_verified_address_brings_its_roles():
    role = waiting(name="grants_officer")
    ada = UserFactory(email="ada@example.org")
    role.refresh_from_db()
    assert (role.user, role.email) == (ada, "")


def test_an_unverified_address_brings_nothing():
    role = waiting()
    ada = UserFactory(email="ada@example.org", verified=False)
    EmailAddress.objects.create(user=ada, email="ada@example.org", verified=False, primary=True)
    role.refresh_from_db()
    assert role.user is None


def test_another_address_brings_nothing():
    role = waiting()
    UserFactory(email="eve@example.org")
    role.refresh_from_db()
    assert role.user is None


def test_a_second_address_brings_its_roles_when_it_is_verified():
    role = waiting("ada@university.example")
    ada = UserFactory(email="ada@home.example")
    address = EmailAddress.objects.create(user=ada, email="Ada@University.Example", verified=False)
    role.refresh_from_db()
    assert role.user is None
    assert address.set_verified()
    role.refresh_from_db()
    assert role.user == ada


def test_a_role_that_the_person_has_already_is_not_given_twice():
    edition = EditionFactory()
    ada = UserFactory(email="ada@home.example")
    RoleFactory(edition=edition, user=ada, name="organiser")
    waiting("ada@university.example", edition=edition, name="organiser")
    EmailAddress.objects.create(user=ada, email="ada@university.example", verified=True)
    assert Role.objects.get().user == ada
