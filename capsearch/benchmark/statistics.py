"""Intervals for figures: no number is reported without one."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Estimate:
    """A mean with its 95% interval."""

    value: float
    low: float
    high: float


def bootstrap_mean(
    values: npt.NDArray[np.float64],
    groups: npt.NDArray[np.int64] | None = None,
    resamples: int = 2000,
    seed: int = 0,
) -> Estimate:
    """Mean of `values` (n,) with a percentile bootstrap interval (Efron, 1979).

    With `groups` (n,), whole groups are drawn, because values of one group (the captions of one
    photo, the queries of one user) are not independent of each other.
    """
    if groups is None:
        groups = np.arange(len(values))
    _, group = np.unique(groups, return_inverse=True)
    sums = np.bincount(group, weights=values)
    counts = np.bincount(group).astype(np.float64)
    generator = np.random.default_rng(seed)
    means = np.empty(resamples)
    for i in range(resamples):
        drawn = generator.integers(0, len(sums), len(sums))
        means[i] = sums[drawn].sum() / counts[drawn].sum()
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(float(values.mean()), float(low), float(high))
