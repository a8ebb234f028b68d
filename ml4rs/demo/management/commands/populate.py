"""`manage.py populate`: a realistic made-up load for tests, measurements and demonstrations."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from time import monotonic

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ml4rs.demo.population import PHASES, AlreadyFilledError, Order, populate
from ml4rs.editions.models import Edition


def _instant(text: str) -> datetime:
    """UTC where no offset is given. Raises ValueError on anything else, which the command line tells."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


class Command(BaseCommand):
    help = "Fill an edition with made-up people, papers, reviews and all that follows. Sends no mail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--edition", required=True, help="Its slug.")
        parser.add_argument("--submissions", type=int, default=100)
        parser.add_argument("--reviewers", type=int, default=40)
        parser.add_argument("--seed", type=int, default=1, help="The same seed gives the same data.")
        parser.add_argument(
            "--now", type=_instant, help="An instant (ISO 8601) that nothing is later than; the clock's."
        )
        parser.add_argument("--phase", choices=PHASES, default=PHASES[-1], help="How far the edition has come.")
        parser.add_argument("--track", action="append", default=[], help="Only this track; may be repeated.")
        parser.add_argument("--force", action="store_true", help="Also on a site that is not in debug mode.")

    def handle(
        self, *, edition: str, submissions: int, reviewers: int, seed: int, phase: str, now: datetime | None, **options
    ) -> None:
        if not (settings.DEBUG or options["force"]):
            raise CommandError("This fills a real site with invented people. Give --force if that is meant.")
        found = Edition.objects.filter(slug=edition).first()
        if found is None:
            raise CommandError(f"There is no edition “{edition}”.")
        if submissions < 1 or reviewers < 1:
            raise CommandError("Ask for at least one submission and one reviewer.")
        order = Order(submissions, reviewers, seed, phase, tuple(options["track"]))
        begun = monotonic()
        try:
            scene = populate(found, order, now=now)
        except (AlreadyFilledError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{len(scene.papers)} submissions by {len(scene.authors)} authors and {len(scene.reviewers)} people asked "
            f"to review are in {edition} ({phase}), after {monotonic() - begun:.1f} s."
        )
