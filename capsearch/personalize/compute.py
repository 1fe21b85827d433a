"""From a collection to its profile; runs in the background, in bounded memory."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from capsearch.encoders.base import FloatArray
from capsearch.personalize.features import (
    UNKNOWN_DAY,
    CollectionFeatures,
    collection_features,
)
from capsearch.personalize.neighbours import EXACT_LIMIT, IntArray
from capsearch.personalize.network import (
    LINKS,
    link_weights,
    photo_prior,
    prototype_outputs,
    softplus,
    standardised,
)
from capsearch.personalize.profile import Profile
from capsearch.personalize.subjects import find_subjects, usual_level
from capsearch.personalize.weights import CapWeights

MOST_PROTOTYPES = 512
_SAME_SUBJECT = 0.5


def compute_profile(
    ids: npt.NDArray[np.int64],
    vectors: npt.NDArray[np.floating],
    days: npt.NDArray[np.int64] | None,
    people: Sequence[Sequence[str]] | None,
    weights: CapWeights,
    bank: FloatArray | None,
    *,
    exact_limit: int = EXACT_LIMIT,
) -> Profile:
    """Digest a collection.

    Args:
        ids: `(n,)` photo ids, in any order; the profile has them rising.
        vectors: `(n, dim)` unit rows of one encoder, float16 or float32 (a memory map is fine).
        days: `(n,)` local dates as day ordinals, -1 where not known; None: none is known.
        people: names of the people in each photo; None: none is known.
        weights: from `load_weights`; without any the profile is neutral (plain CLIP).
        bank: the encoder's vectors `(m, dim)` of `bank_texts()`; None: no hub correction.
        exact_limit: libraries larger than this are searched for neighbours in cells.

    100,000 photos of 512 dimensions take under a minute on two cores and under 1 GB.
    """
    identity = profile_identity(weights, len(ids))
    if len(ids) == 0 or not weights.personalizes:
        return Profile.neutral(np.sort(ids), vectors.shape[1], identity)
    order = np.argsort(ids, kind="stable")
    if not np.array_equal(order, np.arange(len(ids))):
        vectors = vectors[order]
    days = np.full(len(ids), UNKNOWN_DAY) if days is None else np.asarray(days)[order]
    names = [()] * len(ids) if people is None else [tuple(people[row]) for row in order]
    features = collection_features(vectors, days, names, bank, exact_limit)
    return _profile(np.asarray(ids)[order], vectors, days, features, weights, identity)


def choose_hearts(prior: FloatArray, links: FloatArray, neighbours: IntArray) -> IntArray:
    """Rows of the photos that prototypes are made around: all where there are few, else one for
    each subject, best first. prior `(n,)`; links, neighbours `(n, LINKS)`.

    A photo that surely shows the subject of a chosen one adds nothing, so it stands back.
    """
    if len(prior) <= MOST_PROTOTYPES:
        return np.arange(len(prior))
    spoken_for = np.zeros(len(prior), dtype=bool)
    chosen: list[int] = []
    for row in np.argsort(-prior, kind="stable").tolist():
        if spoken_for[row]:
            continue
        chosen.append(row)
        spoken_for[neighbours[row][links[row] > _SAME_SUBJECT]] = True
        if len(chosen) == MOST_PROTOTYPES:
            break
    return np.array(chosen, dtype=np.int64)


def profile_identity(weights: CapWeights, number: int) -> str:
    """What a profile says it was made from; another text means that it is out of date."""
    return f"{weights.identity}/{number}"


def _profile(
    ids: IntArray,
    vectors: npt.NDArray[np.floating],
    days: IntArray,
    features: CollectionFeatures,
    weights: CapWeights,
    identity: str,
) -> Profile:
    scaled = standardised(weights, features.photos)
    prior = photo_prior(weights, scaled)
    links, neighbours = _links(features, weights)
    hearts = choose_hearts(prior, links, neighbours)
    prototypes, length = _prototypes(vectors, hearts, links[hearts], neighbours[hearts])
    scale = features.scale
    between = (prototypes @ prototypes.T - scale.mean) / scale.spread
    outputs = prototype_outputs(weights, scaled[hearts], length, prior[hearts], between)
    return Profile(
        ids=ids,
        hub=features.hub,
        recurrence=softplus(prior),
        level=usual_level(features.level),
        subject=find_subjects(vectors, days, features, prior),
        hearts=ids[hearts],
        prototypes=prototypes,
        prior=outputs.prior,
        low_rank=(outputs.low_rank / len(hearts)).astype(np.float32),
        reference=np.asarray(vectors[features.reference], dtype=np.float32),
        gains=weights.tensors["gains"],
        nothing=outputs.nothing,
        mean=scale.mean,
        spread=scale.spread,
        sharpness=weights.number("sharpness"),
        generic=weights.number("generic"),
        temperature=weights.number("temperature"),
        made_from=identity,
    )


def _links(features: CollectionFeatures, weights: CapWeights) -> tuple[FloatArray, IntArray]:
    """How surely each photo and its nearest show one subject `(n, LINKS)`, 0 where none is."""
    neighbours = features.neighbours[:, :LINKS]
    there = np.maximum(neighbours, 0)
    level = (features.level[:, None] + features.level[there]) / 2
    scaled = (features.likeness[:, :LINKS] - features.scale.mean) / features.scale.spread
    return link_weights(weights, (scaled - level).astype(np.float32)) * (
        neighbours >= 0
    ), neighbours


def _prototypes(
    vectors: npt.NDArray[np.floating], hearts: IntArray, links: FloatArray, neighbours: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Each heart with the photos linked to it, summed to unit length; and the summed weights."""
    summed = np.asarray(vectors[hearts], dtype=np.float32)
    for column in range(neighbours.shape[1]):
        there = np.asarray(vectors[np.maximum(neighbours[:, column], 0)], dtype=np.float32)
        summed = summed + links[:, column, None] * there
    length = np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-6)
    return summed / length, 1.0 + links.sum(axis=1)
