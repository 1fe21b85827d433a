"""From photo ids, such as those that a filter leaves, to rows of the matrix."""

import numpy as np
import numpy.typing as npt

from capsearch.search.scoring import RowArray

IdArray = npt.NDArray[np.int64]


def ascending(ids: IdArray) -> IdArray:
    """The same ids in order and each once; sorts only what is not so already."""
    in_order = len(ids) < 2 or bool((ids[1:] > ids[:-1]).all())
    return ids if in_order else np.unique(ids)


def rows_of(ids: IdArray, wanted: IdArray) -> RowArray:
    """Rows at which the ascending `ids` hold those of `wanted`, ascending and each once.

    Ids that are not there (deleted, not encoded yet) are left out.
    """
    if len(ids) == 0 or len(wanted) == 0:
        return np.empty(0, dtype=np.int64)
    wanted = ascending(wanted)
    rows = np.searchsorted(ids, wanted)
    rows[rows == len(ids)] = 0
    found: RowArray = rows[ids[rows] == wanted].astype(np.int64, copy=False)
    return found
