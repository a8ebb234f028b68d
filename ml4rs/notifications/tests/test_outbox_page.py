"""The outbox page: who may read which mail, what can be done with one, and what it costs."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from ml4rs.audit.models import Entry
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import EditionFactory, RoleFactory, UserFactory
from ml4rs.notifications import actions
from ml4rs.notifications.models import Concern, Message
from ml4rs.notifications.tests.factories import MessageFactory
from reviews.models import Conflict
from submissions.tests.factories import AuthorshipFactory, SubmissionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails")]


@pytest.fixture
def edition():
    return EditionFactory()


@pytest.fixture
def organiser(edition):
    return RoleFactory(edition=edition).user


@pytest.fixture
def see(client, edition):
    """`see(user, name, *args, **query)`: the text of a page, or the response if it is no page."""

    def get(user, name="outbox", *args, **query):
        if user is not None:
            client.force_login(user)
        response = client.get(reverse(f"notifications:{name}", args=[edition.slug, *args]), query)
        return response.content.decode() if response.status_code == 200 else response

    return get


@pytest.fixture
def press(client, edition):
    """`press(user, message, verb)`: what a button of the message's page does."""

    def post(user, message, verb, **words):
        client.force_login(user)
        name, more = ("reword", []) if verb == "reword" else ("act", [verb])
        response = client.post(
            reverse(f"notifications:{name}", args=[edition.slug, message.public_id, *more]), words, follow=True
        )
        message.refresh_from_db()
        return response

    return post


# --- Who reads what -----------------------------------------------------------------------------------


def test_an_organiser_reads_the_editions_mail(see, organiser, edition):
    message = MessageFactory(edition=edition, subject="Juniper", body_text="Laburnum")
    assert "Juniper" in see(organiser)
    assert "Laburnum" in see(organiser, "message", message.public_id)


def test_strangers_are_sent_to_sign_in(see):
    assert see(None).status_code == 302


@pytest.mark.parametrize("role", [None, "reviewer", "schedule_editor"])
def test_for_everybody_else_there_is_no_outbox(see, edition, role):
    user = RoleFactory(edition=edition, name=role).user if role else UserFactory()
    message = MessageFactory(edition=edition)
    assert see(user).status_code == 404
    assert see(user, "message", message.public_id).status_code == 404
    assert see(user, "message_html", message.public_id).status_code == 404


@pytest.mark.parametrize("tie", ["author", "conflict"])
def test_an_organiser_finds_no_trace_of_mails_about_a_paper_of_hers_or_in_conflict(see, press, organiser, edition, tie):
    paper = SubmissionFactory(edition=edition, state="submitted", number=1)
    message = MessageFactory(edition=edition, subject="Juniper", submission_id=paper.pk, state="held")
    assert "Juniper" in see(organiser)
    if tie == "author":
        AuthorshipFactory(submission=paper, user=organiser, email=organiser.email)
    else:
        then = datetime(2025, 2, 1, tzinfo=UTC)
        Conflict.objects.create(user=organiser, submission=paper, kind="declared", created_at=then)
    assert "Juniper" not in see(organiser)
    assert "Juniper" not in see(organiser, q="juniper")
    assert see(organiser, "message", message.public_id).status_code == 404
    assert see(organiser, "message_html", message.public_id).status_code == 404
    assert press(organiser, message, "release").status_code == 404
    assert message.state == "held"


def test_a_mail_about_several_papers_shows_itself_to_who_may_know_of_one(see, organiser, edition):
    closed, open_one = (SubmissionFactory(edition=edition, state="submitted", number=n) for n in (1, 2))
    then = datetime(2025, 2, 1, tzinfo=UTC)
    Conflict.objects.create(user=organiser, submission=closed, kind="declared", created_at=then)
    message = MessageFactory(edition=edition, subject="Juniper")
    Concern.objects.create(message=message, submission_id=closed.pk)
    assert "Juniper" not in see(organiser)
    assert see(organiser, "message", message.public_id).status_code == 404
    Concern.objects.create(message=message, submission_id=open_one.pk)
    assert "Juniper" in see(organiser)


def test_a_mail_that_names_several_papers_shows_itself_to_who_may_know_of_all(see, organiser, edition):
    closed, open_one = (SubmissionFactory(edition=edition, state="submitted", number=n) for n in (1, 2))
    message = MessageFactory(edition=edition, subject="Juniper", names_papers=True)
    for paper in (closed, open_one):
        Concern.objects.create(message=message, submission_id=paper.pk)
    assert "Juniper" in see(organiser)
    then = datetime(2025, 2, 1, tzinfo=UTC)
    Conflict.objects.create(user=organiser, submission=closed, kind="declared", created_at=then)
    assert "Juniper" not in see(organiser)


def test_mails_about_grants_are_for_grants_officers_alone(see, organiser, edition):
    officer = RoleFactory(edition=edition, name="grants_officer").user
    MessageFactory(edition=edition, subject="Juniper", grants_only=True)
    MessageFactory(edition=edition, subject="Laburnum")
    assert "Juniper" not in see(organiser)
    assert "Laburnum" in see(organiser)
    assert "Juniper" in see(officer)
    assert "Laburnum" not in see(officer)


def test_account_mails_and_other_editions_mails_are_nobodys_here(see, organiser):
    for other in (MessageFactory(edition=None, subject="Juniper"), MessageFactory(subject="Juniper")):
        assert "Juniper" not in see(organiser)
        assert see(organiser, "message", other.public_id).status_code == 404


def test_the_html_part_stands_in_a_frame_where_nothing_runs_or_is_fetched(client, organiser, edition):
    message = MessageFactory(edition=edition)
    client.force_login(organiser)
    response = client.get(reverse("notifications:message_html", args=[edition.slug, message.public_id]))
    policy = response.headers["Content-Security-Policy"]
    assert response.content.decode() == message.body_html
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy


# --- Finding ------------------------------------------------------------------------------------------


def test_filters_by_state_kind_batch_and_words(see, organiser, edition):
    MessageFactory(edition=edition, subject="Juniper", event="reviews.decision", batch="b1", recipient="ada@x.org")
    MessageFactory(edition=edition, subject="Laburnum", sent=True)
    for query in ({"state": "queued"}, {"event": "reviews.decision"}, {"batch": "b1"}, {"q": "ADA@x"}, {"q": "junip"}):
        text = see(organiser, **query)
        assert "Juniper" in text, query
        assert "Laburnum" not in text, query
    assert "Nothing found" in see(organiser, q="nobody")


@pytest.mark.parametrize("query", [{"state": "lost"}, {"colour": "red"}])
def test_a_filter_that_cannot_be_is_refused(see, organiser, query):
    assert see(organiser, **query).status_code == 400


# --- Doing --------------------------------------------------------------------------------------------


def test_a_waiting_mail_can_be_held_reworded_and_released(press, organiser, edition, run_outbox):
    message = MessageFactory(edition=edition)
    press(organiser, message, "hold")
    assert (message.state, run_outbox()) == ("held", 0)
    press(organiser, message, "reword", subject="[ML4RS 2025] Better", body="Better words.\n\nhttps://x.org/")
    assert (message.subject, message.state) == ("[ML4RS 2025] Better", "held")
    assert '<a href="https://x.org/">' in message.body_html
    press(organiser, message, "release")
    assert (message.state, run_outbox()) == ("queued", 1)


FROM = {
    actions.hold: {"queued"},
    actions.release: {"held", "failed", "cancelled"},
    actions.cancel: {"queued", "held", "failed"},
}


@pytest.mark.parametrize("state", Message.State.values)
@pytest.mark.parametrize("verb", FROM, ids=lambda verb: verb.__name__)
def test_each_verb_takes_a_mail_only_from_where_it_may(viewer_of, organiser, edition, verb, state):
    now = datetime(2025, 2, 1, 13, tzinfo=UTC)
    stamps = {"sent_at": now} if state in ("sent", "bounced") else {"lease_until": now if state == "sending" else None}
    message = MessageFactory(edition=edition, state=state, **stamps)
    assert verb(message, by=viewer_of(organiser, edition, now)) == (state in FROM[verb])
    message.refresh_from_db()
    assert (message.state != state) == (state in FROM[verb])


def test_holding_all_holds_what_waits_and_nothing_else(viewer_of, organiser, edition):
    now = datetime(2025, 2, 1, 13, tzinfo=UTC)
    others = [MessageFactory(edition=edition, state=state) for state in ("failed", "cancelled")]
    others += [MessageFactory(edition=edition, state="sending", lease_until=now), MessageFactory()]
    message = MessageFactory(edition=edition)
    before = {each.pk: each.state for each in others}
    assert actions.hold_all(edition, by=viewer_of(organiser, edition, now)) == 1
    assert dict(Message.objects.exclude(pk=message.pk).values_list("pk", "state")) == before


def test_only_a_held_mail_can_be_reworded(press, organiser, edition):
    message = MessageFactory(edition=edition)
    response = press(organiser, message, "reword", subject="Other", body="Other")
    assert "Hold it first" in response.content.decode()
    assert message.subject != "Other"


def test_a_cancelled_mail_never_goes_out_unless_somebody_changes_their_mind(press, organiser, edition, run_outbox):
    message = MessageFactory(edition=edition)
    press(organiser, message, "cancel")
    assert (message.state, run_outbox()) == ("cancelled", 0)
    press(organiser, message, "release")
    assert run_outbox() == 1


def test_sending_again_is_a_mail_of_its_own(press, organiser, edition, run_outbox):
    message = MessageFactory(edition=edition, sent=True)
    press(organiser, message, "resend")
    copy = Message.objects.exclude(pk=message.pk).get()
    assert (copy.subject, copy.recipient, copy.state) == (message.subject, message.recipient, "queued")
    assert copy.message_id != message.message_id
    assert (message.state, run_outbox()) == ("sent", 1)


@pytest.mark.parametrize("verb", ["hold", "release", "cancel"])
def test_what_is_sent_cannot_be_called_back(press, organiser, edition, verb):
    message = MessageFactory(edition=edition, sent=True)
    assert "moved on meanwhile" in press(organiser, message, verb).content.decode()
    assert message.state == "sent"


def test_every_change_leaves_an_entry_about_the_same_paper(press, organiser, edition):
    paper = SubmissionFactory(edition=edition, state="submitted", number=1)
    message = MessageFactory(edition=edition, submission_id=paper.pk)
    press(organiser, message, "hold")
    entry = Entry.objects.get(verb="mail.held")
    assert (entry.actor, entry.subject_id, entry.submission_id) == (organiser, message.pk, paper.pk)


def test_a_change_to_a_mail_about_several_papers_leaves_an_entry_about_each(press, organiser, edition):
    papers = {SubmissionFactory(edition=edition, state="submitted", number=n).pk for n in (1, 2)}
    message = MessageFactory(edition=edition)
    Concern.objects.bulk_create(Concern(message=message, submission_id=paper) for paper in papers)
    press(organiser, message, "hold")
    assert {entry.submission_id for entry in Entry.objects.filter(verb="mail.held")} == papers


def test_an_unknown_verb_and_a_get_are_refused(client, organiser, edition, press):
    message = MessageFactory(edition=edition)
    assert press(organiser, message, "burn").status_code == 404
    address = reverse("notifications:act", args=[edition.slug, message.public_id, "cancel"])
    assert client.get(address).status_code == 405


def test_nobody_but_who_may_read_it_may_act_on_it(viewer_of, edition):
    message = MessageFactory(edition=edition)
    for user in (UserFactory(), RoleFactory(edition=edition, name="grants_officer").user, RoleFactory().user):
        for verb in (actions.hold, actions.release, actions.cancel, actions.resend):
            with pytest.raises(NotAllowed):
                verb(message, by=viewer_of(user, edition))


def test_many_can_be_changed_at_once_and_those_that_moved_on_are_told_apart(client, organiser, edition):
    waiting = [MessageFactory(edition=edition) for _ in range(2)]
    sent, foreign = MessageFactory(edition=edition, sent=True), MessageFactory()
    client.force_login(organiser)
    chosen = [message.public_id for message in (*waiting, sent, foreign)]
    address = reverse("notifications:selected", args=[edition.slug])
    text = client.post(address, {"verb": "hold", "mail": chosen}, follow=True).content.decode()
    assert "2 mails held back." in text
    assert "1 could not be changed" in text
    assert Message.objects.filter(state="held").count() == 2
    assert client.post(address, {"verb": "burn", "mail": chosen}).status_code == 404
    assert "No mail was selected" in client.post(address, {"verb": "hold"}, follow=True).content.decode()


@pytest.mark.parametrize("rows", [1, 50, 300])
def test_the_page_costs_the_same_however_many_mails(client, organiser, edition, cost_of, rows):
    Message.objects.bulk_create(MessageFactory.build(edition=edition) for _ in range(rows))
    client.force_login(organiser)
    address = reverse("notifications:outbox", args=[edition.slug])
    client.get(address)
    with cost_of() as cost:
        assert client.get(address).status_code == 200
    assert cost.queries <= 20
    assert cost.objects <= 75
