"""Best rows first, the same way every time."""

import numpy as np
import numpy.typing as npt

from capsearch.search.scoring import (
    FloatArray,
    HalfArray,
    RowArray,
    Scan,
    precise_scores,
    score_rows,
)

DoubleArray = npt.NDArray[np.float64]

_MOST_TIES = 1000


def rank_rows(
    vectors: HalfArray,
    query: FloatArray,
    rows: RowArray | None,
    scan: Scan,
    *,
    bias: FloatArray | None,
    k: int,
) -> tuple[RowArray, DoubleArray]:
    """Pick the k best of `rows` (all when None) by their scores, then order them precisely.

    The scores of `scan` (bias included) decide who may be among the best, given their error. Those
    few are scored in single precision, and whoever may still be among the best in double precision;
    they are ordered by score, then by row, which is by photo id.
    """
    places = contending(scan, k)
    chosen = places if rows is None else rows[places]
    if len(chosen) > k:
        nearer = score_rows(vectors, chosen, query).plus(None if bias is None else bias[chosen])
        chosen = chosen[contending(nearer, k, most_ties=4 * k + _MOST_TIES)]
    precise = precise_scores(vectors, chosen, query)
    if bias is not None:
        precise += bias[chosen]
    order = np.lexsort((chosen, -precise))[:k]
    return chosen[order], precise[order]


def contending(scan: Scan, k: int, *, most_ties: int | None = None) -> RowArray:
    """Places, ascending, of all scores that may be among the k best, given their error.

    Of those too close to the border to tell, the first `most_ties`: where very many tie they are
    copies of one photo.
    """
    scores = scan.scores
    if k >= len(scores):
        return np.arange(len(scores))
    border = float(np.partition(scores, len(scores) - k)[len(scores) - k])
    close = 2 * scan.error * max(1.0, abs(border))
    if most_ties is None:
        return np.flatnonzero(scores >= border - close)
    above = np.flatnonzero(scores > border + close)
    tied = np.flatnonzero(np.abs(scores - border) <= close)[:most_ties]
    return np.sort(np.concatenate([above, tied]))
