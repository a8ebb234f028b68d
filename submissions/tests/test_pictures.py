"""Slides that come as pictures: read whole in the child process, with advice for the screen."""

import io
import struct
import zlib

import pytest
from PIL import Image

from ml4rs.editions.models import TrackFile
from ml4rs.jobs.models import Job
from submissions import actions
from submissions.pdfcheck import check_image
from submissions.tasks import check_version
from submissions.tests.conftest import pdf_file


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
    def look(data: bytes):
        path = tmp_path / "slide"
        path.write_bytes(data)
        result = check_image(path)
        return result.verdict, [finding.code for finding in result.findings]

    return look


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_slide_of_the_right_shape_has_no_finding(look, kind):
    assert look(picture(kind=kind)) == ("ok", [])


def test_another_shape_and_few_pixels_are_told_and_hold_nothing_up(look):
    assert look(picture(800, 600)) == ("ok", ["page.not_16_9", "page.few_pixels"])


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
