"""The programme as part of an edition's file."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ml4rs.editions.filing import CannotLoadError, dump, load, read, write_yaml
from ml4rs.editions.models import Edition, Person
from ml4rs.editions.tests.factories import EditionFactory
from ml4rs.editions.tests.small_edition import SMALL, load_text
from schedule.models import Room, Session, Slot
from schedule.tests.factories import RoomFactory, SessionFactory, SlotFactory
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db

PROGRAMME = """\
programme:
  rooms:
    - {slug: hall, name: Hall}
  sessions:
    - slug: keynote
      kind: keynote
      title: Keynote
      room: hall
      time: 09:00 to 10:00
      slots:
        - speakers: [Wangari Example]
    - slug: posters
      kind: posters
      title: Posters
      time: 10:00 to 11:00
      chairs: [Wangari Example]
      slots:
        - {title: Alpha, board: '1'}
        - {title: Beta, board: '2'}
"""
FULL = SMALL + PROGRAMME


@pytest.fixture
def toy() -> Edition:
    return load_text(FULL).edition


def titles(edition: Edition, session: str) -> list[tuple[str, str]]:
    return list(edition.sessions.get(slug=session).slots.values_list("title", "board"))


def test_sessions_stand_at_the_venues_hours_on_the_first_day(toy):
    keynote = toy.sessions.get(slug="keynote")
    assert keynote.starts_at == datetime(2030, 5, 4, 6, 0, tzinfo=UTC)  # Nairobi is three hours ahead
    assert keynote.ends_at == datetime(2030, 5, 4, 7, 0, tzinfo=UTC)
    assert keynote.room.name == "Hall"
    assert [person.name for person in keynote.slots.get().speakers.all()] == ["Wangari Example"]


def test_who_chairs_is_loaded_and_taken_away_again(toy):
    assert [person.name for person in toy.sessions.get(slug="posters").chairs.all()] == ["Wangari Example"]
    load_text(FULL.replace("      chairs: [Wangari Example]\n", ""))
    assert not toy.sessions.get(slug="posters").chairs.exists()


def test_a_round_trip_changes_nothing(toy):
    written = write_yaml(dump(toy))
    assert load_text(written).differences == []
    assert write_yaml(dump(toy)) == written


def test_talks_keep_their_identity_when_they_move_and_when_their_title_is_announced(toy):
    before = dict(Slot.objects.values_list("title", "public_id"))
    changed = FULL.replace("- speakers: [Wangari Example]", "- {title: Wetlands, speakers: [Wangari Example]}")
    changed = changed.replace("- {title: Alpha, board: '1'}\n        - {title: Beta, board: '2'}",
                              "- {title: Beta, board: '1'}\n        - {title: Alpha, board: '2'}")  # fmt: skip
    load_text(changed)
    after = dict(Slot.objects.values_list("title", "public_id"))
    assert titles(toy, "posters") == [("Beta", "1"), ("Alpha", "2")]
    assert (after["Alpha"], after["Beta"], after["Wetlands"]) == (before["Alpha"], before["Beta"], before[""])


def test_what_is_no_longer_in_the_file_goes(toy):
    load_text(SMALL + PROGRAMME[: PROGRAMME.index("    - slug: posters")].replace("      room: hall\n", ""))
    assert [session.slug for session in toy.sessions.all()] == ["keynote"]
    load_text(SMALL + "programme: {sessions: []}\n")
    assert [model.objects.count() for model in (Session, Slot, Room)] == [0, 0, 0]


def test_a_speaker_in_the_programme_cannot_leave_the_people_but_both_can_go_together(toy):
    without = SMALL.replace("    - {name: Wangari Example, affiliation: Institute}\n", "").replace(
        "keynote:", "keynote: []"
    )
    with pytest.raises(CannotLoadError, match=r"person “Wangari Example”.*1 slot refers to it"):
        load_text(without)
    load_text(without + "programme: {sessions: []}\n")
    assert not Person.objects.exists()


def test_without_a_section_of_people_speakers_are_looked_up_in_the_edition(toy):
    basics = SMALL[: SMALL.index("tracks:")]
    assert load_text(basics + PROGRAMME).differences == []
    with pytest.raises(CannotLoadError, match="“Nobody”, who is not among the edition's people"):
        load_text(basics + PROGRAMME.replace("Wangari Example", "Nobody"))


def test_published_makes_one_version_and_only_if_something_is_new(toy):
    assert not toy.releases.exists()
    published = FULL.replace("programme:\n", "programme:\n  published: true\n")
    load_text(published)
    load_text(published)
    assert toy.releases.count() == 1
    assert dump(toy)["programme"]["published"] is True
    load_text(published.replace("title: Alpha", "title: Gamma"))
    assert toy.releases.count() == 2
    load_text(FULL.replace("title: Alpha", "title: Delta"))
    assert toy.releases.count() == 2
    assert dump(toy)["programme"]["published"] is False


def test_a_dry_run_publishes_nothing(toy):
    load_text(FULL.replace("programme:\n", "programme:\n  published: true\n"), dry_run=True)
    assert not toy.releases.exists()


def test_papers_of_this_site_are_placed_by_their_public_id(toy):
    track = toy.tracks.get()
    accepted, secret = SubmissionFactory(track=track, accepted=True), SubmissionFactory(track=track)
    placed = FULL.replace("{title: Alpha,", f"{{paper: {accepted.public_id},")
    load_text(placed)
    assert toy.sessions.get(slug="posters").slots.first().submission == accepted
    assert load_text(write_yaml(dump(toy))).differences == []
    with pytest.raises(CannotLoadError, match="which is no accepted paper of this edition"):
        load_text(FULL.replace("{title: Alpha,", f"{{paper: {secret.public_id},"))


def test_every_form_of_hours_survives():
    edition = EditionFactory(time_zone="Asia/Singapore")
    hall = RoomFactory(edition=edition)
    SessionFactory(edition=edition, starts_at=None)
    SessionFactory(edition=edition, room=hall)
    SessionFactory(edition=edition, starts_at=datetime(2025, 4, 28, 15, 30, tzinfo=UTC), room=hall)  # over midnight
    session = SessionFactory(edition=edition, starts_at=datetime(2025, 4, 28, 1, 0, 30, tzinfo=UTC))
    SlotFactory(session=session, minutes=10, url="https://example.org", abstract="Two\n\nparagraphs.")
    before = list(Session.objects.values())
    written = write_yaml(dump(edition))
    assert load_text(written).differences == []
    assert list(Session.objects.values("pk", "starts_at", "ends_at", "room")) == [
        {"pk": row["id"], "starts_at": row["starts_at"], "ends_at": row["ends_at"], "room": row["room_id"]}
        for row in before
    ]


def test_an_edition_without_a_programme_says_nothing_of_one():
    assert "programme" not in dump(EditionFactory())


def test_reading_alone_touches_no_database(toy, django_assert_num_queries):
    with django_assert_num_queries(0):
        read(FULL, Path())
    assert load(read(FULL, Path())).differences == []
