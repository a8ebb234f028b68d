"""For the screen in the room and for readers without a network: slides, what is on, stars as a calendar."""

import json
import re
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO

import icalendar
import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from PIL import Image

from ml4rs.editions.tests.factories import EditionFactory, TrackFactory, UserFactory
from schedule import actions
from schedule.tests.factories import NINE, SessionFactory, SlotFactory
from submissions.models import FileVersion, Submission
from submissions.tasks import check_version
from submissions.tests.factories import SubmissionFactory
from submissions.tests.pdfs import make_pdf

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 4, 20, 12, tzinfo=UTC)
WIDE = (1280.0, 720.0)


@pytest.fixture(autouse=True)
def _fresh(time_machine, settings, tmp_path):
    time_machine.move_to(NOW, tick=False)
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def edition():
    return EditionFactory(slug="iclr2025", time_zone="Asia/Singapore", papers_public=True)


def slide_of(paper, content, content_type="application/pdf"):
    version = FileVersion(
        submission=paper, kind="slide", version=1, sha256=sha256(content).hexdigest(), size=len(content),
        content_type=content_type, uploaded_by=UserFactory(), uploaded_at=NOW,
    )  # fmt: skip
    version.stored.save("x", ContentFile(content), save=False)
    version.save()
    check_version(version, lambda per_cent, step: None)
    version.refresh_from_db()
    return version


def bonus(edition, title="Landslide watch", published_at=NOW):
    track = edition.tracks.filter(kind="slide").first() or TrackFactory(edition=edition, bonus=True)
    return SubmissionFactory(track=track, accepted=True, title=title, published_at=published_at)


def data_of(response):
    return json.loads(re.search(r'<script id="kiosk-data"[^>]*>(.*?)</script>', response.text, re.DOTALL)[1])


def test_an_uploaded_slide_becomes_a_picture_as_wide_as_a_projector(client, edition):
    paper = bonus(edition)
    slide_of(paper, make_pdf(1, "Landslides", size=WIDE))
    response = client.get(f"/iclr2025/papers/{paper.public_id}/slide")
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    picture = Image.open(BytesIO(b"".join(response.streaming_content)))
    assert picture.size == (1920, 1080)


def test_a_slide_that_is_a_picture_is_shown_without_metadata_and_no_wider_than_the_screen(client, edition):
    paper, out = bonus(edition), BytesIO()
    exif = Image.Exif()
    exif[0x013B] = "Somebody Secret"
    Image.new("RGB", (3840, 2160), "navy").save(out, "JPEG", exif=exif)
    slide_of(paper, out.getvalue(), "image/jpeg")
    response = client.get(f"/iclr2025/papers/{paper.public_id}/slide")
    content = b"".join(response.streaming_content)
    assert Image.open(BytesIO(content)).size == (1920, 1080)
    assert b"Somebody Secret" not in content


def test_what_is_not_published_has_no_picture_and_is_not_in_the_loop(client, edition):
    shown, hidden = bonus(edition), bonus(edition, "Unpublishedrowan", published_at=None)
    for paper in (shown, hidden):
        slide_of(paper, make_pdf(1, "Landslides", size=WIDE))
    assert client.get(f"/iclr2025/papers/{hidden.public_id}/slide").status_code == 404
    response = client.get("/iclr2025/kiosk/")
    assert "Unpublishedrowan" not in response.text
    assert [slide["title"] for slide in data_of(response)["slides"]] == ["Landslide watch"]
    Submission.objects.filter(pk=shown.pk).update(state="withdrawn")
    assert data_of(client.get("/iclr2025/kiosk/"))["slides"] == []


def test_the_screen_knows_the_published_programme_and_not_the_draft(client, edition, editor):
    SessionFactory(edition=edition, title="Opening words")
    assert data_of(client.get("/iclr2025/kiosk/"))["sessions"] == []
    actions.publish(edition, by=editor)
    SessionFactory(edition=edition, title="Hiddendraft")
    response = client.get("/iclr2025/kiosk/")
    assert [each["title"] for each in data_of(response)["sessions"]] == ["Opening words"]
    assert data_of(response)["place"] == "Singapore"
    assert "Hiddendraft" not in response.text


@pytest.mark.parametrize(
    ("asked", "seconds"), [("", 20), ("30", 30), ("1", 5), ("99999", 600), ("x", 20), ("9" * 9, 20)]
)
def test_how_long_a_slide_stays_is_kept_within_bounds(client, edition, asked, seconds):
    assert data_of(client.get(f"/iclr2025/kiosk/?seconds={asked}"))["seconds"] == seconds


def test_titles_cannot_break_out_of_the_data(client, edition):
    slide_of(bonus(edition, "</script><b>bold"), make_pdf(1, "x", size=WIDE))
    response = client.get("/iclr2025/kiosk/")
    assert "</script><b>" not in response.text
    assert data_of(response)["slides"][0]["title"] == "</script><b>bold"


@pytest.mark.parametrize("size", [1, 30])
def test_the_screen_needs_the_same_queries_for_one_slide_and_for_thirty(client, edition, size, cost_of):
    paper = bonus(edition)
    version = slide_of(paper, make_pdf(1, "x", size=WIDE))
    for number in range(size - 1):
        version.pk, version.public_id, version.submission = None, f"v{number:011}", bonus(edition, f"Slide {number}")
        version.save()
    client.get("/iclr2025/kiosk/")
    with cost_of() as cost:
        assert len(data_of(client.get("/iclr2025/kiosk/"))["slides"]) == size
    assert cost.queries <= 10


def test_the_worker_keeps_public_pages_and_changes_with_the_release(client, edition, editor):
    paper = SubmissionFactory(track=TrackFactory(edition=edition), accepted=True)
    first = client.get("/iclr2025/worker.js")
    assert first["Content-Type"].startswith("text/javascript")
    SlotFactory(session=SessionFactory(edition=edition), submission=paper, title="")
    actions.publish(edition, by=editor)
    second = client.get("/iclr2025/worker.js")
    assert first.content != second.content
    settings = json.loads(re.search(r"const SETTINGS = (.*);", second.text)[1])
    assert f"/iclr2025/papers/{paper.public_id}/" in settings["pages"]
    for address in settings["pages"]:
        assert client.get(address).status_code == 200


def test_stars_become_a_calendar_with_talks_at_their_own_time(client, edition, editor):
    session = SessionFactory(edition=edition, kind="orals", title="Morning talks")
    first, second = (SlotFactory(session=session, title=title, minutes=30) for title in ("One", "Two"))
    keynote = SessionFactory(edition=edition, kind="keynote", title="Keynote", starts_at=NINE.replace(hour=5))
    posters = SessionFactory(edition=edition, kind="posters", title="Posters", starts_at=NINE.replace(hour=8))
    poster = SlotFactory(session=posters, title="A poster", board="12")
    actions.publish(edition, by=editor)
    only = ".".join([second.public_id, keynote.public_id, poster.public_id, "nothing"])
    response = client.get(f"/iclr2025/schedule.ics?only={only}")
    events = {str(event["summary"]): event for event in icalendar.Calendar.from_ical(response.content).walk("VEVENT")}
    assert set(events) == {"Two", "Keynote", "Board 12: A poster"}
    assert events["Two"].decoded("dtstart").astimezone(UTC) == NINE.replace(minute=30)
    assert str(events["Two"]["uid"]).startswith(second.public_id)
    assert str(events["Two"]["url"]).endswith(f"#i-{second.public_id}")
    assert str(events["Keynote"]["url"]).endswith(f"#s-{keynote.public_id}")
    assert first.public_id not in response.text


def test_everything_that_the_worker_keeps_is_there():
    from django.contrib.staticfiles import finders

    from schedule.views import screen

    assert [path for path in (*screen._STYLES, *screen._SCRIPTS) if finders.find(path) is None] == []
