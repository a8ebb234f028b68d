"""deploy/nginx.conf in a real nginx: what it hands out, what it keeps, and what it tells the application."""

import http.client
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db.models import FileField
from django.db.models.fields.files import FieldFile
from django.test import RequestFactory

from ml4rs.editions.views.downloads import send_file
from tests.live import eventually, free_port

pytestmark = pytest.mark.services

ROOT = Path(__file__).resolve().parent.parent
CONTENT = b"%PDF-1.7 a paper"


class Application(BaseHTTPRequestHandler):
    """Stands in for gunicorn: answers /paper as the guarded views do, and notes what it was sent."""

    protocol_version = "HTTP/1.1"
    file: FieldFile
    heard: list

    def do_GET(self) -> None:
        self.heard.append(self.headers)
        answer = send_file(
            RequestFactory().get("/"), self.file, content_type="application/pdf", filename="paper-7.pdf", inline=True
        )
        self.send_response(200)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments) -> None:
        """Quiet."""


@pytest.fixture
def application(settings, tmp_path) -> Iterator[type[Application]]:
    settings.MEDIA_ROOT, settings.MEDIA_ACCEL = tmp_path / "media", "/protected/"
    Application.heard, Application.file = [], FieldFile(None, FileField(), "")
    Application.file.name = Application.file.storage.save("files/ab/secretname", ContentFile(CONTENT))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Application)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    Application.port = server.server_address[1]
    yield Application
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def nginx(application, tmp_path) -> Iterator[int]:
    """The port of an nginx that runs our file, with only the places in it replaced."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("nginx is not installed")
    tmp_path.chmod(0o755)
    port, folder = free_port(), tmp_path
    site = (ROOT / "deploy" / "nginx.conf").read_text()
    for theirs, ours in {
        "server web:8000;": f"server 127.0.0.1:{application.port};",
        "listen 80 default_server;": f"listen 127.0.0.1:{port};",
        "alias /data/media/;": f"alias {folder}/media/;",
    }.items():
        assert site.count(theirs) == 1, f"deploy/nginx.conf has no longer {theirs!r}"
        site = site.replace(theirs, ours)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""  # the test's folders are its owner's alone
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; events {{}} http {{ access_log off; {paths} {site} }}"
    )
    with (folder / "error.log").open("wb") as errors:
        command = [program, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
        process = subprocess.Popen(command, stderr=errors)
    try:
        eventually(lambda: process.poll() is not None or _listens(port), "nginx to listen", 20)
        assert process.poll() is None, (folder / "error.log").read_text()
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _listens(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=2)) as connection:
        try:
            connection.connect()
        except ConnectionError:
            return False
        return True


def get(port: int, path: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return response.status, response.headers, response.read()


def test_an_allowed_file_comes_from_nginx_with_every_guard(nginx):
    status, headers, body = get(nginx, "/paper")
    assert (status, body) == (200, CONTENT)
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == 'inline; filename="paper-7.pdf"'
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_nothing_tells_when_a_file_was_handed_in_or_where_it_lies(nginx):
    _, headers, _ = get(nginx, "/paper")
    assert not {"ETag", "Last-Modified", "X-Accel-Redirect"} & set(headers)
    assert "secretname" not in str(headers)
    assert headers["Server"] == "nginx"


def test_stored_files_have_no_address_of_their_own(nginx, application):
    assert get(nginx, "/protected/files/ab/secretname")[0] == 404
    assert application.heard == []


def test_a_large_file_comes_in_parts_on_request(nginx):
    status, headers, body = get(nginx, "/paper", Range="bytes=0-3")
    assert (status, body) == (206, CONTENT[:4])
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_application_hears_the_clients_address_and_how_long_the_upload_took(nginx, application):
    get(nginx, "/paper", X_Request_Elapsed="9999", X_Forwarded_For="203.0.113.7, 198.51.100.9")
    (heard,) = application.heard
    assert heard["X-Forwarded-For"] == "198.51.100.9", "as the proxy on this machine saw it, not as the client says"
    assert float(heard["X-Request-Elapsed"]) < 60
    assert heard["X-Forwarded-Proto"] == "http"
