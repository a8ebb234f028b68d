"""The scores of all pairs as the solver took them, kept with a run so that changes by hand use the same ones."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Scores:
    """`matrix` is papers × people in 32 bits, by keys of both; NaN where a pair is impossible."""

    papers: tuple[int, ...]
    people: tuple[int, ...]
    matrix: npt.NDArray[np.float32]

    def packed(self) -> bytes:
        """A line with the keys, then the matrix by rows, little-endian; all of it compressed."""
        keys = json.dumps([self.papers, self.people]).encode()
        return zlib.compress(keys + b"\n" + self.matrix.astype("<f4").tobytes(), 6)

    @classmethod
    def unpacked(cls, data: bytes) -> "Scores":
        """None at all from nothing."""
        if not data:
            return cls((), (), np.zeros((0, 0), np.float32))
        head, _, body = zlib.decompress(bytes(data)).partition(b"\n")
        papers, people = (tuple(keys) for keys in json.loads(head))
        return cls(papers, people, np.frombuffer(body, "<f4").reshape(len(papers), len(people)))

    def of(self, paper: int, person: int) -> float | None:
        """By keys; None for a pair that is impossible or not there."""
        try:
            score = float(self.matrix[self.papers.index(paper), self.people.index(person)])
        except ValueError:
            return None
        return None if np.isnan(score) else score

    def only(self, papers: Sequence[int]) -> "Scores":
        """The rows of some papers, in this order of those that are there."""
        wanted = set(papers)
        rows = [place for place, paper in enumerate(self.papers) if paper in wanted]
        return Scores(tuple(self.papers[row] for row in rows), self.people, self.matrix[rows])

    def lookup(self) -> dict[tuple[int, int], float]:
        """Every possible pair by keys."""
        rows, columns = np.nonzero(~np.isnan(self.matrix))
        values = self.matrix[rows, columns].tolist()
        pairs = zip(rows.tolist(), columns.tolist(), values, strict=True)
        return {(self.papers[row], self.people[column]): value for row, column, value in pairs}
