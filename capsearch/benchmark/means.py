"""A mean over queries or labels, with the interval that drawing them again gives."""

import numpy as np
import numpy.typing as npt

from capsearch.benchmark.labels import PART
from capsearch.benchmark.report import Better
from capsearch.benchmark.run import Run
from capsearch.lab.bootstrap import interval_over_users

FloatArray = npt.NDArray[np.float64]


def add_mean(
    run: Run,
    what: str,
    way: str,
    unit: str,
    values: FloatArray,
    *,
    size: int,
    better: Better = "",
    note: str = "",
) -> None:
    """Put the mean of `values` (n,), one of each query or label, into the report.

    Values that are all the same get no interval: drawn again they say nothing of others.
    """
    share = interval_over_users(values, np.arange(len(values)))
    known = share.low < share.high
    run.add(
        PART, what, way, unit, [share.mean],
        size=size, better=better, note=note,
        low=share.low if known else None, high=share.high if known else None,
    )  # fmt: skip
