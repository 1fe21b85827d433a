"""Intervals over users: a user's queries are not independent, so whole users are drawn."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_RESAMPLES = 2_000


@dataclass(frozen=True)
class Interval:
    """A mean with its 95% percentile bootstrap interval (Efron, 1979)."""

    mean: float
    low: float
    high: float

    @property
    def above_zero(self) -> bool:
        """Whether the whole interval lies above 0."""
        return self.low > 0


def interval_over_users(
    values: npt.NDArray[np.floating], users: npt.NDArray[np.int64], seed: int = 0
) -> Interval:
    """Mean of `values` `(n,)`, each of user `users[i]`; give differences for a paired interval."""
    _, place = np.unique(users, return_inverse=True)
    sums = np.bincount(place, weights=values)
    counts = np.bincount(place).astype(np.float64)
    drawn = np.random.default_rng(seed).integers(0, len(sums), (_RESAMPLES, len(sums)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Interval(float(np.mean(values)), float(low), float(high))
