"""Tables for an assignment without a database: CSV files in, CSV and figures out. Plain Python.

Every fault is told with file and line. A first line that names the columns may be there or not.
"""

import csv
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from reviews.matching.assignment import Assignment
from reviews.matching.problem import Pair, Problem, Rules


class TableError(ValueError):
    """A file that cannot be used; `str()` names it, the line and the fault."""


@dataclass
class Names:
    """Identifiers by position, and back."""

    what: str
    ids: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)

    def place(self, name: str) -> int:
        """Where it stands; at the end if it is new."""
        if name not in self.places:
            self.places[name] = len(self.ids)
            self.ids.append(name)
        return self.places[name]

    def known(self, name: str, where: str) -> int:
        if name not in self.places:
            raise TableError(f"{where}: there is no {self.what} “{name}” among the scores, demands or loads.")
        return self.places[name]


@dataclass
class Files:
    """Where the tables are; only the scores must be there."""

    affinity: Path
    conflicts: Path | None = None
    demands: Path | None = None
    loads: Path | None = None
    locked: Path | None = None
    institutions: Path | None = None


@dataclass
class Tables:
    """A problem with the names of its papers and reviewers."""

    problem: Problem
    papers: Names
    reviewers: Names
    conflicts: np.ndarray  # per paper, how many reviewers are barred


def rows(path: Path, *columns: str) -> Iterator[tuple[str, list[str]]]:
    """Each line's place ("file, line n") and its cells, without blanks around them.

    Raises:
        TableError: no such file, not UTF-8, or another number of cells.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines)
            for cells in reader:
                stripped = [cell.strip() for cell in cells]
                where = f"{path.name}, line {reader.line_num}"
                if not any(stripped) or (reader.line_num == 1 and stripped[0].lower() == columns[0]):
                    continue
                if len(stripped) != len(columns) or not all(stripped):
                    raise TableError(f"{where}: {len(columns)} cells are needed: {','.join(columns)}.")
                yield where, stripped
    except OSError as error:
        raise TableError(f"{path}: {error.strerror}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise TableError(f"{path.name} is no CSV file in UTF-8: {error}.") from error


def whole(text: str, where: str, what: str) -> int:
    """A number of things.

    Raises:
        TableError: negative, or no whole number.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise TableError(f"{where}: {what} must be a whole number from 0, not “{text}”.")
    return int(text)


def read(files: Files, *, per_paper: int, most: int, least: int = 0, missing: float | None = None) -> Tables:
    """The problem that the files describe; defaults hold for papers and reviewers that they do not name.

    A pair without a score cannot be assigned, unless `missing` says what it counts.

    Raises:
        TableError: a fault in one of the files.
    """
    papers, reviewers = Names("paper"), Names("reviewer")
    scores = _scores(files.affinity, papers, reviewers)
    wanted = dict(_numbers(files.demands, papers, "demand"))
    loads = dict(_loads(files.loads, reviewers))
    matrix = _matrix(scores, len(papers.ids), len(reviewers.ids), missing)
    barred = np.zeros(len(papers.ids), np.int64)
    for paper, reviewer, _ in _pairs(files.conflicts, papers, reviewers):
        barred[paper] += 1
        matrix[paper, reviewer] = np.nan
    conflicts = {(paper, reviewer) for paper, reviewer, _ in _pairs(files.conflicts, papers, reviewers)}
    locked: set[Pair] = set()
    for paper, reviewer, where in _pairs(files.locked, papers, reviewers):
        if (paper, reviewer) in conflicts:
            raise TableError(f"{where}: this pair is locked and in conflict.")
        locked.add((paper, reviewer))
    of_all = [loads.get(place, (min(least, most), most)) for place in range(len(reviewers.ids))]
    problem = Problem(
        matrix,
        np.array([wanted.get(place, per_paper) for place in range(len(papers.ids))], np.int64),
        np.array([pair[1] for pair in of_all], np.int64),
        np.array([pair[0] for pair in of_all], np.int64),
        frozenset(locked),
        Rules(institutions=_institutions(files.institutions, reviewers)),
    )
    return Tables(problem, papers, reviewers, barred)


def _scores(path: Path, papers: Names, reviewers: Names) -> tuple[array, array, array]:
    at_paper, at_reviewer, values = array("q"), array("q"), array("d")
    seen: set[Pair] = set()
    for where, (paper, reviewer, text) in rows(path, "paper_id", "reviewer_id", "score"):
        try:
            score = float(text)
        except ValueError:
            raise TableError(f"{where}: “{text}” is no number.") from None
        if not isfinite(score):
            raise TableError(f"{where}: a score must be a number, not “{text}”.")
        pair = papers.place(paper), reviewers.place(reviewer)
        if pair in seen:
            raise TableError(f"{where}: the pair {paper}, {reviewer} stands there twice.")
        seen.add(pair)
        at_paper.append(pair[0])
        at_reviewer.append(pair[1])
        values.append(score)
    return at_paper, at_reviewer, values


def _matrix(scores: tuple[array, array, array], papers: int, reviewers: int, missing: float | None) -> np.ndarray:
    matrix = np.full((papers, reviewers), np.nan if missing is None else missing)
    paper, reviewer, score = (np.array(column) for column in scores)
    if len(paper):
        matrix[paper, reviewer] = score
    return matrix


def _numbers(path: Path | None, names: Names, what: str) -> Iterator[tuple[int, int]]:
    seen: set[int] = set()
    for where, (name, text) in rows(path, f"{names.what}_id", what) if path else ():
        place = names.place(name)
        if place in seen:
            raise TableError(f"{where}: “{name}” stands there twice.")
        seen.add(place)
        yield place, whole(text, where, f"A {what}")


def _loads(path: Path | None, reviewers: Names) -> Iterator[tuple[int, tuple[int, int]]]:
    seen: set[int] = set()
    for where, (name, least, most) in rows(path, "reviewer_id", "min", "max") if path else ():
        place = reviewers.place(name)
        if place in seen:
            raise TableError(f"{where}: “{name}” stands there twice.")
        seen.add(place)
        pair = whole(least, where, "A least load"), whole(most, where, "A load")
        if pair[0] > pair[1]:
            raise TableError(f"{where}: nobody can review at least {pair[0]} and at most {pair[1]} papers.")
        yield place, pair


def _pairs(path: Path | None, papers: Names, reviewers: Names) -> Iterator[tuple[int, int, str]]:
    for where, (paper, reviewer) in rows(path, "paper_id", "reviewer_id") if path else ():
        yield papers.known(paper, where), reviewers.known(reviewer, where), where


def _institutions(path: Path | None, reviewers: Names) -> dict[int, str]:
    found: dict[int, str] = {}
    for where, (reviewer, institution) in rows(path, "reviewer_id", "institution") if path else ():
        place = reviewers.known(reviewer, where)
        if found.setdefault(place, institution) != institution:
            raise TableError(f"{where}: “{reviewer}” has another institution in a line before.")
    return found


def write(tables: Tables, found: Assignment, out: Path) -> None:
    """The pairs, by paper and reviewer as they came."""
    with out.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["paper_id", "reviewer_id", "score"])
        for paper, reviewer in found.pairs:
            score = tables.problem.score((paper, reviewer))
            writer.writerow([tables.papers.ids[paper], tables.reviewers.ids[reviewer], f"{score:.12g}"])


def report(tables: Tables, found: Assignment, costs: Mapping[str, float]) -> dict[str, Any]:
    """What came out, as plain data: figures, loads, proof, and what is missing and why."""
    papers, reviewers = tables.papers.ids, tables.reviewers.ids
    return {
        "status": "optimal" if found.status == "optimal" and not found.unfilled else "infeasible",
        "papers": len(papers),
        "reviewers": len(reviewers),
        "reviews": len(found.pairs),
        "total": found.total,
        "worst": found.worst,
        "lowest_tenth": found.lowest_tenth,
        "mean": found.mean,
        "loads": dict(zip(reviewers, found.loads, strict=True)),
        "unmet": {papers[paper]: number for paper, number in found.unmet.items()},
        "unfilled": {reviewers[reviewer]: number for reviewer, number in found.unfilled.items()},
        "explanation": explanation(tables, found),
        "certificate": found.certificate,
        **costs,
    }


def explanation(tables: Tables, found: Assignment) -> list[str]:
    """What is missing, from the final cut, and the smallest change that helps; empty where nothing is."""
    said, problem = [], tables.problem
    if found.shortage is not None and found.shortage.papers:
        cut = found.shortage
        papers, people = _named(tables.papers, cut.papers), _named(tables.reviewers, cut.reviewers)
        said.append(
            f"The papers {papers} need {cut.needed} reviews. The only reviewers open to them, {people or 'nobody'}, "
            f"can give {cut.available}. {cut.missing} are missing."
        )
        for paper, number in found.unmet.items():
            open_to = int((~np.isnan(problem.scores[paper])).sum())
            said.append(
                f"{tables.papers.ids[paper]} lacks {number}: {int(tables.conflicts[paper])} reviewers are in conflict "
                f"and {open_to} are open to it."
            )
        help_wanted = f"raise the loads of {people} by {cut.missing} in all, or " if cut.reviewers else ""
        said.append(f"It helps to {help_wanted}ask more people for these papers.")
    if found.unfilled:
        names, places = _named(tables.reviewers, tuple(found.unfilled)), sum(found.unfilled.values())
        said.append(f"The least load cannot be reached by {names}: {places} papers are missing.")
    return said


def _named(names: Names, places: tuple[int, ...], most: int = 12) -> str:
    shown = ", ".join(names.ids[place] for place in places[:most])
    return f"{shown} and {len(places) - most} more" if len(places) > most else shown
