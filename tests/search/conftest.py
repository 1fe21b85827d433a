"""A small library as the catalog streams it, and one large enough for an index."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from tiny_vectors import clustered

from capsearch.lab.synthetic import grown_library
from capsearch.search import VectorMatrix

DIM = 320

Chunks = Callable[[], Iterator[tuple[np.ndarray, np.ndarray]]]


@pytest.fixture
def small_stream() -> Chunks:
    """500 photos of 32 dimensions, in uneven chunks, ids with gaps."""
    vectors = clustered(500, 32, seed=3).astype(np.float16)
    ids = np.arange(500) * 3 + 5

    def stream() -> Iterator[tuple[np.ndarray, np.ndarray]]:
        for part in np.split(np.arange(500), [1, 7, 7, 300]):
            yield ids[part], vectors[part]

    return stream


@pytest.fixture(scope="session")
def large() -> VectorMatrix:
    """20,000 photos grown from 2,000, of more dimensions than the graph sees."""
    real = clustered(2_000, DIM, seed=1)
    return VectorMatrix.in_memory("large", 1, DIM, grown_library(real, 20_000, seed=2))


@pytest.fixture(scope="session")
def queries() -> np.ndarray:
    """Words are no photos: they lie to one side of all of them (the modality gap)."""
    near = clustered(100, DIM, seed=1)
    gap = np.random.default_rng(9).standard_normal(DIM) / np.sqrt(DIM)
    asked = near + 0.8 * gap
    return (asked / np.linalg.norm(asked, axis=1, keepdims=True)).astype(np.float32)
