"""The few directions in which an encoder's vectors differ most."""

import numpy as np

from capsearch.search.scoring import FloatArray, HalfArray

INDEX_DIM = 256
_SAMPLE = 20_000


def leading_directions(vectors: HalfArray, count: int = INDEX_DIM) -> FloatArray:
    """Orthonormal columns (dim, min(count, dim)) that keep the most of the inner products.

    The leading eigenvectors of the second moment (not centred: a mean would change inner
    products), from a sample of rows; the identity where nothing is left out.
    """
    dim = vectors.shape[1]
    if dim <= count:
        return np.eye(dim, dtype=np.float32)
    step = max(1, len(vectors) // _SAMPLE)
    sample = vectors[::step].astype(np.float32)
    _, directions = np.linalg.eigh((sample.T @ sample).astype(np.float64))
    return np.ascontiguousarray(directions[:, ::-1][:, :count], dtype=np.float32)


def project(vectors: HalfArray, directions: FloatArray) -> FloatArray:
    """Coordinates (n, count) float32 of the rows along the directions."""
    return vectors.astype(np.float32) @ directions
