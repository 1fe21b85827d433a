"""Where results stop being relevant: a border that every query draws for itself.

A fixed score does not do: one query's best photo scores less than another's hundredth. What can
be compared is how a score stands among the library's own scores for this query. Two logistic
models read that: the first says whether the library shows the thing at all, the second which
photos show it, given that some do. `python -m capsearch.lab.border fit` makes their weights on
captioned photos; resources/border/MODEL_CARD.md says how good they are.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from capsearch.personalize.intent import telling_words
from capsearch.resources import resource_path
from capsearch.search.scoring import FloatArray

BoolArray = npt.NDArray[np.bool_]

DEFAULT = "default"
PHOTO = "photo"
"""Names of the borders for encoders without one of their own, and for questions that are photos."""

BORDER_FILE = "border.json"
WORDS_FILE = "words.json"
BEST = 3
_SAMPLE = 3000
# Of a normal distribution, the standard deviation over the median absolute deviation.
_DEVIATION = 1.4826
_TAIL = 0.05
_LEAST = 1e-6


@dataclass(frozen=True)
class Border:
    """Weights of both models, the first number of each what is added.

    presence: of the best photos' mean standing, log(photos), skew, log(spread in the encoder's
        own units), and how common the thing asked for is; () where the question is a photo.
    photo: of a photo's standing, its share of the best ones' standing, log(photos), and skew.
    """

    presence: tuple[float, ...]
    photo: tuple[float, ...]


class Standing(NamedTuple):
    """A library's scores for one query: their middle, spread (as of a normal distribution), and
    log of how much further they reach upwards than downwards; and log(photos)."""

    centre: float
    spread: float
    skew: float
    log_photos: float


@cache
def load_border(family: str) -> Border:
    """The border of an encoder (its name), of `PHOTO`, or the `DEFAULT` one.

    Raises:
        CapsearchError: the bundled file is missing.
    """
    text = (resource_path("border") / BORDER_FILE).read_text(encoding="utf-8")
    table = json.loads(text)
    known = table.get(family, table[DEFAULT])
    return Border(tuple(known["presence"]), tuple(known["photo"]))


@cache
def load_word_shares() -> Mapping[str, float]:
    """Common words -> share of captioned photos that show it.

    Raises:
        CapsearchError: the bundled file is missing.
    """
    text = (resource_path("border") / WORDS_FILE).read_text(encoding="utf-8")
    shares: dict[str, float] = json.loads(text)
    return shares


def commonness(text: str, shares: Mapping[str, float]) -> float:
    """Log of the share of photos that show the rarest thing the text names.

    Scores alone cannot tell whether a library shows what most photos show, for then nothing
    stands out. A word that is not listed counts as half of the rarest listed one.
    """
    unlisted = min(shares.values()) / 2
    said = [shares.get(word, unlisted) for word in telling_words(text)]
    return float(np.log(min(said, default=1.0)))


def sample_rows(count: int, most: int = _SAMPLE) -> npt.NDArray[np.int64]:
    """Rows spread evenly over the library, to learn its typical score from."""
    return np.unique(np.linspace(0, max(0, count - 1), min(count, most)).astype(np.int64))


def standing_of(typical: FloatArray, photos: int) -> Standing:
    """How a library of so many `photos` scores, from the scores (s,) of a sample, s > 0."""
    low, centre, high = np.quantile(typical, (_TAIL, 0.5, 1 - _TAIL)).tolist()
    spread = _DEVIATION * float(np.median(np.abs(typical - np.float32(centre))))
    skew = np.log(max(high - centre, _LEAST) / max(centre - low, _LEAST))
    return Standing(centre, spread, float(skew), float(np.log(photos)))


def presence_features(best: float, standing: Standing, unit: float, common: float) -> FloatArray:
    """(5,): what the first model reads; `best` is the best photos' mean standing."""
    spread = np.log(max(unit, _LEAST))
    return np.array([best, standing.log_photos, standing.skew, spread, common], np.float32)


def photo_features(scores: FloatArray, best: float, standing: Standing) -> FloatArray:
    """(m, 4): what the second model reads of photos of these scores."""
    own = (scores - standing.centre) / standing.spread
    size, skew = (np.full(len(own), each) for each in (standing.log_photos, standing.skew))
    return np.column_stack([own, own / best, size, skew]).astype(np.float32)


def best_standing(scores: FloatArray, standing: Standing) -> float:
    """The mean standing of the first `BEST` of `scores`, in spreads above the middle."""
    return (float(scores[:BEST].mean()) - standing.centre) / standing.spread


def count_relevant(
    scores: FloatArray,
    typical: FloatArray,
    photos: int,
    border: Border,
    *,
    text: str = "",
    plain: FloatArray | None = None,
) -> int:
    """How many of `scores` (m,), best first, are relevant; 0 where the thing is not there.

    Args:
        scores: of the photos that were found.
        typical: scores (s,) of a sample of the library, whatever the filters.
        photos: how many the library has.
        border: the encoder's.
        text: what was asked in words.
        plain: scores of the sample by the query as the encoder gave it, where the others are
            personalised and so in other units.
    """
    if not len(scores) or not len(typical):
        return len(scores)
    standing = standing_of(typical, photos)
    if standing.spread < _LEAST:  # all photos are alike to this query
        return len(scores)
    best = best_standing(scores, standing)
    if best <= 0:
        return 0
    unit = standing.spread if plain is None else standing_of(plain, photos).spread
    if border.presence:
        evidence = presence_features(best, standing, unit, commonness(text, load_word_shares()))
        if logit(border.presence, evidence) < 0:
            return 0
    shown = logit(border.photo, photo_features(scores, best, standing)) >= 0
    return max(1, int(np.count_nonzero(shown)))


def count_moved(
    scores: FloatArray,
    points: FloatArray,
    count: Callable[[FloatArray], int],
    *,
    first: BoolArray | None = None,
    last: BoolArray | None = None,
) -> int:
    """How many photos are relevant where some were moved for what was said of them.

    Args:
        scores: (m,) of the photos found, with the points, best first.
        points: (m,) theirs.
        count: how many of scores without points, best first, are relevant.
        first: (m,) which are relevant whatever they look like.
        last: (m,) which are not.
    """
    own = scores - points
    ranked = np.sort(own)[::-1]
    relevant = count(ranked)
    fits = own >= ranked[relevant - 1] if relevant else np.zeros(len(own), np.bool_)
    if first is not None:
        fits = fits | first
    if last is not None:
        fits = fits & ~last
    return int(np.count_nonzero(fits))


def logit(weights: tuple[float, ...], features: FloatArray) -> npt.NDArray[np.float64]:
    """Log-odds by a logistic model's weights, of features (..., number of weights - 1)."""
    odds: npt.NDArray[np.float64] = weights[0] + features.astype(np.float64) @ np.array(weights[1:])
    return odds
