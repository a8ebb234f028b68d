"""What the log keeps of an action: who, what, on what, about which paper, from where."""

import pytest
from django.test import RequestFactory
from django.urls import reverse

from ml4rs.audit.actions import record
from ml4rs.audit.listeners import ACCOUNT_EVENTS
from ml4rs.audit.listeners import keep_edition_action as keep
from ml4rs.audit.models import Entry
from ml4rs.audit.origin import OriginMiddleware
from ml4rs.editions.signals import acted
from ml4rs.editions.tests.factories import EditionFactory, UserFactory
from submissions.tests.factories import AuthorshipFactory, SubmissionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_an_action_is_recorded_with_person_edition_and_time(viewer_of):
    edition, user = EditionFactory(), UserFactory()
    viewer = viewer_of(user, edition)
    entry = record("edition.edited", by=viewer, subject=edition, details={"name": "New"})
    assert (entry.actor, entry.edition, entry.happened_at) == (user, edition, viewer.now)
    assert (entry.subject_type, entry.subject_id) == ("editions.edition", edition.pk)


def test_the_system_acts_without_a_person():
    entry = record("submission.file_checked", by=None, edition=EditionFactory())
    assert entry.actor is None
    assert entry.origin is None


def test_an_action_on_a_paper_concerns_that_paper_even_if_the_caller_forgets_to_say_so():
    paper = SubmissionFactory()
    assert record("submission.edited", by=None, subject=paper).submission_id == paper.pk
    author = AuthorshipFactory(submission=paper)
    assert record("submission.author_changed", by=None, subject=author).submission_id == paper.pk


def test_an_action_of_the_editions_floor_is_heard():
    edition = EditionFactory()
    acted.send(type(edition), by=None, verb="edition.edited", subject=edition, edition=edition, details={"a": 1})
    entry = Entry.objects.get()
    assert (entry.verb, entry.edition, entry.details) == ("edition.edited", edition, {"a": 1})


@pytest.mark.parametrize("signal", list(ACCOUNT_EVENTS), ids=ACCOUNT_EVENTS.values())
def test_what_happens_to_an_account_is_recorded_for_its_owner(signal):
    user = UserFactory()
    ours = [receiver for _, receiver, *_ in signal.receivers if getattr(receiver, "__module__", "") == keep.__module__]
    assert len(ours) == 1
    ours[0](sender=type(user), user=user, request=None)
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor, entry.edition) == (ACCOUNT_EVENTS[signal], user, None)


def test_changing_a_password_leaves_an_entry(client, mails):
    user = UserFactory()
    client.login(email=user.email, password="correct horse battery")
    words = {"oldpassword": "correct horse battery", "password1": "another staple", "password2": "another staple"}
    client.post(reverse("account_change_password"), words)
    assert list(Entry.objects.values_list("verb", "actor")) == [("account.password_changed", user.pk)]


def test_an_entry_knows_the_address_its_request_came_from():
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7")
    answer = OriginMiddleware(lambda _: record("edition.edited", by=None))
    assert answer(request).origin == "192.0.2.7"


def test_a_request_leaves_nothing_behind_for_the_next_entry():
    OriginMiddleware(lambda _: None)(RequestFactory().get("/", REMOTE_ADDR="192.0.2.7"))
    assert record("edition.edited", by=None).origin is None


def test_behind_our_proxy_the_clients_own_address_counts(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "192.0.2.7"})
    assert OriginMiddleware(lambda _: record("edition.edited", by=None))(request).origin == "192.0.2.7"


def test_a_chain_of_proxies_other_than_configured_leaves_the_address_empty(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "192.0.2.7"})
    assert OriginMiddleware(lambda _: record("edition.edited", by=None))(request).origin is None
