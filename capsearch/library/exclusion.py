"""'X without Y': what makes photos that show the unwanted thing come last.

An encoder hears 'beach without people' as beach and people. So the unwanted thing is asked for by
itself, in several words; the photos of the library that answer best and worst show which direction
the thing is in among photos (pseudo-relevance feedback, Rocchio, 1971), which tells the two apart
better than words do. What the direction shares with the wanted text is partly taken out, or 'a dog
without grass' would find no dog. Photos lose points by their standing in that direction, and those
that more likely than not show the thing come after all others. The numbers are fitted on captioned
photos by `python -m capsearch.lab.border`; resources/border/MODEL_CARD.md has its figures.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from capsearch.encoders.base import Encoder
from capsearch.library.relevance import sample_rows, standing_of
from capsearch.resources import resource_path
from capsearch.search import VectorMatrix
from capsearch.search.scoring import FloatArray, HalfArray, RowArray, scan

RULE_FILE = "exclusion.json"
# In spreads of the wanted scores: further than any photo stands from another.
_LAST = np.float32(-1000.0)

_WAYS = ("{}", "a photo of {}")
_LEAST = 1e-6
_FEWEST = 3
_SAMPLE = 1000

_KINDS: dict[str, tuple[str, ...]] = {
    "people": (
        "people", "a person", "a man", "a woman", "a boy", "a girl", "a child", "a baby",
        "a crowd of people", "two men", "two women", "two children", "a group of people", "someone",
        "a player", "a climber", "a skier", "a cyclist",
    ),
    "children": (
        "a child", "a boy", "a girl", "a baby", "a toddler", "children", "kids", "a little girl",
        "a young boy",
    ),
    "men": ("a man", "men", "a guy", "two men", "an old man"),
    "women": ("a woman", "women", "a lady", "two women"),
    "animals": ("an animal", "animals", "a dog", "a cat", "a horse", "a bird", "a cow", "sheep"),
    "dogs": (
        "a dog", "dogs", "a puppy", "two dogs", "a black dog", "a brown dog", "a white dog",
    ),
    "cats": ("a cat", "cats", "a kitten"),
    "water": (
        "water", "the sea", "a lake", "a river", "a swimming pool", "the ocean", "waves", "a pond",
        "a stream", "a boat", "swimming", "surfing",
    ),
    "snow": ("snow", "a snowy field", "skiing", "snowboarding", "a sled", "ice"),
    "grass": ("grass", "a lawn", "a field", "a meadow", "a grassy field"),
    "balls": (
        "a ball", "a soccer ball", "a tennis ball", "a football", "a basketball", "a baseball",
    ),
    "mountains": ("a mountain", "mountains", "a mountain peak"),
    "swimming pools": ("a swimming pool", "a pool"),
    "bicycles": ("a bicycle", "a bike", "a cyclist", "bikes"),
    "streets": ("a city street", "a street", "a sidewalk", "a road"),
    "night": ("night", "at night", "a dark sky", "street lights at night", "fireworks"),
}  # fmt: skip
"""Everyday words for many kinds of a thing, some of which say it better than the word itself."""

_NAMES: dict[str, str] = {
    alias: name
    for name, aliases in {
        "people": "people person persons human humans anyone anybody crowd crowds",
        "children": "children child kid kids",
        "men": "men man",
        "women": "women woman",
        "animals": "animals animal",
        "dogs": "dogs dog",
        "cats": "cats cat",
        "water": "water",
        "snow": "snow",
        "grass": "grass",
        "balls": "balls ball",
        "mountains": "mountains mountain",
        "swimming pools": "pools pool",
        "bicycles": "bicycles bicycle bikes bike",
        "streets": "streets street",
        "night": "night nighttime",
    }.items()
    for alias in aliases.split()
}
_ARTICLES = frozenset("a an the any some".split())
_FILLING = frozenset("swimming city".split())


@dataclass(frozen=True)
class Rule:
    """How photos of an unwanted thing are told and moved.

    photos: the photos' share of the direction, beside the words'. answer_share: share of the
        library that is taken for its best and worst answers. taken: how much of what the
        direction shares with the wanted text is taken out. strength: points, in spreads of the
        wanted scores, for each spread in the direction. likely: weights of a logistic model of
        whether a photo shows the thing: what is added, of its standing, and of the skew of all
        standings (a thing that most photos show leans them downwards).
    """

    photos: float
    answer_share: float
    taken: float
    strength: float
    likely: tuple[float, float, float]


class Exclusion(NamedTuple):
    """What to add to each photo's score, `points` (n,) float32, 0 or less; and which photos
    likely show something unwanted, `likely` (n,) bool: those come after all others."""

    points: FloatArray
    likely: npt.NDArray[np.bool_]


@cache
def load_rule() -> Rule:
    """The fitted rule.

    Raises:
        CapsearchError: the bundled file is missing.
    """
    text = (resource_path("border") / RULE_FILE).read_text(encoding="utf-8")
    known = json.loads(text)
    return Rule(**{**known, "likely": tuple(known["likely"])})


def unwanted_texts(text: str) -> tuple[str, ...]:
    """The texts to encode for an unwanted thing; their mean is its vector."""
    words = [word for word in text.lower().split() if word not in _ARTICLES]
    telling = [word for word in words if word not in _FILLING] if len(words) == 2 else words
    name = _NAMES.get(telling[0]) if len(telling) == 1 else None
    kinds = (text,) if name is None else _KINDS[name]
    return tuple(way.format(kind) for kind in kinds for way in _WAYS)


def unwanted_vector(encoder: Encoder, text: str) -> FloatArray:
    """The vector (dim,) of an unwanted thing: the mean of its texts', not of unit length."""
    vector: FloatArray = encoder.encode_texts(unwanted_texts(text)).mean(0)
    return vector


def exclude(
    matrix: VectorMatrix,
    unwanted: Sequence[FloatArray],
    wanted: FloatArray | None = None,
    bias: FloatArray | None = None,
) -> Exclusion | None:
    """What makes photos that show unwanted things come last; None where nothing is unwanted.

    Args:
        matrix: the library's n photos.
        unwanted: a vector (dim,) for each thing, as `unwanted_vector` gives.
        wanted: the query (dim,) that photos are ranked by, personalised or not; None where
            nothing else is asked (search by a query of zeros).
        bias: (n,) what is added to its scores already. Search by its sum with the points.
    """
    if not unwanted or not len(matrix):
        return None
    return exclude_by(matrix.vectors, unwanted, wanted, bias, load_rule())


def exclude_by(
    vectors: HalfArray,
    unwanted: Sequence[FloatArray],
    wanted: FloatArray | None,
    bias: FloatArray | None,
    rule: Rule,
) -> Exclusion:
    """As `exclude`, by any rule."""
    rows = sample_rows(len(vectors), _SAMPLE)
    asked, unit = None, np.float32(1.0)
    if wanted is not None:
        asked = scan(vectors, wanted, rows).scores
        unit = _spread(asked if bias is None else asked + bias[rows])
    total = np.zeros(len(vectors), np.float32)
    likely = np.zeros(len(vectors), np.bool_)
    for thing in unwanted:
        direction = _direction(vectors, rows, thing, rule)
        seen = scan(vectors, direction, rows).scores
        if wanted is not None and asked is not None:
            taken = rule.taken * _shared(seen, asked)
            direction, seen = direction - taken * wanted, seen - taken * asked
        standing = (scan(vectors, direction).scores - seen.mean()) / _spread(seen)
        total -= np.float32(rule.strength) * standing
        base, own, leaning = rule.likely
        likely |= own * standing > -(base + leaning * standing_of(seen, len(vectors)).skew)
    total -= total.max()
    total[likely] += _LAST
    return Exclusion(unit * total, likely)


def _direction(vectors: HalfArray, rows: RowArray, thing: FloatArray, rule: Rule) -> FloatArray:
    """From words (dim,) and the photos that answer them best and worst, each of its own spread."""
    said = scan(vectors, thing, rows).scores
    count = min(len(rows), max(_FEWEST, int(rule.answer_share * len(rows))))
    order = rows[np.argsort(said, kind="stable")]
    best, worst = (
        vectors[own].mean(0, dtype=np.float32) for own in (order[-count:], order[:count])
    )
    shown = best - worst
    words = (1 - rule.photos) / _spread(said) * thing
    direction: FloatArray = words + rule.photos / _spread(scan(vectors, shown, rows).scores) * shown
    return direction


def _shared(seen: FloatArray, asked: FloatArray) -> np.float32:
    """How much `seen` rises with `asked`; 0 where it falls."""
    centred = asked - asked.mean()
    slope = float(centred @ seen) / max(float(centred @ centred), _LEAST)
    return np.float32(max(0.0, slope))


def _spread(scores: FloatArray) -> np.float32:
    return np.float32(max(float(scores.std()), _LEAST))
