"""What organisers do to their edition: who may, what is told, and what two of them at once do."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from ml4rs.editions import actions
from ml4rs.editions.actions import StillNeededError
from ml4rs.editions.clock import aoe_deadline
from ml4rs.editions.meanwhile import ChangedMeanwhileError, fingerprint
from ml4rs.editions.models import Milestone, Person, Role, Sponsor, SponsorTier, Topic
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.signals import acted
from ml4rs.editions.tests.factories import (
    EditionFactory,
    MilestoneFactory,
    PersonFactory,
    RoleFactory,
    TopicFactory,
    TrackFactory,
    UserFactory,
)
from ml4rs.editions.viewer import Viewer
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser():
    role = RoleFactory(name="organiser")
    return Viewer.of(role.user, role.edition)


@pytest.fixture
def told():
    """What the actions announced, as (verb, details)."""
    heard = []

    def listen(sender, verb, details, **kwargs):
        heard.append((verb, details))

    acted.connect(listen)
    yield heard
    acted.disconnect(listen)


def outsiders(edition):
    """Everybody who must not edit: nobody, a stranger, those with smaller roles, another edition's organiser."""
    yield Viewer.of(None, edition)
    yield Viewer.of(UserFactory(), edition)
    for name in ("reviewer", "grants_officer", "schedule_editor"):
        yield Viewer.of(RoleFactory(edition=edition, name=name).user, edition)
    elsewhere = RoleFactory(name="organiser")
    yield Viewer.of(elsewhere.user, edition)
    yield Viewer.of(elsewhere.user, elsewhere.edition)


def test_an_organiser_adds_a_topic_at_the_end(organiser, told):
    TopicFactory(edition=organiser.edition, position=7)
    topic = actions.add(Topic(edition=organiser.edition, slug="sar", name="SAR"), by=organiser)
    assert topic.position == 8
    assert [verb for verb, _ in told] == ["topic.added"]


def test_nobody_else_adds_changes_removes_or_reorders(organiser):
    topic = TopicFactory(edition=organiser.edition, name="Floods")
    milestone = MilestoneFactory(edition=organiser.edition)
    role = RoleFactory(edition=organiser.edition, name="schedule_editor")
    for viewer in outsiders(organiser.edition):
        topic.name = "Taken over"
        attempts = [
            (actions.add, (Topic(edition=organiser.edition, slug="x", name="X"),), {}),
            (actions.change, (topic,), {}),
            (actions.remove, (topic,), {}),
            (actions.reorder, (topic, [topic]), {"up": True}),
            (actions.move_milestone, (milestone,), {"instant": None}),
            (actions.undo_move, (milestone,), {}),
            (actions.give_role, (organiser.edition, "organiser", "eve@example.org"), {}),
            (actions.take_role, (role,), {}),
        ]
        for act, given, options in attempts:
            with pytest.raises(NotAllowed):
                act(*given, **options, by=viewer)
    assert Topic.objects.get().name == "Floods"
    assert Role.objects.filter(pk=role.pk).exists()


def test_a_row_cannot_be_moved_into_another_edition(organiser):
    topic = TopicFactory(edition=organiser.edition)
    topic.edition = EditionFactory()
    with pytest.raises(NotAllowed):
        actions.change(topic, by=organiser)


def test_a_date_cannot_be_tied_to_another_editions_track(organiser):
    foreign = TrackFactory()
    with pytest.raises(NotAllowed):
        actions.add(Milestone(edition=organiser.edition, track=foreign, kind="review"), by=organiser)


def test_a_change_is_told_with_what_was_before_and_after(organiser, told):
    topic = TopicFactory(edition=organiser.edition, name="Floods")
    topic.name = "Droughts"
    actions.change(topic, by=organiser, seen=None)
    assert told == [("topic.changed", {"name": "Droughts", "changes": {"name": ["Floods", "Droughts"]}})]


def test_storing_the_same_tells_nothing(organiser, told):
    actions.change(TopicFactory(edition=organiser.edition), by=organiser)
    assert told == []


def test_the_second_of_two_organisers_does_not_overwrite_the_first_unseen(organiser):
    topic = TopicFactory(edition=organiser.edition, name="Floods")
    seen = fingerprint(topic)
    first, second = Topic.objects.get(), Topic.objects.get()
    first.name = "Droughts"
    actions.change(first, by=organiser, seen=seen)
    second.name = "Fires"
    with pytest.raises(ChangedMeanwhileError) as refusal:
        actions.change(second, by=organiser, seen=seen)
    assert refusal.value.stored.name == "Droughts"
    assert Topic.objects.get().name == "Droughts"
    actions.change(second, by=organiser, seen=fingerprint(first))
    assert Topic.objects.get().name == "Fires"


def test_a_row_that_is_gone_says_so(organiser):
    topic = TopicFactory(edition=organiser.edition)
    Topic.objects.all().delete()
    with pytest.raises(ChangedMeanwhileError) as refusal:
        actions.change(topic, by=organiser)
    assert refusal.value.stored is None


def test_what_papers_refer_to_cannot_be_removed(organiser):
    track = TrackFactory(edition=organiser.edition)
    SubmissionFactory(edition=organiser.edition, track=track)
    with pytest.raises(StillNeededError, match="in use"):
        actions.remove(track, by=organiser)
    track.refresh_from_db()


def test_reordering_swaps_neighbours_and_stops_at_the_ends(organiser):
    first, second, third = (TopicFactory(edition=organiser.edition) for _ in range(3))  # all at position 0

    def order():
        return list(organiser.edition.topics.all())

    actions.reorder(third, order(), up=True, by=organiser)
    assert order() == [first, third, second]
    actions.reorder(first, order(), up=True, by=organiser)
    actions.reorder(second, order(), up=False, by=organiser)
    assert order() == [first, third, second]


def test_a_replaced_portrait_leaves_no_file_behind(organiser, django_capture_on_commit_callbacks):
    person = PersonFactory(edition=organiser.edition, portrait=ContentFile(b"old", name="old.jpg"))
    storage, old = person.portrait.storage, person.portrait.name
    changed = Person.objects.get()
    changed.portrait = ContentFile(b"new", name="new.jpg")
    with django_capture_on_commit_callbacks(execute=True):
        actions.change(changed, by=organiser)
    assert not storage.exists(old)
    assert storage.exists(Person.objects.get().portrait.name)


# --- dates ---------------------------------------------------------------------------------------------------


def test_moving_a_date_counts_and_keeps_the_old_one(organiser, told):
    milestone = MilestoneFactory(edition=organiser.edition)
    old, new = milestone.instant, milestone.instant + timedelta(days=7)
    actions.move_milestone(milestone, instant=new, aoe=True, by=organiser)
    milestone.refresh_from_db()
    assert (milestone.instant, milestone.previous_instant, milestone.revision) == (new, old, 2)
    assert [verb for verb, _ in told] == ["milestone.moved"]


def test_a_date_that_stays_is_not_moved(organiser, told):
    milestone = MilestoneFactory(edition=organiser.edition)
    actions.move_milestone(milestone, instant=milestone.instant, aoe=True, by=organiser)
    assert Milestone.objects.get().revision == 1
    assert told == []


def test_a_first_date_is_not_shown_as_moved(organiser):
    milestone = MilestoneFactory(edition=organiser.edition, instant=None, aoe=False)
    actions.move_milestone(milestone, instant=aoe_deadline(organiser.now.date()), aoe=True, by=organiser)
    assert Milestone.objects.get().previous_instant is None


def test_undoing_a_move_puts_everything_back_but_the_count(organiser, told):
    milestone = MilestoneFactory(edition=organiser.edition)
    first = milestone.instant
    second = first + timedelta(days=7)
    actions.move_milestone(milestone, instant=second, aoe=True, by=organiser)
    actions.move_milestone(milestone, instant=None, by=organiser)
    actions.undo_move(milestone, by=organiser)
    milestone.refresh_from_db()
    assert (milestone.instant, milestone.previous_instant, milestone.aoe) == (second, first, True)
    assert milestone.revision == 4
    assert told[-1][0] == "milestone.move_undone"
    with pytest.raises(NotAllowed, match="no move to undo"):
        actions.undo_move(milestone, by=organiser)


# --- roles ---------------------------------------------------------------------------------------------------


def test_a_role_goes_to_whoever_verified_the_address(organiser, told, mails):
    person = UserFactory(email="ada@example.org")
    role = actions.give_role(organiser.edition, "grants_officer", " Ada@Example.org ", by=organiser)
    assert (role.user, role.email) == (person, "")
    assert told == [("role.given", {"role": "grants_officer", "to": "ada@example.org"})]


def test_a_role_waits_for_an_address_that_nobody_has_verified(organiser, mails):
    UserFactory(email="ada@example.org", verified=False)
    role = actions.give_role(organiser.edition, "grants_officer", "ada@example.org", by=organiser)
    assert (role.user, role.email) == (None, "ada@example.org")


def test_giving_a_role_twice_gives_it_once(organiser, mails):
    UserFactory(email="ada@example.org")
    for address in ("ada@example.org", "ada@example.org", "new@example.org", "new@example.org"):
        actions.give_role(organiser.edition, "organiser", address, by=organiser)
    assert organiser.edition.roles.count() == 3


def test_the_last_organiser_with_an_account_stays(organiser, mails):
    actions.give_role(organiser.edition, "organiser", "pending@example.org", by=organiser)
    own = Role.objects.get(user=organiser.user)
    with pytest.raises(NotAllowed, match="last organiser"):
        actions.take_role(own, by=organiser)
    RoleFactory(edition=organiser.edition, name="organiser")
    actions.take_role(own, by=organiser)
    assert not Role.objects.filter(pk=own.pk).exists()


def test_a_new_sponsor_is_last_in_its_tier(organiser):
    tier = SponsorTier.objects.create(edition=organiser.edition, slug="gold", name="Gold")
    names = ["Beta", "Alpha"]
    for name in names:
        actions.add(Sponsor(tier=tier, name=name), by=organiser)
    assert [sponsor.name for sponsor in tier.sponsors.all()] == names
