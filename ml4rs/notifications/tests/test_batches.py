"""The mails of one action: progress from the rows themselves, stopped halfway, let go again."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import EditionFactory, RoleFactory, TrackFactory
from ml4rs.notifications import batches, delivery, policy
from ml4rs.notifications.models import Message
from ml4rs.notifications.tests.factories import MessageFactory
from reviews.tests.factories import ConflictFactory
from submissions.tests.factories import SubmissionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails")]
NOW = datetime(2025, 2, 1, 13, tzinfo=UTC)


@pytest.fixture
def edition():
    with time_machine.travel(NOW, tick=False):
        yield EditionFactory()


@pytest.fixture
def by(edition, viewer_of):
    return viewer_of(RoleFactory(edition=edition).user, edition, now=NOW)


def mails(edition, *states, **values):
    stamps = {"sent": {"sent_at": NOW}, "bounced": {"sent_at": NOW}}
    return [MessageFactory(edition=edition, batch="b1", state=s, **stamps.get(s, {}), **values) for s in states]


def test_progress_counts_what_is_through(edition, by):
    mails(edition, "sent", "sent", "bounced", "failed", "queued")
    found = batches.batch_seen_by(by, "b1")
    assert (found.total, found.sent, found.failed, found.waiting, found.per_cent) == (5, 3, 1, 1, 80)


def test_stopped_halfway_the_rest_stays_and_can_go_on(edition, by, mail_server):
    mails(edition, "sent", "queued", "held")
    assert batches.stop("b1", by=by) == 2
    assert delivery.sweep() == 0
    assert batches.go_on("b1", by=by) == 2
    assert delivery.sweep() == 2


@pytest.mark.parametrize(("verb", "state", "taken"), [("stop", "queued", "sending"), ("go_on", "held", "cancelled")])
def test_a_mail_that_somebody_took_a_moment_ago_is_left_to_them(edition, by, monkeypatch, verb, state, taken):
    (message,) = mails(edition, state)
    looks = []

    def seen(viewer):
        looks.append(viewer)
        if len(looks) == 2:  # the first look finds the batch, the second counts what is about to change
            Message.objects.update(state=taken, lease_until=NOW if taken == "sending" else None)
        return policy.seen_by(viewer)

    monkeypatch.setattr(batches, "seen_by", seen)
    getattr(batches, verb)("b1", by=by)
    message.refresh_from_db()
    assert message.state == taken


def test_what_was_cancelled_alone_does_not_go_on(edition, by):
    (single, _) = mails(edition, "cancelled", "queued")
    batches.stop("b1", by=by)
    batches.go_on("b1", by=by)
    single.refresh_from_db()
    assert single.state == "cancelled"


def test_an_organiser_in_conflict_counts_without_that_paper_and_stops_all_of_it(edition, by):
    paper = SubmissionFactory(track=TrackFactory(edition=edition))
    ConflictFactory(user=by.user, submission=paper)
    mails(edition, "queued")
    (hidden,) = mails(edition, "queued", submission_id=paper.pk)
    assert batches.batch_seen_by(by, "b1").total == 1
    assert batches.stop("b1", by=by) == 1
    hidden.refresh_from_db()
    assert hidden.state == "cancelled"


def test_a_batch_of_which_nothing_may_be_read_does_not_exist(edition, by):
    mails(edition, "queued", grants_only=True)
    assert batches.batch_seen_by(by, "b1") is None
    with pytest.raises(NotAllowed):
        batches.stop("b1", by=by)


def test_mails_of_another_edition_stay(edition, by):
    mails(edition, "queued")
    (other,) = mails(EditionFactory(), "queued")
    batches.stop("b1", by=by)
    other.refresh_from_db()
    assert other.state == "queued"


def test_the_list_has_the_newest_first_at_one_query(edition, by, cost_of):
    mails(edition, "sent", "queued")
    MessageFactory(edition=edition, batch="b2", created_at=NOW + timedelta(hours=1))
    MessageFactory(edition=edition, batch="")
    batches.recent(by)
    with cost_of() as cost:
        found = batches.recent(by)
    assert [batch.name for batch in found] == ["b2", "b1"]
    assert cost.queries == 1


def test_the_page_asks_again_until_all_are_through(client, edition, by):
    mails(edition, "sent", "queued")
    client.force_login(by.user)
    where = reverse("notifications:batch", args=[edition.slug, "b1"])
    assert "hx-trigger" in client.get(where).content.decode()
    assert "<html" not in client.get(where, headers={"HX-Request": "true"}).content.decode()
    client.post(reverse("notifications:stop_batch", args=[edition.slug, "b1"]))
    text = client.get(where).content.decode()
    assert "1 of 2 sent, 1 stopped" in text
    assert "hx-trigger" not in text
    client.post(reverse("notifications:release_batch", args=[edition.slug, "b1"]))
    assert set(Message.objects.values_list("state", flat=True)) == {"sent", "queued"}


@pytest.mark.parametrize("role", ["schedule_editor", "reviewer", "grants_officer"])
def test_a_batch_of_papers_is_for_organisers(client, edition, role):
    mails(edition, "queued")
    client.force_login(RoleFactory(edition=edition, name=role).user)
    for name, method in (("batch", client.get), ("stop_batch", client.post), ("release_batch", client.post)):
        assert method(reverse(f"notifications:{name}", args=[edition.slug, "b1"])).status_code == 404
