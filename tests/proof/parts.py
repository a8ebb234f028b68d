"""The parts of the proof, as data: what each tries, and by which command or selection of tests.

Those that use the main database share no test and leave none out; `tests/test_proof.py` holds them to it.
"""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MINUTES = 60

NEEDS_SERVERS = "browser or services"
PDF_FILES = "submissions/tests/test_pdf*.py"


@dataclass(frozen=True)
class Selection:
    """One run of pytest over what `markers` select, on the main database or the other one."""

    name: str
    markers: str = ""
    database: str = "main"
    only: str = ""  # files, as a pattern below the root
    without: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Command:
    """A program of ours; `figures` is the file below the root in which it leaves its tables.

    `going_on` are the arguments by which it goes on where it was stopped.
    """

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    figures: str = ""
    going_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """`kinds` are those of the ledger that it must fill: what stays empty is said on the page."""

    name: str
    title: str
    about: str
    steps: tuple[Selection | Command, ...]
    kinds: tuple[str, ...] = ()
    alone: bool = False  # takes long: runs only when it is named


PARTS = (
    Part(
        "lint",
        "Style, types and floors",
        "Reads the code without running it: style, types, which package may know which, templates, migrations.",
        (Command("lint", "tests", ("lint",)),),
    ),
    Part(
        "main",
        "Behaviour",
        "Every test that needs neither a browser nor servers nor a crawl, on the main database.",
        (Selection("tests", f"not crawl and not proof and not ({NEEDS_SERVERS})", without=PDF_FILES),),
    ),
    Part(
        "budgets",
        "Budgets at 300 rows",
        "What a page may cost does not grow with what it lists: at 300 rows, with all else that takes too "
        "long for every day.",
        (Selection("tests", f"proof and not crawl and not ({NEEDS_SERVERS})", without=PDF_FILES),),
    ),
    Part(
        "pdf",
        "PDF check",
        "Manuscripts that give their authors away, and files that mean ill or are broken: all of the corpora.",
        (Selection("tests", f"not crawl and not ({NEEDS_SERVERS})", only=PDF_FILES),),
        ("hostile",),
    ),
    Part(
        "crawl",
        "Who sees what",
        "Every page, file, feed and form as everybody, in every phase, held against the table of sight; and pairs of "
        "worlds that differ only in what somebody must not know.",
        (Selection("tests", "crawl"),),
        ("cell", "worlds", "address", "post"),
    ),
    Part(
        "services",
        "Browser and servers",
        "A real browser, database server, broker, proxy and processes that are killed.",
        (Selection("tests", f"({NEEDS_SERVERS}) and not crawl"),),
    ),
    Part(
        "other",
        "The other database",
        "Every test again on the database that is not the main one.",
        (Selection("tests", database="other"),),
        ("cell", "worlds", "address", "post", "hostile"),
    ),
    Part(
        "leaks",
        "Planted leaks",
        "Faults that would give something away, planted one at a time: some test must notice each.",
        (Command("leaks", "tests.mutants", ("leaks",), "var/proof/mutants-leaks.json", ("--resume",)),),
    ),
    Part(
        "generated",
        "Generated faults",
        "Faults planted by a program in rules, verbs and engines, a sample drawn by a seed.",
        (Command("generated", "tests.mutants", ("generated",), "var/proof/mutants-generated.json", ("--resume",)),),
        alone=True,
    ),
    Part(
        "growth",
        "Growth",
        "What pages cost with 100, 300 and 1,000 submissions, and how long filling takes.",
        (
            Command(
                "pages",
                "benchmarks",
                ("pages", "filling", "--folder", "var/proof/growth"),
                "var/proof/growth/figures.json",
            ),
        ),
        alone=True,
    ),
    Part(
        "deadline",
        "The hour of the deadline",
        "Many hand in at once, on the servers of production.",
        (
            Command(
                "deadline",
                "benchmarks",
                ("deadline", "--folder", "var/proof/deadline"),
                "var/proof/deadline/figures.json",
            ),
        ),
        alone=True,
    ),
)
BY_NAME = {part.name: part for part in PARTS}
