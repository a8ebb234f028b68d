"""`manage.py check_pdf FILE…`: the PDF check by hand, without a database unless a track is named."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from submissions.pdfcheck import Author, CheckResult, Rules, check
from submissions.pdfcheck.result import refusal

_SHOWN = ("verdict", "pages", "main_text_pages", "references_page", "appendix_page")
_SHOWN_OF_FINDING = ("code", "severity", "page", "excerpt", "message")


class Command(BaseCommand):
    help = "Check PDFs as an upload would be checked. Exits 0 whatever it finds, 2 on wrong usage."
    requires_system_checks: list = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--edition", help="slug of the edition whose track's rules hold (needs the database)")
        parser.add_argument("--track", help="slug of the track")
        parser.add_argument("--page-limit", type=_positive, metavar="N", help="main-text pages")
        parser.add_argument("--appendix", choices=["free", "counted", "forbidden"], default="free")
        parser.add_argument("--blind", choices=["double", "single", "none"], default="double")
        parser.add_argument("--style", choices=["iclr", "any"], default="iclr", help="what the layout is held to")
        parser.add_argument("--author", action="append", default=[], metavar='"Name <mail>; Affiliation"')
        parser.add_argument("--format", choices=["json", "text"], default="text")

    def handle(self, *args, **options) -> None:
        rules = self._rules(options)
        answers = [_as_data(file, _check(file, rules)) for file in options["files"]]
        if options["format"] == "json":
            self.stdout.write(json.dumps(answers, ensure_ascii=False, indent=2))
            return
        for answer in answers:
            self.stdout.write(f"{answer['file']}: {answer['verdict']}, {answer['pages'] or 'unknown'} pages")
            for finding in answer["findings"]:
                where = f"page {finding['page']}: " if finding["page"] else ""
                self.stdout.write(f"  {finding['severity']} {finding['code']}: {where}{finding['message']}")

    def _rules(self, options: dict) -> Rules:
        authors = tuple(Author.parse(text) for text in options["author"])
        if bool(options["edition"]) != bool(options["track"]):
            raise CommandError("Name both --edition and --track, or neither.", returncode=2)
        if not options["edition"]:
            return Rules(
                options["page_limit"],
                appendix=options["appendix"],
                blind=options["blind"],
                authors=authors,
                style="" if options["style"] == "any" else options["style"],
                prints_authors=options["blind"] != "double" and bool(authors),
            )
        from ml4rs.editions.models import Track
        from submissions.tasks import track_rules

        track = Track.objects.filter(edition__slug=options["edition"], slug=options["track"]).first()
        if track is None:
            raise CommandError("There is no such track.", returncode=2)
        return track_rules(track, authors=authors)


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise ArgumentTypeError("must be a whole number from 1")
    return int(text)


def _check(file: str, rules: Rules) -> CheckResult:
    """One file; what cannot be opened is refused like any other bad file."""
    path = Path(file)
    if not path.is_file():
        return refusal("file.missing", "There is no such file.")
    return check(path, rules)


def _as_data(file: str, result: CheckResult) -> dict:
    findings = [{key: getattr(finding, key) for key in _SHOWN_OF_FINDING} for finding in result.findings]
    return {"file": file, **{key: getattr(result, key) for key in _SHOWN}, "findings": findings}
