"""An assignment from files to files, without a database."""

import json
import resource
import secrets
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviews.matching.assignment import NotPossibleError, solve
from reviews.matching.tables import Files, TableError, read, report, write


class Command(BaseCommand):
    help = "Assign reviewers to papers from CSV files, without a database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--affinity", type=Path, required=True, help="paper_id,reviewer_id,score")
        parser.add_argument("--per-paper", type=int, required=True, help="Reviews that each paper gets")
        parser.add_argument("--max-load", type=int, required=True, help="Most papers of a reviewer")
        parser.add_argument("--min-load", type=int, default=0, help="Least papers of a reviewer")
        parser.add_argument("--conflicts", type=Path, help="paper_id,reviewer_id: never together")
        parser.add_argument("--demands", type=Path, help="paper_id,demand: other numbers of reviews")
        parser.add_argument("--loads", type=Path, help="reviewer_id,min,max: other loads")
        parser.add_argument("--locked", type=Path, help="paper_id,reviewer_id: pairs that stay")
        parser.add_argument("--institutions", type=Path, help="reviewer_id,institution: no two of one on a paper")
        parser.add_argument("--missing", type=float, help="What a pair without a score counts; else it is impossible")
        parser.add_argument("--objective", choices=["total", "fair"], default="total")
        parser.add_argument("--dial", type=float, default=1.0, help="With fair: from 0 (best total) to 1 (best worst)")
        parser.add_argument("--probability-cap", type=float, help="Greatest probability of any pair; draws by lot")
        parser.add_argument("--perturbation", type=float, default=0.0, help="From 0 to 1: spread chances further")
        parser.add_argument("--seed", default="", help="Of the draw; without one a random one is taken and reported")
        parser.add_argument("--seconds", type=float, default=20.0, help="Longest time of one exact step")
        parser.add_argument("--out", type=Path, required=True, help="Where the pairs go, as CSV")
        parser.add_argument("--report", type=Path, required=True, help="Where the figures go, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        self._check(options)
        names = ("affinity", "conflicts", "demands", "loads", "locked", "institutions")
        files = Files(**{name: options[name] for name in names})
        wall, cpu = time.monotonic(), time.process_time()
        try:
            tables = read(
                files,
                per_paper=options["per_paper"],
                most=options["max_load"],
                least=options["min_load"],
                missing=options["missing"],
            )
            read_after = time.process_time() - cpu
            cap = options["probability_cap"]
            fading = options["perturbation"]
            seed = (options["seed"] or secrets.token_hex(16)) if cap is not None or fading else ""
            aim, dial, seconds = options["objective"], options["dial"], options["seconds"]
            found = solve(tables.problem, aim=aim, dial=dial, cap=cap, fading=fading, seed=seed, seconds=seconds)
        except (TableError, NotPossibleError, ValueError) as error:
            raise CommandError(str(error)) from error
        costs = {
            "seconds": time.monotonic() - wall,
            "cpu_seconds": time.process_time() - cpu,
            "cpu_seconds_solving": time.process_time() - cpu - read_after,
            "memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
        figures = report(tables, found, costs)
        try:
            write(tables, found, options["out"])
            options["report"].write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from error
        self.stdout.write(f"{figures['status']}: {len(found.pairs)} reviews, total {found.total:.4f}")
        for line in figures["explanation"]:
            self.stdout.write(line)

    def _check(self, options: dict[str, Any]) -> None:
        for name in ("per_paper", "max_load", "min_load"):
            if options[name] < 0:
                raise CommandError(f"--{name.replace('_', '-')} must not be negative.")
        if options["min_load"] > options["max_load"]:
            raise CommandError("--min-load must not be greater than --max-load.")
        if not 0 <= options["dial"] <= 1:
            raise CommandError("--dial must be between 0 and 1.")
        if not 0 <= options["perturbation"] <= 1:
            raise CommandError("--perturbation must be between 0 and 1.")
