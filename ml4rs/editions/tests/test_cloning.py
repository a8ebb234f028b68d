"""The next edition: what carries over, what moves and what stays behind."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from ml4rs.editions.clock import aoe_deadline, local_instant
from ml4rs.editions.cloning import start_next
from ml4rs.editions.models import Question, Sponsor, SponsorTier
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.registry import cloners
from ml4rs.editions.tests.factories import (
    EditionFactory,
    MilestoneFactory,
    PersonFactory,
    RoleFactory,
    TextBlockFactory,
    TopicFactory,
    TrackFactory,
    UserFactory,
)
from ml4rs.editions.viewer import Viewer
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def old():
    edition = EditionFactory(slug="iclr2025", ordinal=3, venue="Expo", city="Singapore", is_current=True)
    track = TrackFactory(edition=edition, slug="tiny", page_limit=4)
    Question.objects.create(track=track, key="data", label="Which data?")
    MilestoneFactory(edition=edition, previous_instant=datetime(2025, 1, 1, tzinfo=UTC), revision=4)
    MilestoneFactory(edition=edition, track=track, kind="review", instant=None, aoe=False)
    TopicFactory(edition=edition, slug="sar")
    TextBlockFactory(edition=edition, key="about", body="At {{ host }}.")
    PersonFactory(edition=edition)
    tier = SponsorTier.objects.create(edition=edition, slug="gold", name="Gold", amount_minor=100_00, currency="USD")
    Sponsor.objects.create(tier=tier, name="Acme")
    SubmissionFactory(edition=edition, track=track)
    RoleFactory(edition=edition, name="reviewer")
    return edition


@pytest.fixture
def organiser(old):
    return Viewer.of(RoleFactory(edition=old, name="organiser").user, old)


def started(old, by, **fields):
    return start_next(old, slug="iclr2026", host="ICLR 2026", by=by, **fields)


def test_the_rules_come_along_and_the_people_do_not(old, organiser):
    new = started(old, organiser)
    track = new.tracks.get()
    assert (track.slug, track.page_limit, track.files.get().kind) == ("tiny", 4, "manuscript")
    assert track.questions.get().label == "Which data?"
    assert new.topics.get().slug == "sar"
    assert new.texts.get().body == "At {{ host }}."
    assert new.sponsor_tiers.get().amount_minor == 100_00
    assert not new.people.exists()
    assert not new.submissions.exists()
    assert not Sponsor.objects.filter(tier__edition=new).exists()
    assert [(role.name, role.user) for role in new.roles.all()] == [("organiser", organiser.user)]


def test_it_is_hidden_and_its_place_unknown(old, organiser):
    new = started(old, organiser)
    assert (new.is_public, new.is_current, new.papers_public) == (False, False, False)
    assert (new.venue, new.city, new.country, new.ordinal, str(new)) == ("", "", "", 4, "ML4RS @ ICLR 2026")
    old.refresh_from_db()
    assert old.is_current


def test_without_a_day_all_dates_are_to_be_confirmed(old, organiser):
    new = started(old, organiser)
    assert new.starts_on is None
    assert [(each.instant, each.previous_instant, each.revision) for each in new.milestones.all()] == [
        (None, None, 1),
        (None, None, 1),
    ]


def test_dates_move_with_the_workshop(old, organiser):
    new = started(old, organiser, starts_on=date(2026, 4, 26))
    assert (new.starts_on, new.ends_on) == (date(2026, 4, 26), date(2026, 4, 26))
    deadline = new.milestones.get(kind="submission")
    assert deadline.instant == aoe_deadline(date(2025, 2, 10) + timedelta(days=364))
    assert deadline.aoe
    assert deadline.previous_instant is None
    own = new.milestones.get(kind="review")
    assert (own.track, own.instant) == (new.tracks.get(), None)


def test_dates_can_move_by_days_alone(old, organiser):
    assert started(old, organiser, shift_days=364).starts_on == date(2026, 4, 26)


def test_a_time_at_the_venue_keeps_its_hour_over_summer_time(old, organiser):
    old.time_zone = "Europe/Vienna"
    old.save()
    MilestoneFactory(
        edition=old, kind="notification", aoe=False,
        instant=local_instant(date(2025, 3, 5), time(18), "Europe/Vienna"),
    )  # fmt: skip
    new = started(old, organiser, shift_days=60)
    moved = new.milestones.get(kind="notification").instant
    assert moved == local_instant(date(2025, 5, 4), time(18), "Europe/Vienna")


def test_apps_above_copy_what_is_theirs(old, organiser, monkeypatch):
    seen = []
    monkeypatch.setattr(cloners, "_entries", [lambda before, after: seen.append((before.slug, after.slug))])
    started(old, organiser)
    assert seen == [("iclr2025", "iclr2026")]


def test_strangers_reviewers_and_other_organisers_start_nothing(old):
    elsewhere = RoleFactory(name="organiser").user
    for user in (None, UserFactory(), RoleFactory(edition=old, name="reviewer").user, elsewhere):
        with pytest.raises(NotAllowed):
            started(old, Viewer.of(user, old))


def test_who_runs_the_site_starts_an_edition_and_organises_it_if_nobody_else_does(old):
    root = UserFactory(is_superuser=True)
    new = started(old, Viewer.of(root, old))
    assert new.roles.get().user == root


def test_an_edition_started_from_a_frozen_one_is_open():
    old = EditionFactory(slug="frozen", frozen_at=datetime(2030, 1, 1, tzinfo=UTC), frozen_because="A leak")
    organiser = RoleFactory(edition=old).user
    new = start_next(old, slug="next", host="Host 2031", by=Viewer.of(organiser, old))
    assert (new.frozen_at, new.frozen_because) == (None, "")
