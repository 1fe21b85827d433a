"""Inner products over float16 rows, at the speed of the memory, by NumKong's kernels.

They take half numbers on both sides and sum in single precision, so a query is given as two halves
of itself: the nearest half numbers, and what those leave. One pass by the first alone reads the
matrix once and is wrong by no more than a bound that it returns; few rows are scored by both.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import NamedTuple

import numkong
import numpy as np
import numpy.typing as npt

from capsearch.machine import usable_cores

FloatArray = npt.NDArray[np.float32]
HalfArray = npt.NDArray[np.float16]
RowArray = npt.NDArray[np.int64]

# Largest error of a float32 inner product of unit vectors of a few thousand dimensions.
_SUM_ERROR = 1e-6
# What the first half numbers leave is smaller by at least the 11 digits that they hold.
_REST_SCALE = np.float32(2.0**11)
# What a thread takes at a time: of 4,096 to 32,768 rows the fastest, at 100,000 of 512 numbers on
# two cores (9 ms, where one thread takes 14).
_ROWS_A_SHARE = 8192
# Rows that were gathered must still be in the cache of the core when they are multiplied.
_GATHERED_A_CALL = 256


class Scan(NamedTuple):
    """Scores (n,) float32 of rows, each wrong by at most `error`."""

    scores: FloatArray
    error: float

    def plus(self, bias: FloatArray | None) -> "Scan":
        """The same with something to add for each of the rows."""
        return self if bias is None else Scan(self.scores + bias, self.error)


class _Halves(NamedTuple):
    """`scale` (nearest + rest / 2**11) is the query but for a millionth; (1, dim) each."""

    nearest: HalfArray
    rest: HalfArray
    scale: np.float32
    left_out: float


def scan(vectors: HalfArray, query: FloatArray, rows: RowArray | None = None) -> Scan:
    """Score rows of `vectors` (n, dim), which are of unit length or less and finite, by the query
    (dim,): all of them, or the given ones in their order."""
    halves = _split(query)
    scores = _products(vectors, halves.nearest, rows)
    scores *= halves.scale
    return Scan(scores, halves.left_out + _sum_error(query))


def score_rows(vectors: HalfArray, rows: RowArray, query: FloatArray) -> Scan:
    """Score the given rows only, in their order, as exactly as a float32 product would."""
    halves = _split(query)
    scores = _products(vectors, halves.nearest, rows)
    scores += _products(vectors, halves.rest, rows) / _REST_SCALE
    scores *= halves.scale
    return Scan(scores, _sum_error(query))


def precise_scores(
    vectors: HalfArray, rows: RowArray, query: FloatArray
) -> npt.NDArray[np.float64]:
    """The same in double precision, equal for equal vectors wherever they lie.

    The order of a sum in single precision may depend on a row's place, so that copies of a photo
    would differ in the last bits and ties would be broken by chance.
    """
    gathered = vectors[rows].astype(np.float64)
    gathered *= query.astype(np.float64)
    scores: npt.NDArray[np.float64] = gathered.sum(axis=1)
    return scores


def _sum_error(query: FloatArray) -> float:
    return _SUM_ERROR * max(1.0, float(np.linalg.norm(query.astype(np.float64))))


def _split(query: FloatArray) -> _Halves:
    scale = np.float32(np.abs(query).max(initial=0)) or np.float32(1)
    scaled = query / scale
    nearest = scaled.astype(np.float16)
    left = scaled - nearest
    rest = (left * _REST_SCALE).astype(np.float16)
    left_out = float(scale * np.linalg.norm(left.astype(np.float64)))
    return _Halves(nearest[None], rest[None], scale, left_out)


def _products(vectors: HalfArray, halves: HalfArray, rows: RowArray | None) -> FloatArray:
    count = len(vectors) if rows is None else len(rows)
    scores = np.zeros(count, dtype=np.float32)
    if vectors.shape[1] == 0:
        return scores
    step = _ROWS_A_SHARE if rows is None else _GATHERED_A_CALL

    def multiply(first: int) -> None:
        for start in range(first, min(first + _ROWS_A_SHARE, count), step):
            place = slice(start, start + step)
            part = vectors[place] if rows is None else vectors[rows[place]]
            scores[place] = np.asarray(numkong.cdist(halves, part, "inner"))[0]

    if count > _ROWS_A_SHARE:
        list(_threads().map(multiply, range(0, count, _ROWS_A_SHARE)))
    else:
        multiply(0)
    return scores


@cache
def _threads() -> ThreadPoolExecutor:
    """One for each core: the kernel lets other threads of Python run meanwhile."""
    return ThreadPoolExecutor(usable_cores(), "capsearch-scan")
