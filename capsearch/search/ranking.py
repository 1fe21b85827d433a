"""Best rows first, the same way every time."""

import numpy as np
import numpy.typing as npt

from capsearch.search.scoring import FloatArray, HalfArray, RowArray, precise_scores

DoubleArray = npt.NDArray[np.float64]

# Twice the error of a float32 inner product of unit vectors of a few thousand dimensions.
SCORE_ERROR = 2e-6
_MOST_TIES = 1000


def rank_rows(
    vectors: HalfArray,
    query: FloatArray,
    rows: RowArray | None,
    scores: FloatArray,
    *,
    bias: FloatArray | None,
    k: int,
) -> tuple[RowArray, DoubleArray]:
    """Pick the k best of `rows` (all when None) by `scores`, then order them precisely.

    `scores` (bias included) decide who may be among the best, up to their rounding; those few are
    scored again in double precision and ordered by score, then by row, which is by photo id.
    """
    contenders = contending(scores, k)
    chosen = contenders if rows is None else rows[contenders]
    precise = precise_scores(vectors, chosen, query)
    if bias is not None:
        precise += bias[chosen]
    order = np.lexsort((chosen, -precise))[:k]
    return chosen[order], precise[order]


def contending(scores: FloatArray, k: int) -> RowArray:
    """Places of all scores that may be among the k best, given their rounding error.

    Where very many tie at the border (copies of one photo), the first of them.
    """
    if k >= len(scores):
        return np.arange(len(scores))
    border = float(np.partition(scores, len(scores) - k)[len(scores) - k])
    error = SCORE_ERROR * max(1.0, abs(border))
    above = np.flatnonzero(scores > border + error)
    tied = np.flatnonzero(np.abs(scores - border) <= error)[: 4 * k + _MOST_TIES]
    return np.concatenate([above, tied])
