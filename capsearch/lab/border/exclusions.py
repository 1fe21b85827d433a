"""'X without Y' for captioned photos: 30 pairs, the fit of the rule, and its figures."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from capsearch.encoders.base import FloatArray
from capsearch.lab.border.cases import BoolArray, IntArray, LabelledPhotos
from capsearch.lab.border.logistic import fit_logistic
from capsearch.library.exclusion import Rule, exclude_by, unwanted_texts
from capsearch.library.relevance import standing_of
from capsearch.search.scoring import HalfArray

EXCLUSIONS: tuple[tuple[str, str], ...] = (
    ("the beach", "people"), ("snow", "people"), ("water", "people"), ("grass", "people"),
    ("a ball", "people"), ("a dog", "people"), ("the ocean", "people"), ("a dog", "water"),
    ("a dog", "grass"), ("a dog", "a ball"), ("the beach", "a child"), ("the beach", "a dog"),
    ("a child", "water"), ("a man", "water"), ("snow", "a dog"), ("snow", "a mountain"),
    ("snow", "a man"), ("grass", "a dog"), ("grass", "a ball"), ("grass", "a child"),
    ("water", "a dog"), ("water", "a swimming pool"), ("water", "a child"), ("a ball", "a dog"),
    ("a ball", "grass"), ("a bicycle", "a child"), ("a city street", "a bicycle"),
    ("people", "a city street"), ("a mountain", "snow"), ("rocks", "water"),
)  # fmt: skip
"""(X, Y), chosen by counts alone: ten photos of dev or more show X and not Y, five or more both."""

BEYOND: tuple[tuple[str, str], ...] = (
    ("the ocean", "rocks"), ("snow", "a hat"), ("water", "rocks"), ("a mountain", "rocks"),
    ("a city street", "a car"), ("a bicycle", "a helmet"), ("a hat", "sunglasses"),
    ("rocks", "a forest"), ("a cliff", "rocks"), ("a race", "a car"),
)  # fmt: skip
"""The same with things that the product's table of kinds lacks; nothing is fitted to them."""

FIRST = 10
_LIBRARIES, _SIZE = 2, 1000
_LEAST_RIGHT = 10
_WANTED_SHARE = 0.97
_NOTHING = (-1.0, 0.0, 0.0)
_PHOTOS = (0.0, 0.5, 1.0)
_TAKEN = (0.0, 0.5, 1.0)
_STRENGTHS = (0.7, 1.0, 1.4, 1.7, 2.0, 2.5)
# Shares from 0.05 to 0.3 tell the shown from the unshown equally well (within 0.01 of AUC).
_ANSWER_SHARE = 0.15


class WithoutCase(NamedTuple):
    """One pair in one library: vectors `(n, dim)` float16, query and unwanted vector `(dim,)`;
    shows: `(n,)` any caption says X; unwanted: any says Y."""

    pair: tuple[str, str]
    vectors: HalfArray
    query: FloatArray
    thing: FloatArray
    shows: BoolArray
    unwanted: BoolArray


@dataclass(frozen=True)
class ExclusionFigures:
    """Means over pairs of the first ten: how many show the unwanted thing, how many show what is
    wanted and not the unwanted thing; and the share of pairs with at most one unwanted photo."""

    pairs: int
    unwanted: float
    right: float
    at_most_one: float

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)

    def as_text(self) -> str:
        """For people: one line."""
        return (
            f"{self.pairs} pairs; of the first {FIRST}: {self.unwanted:.2f} show the unwanted "
            f"thing, {self.right:.2f} are right; at most one unwanted: {self.at_most_one:.1%}"
        )


def exclusion_texts(pairs: Sequence[tuple[str, str]] = (*EXCLUSIONS, *BEYOND)) -> tuple[str, ...]:
    """Every text that the pairs ask by."""
    wanted = [x for x, _ in pairs]
    return tuple(dict.fromkeys([*wanted, *(text for _, y in pairs for text in unwanted_texts(y))]))


def whole_library(
    photos: LabelledPhotos, pairs: Sequence[tuple[str, str]]
) -> Iterator[WithoutCase]:
    """Each pair asked of all photos."""
    return _asked(photos, np.arange(len(photos.vectors)), pairs)


def drawn_libraries(photos: LabelledPhotos, seed: int) -> Iterator[WithoutCase]:
    """Each pair asked of libraries of a thousand photos."""
    rng = np.random.default_rng(seed)
    for _ in range(_LIBRARIES):
        size = min(_SIZE, len(photos.vectors))
        yield from _asked(photos, rng.choice(len(photos.vectors), size, False), EXCLUSIONS)


def _asked(
    photos: LabelledPhotos, rows: IntArray, pairs: Sequence[tuple[str, str]]
) -> Iterator[WithoutCase]:
    vectors = photos.vectors[rows].astype(np.float16)
    for x, y in pairs:
        said, unwanted = photos.said[x][rows], photos.said[y][rows] > 0
        if ((said > 1) & ~unwanted).sum() < _LEAST_RIGHT:
            continue
        thing = np.stack([photos.texts[text] for text in unwanted_texts(y)]).mean(0)
        yield WithoutCase((x, y), vectors, photos.texts[x], thing, said > 0, unwanted)


def measure_exclusions(cases: Sequence[WithoutCase], rule: Rule | None) -> ExclusionFigures:
    """The first ten of each by the rule, or with None those of X alone."""
    counts = np.array([_first(case, rule) for case in cases], np.float64)
    unwanted, right = counts.T
    few = float((unwanted <= 1).mean())
    return ExclusionFigures(len(cases), float(unwanted.mean()), float(right.mean()), few)


def _first(case: WithoutCase, rule: Rule | None) -> tuple[int, int]:
    scores = case.vectors.astype(np.float32) @ case.query
    if rule is not None:
        scores = scores + _points(case, rule)
    first = np.argsort(-scores, kind="stable")[:FIRST]
    bad = case.unwanted[first]
    return int(bad.sum()), int((case.shows[first] & ~bad).sum())


def _points(case: WithoutCase, rule: Rule) -> FloatArray:
    return exclude_by(case.vectors, [case.thing], case.query, None, rule).points


def fit_rule(spaces: Sequence[Sequence[WithoutCase]]) -> Rule:
    """The rule with most right photos among those that leave at most one unwanted photo for 97% of
    the cases; every space counts the same.

    Whether a photo likely shows the thing is a logistic model of its own.
    """
    best: tuple[float, Rule] | None = None
    for photos, taken in product(_PHOTOS, _TAKEN):
        likely = _likely(spaces, Rule(photos, _ANSWER_SHARE, taken, 1.0, _NOTHING))
        for strength in _STRENGTHS:
            rule = Rule(photos, _ANSWER_SHARE, taken, strength, likely)
            found = [measure_exclusions(cases, rule) for cases in spaces]
            few = np.mean([figures.at_most_one for figures in found])
            right = float(np.mean([figures.right for figures in found]))
            if few >= _WANTED_SHARE and (best is None or right > best[0]):
                best = right, rule
    if best is None:
        raise ValueError("no rule of the grid leaves few enough unwanted photos")
    return best[1]


def _likely(spaces: Sequence[Sequence[WithoutCase]], rule: Rule) -> tuple[float, float, float]:
    rows, labels, weights = [], [], []
    for cases in spaces:
        photos = sum(len(case.unwanted) for case in cases)
        for case in cases:
            standing = _standing(case, rule)
            skew = np.full(len(standing), standing_of(standing, len(standing)).skew)
            rows.append(np.column_stack([standing, skew]))
            labels.append(case.unwanted)
            weights.append(np.full(len(standing), 1 / photos))
    found = fit_logistic(
        np.concatenate(rows).astype(np.float64),
        np.concatenate(labels).astype(np.float64),
        np.concatenate(weights),
    )
    base, own, leaning = (round(float(weight), 4) for weight in found)
    return base, own, leaning


def _standing(case: WithoutCase, rule: Rule) -> FloatArray:
    """Each photo's standing in the unwanted direction, in spreads over the mean."""
    points = _points(case, rule)
    standing: FloatArray = (points.mean() - points) / points.std()
    return standing
