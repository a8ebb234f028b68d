"""Vectors of texts, kept in a file from one run to the next: by model and text, so that nothing goes stale."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from reviews.matching.sentences import SentenceModel, Vectors

_MANY = 500


class Memory:
    """A model that remembers. Several processes may use one file; without a file nothing is kept."""

    def __init__(self, model: SentenceModel, file: Path | None = None) -> None:
        self.model, self.file = model, file
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._open()) as database, database:
                database.execute("CREATE TABLE IF NOT EXISTS vector (key TEXT PRIMARY KEY, value BLOB NOT NULL)")

    def embed(self, texts: Sequence[str], progress: Callable[[float], None] | None = None) -> Vectors:
        """One vector for each text, texts × size; only what is new is worked out, each text once."""
        keys = [self._key(text) for text in texts]
        known = self._known(set(keys))
        fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        for vectors in self._worked_out(list(fresh.items()), progress):
            known |= vectors
        found = np.zeros((len(texts), self.model.size), np.float32)
        for place, key in enumerate(keys):
            found[place] = known[key]
        return found

    def _worked_out(
        self, fresh: list[tuple[str, str]], progress: Callable[[float], None] | None
    ) -> Iterable[dict[str, Vectors]]:
        """Many at a time, each lot kept before the next begins: a run that ends halfway is not lost."""
        for start in range(0, len(fresh), _MANY):
            lot = fresh[start : start + _MANY]

            def heard(share: float, start: int = start, lot: list = lot) -> None:
                if progress:
                    progress((start + share * len(lot)) / len(fresh))

            vectors = self.model.embed([text for _, text in lot], heard)
            made = {key: vector for (key, _), vector in zip(lot, vectors, strict=True)}
            self._keep(made)
            yield made

    def _key(self, text: str) -> str:
        return hashlib.sha256(f"{self.model.digest}\0{text}".encode(errors="replace")).hexdigest()

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self.file or ":memory:", timeout=30)

    def _known(self, keys: set[str]) -> dict[str, Vectors]:
        found: dict[str, Vectors] = {}
        if self.file is None:
            return found
        wanted = sorted(keys)
        with closing(self._open()) as database:
            for start in range(0, len(wanted), _MANY):
                some = wanted[start : start + _MANY]
                marks = ",".join("?" * len(some))
                rows = database.execute(f"SELECT key, value FROM vector WHERE key IN ({marks})", some)  # noqa: S608
                for key, value in rows:
                    vector = np.frombuffer(value, np.float32)
                    if len(vector) == self.model.size:
                        found[key] = vector
        return found

    def _keep(self, vectors: dict[str, Vectors]) -> None:
        if self.file is None:
            return
        rows = [(key, np.ascontiguousarray(vector, np.float32).tobytes()) for key, vector in vectors.items()]
        with closing(self._open()) as database, database:
            database.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", rows)
