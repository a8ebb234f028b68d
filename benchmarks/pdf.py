"""The PDF check on made-up papers: processor time and memory of its child processes."""

import resource
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.tables import Table


def measure(*, quick: bool) -> Iterator[Table]:
    from submissions.pdfcheck import Rules, check
    from submissions.pdfcheck.rules import Author

    authors = (Author("Ada Lovelace", "ada@example.org", "Analytical Society"),)
    table = Table(
        "PDF check of one paper, in child processes",
        ["paper", "processor s", "verdict"],
        note="",
    )
    with tempfile.TemporaryDirectory() as folder:
        for name, pages, content in _papers(quick=quick):
            path = Path(folder) / "paper.pdf"
            path.write_bytes(content)
            before = _children()
            rules = Rules(page_limit=pages, authors=authors, landscape=name == "slide")
            result = check(path, rules)
            table.rows.append([name, _children() - before, str(result.verdict)])
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    table.note = f"The largest child held {peak} MiB."
    yield table


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _papers(*, quick: bool) -> Iterator[tuple[str, int, bytes]]:
    from random import Random

    from ml4rs.demo.population.manuscripts import manuscript, slide

    chance = Random(2025)
    yield "slide", 1, slide("Seeing fields from space", "two seasons of radar")
    for pages in (4,) if quick else (4, 9, 30):
        abstract = "We look at fields. " * 30
        yield f"{pages} pages", pages, manuscript(chance, "Seeing fields from space", abstract, pages=pages)
