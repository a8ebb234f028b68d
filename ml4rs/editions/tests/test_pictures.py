"""Uploaded pictures: what is let in, and what is left of them."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from ml4rs.editions import pictures
from ml4rs.editions.pictures import cleaned_picture


def upload(form="JPEG", mode="RGB", size=(1200, 600), name="Ada Lovelace.jpg", **options):
    out = io.BytesIO()
    Image.new(mode, size, (0, 128, 128, 90) if mode == "RGBA" else "teal").save(out, format=form, **options)
    return SimpleUploadedFile(name, out.getvalue())


def opened(file):
    return Image.open(io.BytesIO(file.read()))


def test_a_large_picture_becomes_small_and_keeps_its_shape():
    assert opened(cleaned_picture(upload(), longest=640)).size == (640, 320)


def test_where_and_how_it_was_taken_is_forgotten():
    exif = Image.Exif()
    exif[0x010F] = "Camera of Ada"
    exif[0x0112] = 6  # lies on its side
    file = cleaned_picture(upload(exif=exif, comment=b"home address"), longest=640)
    data = file.read()
    assert b"Ada" not in data
    assert b"home address" not in data
    picture = Image.open(io.BytesIO(data))
    assert not picture.getexif()
    assert picture.size == (320, 640)  # turned upright


def test_the_stored_name_is_not_the_persons():
    name = cleaned_picture(upload(), longest=640).name
    assert "Ada" not in name
    assert name.endswith(".jpg")


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_transparency_stays(form):
    file = cleaned_picture(upload(form, "RGBA"), longest=640)
    assert file.name.endswith(".png")
    assert opened(file).mode == "RGBA"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a picture",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"%PDF-1.7\n",
        upload().read()[:2000],
    ],
    ids=["empty", "text", "svg", "pdf", "cut short"],
)
def test_what_is_no_picture_is_refused_in_words(content):
    with pytest.raises(ValidationError, match="no picture that we can read"):
        cleaned_picture(SimpleUploadedFile("logo.png", content), longest=640)


def test_a_gif_is_refused():
    with pytest.raises(ValidationError, match="PNG, JPEG or WebP"):
        cleaned_picture(upload("GIF", "P"), longest=640)


def test_a_picture_that_unfolds_too_large_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(pictures, "_MAX_PIXELS", 100)
    with pytest.raises(ValidationError, match="40 million pixels"):
        cleaned_picture(upload("PNG", size=(11, 10)), longest=640)


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_MEGABYTES", 0)
    with pytest.raises(ValidationError, match="larger than"):
        cleaned_picture(upload(), longest=640)


def test_a_see_through_portrait_gets_white_behind_it():
    picture = opened(cleaned_picture(upload("PNG", "RGBA"), longest=640, opaque=True))
    assert (picture.format, picture.mode) == ("JPEG", "RGB")
