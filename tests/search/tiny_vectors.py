"""Vectors that behave like an encoder's, and the plain way to search them."""

import numpy as np

from capsearch.search import VectorMatrix


def clustered(count: int, dim: int, seed: int) -> np.ndarray:
    """Unit rows in clusters within clusters, along ever weaker directions, as encoders give."""
    generator = np.random.default_rng(seed)
    strength = 1.0 / np.sqrt(np.arange(1, dim + 1))
    themes = generator.standard_normal((12, dim)) * strength
    subjects = themes[generator.integers(0, 12, 150)]
    subjects = subjects + 0.7 * generator.standard_normal((150, dim)) * strength
    rows = subjects[generator.integers(0, 150, count)]
    rows = rows + 0.5 * generator.standard_normal((count, dim)) * strength
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def brute_force(
    matrix: VectorMatrix,
    query: np.ndarray,
    k: int,
    allowed: np.ndarray | None = None,
    bias: np.ndarray | None = None,
) -> list[int]:
    """The definition: all scores in double precision, sorted by score, then id."""
    scores = matrix.vectors.astype(np.float64) @ query.astype(np.float32).astype(np.float64)
    if bias is not None:
        scores = scores + bias
    wanted = None if allowed is None else set(allowed.tolist())
    found = [
        (-round(score, 12), photo)
        for score, photo in zip(scores.tolist(), matrix.ids.tolist(), strict=True)
        if wanted is None or photo in wanted
    ]
    return [photo for _, photo in sorted(found)[:k]]


def matrix_of(vectors: np.ndarray, ids: np.ndarray | None = None, **fields: int) -> VectorMatrix:
    """A matrix in memory."""
    ids = np.arange(1, len(vectors) + 1) if ids is None else ids
    return VectorMatrix.in_memory(
        "tiny", fields.get("generation", 1), vectors.shape[1], iter([(ids, vectors)])
    )
