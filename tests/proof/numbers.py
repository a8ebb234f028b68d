"""Numbers of a result, each with the list behind it: from what tests noted, how they ended, what programs measured.

A number is a dictionary: `key`, `label`, `words` (what it says), `columns` and `rows` (the list), and `file` where the
whole list is too long to be read and stands in a file of its own.
"""

import csv
import gzip
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

import ml4rs.editions
from tests.proof import ledger

LONG = 2000  # rows
NOTHING = "nothing was tried"
_SIGHT = yaml.safe_load((Path(ml4rs.editions.__file__).parent / "visibility.yaml").read_text())
_LABELS = _SIGHT["columns"] | {row["key"]: row["label"] for row in _SIGHT["rows"]}


def label_of(word: object) -> object:
    """The product's own words for a row or column of the table of sight, else the word without its underscores."""
    if not isinstance(word, str):
        return word
    return _LABELS.get(word) or (word[:1].upper() + word[1:]).replace("_", " ")


@dataclass(frozen=True)
class Summary:
    """How the notes of one kind are summed: by which facts, what is counted, which of those counts should be 0.

    `across` are facts of which the page tells how many different ones there were, with the word for several of them.
    """

    key: str
    kind: str
    label: str
    by: tuple[str, ...]
    counts: dict[str, Callable[[dict], int]]
    bad: str = ""
    across: dict[str, str] = field(default_factory=dict)
    of: Callable[[dict], bool] = lambda line: True


SUMMARIES = (
    Summary(
        "cells", "cell", "Cells of the table of sight", ("row", "actor", "channel"),
        {"tried": lambda n: 1, "as the table says": lambda n: n["met"] == n["expected"],
         "not as the table says": lambda n: n["met"] != n["expected"]},
        bad="not as the table says",
        across={"row": "rows", "actor": "actors", "phase": "phases", "channel": "channels"},
    ),
    Summary(
        "worlds", "worlds", "Pairs of worlds that differ in something hidden", ("twist", "phase", "actor"),
        {"pairs": lambda n: 1, "requests": lambda n: n["requests"], "answers that differ": lambda n: n["differing"]},
        bad="answers that differ",
        across={"twist": "twists", "actor": "actors", "phase": "phases"},
    ),
    Summary(
        "addresses", "address", "Addresses visited", ("actor", "phase"),
        {"visited": lambda n: not n.get("reason"), "with parameters": lambda n: bool(n.get("parameters")),
         "answered with a page": lambda n: n.get("status") == 200, "left out": lambda n: bool(n.get("reason"))},
        across={"actor": "actors", "phase": "phases"},
    ),
    Summary(
        "left-out", "address", "Addresses left out, and why", ("reason",), {"addresses": lambda n: 1},
        of=lambda n: bool(n.get("reason")),
    ),
    Summary("posts", "post", "Forms sent by people who must not see their page", ("actor", "phase", "status"),
            {"forms": lambda n: 1}, across={"actor": "actors", "phase": "phases"}),
    Summary("hostile", "hostile", "Files that mean ill or are broken", ("verdict",), {"files": lambda n: 1}),
)  # fmt: skip


def of_ledger(kinds: Iterable[str], notes: Callable[[], Iterator[dict]], folder: Path, part: str) -> list[dict]:
    """One pass for the sums, one for the files with every note: there may be hundreds of thousands."""
    summaries = [summary for summary in SUMMARIES if summary.kind in kinds]
    sums: dict[str, dict[tuple, Counter]] = {summary.key: {} for summary in summaries}
    met: dict[str, dict[str, set]] = {summary.key: {fact: set() for fact in summary.across} for summary in summaries}
    for line in notes():
        for summary in summaries:
            if line["kind"] == summary.kind and summary.of(line):
                group = tuple(line.get(fact, "") for fact in summary.by)
                counter = sums[summary.key].setdefault(group, Counter())
                counter.update({title: int(count(line)) for title, count in summary.counts.items()})
                for fact, values in met[summary.key].items():
                    values.add(line.get(fact, ""))
    files = _write_notes(kinds, notes, folder, part)
    return [_summed(each, sums[each.key], met[each.key], files.get(each.kind, "")) for each in summaries]


def _summed(summary: Summary, groups: dict[tuple, Counter], met: dict[str, set], file: str) -> dict:
    titles = list(summary.counts)
    totals = sum(groups.values(), Counter())
    rows = [
        [*map(label_of, group), *(counter[title] for title in titles)]
        for group, counter in sorted(groups.items(), key=lambda item: tuple(map(str, item[0])))
    ]
    words = ", ".join(f"{totals[title]:,} {title}" for title in titles) if groups else NOTHING
    if met and groups:
        spread = {fact: len(met[fact]) for fact in summary.across}
        words += f" ({' × '.join(f'{n:,} {fact if n == 1 else summary.across[fact]}' for fact, n in spread.items())})"
    number = _number(summary.key, summary.label, words, [*map(label_of, summary.by), *map(label_of, titles)], rows)
    return number | {"file": file if groups else "", "bad": totals[summary.bad] if summary.bad else 0}


def _write_notes(kinds: Iterable[str], notes: Callable[[], Iterator[dict]], folder: Path, part: str) -> dict[str, str]:
    names = {}
    for kind in kinds:
        columns = [*ledger.KINDS[kind], "test"]
        rows = ([line.get(column, "") for column in columns] for line in notes() if line["kind"] == kind)
        names[kind] = write_list(folder, f"{part}-{kind}", columns, rows)
    return names


def write_list(folder: Path, name: str, columns: list[str], rows: Iterable[Iterable]) -> str:
    file = folder / f"{name}.csv.gz"
    with gzip.open(file, "wt", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(columns)
        writer.writerows(rows)
    return file.name


def of_tests(tests: list[dict], folder: Path, part: str) -> list[dict]:
    """How tests ended: by file, and the reasons of those that did not run."""
    by_file: dict[str, Counter] = {}
    for test in tests:
        counter = by_file.setdefault(test["test"].partition("::")[0], Counter())
        counter.update({test["outcome"]: 1, "ms": round(test["seconds"] * 1000)})
    columns = ["File", "Passed", "Failed", "Skipped", "Seconds"]
    rows = [[name, c["passed"], c["failed"], c["skipped"], round(c["ms"] / 1000, 1)]
            for name, c in sorted(by_file.items())]  # fmt: skip
    ended = Counter(test["outcome"] for test in tests)
    words = ", ".join(f"{ended[outcome]:,} {outcome}" for outcome in ("passed", "failed", "skipped"))
    every = ([t["step"], t["test"], t["outcome"], t["seconds"], t.get("text", "")] for t in tests)
    file = write_list(folder, f"{part}-tests", ["step", "test", "outcome", "seconds", "text"], every)
    number = _number("tests", "Tests", words if tests else "no test ran", columns, rows)
    found = [number | {"file": file, "bad": ended["failed"]}]
    if ended["skipped"]:
        reasons = Counter(test["text"] for test in tests if test["outcome"] == "skipped")
        words = "1 test" if ended["skipped"] == 1 else f"{ended['skipped']:,} tests"
        rows = [[reason, count] for reason, count in reasons.most_common()]
        found.append(_number("skipped", "Tests that did not run, and why", words, ["Reason", "Tests"], rows))
    return found


def of_figures(figures: dict, folder: Path, part: str) -> list[dict]:
    """What a program of ours left: tables of the benchmarks, or numbers as the proof has them."""
    tables = [
        {"key": f"table-{place}", "label": table["title"], "columns": table["columns"], "rows": table["rows"],
         "note": table.get("note", "")}
        for place, table in enumerate(figures.get("tables", ()), 1)
    ]  # fmt: skip
    found = []
    for table in [*tables, *figures.get("numbers", ())]:
        rows = table["rows"]
        lines = "1 line" if len(rows) == 1 else f"{len(rows):,} lines"
        number = _number(table["key"], table["label"], lines if rows else NOTHING, table["columns"], rows)
        file = write_list(folder, f"{part}-{table['key']}", table["columns"], rows) if len(rows) > LONG else ""
        found.append(number | {"file": file, "note": table.get("note", "")})
    return found


def _number(key: str, label: str, words: str, columns: list, rows: list[list]) -> dict:
    return {
        "key": key, "label": label, "words": words, "columns": columns, "rows": rows[:LONG], "count": len(rows),
        "file": "", "bad": 0, "note": "",
    }  # fmt: skip
