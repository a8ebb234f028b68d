"""Files leave under our name, run nothing, and tell nothing about where or since when they lie here."""

import pytest
from django.core.files.base import ContentFile
from django.db.models import FileField
from django.db.models.fields.files import FieldFile
from django.test import RequestFactory

from ml4rs.editions.views.downloads import send_file

# A response that ends closes old database connections, which counts as using the database.
pytestmark = pytest.mark.django_db


@pytest.fixture
def stored(settings, tmp_path) -> FieldFile:
    settings.MEDIA_ROOT = tmp_path
    file = FieldFile(None, FileField(), "")
    file.name = file.storage.save("files/ab/secretname", ContentFile(b"%PDF-1.7 content"))
    return file


def answer(stored, **changes):
    arguments = {"content_type": "application/pdf", "filename": "paper-7.pdf", "inline": False, **changes}
    return send_file(RequestFactory().get("/x"), stored, **arguments)


def test_the_content_is_streamed_with_its_length(stored):
    response = answer(stored)
    assert response.streaming
    assert b"".join(response.streaming_content) == b"%PDF-1.7 content"
    assert response["Content-Length"] == "16"
    assert response["Content-Type"] == "application/pdf"
    response.close()


@pytest.mark.parametrize("accel", ["", "/protected/"])
def test_headers_betray_neither_name_nor_age(stored, settings, accel):
    settings.MEDIA_ACCEL = accel
    response = answer(stored)
    assert not {"ETag", "Last-Modified"} & set(response.headers)
    told = {name: value for name, value in response.headers.items() if name != "X-Accel-Redirect"}
    assert "secretname" not in str(told)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    response.close()


def test_nginx_is_told_where_the_file_lies(stored, settings):
    settings.MEDIA_ACCEL = "/protected/"
    response = answer(stored)
    assert response["X-Accel-Redirect"] == f"/protected/{stored.name}"
    assert response.content == b""


def test_a_pdf_may_be_shown_in_place(stored):
    response = answer(stored, inline=True)
    assert response["Content-Disposition"] == 'inline; filename="paper-7.pdf"'
    assert "sandbox" not in response["Content-Security-Policy"]
    response.close()


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/xml", "application/zip"])
def test_what_could_run_is_saved_and_sandboxed_even_if_asked_to_show(stored, kind):
    response = answer(stored, content_type=kind, inline=True)
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"].endswith("sandbox")
    assert "default-src 'none'" in response["Content-Security-Policy"]
    response.close()


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ('a"b.pdf', r'attachment; filename="a\"b.pdf"'),
        ("über.pdf", "attachment; filename*=utf-8''%C3%BCber.pdf"),
        ("../../etc/passwd", 'attachment; filename="passwd"'),
        ("a\r\nSet-Cookie: x.pdf", 'attachment; filename="aSet-Cookie: x.pdf"'),
        ("\n", 'attachment; filename="file"'),
    ],
)
def test_a_file_name_cannot_break_out_of_its_header(stored, given, sent):
    response = answer(stored, filename=given)
    assert response["Content-Disposition"] == sent
    response.close()


@pytest.mark.parametrize("accel", ["", "/protected/"])
def test_a_file_that_the_disk_has_lost_is_told_in_words_and_logged(stored, settings, accel, caplog):
    settings.MEDIA_ACCEL = accel
    stored.storage.delete(stored.name)
    response = answer(stored)
    assert response.status_code == 404
    assert "This file is missing here" in response.content.decode()
    assert stored.name in caplog.text
    assert stored.name not in response.content.decode()
