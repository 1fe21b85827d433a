"""Nearest neighbours of every photo inside its own collection, in blocks of bounded memory.

Up to `EXACT_LIMIT` photos every pair is looked at. Beyond, photos are first sorted into cells
(spherical k-means on a sample) and compared only with photos of the nearest cells: near
duplicates and photos of one subject share a cell or touch, and those are what recurrence needs.
"""

import numpy as np
import numpy.typing as npt

from capsearch.encoders.base import FloatArray

IntArray = npt.NDArray[np.int64]

EXACT_LIMIT = 16_384
_BLOCK = 1_024
_CELL_SIZE = 256
_NEAR_CELLS = 8
_TRAINING_PER_CELL = 32
_KMEANS_ROUNDS = 6


def nearest_neighbours(
    vectors: npt.NDArray[np.floating], count: int, exact_limit: int = EXACT_LIMIT
) -> tuple[FloatArray, IntArray]:
    """The `count` nearest other photos of each photo.

    Args:
        vectors: `(n, dim)` unit rows, float16 or float32.
        count: neighbours wanted; missing ones (small collections) have index -1 and likeness 0.
        exact_limit: collections up to this size are compared pair by pair.

    Returns:
        Likeness `(n, count)` float32, best first, and row numbers `(n, count)` int64. Ties are
        broken by row number.
    """
    number = len(vectors)
    likeness = np.zeros((number, count), dtype=np.float32)
    rows = np.full((number, count), -1, dtype=np.int64)
    if number < 2:
        return likeness, rows
    if number <= exact_limit:
        everything = np.asarray(vectors, dtype=np.float32)
        candidates = np.arange(number)
        for start in range(0, number, _BLOCK):
            block = candidates[start : start + _BLOCK]
            _fill(likeness, rows, block, candidates, everything[block] @ everything.T)
        return likeness, rows
    cells, near = _cells(vectors)
    order = np.argsort(cells, kind="stable")
    bounds = np.searchsorted(cells[order], np.arange(len(near) + 1))
    members = [order[bounds[cell] : bounds[cell + 1]] for cell in range(len(near))]
    for cell, block in enumerate(members):
        if len(block) == 0:
            continue
        candidates = np.sort(np.concatenate([members[other] for other in near[cell]]))
        there = np.asarray(vectors[candidates], dtype=np.float32)
        for start in range(0, len(block), _BLOCK):
            part = block[start : start + _BLOCK]
            here = np.asarray(vectors[part], dtype=np.float32)
            _fill(likeness, rows, part, candidates, here @ there.T)
    return likeness, rows


def _fill(
    likeness: FloatArray, rows: IntArray, block: IntArray, candidates: IntArray, found: FloatArray
) -> None:
    position = np.searchsorted(candidates, block)
    found[np.arange(len(block)), position] = -np.inf
    kept = min(rows.shape[1], len(candidates) - 1)
    if kept < 1:
        return
    if kept < found.shape[1] - 1:
        top = np.sort(np.argpartition(-found, kept - 1, axis=1)[:, :kept], axis=1)
    else:
        top = np.broadcast_to(np.arange(found.shape[1]), found.shape)
    values = np.take_along_axis(found, top, axis=1)
    best = np.argsort(-values, axis=1, kind="stable")[:, :kept]
    likeness[block, :kept] = np.take_along_axis(values, best, axis=1)
    rows[block, :kept] = candidates[np.take_along_axis(top, best, axis=1)]


def _cells(vectors: npt.NDArray[np.floating]) -> tuple[IntArray, IntArray]:
    """Cell of every photo, and for each cell its nearest cells (itself first)."""
    number = len(vectors)
    count = max(2, number // _CELL_SIZE)
    sample = np.linspace(0, number - 1, min(number, count * _TRAINING_PER_CELL)).astype(np.int64)
    training = np.asarray(vectors[sample], dtype=np.float32)
    centres = training[np.linspace(0, len(training) - 1, count).astype(np.int64)].copy()
    for _ in range(_KMEANS_ROUNDS):
        nearest = _nearest_centre(training, centres)
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, training)
        length = np.linalg.norm(sums, axis=1, keepdims=True)
        filled = length[:, 0] > 0
        centres[filled] = sums[filled] / length[filled]
    cells = np.empty(number, dtype=np.int64)
    for start in range(0, number, 8 * _BLOCK):
        block = np.asarray(vectors[start : start + 8 * _BLOCK], dtype=np.float32)
        cells[start : start + len(block)] = _nearest_centre(block, centres)
    between = centres @ centres.T
    np.fill_diagonal(between, np.inf)
    near = np.argsort(-between, axis=1, kind="stable")[:, : min(_NEAR_CELLS, count)]
    return cells, near


def _nearest_centre(block: FloatArray, centres: FloatArray) -> IntArray:
    nearest: IntArray = np.argmax(block @ centres.T, axis=1).astype(np.int64)
    return nearest
