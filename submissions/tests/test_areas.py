"""Study areas: drawn by authors, shown to everybody once the paper is."""

from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from ml4rs.editions.maps import HEIGHT, WIDTH, land, on_map
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import UserFactory
from ml4rs.editions.viewer import Viewer
from submissions import actions
from submissions.actions import Box
from submissions.models import StudyArea, Submission
from submissions.queries.areas import marks_of_area
from submissions.tests.conftest import BEFORE
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db


def box(west, east, south, north) -> Box:
    return Box(*(Decimal(str(each)) for each in (west, east, south, north)))


def seen(draft, author) -> Submission:
    return Submission.objects.seen_by(author).get(pk=draft.pk)


def test_an_author_draws_a_box_and_a_point_in_numbers(client, draft, track, author, time_machine):
    time_machine.move_to(BEFORE, tick=False)
    client.force_login(author.user)
    address = f"/{track.edition.slug}/submissions/{draft.public_id}/areas/"
    client.post(address, {"south": "-10", "north": "5.5", "west": "-70", "east": "-50"})
    client.post(address, {"south": "47.38", "west": "8.54"})
    text = client.get(address).text
    assert "10° S to 5.5° N, 70° W to 50° W" in text
    assert "47.38° N, 8.54° E" in text
    area = draft.areas.first()
    client.post(f"{address}{area.public_id}/remove/")
    assert draft.areas.count() == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"south": "50", "north": "40", "west": "0"}, "southern latitude first"),
        ({"south": "95", "west": "0"}, "less than or equal to 90"),
        ({"south": "0", "west": "-181"}, "greater than or equal to -180"),
        ({"south": "north", "west": "NaN"}, "Enter a number"),
    ],
)
def test_what_is_nowhere_is_refused_in_words(client, draft, track, author, fields, words, time_machine):
    time_machine.move_to(BEFORE, tick=False)
    client.force_login(author.user)
    assert words in client.post(f"/{track.edition.slug}/submissions/{draft.public_id}/areas/", fields).text


def test_the_same_area_twice_is_one_and_ten_are_enough(draft, author):
    paper = seen(draft, author)
    for _ in range(2):
        actions.add_area(paper, box(0, 1, 0, 1), by=author)
    assert draft.areas.count() == 1
    for degree in range(2, 11):
        actions.add_area(paper, box(0, degree, 0, 1), by=author)
    with pytest.raises(NotAllowed, match="10 areas"):
        actions.add_area(paper, box(0, 99, 0, 1), by=author)


def test_only_authors_draw(client, draft, track, author):
    stranger = Viewer.of(UserFactory(), track.edition, BEFORE)
    client.force_login(stranger.user)
    assert client.get(f"/{track.edition.slug}/submissions/{draft.public_id}/areas/").status_code == 404


def test_the_map_shows_accepted_papers_and_no_others(client, track):
    for title, fields in {"Shown": {"accepted": True}, "Undecided": {}, "Rejected": {"rejected": True}}.items():
        paper = SubmissionFactory(track=track, title=f"{title} paper", **fields)
        StudyArea.objects.create(submission=paper, west=8, east=8, south=47, north=47)
    text = client.get(f"/{track.edition.slug}/map/").text
    assert "Shown paper" in text
    assert "Undecided paper" not in text
    assert "Rejected paper" not in text
    shown = Submission.objects.get(title="Shown paper")
    assert "47° N, 8° E" in client.get(f"/{track.edition.slug}/papers/{shown.public_id}/").text


def test_without_areas_the_map_says_so(client, track):
    assert "No areas drawn yet" in client.get(f"/{track.edition.slug}/map/").text


def test_a_box_over_the_date_line_is_drawn_in_two_parts(draft):
    area = StudyArea(submission=draft, west=170, east=-170, south=-20, north=-10)
    assert [(mark.x, mark.width) for mark in marks_of_area(area)] == [(700, 20), (0, 20)]


@pytest.mark.parametrize("areas", [1, 60])
def test_the_map_costs_the_same_however_many(client, track, areas, django_assert_max_num_queries):
    paper = SubmissionFactory(track=track, accepted=True)
    for degree in range(areas):
        StudyArea.objects.create(submission=paper, west=degree, east=degree, south=0, north=0)
    with django_assert_max_num_queries(6):
        client.get(f"/{track.edition.slug}/map/")


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_every_place_on_earth_is_on_the_map(longitude, latitude):
    x, y = on_map(longitude, latitude)
    assert 0 <= x <= WIDTH
    assert 0 <= y <= HEIGHT


@pytest.mark.parametrize("place", [(181, 0), (0, -91), (float("nan"), 0)])
def test_what_is_not_on_earth_is_not_on_the_map(place):
    with pytest.raises(ValueError, match="Longitudes"):
        on_map(*place)


def test_the_land_is_drawn_from_the_package_and_missing_without_it():
    path = land(settings.BASE_DIR / "node_modules" / "world-atlas" / "land-110m.json")
    assert path.startswith("M")
    assert path.count("Z") > 100
    for ring in path.split("Z")[:-1]:
        places = [float(point.split()[0]) for point in ring[1:].split("L")]
        assert all(abs(one - other) < 180 for one, other in pairwise(places)), "no line crosses the map"
    assert land(Path("/nowhere/at/all.json")) == ""
