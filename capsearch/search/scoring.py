"""Exact inner products over float16 rows, at the speed of the memory.

numpy widens float16 one number at a time, about 4 times slower than this module: a finite half
becomes a float by moving its bits (sign kept, 13 places to the left), off by the constant factor
2**112 between the two exponent biases, which is put into the query instead.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import numpy.typing as npt

from capsearch.machine import usable_cores

FloatArray = npt.NDArray[np.float32]
HalfArray = npt.NDArray[np.float16]
RowArray = npt.NDArray[np.int64]

_BIAS_RATIO = np.float32(2.0**112)
_SIGN_AND_VALUE = np.int32(0x8FFFE000 - (1 << 32))
_MANTISSA_SHIFT = 13
# One block, widened, must stay in the second-level cache of a core.
_BLOCK_BYTES = 1 << 19
# Work that one thread ends sooner than another would start on it.
_SERIAL_VALUES = 1 << 22
_MAX_THREADS = 8


def scan_scores(vectors: HalfArray, queries: FloatArray) -> FloatArray:
    """Inner product of every row of `vectors` (n, dim) with the query (dim,) or queries (m, dim).

    Returns `(n,)` or `(m, n)` float32. Values of `vectors` must be finite.
    """
    out = np.empty((*queries.shape[:-1], len(vectors)), dtype=np.float32)
    _in_blocks(vectors, queries, None, out)
    return out


def gather_scores(vectors: HalfArray, rows: RowArray, query: FloatArray) -> FloatArray:
    """Inner product of the query (dim,) with the given rows only, in their order."""
    out = np.empty((*query.shape[:-1], len(rows)), dtype=np.float32)
    _in_blocks(vectors, query, rows, out)
    return out


def precise_scores(
    vectors: HalfArray, rows: RowArray, query: FloatArray
) -> npt.NDArray[np.float64]:
    """The same in double precision, equal for equal vectors wherever they lie.

    BLAS sums in an order that depends on a row's place, so that copies of a photo would differ in
    the last bits and ties would be broken by chance.
    """
    gathered = vectors[rows].astype(np.float64)
    gathered *= query.astype(np.float64)
    scores: npt.NDArray[np.float64] = gathered.sum(axis=1)
    return scores


def _in_blocks(
    vectors: HalfArray, queries: FloatArray, rows: RowArray | None, out: FloatArray
) -> None:
    count, dim = out.shape[-1], vectors.shape[1]
    if count == 0 or dim == 0:
        out.fill(0.0)
        return
    block = max(1, _BLOCK_BYTES // (4 * dim))
    scaled = np.ascontiguousarray(queries * _BIAS_RATIO).T

    def score(start: int, stop: int) -> None:
        widened = np.empty((min(block, stop - start), dim), dtype=np.int32)
        for low in range(start, stop, block):
            high = min(low + block, stop)
            part = vectors[low:high] if rows is None else vectors[rows[low:high]]
            floats = _widen(part, widened[: high - low])
            np.matmul(floats, scaled, out=out[..., low:high].T)

    _share_out(score, count, count * dim)


def _widen(halves: HalfArray, out: npt.NDArray[np.int32]) -> FloatArray:
    np.left_shift(halves.view(np.int16), _MANTISSA_SHIFT, out=out, dtype=np.int32)
    np.bitwise_and(out, _SIGN_AND_VALUE, out=out)
    return out.view(np.float32)


def _share_out(work: Callable[[int, int], None], count: int, values: int) -> None:
    threads = _thread_count() if values > _SERIAL_VALUES else 1
    if threads == 1:
        work(0, count)
        return
    bounds = np.linspace(0, count, 4 * threads + 1).astype(int).tolist()
    list(_pool().map(work, bounds[:-1], bounds[1:]))


@cache
def _thread_count() -> int:
    return min(usable_cores(), _MAX_THREADS)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_thread_count(), thread_name_prefix="capsearch-scan")
