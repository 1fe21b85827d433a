"""More photos than there are: made of real ones, for libraries larger than any data set."""

import numpy as np

from capsearch.encoders.base import FloatArray
from capsearch.personalize.neighbours import nearest_neighbours

_NEIGHBOURS = 8


def made_photos(real: FloatArray, count: int, rng: np.random.Generator) -> FloatArray:
    """Vectors `(count, dim)` of photos that do not exist, from `(n, dim)` unit rows of real ones.

    Each is a real one moved by what tells another real one from one of its neighbours, so that it
    lies about as close to that photo as real photos lie to each other.
    """
    near = nearest_neighbours(real, min(_NEIGHBOURS, len(real) - 1))[1]
    moved, one = rng.integers(0, len(real), (2, count))
    other = near[one, rng.integers(0, near.shape[1], count)]
    made = real[moved] + real[one] - real[np.where(other < 0, one, other)]
    unit: FloatArray = made / np.linalg.norm(made, axis=1, keepdims=True)
    return unit.astype(np.float32)
