"""Sets of photos as ascending ids, each once."""

import numpy as np
import numpy.typing as npt

from capsearch.catalog.records import IdArray


def common(some: IdArray, others: IdArray) -> IdArray:
    """Those of `some` that are among `others`."""
    few, many = (some, others) if len(some) <= len(others) else (others, some)
    return few[_are_among(few, many)]


def without(some: IdArray, others: IdArray) -> IdArray:
    """Those of `some` that are not among `others`."""
    return some[~_are_among(some, others)]


def _are_among(some: IdArray, others: IdArray) -> npt.NDArray[np.bool_]:
    if not len(others):
        return np.zeros(len(some), np.bool_)
    places = np.minimum(np.searchsorted(others, some), len(others) - 1)
    found: npt.NDArray[np.bool_] = others[places] == some
    return found
