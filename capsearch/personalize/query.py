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
    chance: probability, 0 to 1, that something of this collection's own is meant and there; what
        was learned counts by it.
    """

    vector: FloatArray
    bias: FloatArray
    clip: FloatArray
    hub_gain: float
    recurrence_gain: float
    chance: float


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
        return PersonalizedQuery(clip, np.zeros(number, np.float32), clip, 0.0, 0.0, 0.0)
    intent = read_intent(text)
    terms = intent_terms(intent.possessive, intent.underspecified)
    bare, attention, recurrence, hub, low_rank, expansion = (profile.gains @ terms).tolist()
    attention, recurrence, low_rank, expansion = (
        strength * gain for gain in (attention, recurrence, low_rank, expansion)
    )
    base = _expanded(profile, clip + bare * rows[-1], expansion)
    seen = profile.reference @ base
    centre, spread = _centre_and_spread(seen)
    to_text = (profile.prototypes @ base - centre) / spread
    chance = _chance(profile, to_text, (seen - centre) / spread)
    personal = float(chance.sum())
    low_rank *= personal
    pull = (attention * chance + low_rank * profile.low_rank * to_text) @ profile.prototypes
    vector = base + spread / profile.spread * pull
    recurrence *= spread * personal
    bias = hub * profile.hub + recurrence * profile.recurrence
    own = personal if intent.possessive else 0.0
    return PersonalizedQuery(vector, bias, clip, hub, recurrence, own)


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


def _expanded(profile: Profile, base: FloatArray, expansion: float) -> FloatArray:
    """The query moved towards the photos that it matches, each as well as it does.

    Texts and photos lie apart in CLIP's space; the photos that a text matches at all say better
    where its photos lie (Rocchio's relevance feedback, 1971, without a judge).
    """
    if expansion == 0.0:
        return base
    seen = profile.reference @ base
    centre, spread = _centre_and_spread(seen)
    matched = np.exp(profile.temperature * ((seen - centre) / spread))
    towards = (matched / matched.sum() - 1.0 / len(seen)) @ profile.reference
    width = _centre_and_spread(profile.reference @ towards)[1]
    moved: FloatArray = base + (expansion * spread / width) * towards
    return moved


def _centre_and_spread(scores: FloatArray) -> tuple[float, float]:
    spread = float(scores.std(ddof=1)) if len(scores) > 1 else 0.0
    return float(scores.mean()), max(spread, 1e-4)


def _chance(profile: Profile, to_text: FloatArray, seen: FloatArray) -> FloatArray:
    """Probability `(k,)` that each prototype is what is meant; the rest is that none is.

    to_text, seen: scores of the prototypes and of the reference photos, in units of their spread.
    """
    logits = profile.sharpness * to_text + profile.prior
    answered = _log_mean_exp(profile.sharpness * seen)
    nothing = profile.nothing + profile.generic * answered
    highest = max(float(logits.max()), nothing)
    risen = np.exp(logits - highest)
    chance: FloatArray = risen / (risen.sum() + np.exp(nothing - highest))
    return chance


def _log_mean_exp(value: FloatArray) -> float:
    highest = float(value.max())
    return highest + float(np.log(np.exp(value - highest).mean()))
