"""An edition's public pages, papers and feeds as static files."""

import re
import shutil
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from ml4rs.editions.archiving import Answer, ArchiveError, archive, dead_links
from ml4rs.editions.models import Edition

_MARK = ".ml4rs-archive"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Command(BaseCommand):
    help = "Write an edition's public pages, papers and feeds as static files, and check every link."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("edition", help="Its slug, such as iclr2025")
        parser.add_argument("folder", type=Path, help="A new or empty folder, or one that an earlier export made")

    def handle(self, *args: Any, **options: Any) -> None:
        slug, folder = options["edition"], options["folder"].resolve()
        if not Edition.objects.filter(slug=slug).exists():
            raise CommandError(f"There is no edition “{slug}”.")
        if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / _MARK).is_file())):
            raise CommandError(f"{folder} is not empty, and no earlier export. Choose another folder.")
        fresh = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            number, dead = archive(_fetch, prefix=f"/{slug}/", static=settings.STATIC_URL, folder=fresh, also=_listed())
            dead += dead_links(fresh)
        except ArchiveError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from error
        (fresh / _MARK).write_text("Made by export_site; an export may replace this folder.\n", encoding="utf-8")
        if dead:
            raise CommandError("\n".join([f"Dead links; what was written is in {fresh}:", *dead]))
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
        self.stdout.write(f"{number} files are in {folder}. Open {folder / 'index.html'} to look at them.")


def _listed() -> list[str]:
    """The addresses that search engines are told of."""
    text = _asked(reverse("sitemap")).body.decode()
    return [urlsplit(address).path for address in re.findall(r"<loc>([^<]+)</loc>", text)]


def _fetch(address: str) -> Answer:
    """What an anonymous reader gets, through all that a request goes through; static files from where they lie."""
    if address.startswith(settings.STATIC_URL):
        return _static(unquote(urlsplit(address).path)[len(settings.STATIC_URL) :])
    return _asked(address)


def _static(name: str) -> Answer:
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            return Answer(200, _TYPES.get(Path(name).suffix, ""), file.read())
    found = finders.find(name)
    return Answer(200, _TYPES.get(Path(name).suffix, ""), Path(found).read_bytes()) if found else Answer(404)


def _asked(address: str) -> Answer:
    site, parts = urlsplit(settings.SITE_URL), urlsplit(address)
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": unquote(parts.path),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": site.hostname or "localhost",
        "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": site.scheme or "http",
        "wsgi.input": BytesIO(),
    }
    response = _handler().get_response(WSGIRequest(environ))
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if file := getattr(response, "file_to_stream", None):
        file.close()  # closing the response would end a request that never began, and the connection with it
    name = re.search(r'filename="([^"]+)"', response.headers.get("Content-Disposition", ""))
    return Answer(response.status_code, response.headers.get("Content-Type", ""), body, name[1] if name else "")


@cache
def _handler() -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    return handler
