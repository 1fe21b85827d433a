"""A large library made from a small real one, to measure and test search at sizes nobody has here.

Recipe: a new vector is a real one, moved a random part of the way to one of its nearest
neighbours, plus the difference of another neighbouring pair taken anywhere in the library, and
scaled to unit length. So it keeps the clusters, the unequal directions and the distances between
neighbours of real vectors, which isotropic noise would not.
"""

from collections.abc import Iterator

import numpy as np

from capsearch.search.matrix import Chunk
from capsearch.search.scoring import FloatArray, RowArray

NEIGHBOURS = 10
NOISE = 0.7
_MOST_SEEDS = 10_000
_CHUNK = 10_000


def grown_library(real: FloatArray, count: int, seed: int = 0) -> Iterator[Chunk]:
    """Yield chunks of ids (1, 2, ...) and float16 unit vectors, `count` in all.

    Args:
        real: (n, dim) unit rows, n > 1; the first rows of the result are these themselves.
        count: how many to make.
        seed: the same seed gives the same library.
    """
    generator = np.random.default_rng(seed)
    real = real[:_MOST_SEEDS].astype(np.float32)
    neighbours = _nearest(real, min(NEIGHBOURS, len(real) - 1))
    for start in range(0, count, _CHUNK):
        size = min(_CHUNK, count - start)
        made = _between(real, neighbours, size, generator)
        kept = real[start : start + size]
        made[: len(kept)] = kept
        ids = np.arange(start + 1, start + 1 + size, dtype=np.int64)
        yield ids, made.astype(np.float16)


def _between(
    real: FloatArray, neighbours: RowArray, count: int, generator: np.random.Generator
) -> FloatArray:
    def differences() -> tuple[RowArray, FloatArray]:
        rows = generator.integers(0, len(real), count)
        others = neighbours[rows, generator.integers(0, neighbours.shape[1], count)]
        part = generator.random((count, 1), dtype=np.float32)
        return rows, part * (real[others] - real[rows])

    rows, moved = differences()
    _, noise = differences()
    made: FloatArray = real[rows] + moved + np.float32(NOISE) * noise
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return made


def _nearest(real: FloatArray, count: int) -> RowArray:
    found = np.empty((len(real), count), dtype=np.int64)
    for start in range(0, len(real), 1000):
        scores = real[start : start + 1000] @ real.T
        own = np.arange(len(scores))
        scores[own, start + own] = -np.inf
        found[start : start + 1000] = np.argpartition(-scores, count - 1, axis=1)[:, :count]
    return found
