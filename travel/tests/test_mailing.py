"""Whom grants officers reach when they write to applicants."""

from datetime import UTC, datetime

import pytest
from django.http import QueryDict
from django.urls import reverse

from ml4rs.editions.models import Role
from ml4rs.editions.tests.factories import EditionFactory, RoleFactory
from ml4rs.notifications import merging
from ml4rs.notifications.models import Message
from ml4rs.notifications.policy import seen_by
from travel.mailing import APPLICANTS, applicants
from travel.tests.factories import ApplicationFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 4, 1, 12, tzinfo=UTC)


@pytest.fixture
def edition(time_machine):
    time_machine.move_to(NOW, tick=False)
    return EditionFactory(slug="iclr2025")


@pytest.fixture
def officer(edition, viewer_of):
    return viewer_of(RoleFactory(edition=edition, name=Role.Name.GRANTS_OFFICER).user, edition, now=NOW)


def reached(officer, query=""):
    return [person.recipient.address for person in applicants(officer, QueryDict(query))]


def test_those_whose_application_is_in(edition, officer):
    found = ApplicationFactory(edition=edition)
    ApplicationFactory(edition=edition, draft=True)
    ApplicationFactory()
    assert reached(officer) == [found.user.email]
    assert reached(officer, "state=withdrawn") == []


def test_not_the_officers_own_application(edition, officer):
    ApplicationFactory(edition=edition, user=officer.user)
    assert reached(officer) == []


def test_the_mail_is_for_grants_officers_alone_to_read(edition, officer, viewer_of, mails):
    ApplicationFactory(edition=edition)
    people = merging.addressees(APPLICANTS, QueryDict(), officer)
    merging.send(people, APPLICANTS, subject="Receipts", body="{{ url }}", batch="abcdefgh2345", by=officer)
    organiser = viewer_of(RoleFactory(edition=edition).user, edition, now=NOW)
    assert seen_by(officer).count() == Message.objects.count() == 1
    assert not seen_by(organiser).exists()


def test_organisers_do_not_find_the_list(client, edition, officer):
    where = reverse("notifications:write", args=[edition.slug, APPLICANTS.name])
    client.force_login(RoleFactory(edition=edition).user)
    assert client.get(where).status_code == 404
    client.force_login(officer.user)
    assert client.get(where).status_code == 200
