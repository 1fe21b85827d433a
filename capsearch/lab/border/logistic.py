"""Logistic regression with weights, by Newton's method (iteratively reweighted least squares)."""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_STEPS = 50
_CLOSE = 1e-8
_RIDGE = 1e-3


def fit_logistic(features: Array, labels: Array, weights: Array) -> Array:
    """Weights `(f + 1,)`, the first what is added, for `features` `(n, f)` and labels 0 and 1.

    A little ridge on standardised features keeps columns that say the same from running apart.
    """
    mean, spread = features.mean(0), features.std(0) + 1e-12
    rows = np.column_stack([np.ones(len(features)), (features - mean) / spread])
    weights = weights / weights.sum()
    ridge = _RIDGE * np.array([0.0] + [1.0] * features.shape[1])
    found = np.zeros(rows.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(rows @ found, -50, 50)))
        slope = rows.T @ (weights * (labels - chance)) - ridge * found
        curve = (rows * (weights * chance * (1 - chance))[:, None]).T @ rows + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        found = found + step
        if np.abs(step).max() < _CLOSE:
            break
    scaled = found[1:] / spread
    return np.concatenate([[found[0] - scaled @ mean], scaled])
