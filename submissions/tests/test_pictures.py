"""Slides that come as pictures: read whole in the child process, with advice for the screen."""

import io
import struct
import zlib

import pytest
from PIL import Image

from ml4rs.editions.models import TrackFile
from ml4rs.jobs.models import Job
from submissions import actions
from submissions.models import FileVersion
from submissions.pdfcheck import Rules, check, check_image
from submissions.tasks import check_version, rules_for
from submissions.tests.conftest import pdf_file
from submissions.tests.pdfs import make_pdf


def picture(width: int = 1920, height: int = 1080, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(out, kind)
    return out.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A small file whose header promises a huge picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.fixture
def look(tmp_path):
    def look(data: bytes, **rules):
        path = tmp_path / "slide"
        path.write_bytes(data)
        result = check_image(path, Rules(**rules))
        return result.verdict, [finding.code for finding in result.findings]

    return look


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_slide_of_the_right_shape_has_no_finding(look, kind):
    assert look(picture(kind=kind)) == ("ok", [])


def test_another_shape_and_few_pixels_are_told_and_hold_nothing_up(look):
    assert look(picture(800, 600)) == ("ok", ["page.not_16_9", "page.few_pixels"])


@pytest.mark.parametrize(
    ("size", "orientation", "codes"),
    [
        ((900, 1200), "portrait", []),
        ((1200, 900), "portrait", ["poster.orientation"]),
        ((1200, 900), "landscape", []),
        ((900, 1200), "landscape", ["poster.orientation"]),
        ((1200, 900), "", []),
    ],
)
def test_a_poster_is_held_to_the_orientation_of_the_boards(look, size, orientation, codes):
    assert look(picture(*size), is_poster=True, orientation=orientation)[1] == codes


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (picture()[:400], "file.unreadable"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 100, "file.unreadable"),
        (b"\xff\xd8\xff" + b"x" * 100, "file.unreadable"),
        (png_that_claims(60_000, 60_000), "file.too_costly"),
        (png_that_claims(8_000, 8_000), "file.unreadable"),
        (b"GIF89a" + b"x" * 100, "file.unreadable"),
    ],
    ids=["cut", "noise", "jpeg noise", "bomb", "hollow", "gif"],
)
def test_what_is_no_picture_is_refused_with_the_reason(look, data, code):
    assert look(data) == ("refused", [code])


def test_an_uploaded_slide_is_checked_like_a_paper(draft, track, author):
    TrackFile.objects.create(track=track, kind="slide", types=["png"])
    version = actions.upload(draft, "slide", pdf_file("slide.png", picture(800, 600)), by=author)
    assert Job.objects.filter(subject=version.public_id).exists()
    report = check_version(version, lambda *_: None)
    assert (report.verdict, report.findings.count()) == ("ok", 2)


A0, A1 = (2384.0, 3370.0), (1684.0, 2384.0)  # points


@pytest.mark.parametrize(
    ("size", "limits", "words"),
    [
        (A0, (600, 900), "841 × 1189 mm; a board holds at most 600 mm wide and 900 mm high"),
        (A0, (None, 1000), "a board holds at most 1000 mm high"),
        (A1, (600, 900), ""),
        (A0, (None, None), ""),
    ],
)
def test_a_poster_that_no_board_holds_is_told_with_the_sizes(tmp_path, size, limits, words):
    path = tmp_path / "poster.pdf"
    path.write_bytes(make_pdf(1, "Reeds", size=size))
    result = check(path, Rules(is_poster=True, is_main_file=False, blind="none", largest_mm=limits))
    told = " ".join(finding.message for finding in result.findings if finding.code == "poster.size")
    assert words in told if words else not told


def test_posters_are_held_to_their_tracks_boards_and_nothing_else_is(draft, track, author):
    TrackFile.objects.create(track=track, kind="poster", types=["pdf"], orientation="portrait", highest_mm=900)
    poster = FileVersion(submission=draft, kind="poster")
    assert rules_for(poster).orientation == "portrait"
    assert rules_for(poster).largest_mm == (None, 900)
    assert not rules_for(FileVersion(submission=draft, kind="camera_ready")).is_poster
