"""Ways to rank a library for a query: CLIP, training-free baselines, CAP and its controls.

Baselines: CLIP; prompt ensemble (Radford et al., 2021); distribution normalisation (Zhou et al.,
2023, arXiv 2302.11084, its first-order form: both means subtracted); NNN (Chowdhury et al., 2024,
arXiv 2410.24114); a frequency prior (photos that have many like them go first); hand-set gated
recurrence. Controls: CAP with another user's, a random and an empty collection.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from capsearch.encoders.base import FloatArray
from capsearch.lab.personal.libraries import (
    ENSEMBLE,
    PersonalLibrary,
    Sources,
)
from capsearch.personalize.compute import compute_profile
from capsearch.personalize.features import hubness
from capsearch.personalize.intent import query_variants
from capsearch.personalize.profile import Profile
from capsearch.personalize.query import personalize_query
from capsearch.personalize.weights import CapWeights

NNN_STRENGTH = 0.5
GAIN_ORDER = ("bare", "attention", "recurrence", "hub", "low_rank", "expansion")
COLLECTION_SIZES = (5, 20, 50)


@dataclass(frozen=True)
class Query:
    """A text and its vectors: `rows` `(1 or 2, dim)` of `query_variants`, and of the ensemble."""

    text: str
    rows: FloatArray
    ensemble: FloatArray


Method = Callable[[Sequence[Query]], FloatArray]
"""Gives the scores `(q, n)` of a library's photos for q queries, in one matrix product."""


def personal_query(sources: Sources, subject_class: str) -> Query:
    """'my <class>' with all texts that a method may use."""
    text = f"my {subject_class}"
    rows = np.stack([sources.texts[variant] for variant in query_variants(text)])
    ensemble = np.stack([sources.texts[way.format(text)] for way in ENSEMBLE]).mean(axis=0)
    return Query(text, rows, ensemble)


def methods_for(
    library: PersonalLibrary,
    other: PersonalLibrary,
    sources: Sources,
    weights: CapWeights,
    rng: np.random.Generator,
    ablations: bool,
) -> Mapping[str, Method]:
    """Every method on one library; `other` is another user's, for the control."""
    vectors = library.vectors
    hub = hubness(vectors, sources.bank)
    density = _density(vectors)
    centre, text_centre = vectors.mean(axis=0), sources.bank.mean(axis=0)
    own = profile_of(library, sources, weights)
    theirs = profile_of(other, sources, weights)
    anything = _random_collection(sources, len(vectors), rng)
    methods: dict[str, Method] = {
        "clip": lambda queries: _clip(queries, vectors),
        "ensemble": lambda queries: np.stack([query.ensemble for query in queries]) @ vectors.T,
        "distribution_normalisation": lambda queries: (
            (_texts(queries) - text_centre / 2) @ (vectors - centre / 2).T
        ),
        "nnn": lambda queries: _clip(queries, vectors) - NNN_STRENGTH * hub,
        "frequency": lambda queries: _standard(_clip(queries, vectors)) + _standard(density),
        "gated_recurrence": lambda queries: _gated(_clip(queries, vectors), density),
        "cap": _cap(own, vectors),
        "cap_shuffled": _cap(_dealt(theirs, own, rng), vectors),
        "cap_random": _cap(_dealt(profile_of(anything, sources, weights), own, rng), vectors),
        "cap_empty": _cap(Profile.neutral(own.ids, vectors.shape[1]), vectors),
    }
    if ablations:
        methods |= _ablated(library, sources, weights, own, rng)
    return methods


def profile_of(library: PersonalLibrary, sources: Sources, weights: CapWeights) -> Profile:
    """The library's profile, with its days."""
    ids = np.arange(len(library.vectors))
    bank = sources.bank
    return compute_profile(ids, library.vectors, library.days, library.people, weights, bank)


def _cap(profile: Profile, vectors: FloatArray) -> Method:
    def score(queries: Sequence[Query]) -> FloatArray:
        personal = [personalize_query(profile, query.text, query.rows) for query in queries]
        bias = np.stack([one.bias for one in personal])
        scores: FloatArray = np.stack([one.vector for one in personal]) @ vectors.T + bias
        return scores

    return score


def _texts(queries: Sequence[Query]) -> FloatArray:
    return np.stack([query.rows[0] for query in queries])


def _clip(queries: Sequence[Query], vectors: FloatArray) -> FloatArray:
    scores: FloatArray = _texts(queries) @ vectors.T
    return scores


def _dealt(other: Profile, own: Profile, rng: np.random.Generator) -> Profile:
    """Another collection's profile on these photos: its prototypes, its per-photo
    scalars dealt at random, since its photos are not these."""
    dealt = rng.integers(0, len(other.ids), len(own.ids))
    return replace(other, ids=own.ids, hub=own.hub, recurrence=other.recurrence[dealt])


def _random_collection(sources: Sources, size: int, rng: np.random.Generator) -> PersonalLibrary:
    rows = rng.choice(len(sources.distractors), min(size, len(sources.distractors)), replace=False)
    nobody = np.zeros(len(rows), dtype=bool)
    days = 737_000 + np.arange(len(rows))
    return PersonalLibrary("", "", sources.distractors[rows], days, nobody, rows)


def _ablated(
    library: PersonalLibrary,
    sources: Sources,
    weights: CapWeights,
    own: Profile,
    rng: np.random.Generator,
) -> dict[str, Method]:
    """CAP without each head, with each head alone, without dates, and digesting fewer photos."""
    methods: dict[str, Method] = {}
    for place, name in enumerate(GAIN_ORDER):
        without, alone = own.gains.copy(), np.zeros_like(own.gains)
        without[place] = 0.0
        alone[place] = own.gains[place]
        methods[f"cap_without_{name}"] = _cap(replace(own, gains=without), library.vectors)
        methods[f"cap_only_{name}"] = _cap(replace(own, gains=alone), library.vectors)
    undated = replace(library, days=np.full(len(library.vectors), -1))
    methods["cap_without_days"] = _cap(profile_of(undated, sources, weights), library.vectors)
    for size in COLLECTION_SIZES:
        methods[f"cap_collection_{size}"] = _cap(
            _partial_profile(library, sources, weights, own, size, rng), library.vectors
        )
    return methods


def _partial_profile(
    library: PersonalLibrary,
    sources: Sources,
    weights: CapWeights,
    own: Profile,
    size: int,
    rng: np.random.Generator,
) -> Profile:
    """Only some photos of the library have been digested so far; the others have no prior yet."""
    rows = np.sort(rng.choice(len(own.ids), min(size, len(own.ids)), replace=False))
    part = compute_profile(
        rows, library.vectors[rows], library.days[rows], None, weights, sources.bank
    )
    recurrence = np.zeros(len(own.ids), dtype=np.float32)
    recurrence[rows] = part.recurrence
    hub = np.full(len(own.ids), part.hub.mean(), dtype=np.float32)
    hub[rows] = part.hub
    return replace(part, ids=own.ids, recurrence=recurrence, hub=hub)


def _density(vectors: FloatArray, nearest: int = 4) -> FloatArray:
    alike = vectors @ vectors.T
    np.fill_diagonal(alike, -1.0)
    density: FloatArray = np.sort(alike, axis=1)[:, -nearest:].mean(axis=1)
    return density


def _standard(value: FloatArray) -> FloatArray:
    """Mean 0 and spread 1 along the photos."""
    spread = np.maximum(value.std(axis=-1, keepdims=True), 1e-6)
    result: FloatArray = (value - value.mean(axis=-1, keepdims=True)) / spread
    return result


def _gated(relevance: FloatArray, density: FloatArray) -> FloatArray:
    """Relevance, and recurrence only where the photo is relevant at all."""
    relevant, recurrent = _standard(relevance), _standard(density)
    gate = 1.0 / (1.0 + np.exp(-3.0 * (relevant - 0.5)))
    scores: FloatArray = relevant + 2.0 * gate * recurrent
    return scores
