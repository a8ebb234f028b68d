"""Front-end packages as static files: a short list of what pages load from node_modules, and nothing else.

`npm ci` fetches the packages; none of them is committed, and none of their sources, docs or examples is served.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core import checks
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage

# Address below /static/vendor/ -> file below node_modules/. Source maps come along because the files refer to
# them, and the manifest storage refuses a reference to a file that is not there.
FILES = {
    "bootstrap/bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap/bootstrap.min.css.map": "bootstrap/dist/css/bootstrap.min.css.map",
    "bootstrap/bootstrap.bundle.min.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "bootstrap/bootstrap.bundle.min.js.map": "bootstrap/dist/js/bootstrap.bundle.min.js.map",
    "bootstrap-icons/bootstrap-icons.svg": "bootstrap-icons/bootstrap-icons.svg",
    "bootstrap-icons/bootstrap-icons.min.css": "bootstrap-icons/font/bootstrap-icons.min.css",
    "bootstrap-icons/fonts/bootstrap-icons.woff": "bootstrap-icons/font/fonts/bootstrap-icons.woff",
    "bootstrap-icons/fonts/bootstrap-icons.woff2": "bootstrap-icons/font/fonts/bootstrap-icons.woff2",
    "sortablejs/Sortable.min.js": "sortablejs/Sortable.min.js",
    "katex/katex.min.css": "katex/dist/katex.min.css",
    "katex/katex.min.js": "katex/dist/katex.min.js",
    "katex/auto-render.min.js": "katex/dist/contrib/auto-render.min.js",
}
# Whole folders, where a style sheet names many files of one kind.
FOLDERS = {"katex/fonts": "katex/dist/fonts"}
PREFIX = "vendor"


class VendorStorage(FileSystemStorage):
    """Reads the listed files by their public name; there is no other name."""

    prefix = PREFIX

    def __init__(self, location: Path | None = None) -> None:
        super().__init__(location=location or settings.BASE_DIR / "node_modules", base_url=settings.STATIC_URL)

    def path(self, name: str) -> str:
        folder, _, leaf = name.rpartition("/")
        if name in FILES:
            return super().path(FILES[name])
        if folder in FOLDERS and leaf:
            return super().path(f"{FOLDERS[folder]}/{leaf}")
        raise SuspiciousFileOperation(f"{name!r} is not one of the vendor files that this project serves.")

    def names(self) -> Iterator[str]:
        """The public name of every listed file that is there."""
        yield from (name for name in FILES if self.exists(name))
        for public, real in FOLDERS.items():
            folder = Path(self.location) / real
            yield from (f"{public}/{file.name}" for file in sorted(folder.glob("*")))


class VendorFinder(BaseFinder):
    """Lets `{% static "vendor/…" %}`, collectstatic and whitenoise find the listed files."""

    def __init__(self, *args, **kwargs) -> None:
        self.storage = VendorStorage()

    def check(self, **kwargs) -> list[checks.CheckMessage]:
        missing = sorted(name for name in FILES if not self.storage.exists(name))
        if not missing:
            return []
        return [
            checks.Warning(
                f"Front-end files are missing: {', '.join(missing)}.",
                hint="Run `npm ci` (or `make setup`) in the project's folder.",
                id="ml4rs.W001",
            )
        ]

    def find(self, path: str, find_all: bool = False, **kwargs) -> str | list[str]:  # type: ignore[override]
        prefix, _, name = path.partition("/")
        try:
            found = prefix == PREFIX and self.storage.exists(name)
        except SuspiciousFileOperation:
            found = False
        if not found:
            return []  # as Django's own finders do, whatever was asked
        return [self.storage.path(name)] if find_all else self.storage.path(name)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, VendorStorage]]:
        for name in self.storage.names():
            if not matches_patterns(name, list(ignore_patterns or [])):
                yield name, self.storage
