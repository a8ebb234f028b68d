"""The best placing: as many works as possible, what is alike together, sessions of a kind about equally full.

Every session has a theme, the mean of its texts. With themes given, the sum of closeness of works to the themes of
their sessions is maximised exactly, as a whole-number programme (HiGHS): at most the capacity in a session, nobody in
two sessions at once or twice in one, and an excess over the equal share costs a little. Themes come from balanced
clustering and are then taken from the placing itself until it stays (as in k-means); the best round counts. The gap
tells how far the round is from the bound that no placing with these themes exceeds.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from schedule.placing.problem import Placing

UNPLACED = 4.0  # what leaving a work out costs; closeness is at most 1
EXCESS = 0.05  # what each work beyond a session's equal share costs
_ROUNDS = 4

Matrix = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Placed:
    """`at`: work → place, only those that found one. `value` and `bound` as the module says; `gap` their distance."""

    at: dict[int, int]
    closeness: Matrix  # works × places, to the themes that were used
    value: float
    bound: float
    texts: "Texts | None" = None

    @property
    def gap(self) -> float:
        return (self.bound - self.value) / abs(self.bound) if self.bound else 0.0


def solve(problem: Placing, seconds: float = 20.0) -> Placed:
    """The best placing; works that fit nowhere are left out. `seconds` limits each round."""
    read = Texts.of([work.text for work in problem.works])
    texts, model = read.vectors, _Model(problem)
    themes = _first_themes(problem, texts)
    best = model.place(np.clip(texts @ themes.T, 0, 1), seconds)
    for _ in range(_ROUNDS):
        themes = _themes_of(problem, texts, best.at)
        found = model.place(np.clip(texts @ themes.T, 0, 1), seconds)
        if _togetherness(problem, texts, found.at) <= _togetherness(problem, texts, best.at) + 1e-9:
            break
        best = found
    return replace(best, texts=read)


@dataclass(frozen=True, eq=False)
class Texts:
    """TF-IDF vectors of length 1 (0 for a text without words), works × words."""

    vectors: Matrix
    words: tuple[str, ...]

    @classmethod
    def of(cls, texts: list[str]) -> "Texts":
        from sklearn.feature_extraction.text import TfidfVectorizer

        vectoriser = TfidfVectorizer(sublinear_tf=True, stop_words="english", max_features=20_000)
        try:
            found = vectoriser.fit_transform(texts)
        except ValueError:  # scikit-learn's "empty vocabulary"
            return cls(np.zeros((len(texts), 1)), ("",))
        return cls(np.asarray(found.toarray(), np.float64), tuple(map(str, vectoriser.get_feature_names_out())))

    def in_common(self, one: int, others: list[int], most: int = 3) -> tuple[str, ...]:
        """The words of a text that weigh most in the others together."""
        if not others:
            return ()
        weights = self.vectors[one] * self.vectors[others].sum(axis=0)
        order = np.argsort(-weights, kind="stable")[:most]
        return tuple(self.words[place] for place in order if weights[place] > 0)


def _unit(rows: Matrix) -> Matrix:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1.0)


def _first_themes(problem: Placing, texts: Matrix) -> Matrix:
    """What stands in a session is its theme; the others share out clusters of what may come, per kind."""
    from sklearn.cluster import KMeans

    themes = np.zeros((len(problem.places), texts.shape[1]))
    by_kind: dict[str, list[int]] = defaultdict(list)
    for number, place in enumerate(problem.places):
        if place.inside:
            themes[number] = texts[list(place.inside)].mean(axis=0)
        elif place.capacity:
            by_kind[place.kind].append(number)
    for kind, numbers in by_kind.items():
        coming = texts[[work for work, each in enumerate(problem.works) if kind in each.kinds]]
        distinct = len(np.unique(coming.round(6), axis=0)) if len(coming) else 0
        if distinct >= len(numbers) > 1:
            centres = KMeans(len(numbers), n_init=4, random_state=0).fit(coming).cluster_centers_
            themes[numbers] = centres
        elif len(coming):
            themes[numbers] = coming.mean(axis=0)
    return _unit(themes)


def _themes_of(problem: Placing, texts: Matrix, at: dict[int, int]) -> Matrix:
    themes = np.zeros((len(problem.places), texts.shape[1]))
    for number, members in _members(problem, at).items():
        themes[number] = texts[members].mean(axis=0)
    return _unit(themes)


def _members(problem: Placing, at: dict[int, int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {number: list(place.inside) for number, place in enumerate(problem.places)}
    for work, place in at.items():
        found[place].append(work)
    return {number: members for number, members in found.items() if members}


def _togetherness(problem: Placing, texts: Matrix, at: dict[int, int]) -> float:
    """How many are placed, then how close they are to the mean of those in their session."""
    themes = _themes_of(problem, texts, at)
    return UNPLACED * len(at) + float(sum(texts[work] @ themes[place] for work, place in at.items()))


class _Model:
    """The whole-number programme: a column for each possible pair, and one for each session's excess."""

    def __init__(self, problem: Placing) -> None:
        self.problem = problem
        pairs = [
            (work, place)
            for work, each in enumerate(problem.works)
            if each.kinds
            for place, there in enumerate(problem.places)
            if there.capacity and not self._obstacles[work, place]
        ]
        self.work = np.array([pair[0] for pair in pairs], np.int64)
        self.place_of = np.array([pair[1] for pair in pairs], np.int64)

    @cached_property
    def _obstacles(self) -> npt.NDArray[np.bool_]:
        """Works × places that cannot be, whatever else is placed."""
        problem, occupied = self.problem, self.problem.occupied
        found = np.ones((len(problem.works), len(problem.places)), bool)
        for number, work in enumerate(problem.works):
            spans = [span for person in work.people for span in occupied.get(person, ())]
            for place, there in enumerate(problem.places):
                fits = there.kind in work.kinds and not any(there.overlaps(*span) for span in spans)
                found[number, place] = not fits
        return found

    def place(self, closeness: Matrix, seconds: float) -> Placed:
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_matrix

        number, places = len(self.work), len(self.problem.places)
        if not number:
            return Placed({}, closeness, 0.0, 0.0)
        rows = list(self._rows(number))
        indices = np.concatenate([row[0] for row in rows])
        factors = np.concatenate([row[1] for row in rows])
        pointers = np.concatenate([[0], np.cumsum([len(row[0]) for row in rows])])
        matrix = csr_matrix((factors, indices, pointers), shape=(len(rows), number + places))
        costs = np.concatenate([-(UNPLACED + closeness[self.work, self.place_of]), np.full(places, EXCESS)])
        found = milp(
            costs,
            constraints=LinearConstraint(matrix, -np.inf, [row[2] for row in rows]),
            bounds=Bounds(0, np.concatenate([np.ones(number), np.full(places, np.inf)])),
            integrality=np.concatenate([np.ones(number), np.zeros(places)]),
            options={"time_limit": seconds, "mip_rel_gap": 1e-4},
        )
        if found.x is None:  # nothing placed is always possible: the time ran out before anything was found
            return Placed({}, closeness, 0.0, float("inf"))
        chosen = np.flatnonzero(found.x[:number] > 0.5)
        at = {int(self.work[pair]): int(self.place_of[pair]) for pair in chosen}
        return Placed(at, closeness, -float(found.fun), -float(found.mip_dual_bound))

    def _rows(self, number: int) -> Iterator[tuple[npt.NDArray, npt.NDArray, float]]:
        """Columns, factors, and what their sum must not exceed."""
        yield from self._one_each()
        for place, there in enumerate(self.problem.places):
            columns = np.flatnonzero(self.place_of == place)
            if len(columns):
                yield columns, np.ones(len(columns)), float(there.capacity)
                share = self._share(place)
                yield np.append(columns, number + place), np.append(np.ones(len(columns)), -1.0), share

    def _one_each(self) -> Iterator[tuple[npt.NDArray, npt.NDArray, float]]:
        """Each work once; each person, and the works of each paper, at most once at any moment."""
        for work in np.unique(self.work):
            columns = np.flatnonzero(self.work == work)
            yield columns, np.ones(len(columns)), 1.0
        groups: dict[object, set[int]] = defaultdict(set)
        for number, each in enumerate(self.problem.works):
            for person in each.people:
                groups["person", person].add(number)
            if each.paper is not None:
                groups["paper", each.paper].add(number)
        moments = sorted({place.starts for place in self.problem.places})
        for members in groups.values():
            if len(members) < 2:
                continue
            mine = np.isin(self.work, list(members))
            for moment in moments:
                running = [n for n, place in enumerate(self.problem.places) if place.starts <= moment < place.ends]
                columns = np.flatnonzero(mine & np.isin(self.place_of, running))
                if len(columns) > 1:
                    yield columns, np.ones(len(columns)), 1.0

    def _share(self, place: int) -> float:
        """What a session gets beside what stands there if all of its kind are equally full."""
        kind = self.problem.places[place].kind
        alike = [each for each in self.problem.places if each.kind == kind]
        coming = len({work for work, at in zip(self.work.tolist(), self.place_of.tolist(), strict=True) if at == place})
        room = sum(each.capacity for each in alike)
        return float(-(-coming * self.problem.places[place].capacity // room)) if room else 0.0
