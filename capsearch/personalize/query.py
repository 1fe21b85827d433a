"""A query under a profile: one vector and one bias per photo, and the parts to explain them by."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from capsearch.encoders.base import FloatArray
from capsearch.personalize.intent import intent_terms, read_intent
from capsearch.personalize.profile import Profile


@dataclass(frozen=True)
class PersonalizedQuery:
    """What to search with: score of photo v = vector.v + bias[row of v].

    vector: `(dim,)` float32, not of unit length: its inner products are in CLIP's own units.
    bias: `(n,)` float32 along `Profile.ids`; `hub_gain` * hub + `recurrence_gain` * recurrence.
    clip: `(dim,)` the query as the encoder gave it.
    """

    vector: FloatArray
    bias: FloatArray
    clip: FloatArray
    hub_gain: float
    recurrence_gain: float


@dataclass(frozen=True)
class ScoreParts:
    """Why a photo stands where it stands; `score` is the sum of the four others.

    clip: the encoder's own score; hub: correction for photos that answer everything; recurrence:
    for subjects that come back; warp: the collection's pull on the query. clip_rank: the photo's
    place in CLIP's own order, from 1.
    """

    score: float
    clip: float
    hub: float
    recurrence: float
    warp: float
    clip_rank: int


def personalize_query(
    profile: Profile, text: str, queries: npt.NDArray[np.floating], *, strength: float = 1.0
) -> PersonalizedQuery:
    """Bend a query towards the collection.

    Args:
        profile: the library's.
        text: what the user typed.
        queries: the encoder's `(v, dim)` rows of `query_variants(text)`, or one `(dim,)` row of
            the text alone.
        strength: how much of what makes photos of this collection go first is taken; the hub
            correction, which knows no owner, stays whole.

    Under an empty profile, or untrained weights, the vector is the query itself and the bias 0.
    """
    rows = np.atleast_2d(np.asarray(queries, dtype=np.float32))
    clip = rows[0]
    number = len(profile.ids)
    if not profile.personalizes:
        return PersonalizedQuery(clip, np.zeros(number, np.float32), clip, 0.0, 0.0)
    intent = read_intent(text)
    terms = intent_terms(intent.possessive, intent.underspecified)
    bare, attention, recurrence, hub, warp, low_rank = (profile.gains @ terms).tolist()
    base = clip + bare * rows[-1]
    seen = profile.reference @ base
    centre = float(seen.mean())
    spread = max(float(seen.std(ddof=1)) if len(seen) > 1 else 0.0, 1e-4)
    to_text = (profile.prototypes @ base - centre) / spread
    chance = _chance(profile.sharpness * to_text + profile.prior, profile.nothing)
    attention, recurrence, warp, low_rank = (
        strength * gain for gain in (attention, recurrence, warp, low_rank)
    )
    pull = (attention * chance + low_rank * profile.low_rank * to_text) @ profile.prototypes
    vector = base + spread / profile.spread * (pull + warp * profile.warp)
    recurrence *= spread
    bias = hub * profile.hub + recurrence * profile.recurrence
    return PersonalizedQuery(vector, bias, clip, hub, recurrence)


def explain(
    profile: Profile,
    query: PersonalizedQuery,
    vectors: npt.NDArray[np.floating],
    rows: Sequence[int],
) -> tuple[ScoreParts, ...]:
    """Parts of the scores of some photos; `vectors` and `rows` run along `profile.ids`."""
    clip = np.concatenate(
        [
            np.asarray(vectors[start : start + 8_192], dtype=np.float32) @ query.clip
            for start in range(0, len(vectors), 8_192)
        ]
        or [np.zeros(0, np.float32)]
    )
    moved = query.vector - query.clip
    parts = []
    for row in rows:
        own = float(clip[row])
        hub = query.hub_gain * float(profile.hub[row])
        recurrence = query.recurrence_gain * float(profile.recurrence[row])
        warp = float(np.asarray(vectors[row], dtype=np.float32) @ moved)
        rank = 1 + int((clip > clip[row]).sum())
        total = own + hub + recurrence + warp
        parts.append(ScoreParts(total, own, hub, recurrence, warp, rank))
    return tuple(parts)


def _chance(logits: FloatArray, nothing: float) -> FloatArray:
    """Softmax over the prototypes and 'none of them'; sums to less than 1."""
    highest = max(float(logits.max()), nothing)
    risen = np.exp(logits - highest)
    chance: FloatArray = risen / (risen.sum() + np.exp(nothing - highest))
    return chance
