"""Giving an edition its own words for a mail."""

import pytest
from django.urls import reverse

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import EditionFactory, RoleFactory, TrackFactory
from ml4rs.notifications import managing
from ml4rs.notifications.models import Message, Template
from ml4rs.notifications.registry import event_named, mail_events
from ml4rs.notifications.tests.factories import MessageFactory
from reviews.tests.factories import ConflictFactory
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
EVENT = "notifications.reminder"
WORDED = [event for event in mail_events if not event.by_hand]


@pytest.fixture
def edition():
    return EditionFactory()


@pytest.fixture
def organiser(client, edition):
    user = RoleFactory(edition=edition).user
    client.force_login(user)
    return user


def address(edition, name="event", *args):
    return reverse(f"notifications:{name}", args=[edition.slug, *(args or ([EVENT] if name != "wording" else []))])


def write(client, edition, **words):
    given = {"subject": "Hurry: {{ what }}", "body": "Dear {{ recipient_name }}, {{ url }}", **words}
    return client.post(address(edition), given, follow=True).content.decode()


@pytest.mark.usefixtures("organiser")
def test_every_kind_of_mail_is_listed(client, edition):
    text = client.get(address(edition, "wording")).content.decode()
    assert all((event.label in text) == (not event.by_hand) for event in mail_events)


@pytest.mark.usefixtures("organiser")
@pytest.mark.parametrize("event", WORDED, ids=lambda event: event.name)
def test_every_kind_of_mail_can_be_opened(client, edition, event):
    text = client.get(address(edition, "event", event.name)).content.decode()
    assert all(name in text for name in event.variables if isinstance(event.sample.get(name), str))


@pytest.mark.usefixtures("organiser")
def test_own_words_are_stored_shown_and_can_be_taken_back(client, edition):
    assert "Own words" in write(client, edition)
    assert Template.objects.get().subject == "Hurry: {{ what }}"
    assert "Hurry: Submit “Seeing fields from space”" in client.get(address(edition)).content.decode()
    client.post(address(edition, "reset_wording"))
    assert Template.objects.count() == 0


@pytest.mark.usefixtures("organiser")
def test_a_preview_stores_nothing(client, edition):
    assert "Hurry: Submit" in write(client, edition, preview="1")
    assert Template.objects.count() == 0


@pytest.mark.usefixtures("organiser")
@pytest.mark.parametrize("body", ["{{ waht }}", "{{ what.__class__ }}", "{% load static %}"])
def test_a_variable_that_this_mail_has_not_is_refused_and_the_words_are_kept(client, edition, body):
    text = write(client, edition, body=body)
    assert "This mail does not know" in text
    assert Template.objects.count() == 0


def test_the_action_refuses_them_too(viewer_of, edition, organiser):
    by = viewer_of(organiser, edition)
    with pytest.raises(NotAllowed):
        managing.set_wording(event_named(EVENT), subject="x", body="{{ user.password }}", by=by)


@pytest.mark.parametrize("role", ["grants_officer", "reviewer", "schedule_editor"])
def test_only_organisers_choose_words(client, edition, role, viewer_of):
    user = RoleFactory(edition=edition, name=role).user
    client.force_login(user)
    assert client.get(address(edition)).status_code == 404
    assert client.post(address(edition), {"subject": "x", "body": "y"}).status_code == 404
    with pytest.raises(NotAllowed):
        managing.set_wording(event_named(EVENT), subject="x", body="y", by=viewer_of(user, edition))


@pytest.mark.usefixtures("organiser")
def test_an_unknown_kind_of_mail_does_not_exist(client, edition):
    assert client.get(address(edition, "event", "nothing.known")).status_code == 404


# --- Real readers and copies --------------------------------------------------------------------------


@pytest.mark.usefixtures("organiser", "mails")
def test_words_can_be_tried_with_what_somebody_got(client, edition):
    got = MessageFactory(
        edition=edition, event="notifications.reminder", recipient_name="Grace", values={"what": "Submit “Larch”"}
    )
    data = {"subject": "{{ what }}", "body": "Dear {{ recipient_name }}, **now**", "preview": "1"}
    text = client.post(address(edition), {**data, "reader": got.public_id}).content.decode()
    assert "How it reads for Grace" in text
    assert "Submit “Larch”" in text
    assert "<strong>now</strong>" in text
    assert Message.objects.count() == 1


@pytest.mark.usefixtures("organiser", "mails")
def test_nobody_is_offered_whose_mail_the_organiser_may_not_read(client, edition, organiser):
    paper = SubmissionFactory(track=TrackFactory(edition=edition))
    values = {"edition": edition, "event": "notifications.reminder", "values": {"what": "Submit “Larch”"}}
    hidden = MessageFactory(submission_id=paper.pk, **values)
    ConflictFactory(user=organiser, submission=paper)
    data = {"subject": "{{ what }}", "body": "x", "preview": "1", "reader": hidden.public_id}
    text = client.post(address(edition), data).content.decode()
    assert hidden.public_id not in text
    assert "Larch" not in text


@pytest.mark.usefixtures("organiser")
def test_a_copy_is_offered_only_of_mails_that_hold_nothing_private(client, edition):
    assert 'name="copy"' in client.get(address(edition, "event", "notifications.role_given")).content.decode()
    assert 'name="copy"' not in client.get(address(edition, "event", "reviews.decision")).content.decode()
    data = {"subject": "Role", "body": "Hello", "copy": "on"}
    client.post(address(edition, "event", "notifications.role_given"), data)
    assert Template.objects.get(event="notifications.role_given").copy
    client.post(address(edition, "event", "reviews.decision"), data)
    assert not Template.objects.get(event="reviews.decision").copy
