"""Affinities of papers and reviewers from a folder of texts, without a database."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviews.matching import archives
from reviews.matching.affinity import Affinities, Profile
from reviews.matching.memory import Memory
from reviews.matching.sentences import ModelError, SentenceModel, packaged_folder


class Command(BaseCommand):
    help = "Score how close reviewers' publications are to papers, from a folder, without a database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="With submissions.json(l) and archives/REVIEWER.jsonl")
        parser.add_argument("--out", type=Path, required=True, help="paper_id,reviewer_id,score")
        parser.add_argument("--model", type=Path, help="Folder of another sentence model (BERT, safetensors)")
        parser.add_argument("--words-only", action="store_true", help="Without the sentence model")
        parser.add_argument("--memory", type=Path, help="Where vectors of texts are kept from run to run")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = archives.read(options["folder"])
            model = self._model(options)
        except (archives.ArchiveError, ModelError) as error:
            raise CommandError(str(error)) from error
        for remark in found.remarks:
            self.stderr.write(remark)
        papers = [Profile(text) for text in found.papers.values()]
        people = [Profile(publications=tuple(texts)) for texts in found.people.values()]
        scores = Affinities(papers, people, model).texts()
        try:
            self._write(options["out"], list(found.papers), list(found.people), scores)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from error
        self.stdout.write(f"{np.isfinite(scores).sum()} scores of {len(papers)} papers and {len(people)} reviewers")

    def _model(self, options: dict[str, Any]) -> Memory | None:
        if options["words_only"]:
            return None
        if options["model"] is None and packaged_folder() is None:
            self.stderr.write("The sentence model is not installed: words alone are compared.")
            return None
        return Memory(SentenceModel(options["model"]), options["memory"] or settings.DATA_DIR / "vectors.sqlite3")

    def _write(self, out: Path, papers: list[str], people: list[str], scores) -> None:
        with out.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines)
            writer.writerow(["paper_id", "reviewer_id", "score"])
            for row, paper in enumerate(papers):
                for column, person in enumerate(people):
                    if np.isfinite(scores[row, column]):
                        writer.writerow([paper, person, f"{scores[row, column]:.6f}"])
