"""Where results stop being relevant: a border that every query draws for itself.

A fixed score does not do: one query's best photo scores less than another's hundredth. What can
be compared is the way from the library's typical score for this query up to its best ones.
"""

import numpy as np
import numpy.typing as npt

from capsearch.search.scoring import FloatArray

_SAMPLE = 3000
_SHARE_OF_WAY = 0.5
_LEAST_DEVIATIONS = 2.0
_LEAST_SHOWN = 12
_BEST = 3


def sample_rows(count: int) -> npt.NDArray[np.int64]:
    """Rows spread evenly over the library, to learn its typical score from."""
    return np.unique(np.linspace(0, max(0, count - 1), min(count, _SAMPLE)).astype(np.int64))


def count_relevant(scores: FloatArray, typical: FloatArray) -> int:
    """How many of `scores` (m,), best first, are relevant, given the scores (s,) of a sample.

    At least a first screenful, for a border drawn too high must not hide the only right photo.
    """
    if not len(scores) or not len(typical):
        return len(scores)
    centre = float(np.median(typical))
    spread = 1.4826 * float(np.median(np.abs(typical - centre)))
    best = float(scores[:_BEST].mean())
    border = max(centre + _SHARE_OF_WAY * (best - centre), centre + _LEAST_DEVIATIONS * spread)
    return min(len(scores), max(_LEAST_SHOWN, int((scores >= border).sum())))
