"""Query vector in, best photos out, by whichever way is exact enough and fastest."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from capsearch.search.filters import IdArray, ascending, rows_of
from capsearch.search.matrix import VectorMatrix
from capsearch.search.ranking import rank_rows
from capsearch.search.scoring import FloatArray, RowArray, Scan, scan, score_rows
from capsearch.search.vector_index import RANKED_AGAIN, VectorIndex, most_candidates

ScoreArray = npt.NDArray[np.float32]
Ranked = tuple[RowArray, npt.NDArray[np.float64]]

# Numbers (photos x dim) below which scanning all of them beats the graph or is fast anyway.
EXACT_VALUES = 1 << 24
# Share of the photos above which reading all of them is faster than picking rows: measured at
# 30,000 to 400,000 photos of 384 to 768 numbers.
GATHER_SHARE = 0.2
# Rows of largest bias that are looked at beside the graph's candidates.
_LEAST_BIASED = 2000
_BIAS_SAMPLE = 20_000
# How many more candidates to look for where the first ones were not enough.
_SECOND_TRY = 4


def wants_index(matrix: VectorMatrix) -> bool:
    """Whether the library is large enough for an index to be worth its building."""
    return matrix.vectors.size > EXACT_VALUES


@dataclass(frozen=True, eq=False)
class Searcher:
    """One moment of the library, never changed: to show another, make and assign another.

    Any number of threads may search. An index that is some photos behind is made good by
    scanning those beside it; one that does not fit is not used.
    """

    matrix: VectorMatrix
    index: VectorIndex | None = None
    exact_values: int = EXACT_VALUES
    _missing: RowArray | None = field(init=False, repr=False, default=None)

    def __post_init__(self) -> None:
        index = self.index
        if index is not None and index.fits(self.matrix):
            object.__setattr__(self, "_missing", index.missing_rows(self.matrix))

    def search(
        self,
        query: npt.ArrayLike,
        k: int,
        *,
        allowed: IdArray | None = None,
        bias: FloatArray | None = None,
    ) -> tuple[IdArray, ScoreArray]:
        """The k photos of largest `query . vector + bias`, best first, ties by smaller id.

        Args:
            query: (dim,) vector. One with NaN or infinity finds nothing.
            k: how many; all there are where there are fewer.
            allowed: ids of the photos that a filter leaves, in any order; None for all.
            bias: (n,) float32, what to add for each row of the matrix.

        Returns:
            ids (m,) int64 and scores (m,) float32, m <= k.

        Raises:
            ValueError: the query or bias has a wrong shape.
        """
        vector = self._checked_query(query)
        bias = self._checked_bias(bias)
        if allowed is not None:
            allowed = ascending(allowed)
        k = min(k, len(self.matrix) if allowed is None else len(allowed))
        if k <= 0 or not np.isfinite(vector).all():
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        found = None
        if self._uses_index(allowed):
            found = self._by_index(vector, k, allowed, bias)
        if found is None:
            found = self._exactly(vector, k, allowed, bias)
        best, scores = found
        return self.matrix.ids[best], scores.astype(np.float32)

    def _checked_query(self, query: npt.ArrayLike) -> FloatArray:
        vector = np.asarray(query, dtype=np.float32)
        if vector.shape != (self.matrix.dim,):
            raise ValueError(f"expected a query of shape ({self.matrix.dim},), got {vector.shape}")
        return vector

    def _checked_bias(self, bias: FloatArray | None) -> FloatArray | None:
        if bias is None:
            return None
        if bias.shape != self.matrix.ids.shape:
            raise ValueError(f"expected {len(self.matrix)} biases, got shape {bias.shape}")
        return np.asarray(bias, dtype=np.float32)

    def _uses_index(self, allowed: IdArray | None) -> bool:
        count = len(self.matrix) if allowed is None else len(allowed)
        return self._missing is not None and count * self.matrix.dim > self.exact_values

    def _exactly(
        self, query: FloatArray, k: int, allowed: IdArray | None, bias: FloatArray | None
    ) -> Ranked:
        rows = None if allowed is None else rows_of(self.matrix.ids, allowed)
        vectors = self.matrix.vectors
        if rows is None or len(rows) > GATHER_SHARE * len(vectors):
            found = scan(vectors, query).plus(bias)
            if rows is not None:
                found = Scan(found.scores[rows], found.error)
            return rank_rows(vectors, query, rows, found, bias=bias, k=k)
        return self._among(rows, query, k, bias)

    def _among(self, rows: RowArray, query: FloatArray, k: int, bias: FloatArray | None) -> Ranked:
        """Rank these rows only."""
        vectors = self.matrix.vectors
        found = scan(vectors, query, rows).plus(None if bias is None else bias[rows])
        return rank_rows(vectors, query, rows, found, bias=bias, k=k)

    def _by_index(
        self, query: FloatArray, k: int, allowed: IdArray | None, bias: FloatArray | None
    ) -> Ranked | None:
        """Rank the graph's candidates; None where they may not hold the best k."""
        assert self.index is not None and self._missing is not None
        vectors, ids = self.matrix.vectors, self.matrix.ids
        share = 1.0 if allowed is None else min(1.0, len(allowed) / len(ids))
        first = int(self.index.breadth(k) / share)
        biased, next_bias = most_biased(bias)
        plain = bias is None and allowed is None
        # Who lets nothing be scanned has every library searched by the graph.
        most = most_candidates(self.matrix) if self.exact_values else len(ids)
        for breadth in (first, _SECOND_TRY * first):
            if breadth > most:
                return None
            near = self.index.candidates(query, breadth, RANKED_AGAIN * k if plain else None)
            near = rows_of(ids, near)
            pool = np.unique(np.concatenate([near, self._missing, biased]))
            if allowed is not None:
                pool = rows_of(ids, allowed[rows_of(allowed, ids[pool])])
            if len(near) and len(pool) >= k:
                best, precise = self._among(pool, query, k, bias)
                if plain:
                    return best, precise
                border = float(score_rows(vectors, near, query).scores.min())
                # Nothing outside the pool scores more (threshold algorithm, Fagin et al. 2001).
                if precise[-1] >= border + next_bias:
                    return best, precise
        return None


def most_biased(bias: FloatArray | None) -> tuple[RowArray, float]:
    """Rows of the largest biases, about one in a hundred, and a bias that no other row exceeds.

    The border is read off a sample, because finding it among a million would take longer than
    all else; it is a true bound all the same.
    """
    if bias is None:
        return np.empty(0, dtype=np.int64), 0.0
    wanted = max(_LEAST_BIASED, len(bias) // 100)
    if len(bias) <= wanted:
        return np.arange(len(bias)), -np.inf
    sample = bias[:: max(1, len(bias) // _BIAS_SAMPLE)]
    place = len(sample) - 1 - wanted * len(sample) // len(bias)
    border = float(np.partition(sample, place)[place])
    chosen = bias >= border
    if np.count_nonzero(chosen) > 2 * wanted:
        return np.flatnonzero(bias > border), border
    return np.flatnonzero(chosen), float(np.max(bias, where=~chosen, initial=-np.inf))
