"""What the network is told of each photo: only likenesses inside the collection, days and names.

No coordinate of the encoder's space is ever read, only inner products, brought to the collection's
own scale. So one set of weights serves every encoder: rotating the space, or an encoder whose
likenesses are all high or all low, changes nothing.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from capsearch.encoders.base import FloatArray
from capsearch.personalize.neighbours import EXACT_LIMIT, IntArray, nearest_neighbours

UNKNOWN_DAY = -1
NEIGHBOURS = 32
REFERENCE_SIZE = 512
_RETURNS = 8
_BURST_LIKENESS = 0.97
_LEAST_SPREAD = 1e-3
_LEAST_DEVIATION = 0.05
_CHUNK = 4_096

FEATURE_NAMES = (
    "return_1", "return_2", "return_3", "return_4", "return_6", "return_8",
    "has_return_2", "has_return_4", "has_return_8",
    "nearest", "local_level", "contrast", "triangle", "mutual",
    "rank", "hub", "people_days", "day_known",
)  # fmt: skip
"""Per-photo inputs of the network, in order; `return_k` is the likeness to the k-th nearest photo
of another day. Likenesses are relative to the collection's own."""


@dataclass(frozen=True)
class CollectionScale:
    """How alike any two photos of a collection are: the unit that all likenesses are measured in.

    mean, spread: average and standard deviation of v.v' over pairs of different photos.
    """

    mean: float
    spread: float


@dataclass(frozen=True)
class CollectionFeatures:
    """Everything that the network reads of a collection of n photos.

    photos: `(n, len(FEATURE_NAMES))` float32.
    likeness, neighbours: `(n, NEIGHBOURS)`, -1 where there is none.
    level: `(n,)` scaled likeness at the edge of each photo's neighbourhood.
    hub: `(n,)` NNN's hubness b(v), in the encoder's own units.
    """

    photos: FloatArray
    likeness: FloatArray
    neighbours: IntArray
    level: FloatArray
    hub: FloatArray
    scale: CollectionScale
    reference: IntArray


def collection_features(
    vectors: npt.NDArray[np.floating],
    days: IntArray,
    people: Sequence[Sequence[str]],
    bank: FloatArray | None,
    exact_limit: int = EXACT_LIMIT,
) -> CollectionFeatures:
    """Features of a collection.

    Args:
        vectors: `(n, dim)` unit rows.
        days: `(n,)` day ordinals, `UNKNOWN_DAY` where not known.
        people: names of the people in each photo, n of them (may be empty).
        bank: `(m, dim)` vectors of the bank's queries, or None where none is at hand.
        exact_limit: see `nearest_neighbours`.
    """
    reference = _reference_rows(len(vectors))
    scale = _scale(np.asarray(vectors[reference], dtype=np.float32))
    likeness, neighbours = nearest_neighbours(vectors, NEIGHBOURS, exact_limit)
    there = neighbours >= 0
    scaled = np.where(there, (likeness - scale.mean) / scale.spread, 0.0).astype(np.float32)
    returns, has = _returns(likeness, scaled, neighbours, days)
    level = _masked_mean(scaled[:, 8:16], there[:, 8:16])
    hub = hubness(vectors, bank)
    top = _masked_mean(returns[:, :4], has[:, :4])
    columns = [
        *(_relative(returns[:, k - 1]) for k in (1, 2, 3, 4, 6, 8)),
        *(has[:, k - 1] for k in (2, 4, 8)),
        _relative(scaled[:, 0]),
        _relative(level),
        _relative(top - level),
        _relative((_triangle(vectors, neighbours) - scale.mean) / scale.spread),
        _mutual(neighbours),
        _rank(top),
        _standardised(hub),
        np.log1p(_people_days(days, people)),
        days != UNKNOWN_DAY,
    ]
    photos = np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)
    return CollectionFeatures(photos, likeness, neighbours, level, hub, scale, reference)


def hubness(
    vectors: npt.NDArray[np.floating], bank: FloatArray | None, nearest: int = 16
) -> FloatArray:
    """NNN's b(v): a photo's mean score against its `nearest` best queries of the bank, `(n,)`.

    Chowdhury et al., Nearest Neighbor Normalization, 2024 (https://arxiv.org/abs/2410.24114).
    """
    hub = np.zeros(len(vectors), dtype=np.float32)
    if bank is None or len(bank) == 0:
        return hub
    kept = min(nearest, len(bank))
    for start in range(0, len(vectors), _CHUNK):
        block = np.asarray(vectors[start : start + _CHUNK], dtype=np.float32) @ bank.T
        best = np.partition(block, len(bank) - kept, axis=1)[:, len(bank) - kept :]
        hub[start : start + _CHUNK] = best.mean(axis=1)
    return hub


def _reference_rows(number: int) -> IntArray:
    """Rows that stand for the whole collection where a statistic needs a sample."""
    return np.unique(np.linspace(0, max(0, number - 1), min(number, REFERENCE_SIZE)).astype(int))


def _scale(sample: FloatArray) -> CollectionScale:
    if len(sample) < 2:
        return CollectionScale(0.0, 1.0)
    pairs = (sample @ sample.T)[np.triu_indices(len(sample), 1)]
    spread = float(pairs.std(dtype=np.float64))
    return CollectionScale(float(pairs.mean(dtype=np.float64)), max(spread, _LEAST_SPREAD))


def _returns(
    likeness: FloatArray, scaled: FloatArray, neighbours: IntArray, days: IntArray
) -> tuple[FloatArray, npt.NDArray[np.bool_]]:
    """Scaled likeness to the nearest photos of other days, one per day, best first `(n, 8)`.

    Where a day is not known, a photo counts as another day's unless it is all but the same
    picture: a burst is one moment, not a return.
    """
    there = neighbours >= 0
    day_there = np.where(there, days[np.maximum(neighbours, 0)], UNKNOWN_DAY)
    known = (day_there != UNKNOWN_DAY) & (days != UNKNOWN_DAY)[:, None]
    new = there & np.where(known, day_there != days[:, None], likeness < _BURST_LIKENESS)
    for column in range(1, neighbours.shape[1]):
        seen = (day_there[:, :column] == day_there[:, column, None]) & new[:, :column]
        new[:, column] &= ~(seen.any(axis=1) & (day_there[:, column] != UNKNOWN_DAY))
    first = np.argsort(~new, axis=1, kind="stable")[:, :_RETURNS]
    has = np.take_along_axis(new, first, axis=1)
    return np.where(has, np.take_along_axis(scaled, first, axis=1), 0.0).astype(np.float32), has


def _triangle(vectors: npt.NDArray[np.floating], neighbours: IntArray) -> FloatArray:
    """Mean likeness among a photo's three nearest: high where they are one subject."""
    result = np.zeros(len(vectors), dtype=np.float32)
    for start in range(0, len(vectors), _CHUNK):
        near = neighbours[start : start + _CHUNK, :3]
        first, second, third = (
            np.asarray(vectors[np.maximum(near[:, k], 0)], dtype=np.float32) for k in range(3)
        )
        pairs = np.stack(
            [
                np.einsum("nd,nd->n", first, second),
                np.einsum("nd,nd->n", first, third),
                np.einsum("nd,nd->n", second, third),
            ],
            axis=1,
        )
        there = near >= 0
        both = np.stack(
            [there[:, 0] & there[:, 1], there[:, 0] & there[:, 2], there[:, 1] & there[:, 2]], 1
        )
        result[start : start + _CHUNK] = _masked_mean(pairs, both)
    return result


def _mutual(neighbours: IntArray) -> FloatArray:
    """Share of a photo's four nearest that have it among their eight nearest."""
    near = neighbours[:, :4]
    back = neighbours[np.maximum(near, 0), :8] == np.arange(len(neighbours))[:, None, None]
    share: FloatArray = (back.any(axis=2) & (near >= 0)).mean(axis=1, dtype=np.float32)
    return share


def _people_days(days: IntArray, people: Sequence[Sequence[str]]) -> IntArray:
    """Distinct known days on which the most frequent person of each photo appears; 0 if none."""
    seen: dict[str, set[int]] = defaultdict(set)
    for day, names in zip(days.tolist(), people, strict=True):
        for name in names:
            seen[name].add(day)
    count = {name: len(on - {UNKNOWN_DAY}) for name, on in seen.items()}
    return np.array([max((count[name] for name in names), default=0) for names in people], int)


def _rank(value: FloatArray) -> FloatArray:
    """Share of the collection that has a smaller value; equal values share a rank."""
    ordered = np.sort(value)
    below = np.searchsorted(ordered, value, side="left")
    return (below / max(1, len(value) - 1)).astype(np.float32)


def _relative(value: FloatArray) -> FloatArray:
    """Distance from the collection's median in median absolute deviations.

    Encoders differ in how alike their nearest neighbours are; the few photos of a recurring
    subject hardly move a median, so they stand out by the same number everywhere.
    """
    if len(value) == 0:
        return value
    centre = np.median(value)
    spread = 1.4826 * np.median(np.abs(value - centre)) + _LEAST_DEVIATION
    relative: FloatArray = np.clip((value - centre) / spread, -6.0, 12.0).astype(np.float32)
    return relative


def _standardised(value: FloatArray) -> FloatArray:
    spread = float(value.std()) if len(value) else 0.0
    if spread < 1e-6:
        return np.zeros_like(value)
    scaled: FloatArray = ((value - value.mean()) / spread).astype(np.float32)
    return scaled


def _masked_mean(value: FloatArray, mask: npt.NDArray[np.bool_]) -> FloatArray:
    mean: FloatArray = (value * mask).sum(axis=1) / np.maximum(1, mask.sum(axis=1))
    return mean
