"""A speaker's own page: who they are, as far as they agreed, and what they give."""

from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile

from ml4rs.editions.tests.factories import EditionFactory, PersonFactory
from schedule import actions
from schedule.tests.factories import RoomFactory, SessionFactory, SlotFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 4, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fresh(time_machine, settings, tmp_path):
    time_machine.move_to(NOW, tick=False)
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def speaker(edition):
    person = PersonFactory(
        edition=edition, kind="keynote", name="Wangari Example", bio="Maps **reeds**.", consent="By mail, 3 March"
    )
    person.portrait.save("w.jpg", ContentFile(b"picture"))
    return person


def page_of(client, person):
    return client.get(f"/iclr2025/people/{person.public_id}/")


def test_it_shows_portrait_biography_and_what_is_published_of_their_talks(client, edition, speaker):
    session = SessionFactory(
        edition=edition, title="Keynote 1", kind="keynote", room=RoomFactory(edition=edition, name="Hall")
    )
    SlotFactory(session=session, title="Reeds from space", abstract="All of them.").speakers.add(speaker)
    SessionFactory(edition=edition, title="Panel on reeds", kind="panel").chairs.add(speaker)
    actions.publish(edition, by=None)
    SlotFactory(session=session, title="Draft talk").speakers.add(speaker)
    text = page_of(client, speaker).text
    for words in (
        "<strong>reeds</strong>",
        "portrait.jpg",
        "Reeds from space",
        "09:00",
        "Hall",
        "Moderator",
        "All of them.",
    ):
        assert words in text
    assert "Draft talk" not in text
    assert "By mail, 3 March" not in text


def test_the_programme_and_the_list_of_speakers_lead_there(client, edition, speaker):
    SlotFactory(session=SessionFactory(edition=edition), title="Reeds").speakers.add(speaker)
    actions.publish(edition, by=None)
    for address in ("/iclr2025/programme/", "/iclr2025/speakers/"):
        assert f'href="/iclr2025/people/{speaker.public_id}/"' in client.get(address).text


def test_who_has_not_agreed_is_shown_by_name_only(client, speaker):
    speaker.details_hidden = True
    speaker.save()
    for response in (page_of(client, speaker), client.get("/iclr2025/speakers/")):
        assert "Wangari Example" in response.text
        assert "reeds" not in response.text
        assert "portrait.jpg" not in response.text
    assert client.get(f"/iclr2025/people/{speaker.public_id}/portrait.jpg").status_code == 404


def test_members_of_a_committee_are_only_listed(client, edition):
    assert page_of(client, PersonFactory(edition=edition, kind="committee")).status_code == 404


def test_a_person_of_another_edition_is_not_here(client, edition):
    assert page_of(client, PersonFactory(edition=EditionFactory(slug="other"))).status_code == 404


def test_it_asks_few_questions(client, edition, speaker, django_assert_max_num_queries):
    SlotFactory(session=SessionFactory(edition=edition)).speakers.add(speaker)
    actions.publish(edition, by=None)
    page_of(client, speaker)
    with django_assert_max_num_queries(8):
        assert page_of(client, speaker).status_code == 200
