"""Which photos show one thing that comes back: the subjects of a collection, before any has a name.

A photo that likely shows what comes back (`prior`) gathers its neighbours that are close enough;
groups that lie close to each other are then joined. Closeness is a likeness in the collection's
own units above what is usual around the two photos, so that it means the same under every encoder.
`python -m capsearch.lab.subjects fit` chooses the two borders, `measure` says how well the groups
agree with real subjects.
"""

import numpy as np
import numpy.typing as npt

from capsearch.encoders.base import FloatArray
from capsearch.personalize.features import UNKNOWN_DAY, CollectionFeatures, CollectionScale
from capsearch.personalize.neighbours import IntArray

NO_SUBJECT = -1
MOST_SUBJECTS = 512
_BLOCK = 8_192
LEAST_PRIOR = 0.0
"""Log-odds of coming back from which on a photo may begin a group."""
LEAST_CLOSENESS = 3.0
"""Closeness from which on two photos, or two groups by their mean, show one subject."""


def usual_level(level: FloatArray) -> FloatArray:
    """The likeness `(n,)` that is usual around each photo: that of its own neighbourhood, unless
    that is full of one subject, then that of the collection."""
    if not len(level):
        return level
    usual: FloatArray = np.minimum(level, np.median(level)).astype(np.float32)
    return usual


def closeness(
    likeness: FloatArray, scale: CollectionScale, level: FloatArray, other_level: FloatArray
) -> FloatArray:
    """How much more alike photos are than is usual around them, from inner products of vectors
    and both photos' `usual_level`, in the collection's units; shapes as numpy broadcasts them."""
    scaled = (likeness - scale.mean) / scale.spread - (level + other_level) / 2
    return np.asarray(scaled, np.float32)


def find_subjects(
    vectors: npt.NDArray[np.floating],
    days: IntArray,
    features: CollectionFeatures,
    prior: FloatArray,
    *,
    least_prior: float = LEAST_PRIOR,
    least_closeness: float = LEAST_CLOSENESS,
) -> npt.NDArray[np.int32]:
    """Group a collection's photos by the subjects that come back in it.

    Args:
        vectors: `(n, dim)` unit rows.
        days: `(n,)` day ordinals, `UNKNOWN_DAY` where not known.
        features: of these photos.
        prior: `(n,)` the network's log-odds that each photo shows what comes back.

    Returns:
        `(n,)` the number of each photo's subject, from 0 for the one that comes back most surely
        and often; `NO_SUBJECT` for the rest. Each has photos of two days, or of no known day.
    """
    level = usual_level(features.level)
    groups = _gathered(features, level, prior, least_prior, least_closeness)
    weight = np.logaddexp(0.0, prior)
    groups.sort(key=lambda rows: -float(weight[rows].sum()))
    joined = _joined(vectors, groups[:MOST_SUBJECTS], level, features.scale, least_closeness)
    kept = [rows for rows in joined if _comes_back(days[rows])]
    kept.sort(key=lambda rows: -float(weight[rows].sum()))
    subject = np.full(len(prior), NO_SUBJECT, np.int32)
    for number, rows in enumerate(kept):
        subject[rows] = number
    return subject


def _gathered(
    features: CollectionFeatures,
    level: FloatArray,
    prior: FloatArray,
    least_prior: float,
    least_closeness: float,
) -> list[IntArray]:
    """Each photo that surely comes back with its close neighbours, no photo twice."""
    neighbours = features.neighbours
    near = closeness(
        features.likeness, features.scale, level[:, None], level[np.maximum(neighbours, 0)]
    )
    close = (near > least_closeness) & (neighbours >= 0)
    taken = np.zeros(len(prior), np.bool_)
    groups = []
    order = np.argsort(-prior, kind="stable")
    for row in order[prior[order] >= least_prior].tolist():
        if taken[row]:
            continue
        around = neighbours[row][close[row]]
        rows = np.concatenate([[row], around[~taken[around]]])
        taken[rows] = True
        groups.append(rows)
    return groups


def _joined(
    vectors: npt.NDArray[np.floating],
    groups: list[IntArray],
    level: FloatArray,
    scale: CollectionScale,
    least_closeness: float,
) -> list[IntArray]:
    """The groups, the closest two joined until none are close; close by the mean over pairs."""
    if len(groups) < 2:
        return groups
    groups = list(groups)
    mean = np.stack([np.asarray(vectors[rows], np.float32).mean(axis=0) for rows in groups])
    usual = np.array([level[rows].mean() for rows in groups], np.float32)
    between = closeness(mean @ mean.T, scale, usual[:, None], usual[None, :])
    np.fill_diagonal(between, -np.inf)
    while True:
        one, other = divmod(int(between.argmax()), len(groups))
        if between[one, other] <= least_closeness:
            return [rows for rows in groups if len(rows)]
        sizes = len(groups[one]), len(groups[other])
        mean[one] = np.average(mean[[one, other]], axis=0, weights=sizes)
        usual[one] = np.average(usual[[one, other]], weights=sizes)
        groups[one] = np.concatenate([groups[one], groups[other]])
        groups[other] = groups[other][:0]
        row = closeness(mean @ mean[one], scale, usual, usual[one])
        row[[not len(rows) for rows in groups]] = -np.inf
        row[one] = -np.inf
        between[one], between[:, one] = row, row
        between[other], between[:, other] = -np.inf, -np.inf


def _comes_back(days: IntArray) -> bool:
    """Whether photos of these days are of more than one occasion, as far as is known."""
    known = np.unique(days[days != UNKNOWN_DAY])
    return len(known) > 1 or int((days == UNKNOWN_DAY).sum()) > 1


def close_to(
    vectors: npt.NDArray[np.floating],
    means: FloatArray,
    scale: CollectionScale,
    level: FloatArray,
    mean_levels: FloatArray,
) -> FloatArray:
    """Closeness `(n, k)` of n photos to k groups: the mean over its pairs with a group's photos.

    vectors `(n, dim)` unit rows; means `(k, dim)` of the groups' vectors, as they are; level `(n,)`
    and mean_levels `(k,)` their `usual_level`.
    """
    found = np.empty((len(vectors), len(means)), np.float32)
    for start in range(0, len(vectors), _BLOCK):
        block = slice(start, start + _BLOCK)
        likeness = np.asarray(vectors[block], np.float32) @ means.T
        found[block] = closeness(likeness, scale, level[block, None], mean_levels[None, :])
    return found
