"""`manage.py load_edition FILE`: create or update an edition from its file."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ml4rs.editions.filing import CannotLoadError, InvalidFileError, Loaded, counted, load, read


class Command(BaseCommand):
    help = "Create or update an edition from one YAML file (see docs/editions.md). Changes all of it or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="Path of the file; - reads standard input.")
        parser.add_argument("--dry-run", action="store_true", help="Show what would change, and change nothing.")

    def handle(self, *, file: str, dry_run: bool, verbosity: int, **options) -> None:
        text, folder = _content(file)
        try:
            loaded = load(read(text, folder), dry_run=dry_run)
        except InvalidFileError as error:
            count = len(error.problems)
            told = "\n".join(f"{file}:{problem.line}:{problem.column}: {problem.words}" for problem in error.problems)
            raise CommandError(f"{told}\n{count} problem{'s' if count > 1 else ''}. Nothing was changed.") from error
        except CannotLoadError as error:
            raise CommandError(f"{file}: {error} Nothing was changed.") from error
        if verbosity:
            self._report(loaded, dry_run=dry_run, verbosity=verbosity)

    def _report(self, loaded: Loaded, *, dry_run: bool, verbosity: int) -> None:
        told = [line for each in loaded.differences for line in each.lines()]
        shown = told if dry_run or verbosity > 1 or not loaded.created else []
        for line in [*shown, *loaded.notes]:
            self.stdout.write(f"  {line}")
        name = loaded.edition.slug
        did = "created" if loaded.created else "updated"
        does = f"would be {did}" if dry_run else f"is {did}"
        after = " This was a dry run." if dry_run else ""
        self.stdout.write(f"Edition {name} {does}: {counted(loaded.differences)}.{after}")


def _content(file: str) -> tuple[str, Path]:
    """The text, and the folder that paths in it count from."""
    if file == "-":
        return sys.stdin.read(), Path.cwd()
    path = Path(file)
    try:
        return path.read_text(encoding="utf-8"), path.parent
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read: {error}") from error
