"""`manage.py dump_edition SLUG`: write an edition as the file that would load it."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ml4rs.editions.filing import dump, write_yaml
from ml4rs.editions.models import Edition


class Command(BaseCommand):
    help = "Write an edition as one YAML file (see docs/editions.md). Loading it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="Which edition, such as iclr2025.")
        parser.add_argument("--out", metavar="FILE", help="Where to; default: standard output.")
        parser.add_argument("--roles", action="store_true", help="Write roles too, with people's addresses.")

    def handle(self, *, slug: str, out: str | None, roles: bool, **options) -> None:
        edition = Edition.objects.filter(slug=slug).first()
        if edition is None:
            known = ", ".join(Edition.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no edition “{slug}”. Known: {known}.")
        text = write_yaml(dump(edition, roles=roles))
        if out is None:
            self.stdout.write(text, ending="")
            return
        try:
            Path(out).write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error}") from error
