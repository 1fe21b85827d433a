"""Fits the border of relevance to labelled cases."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from capsearch.encoders.base import FloatArray
from capsearch.lab.border.cases import Case
from capsearch.lab.border.concepts import words_of
from capsearch.lab.border.logistic import Array, fit_logistic
from capsearch.library.relevance import (
    Border,
    Standing,
    best_standing,
    commonness,
    logit,
    photo_features,
    presence_features,
    standing_of,
)

_AGREED = 2
_COMMON = 0.005
# Of the features of presence, the one in the encoder's own units.
_SPREAD = 3
_THRESHOLDS = np.linspace(-4, 4, 81)


def fit_border(cases: Sequence[Case], shares: Mapping[str, float], *, own_units: bool) -> Border:
    """Fit both models; `own_units`: the encoder is known, so that the spread of its scores says
    something by itself.

    Presence counts cases with the thing as much as cases without; photos count the same in every
    case, and the border is drawn where the mean F1 of the cases with the thing is highest.
    """
    read = [_read(case, shares) for case in cases]
    there = np.array([case.kind != "absent" for case in cases], np.float64)
    weights = np.where(there == 1, 1 / there.mean(), 1 / (1 - there).mean())
    presence = np.array([one for one, _ in read], np.float64)
    if own_units:
        found = fit_logistic(presence, there, weights)
    else:
        found = fit_logistic(np.delete(presence, _SPREAD, axis=1), there, weights)
        found = np.insert(found, 1 + _SPREAD, 0.0)
    shown = [(c, rows) for c, (_, rows) in zip(cases, read, strict=True) if c.kind != "absent"]
    return Border(_rounded(found), _rounded(_fit_photos(shown)))


def fit_photo_border(cases: Sequence[Case]) -> Border:
    """Fit the second model alone, for questions that are photos of the library."""
    read = []
    for case in cases:
        standing, best = _standing(case)
        read.append((case, photo_features(case.scores, best, standing)))
    return Border((), _rounded(_fit_photos(read)))


def _read(case: Case, shares: Mapping[str, float]) -> tuple[FloatArray, FloatArray]:
    standing, best = _standing(case)
    common = commonness(case.text, shares)
    return (
        presence_features(best, standing, standing.spread, common),
        photo_features(case.scores, best, standing),
    )


def _standing(case: Case) -> tuple[Standing, float]:
    standing = standing_of(case.typical, len(case.scores))
    return standing, best_standing(np.sort(case.scores)[::-1], standing)


def _fit_photos(cases: Sequence[tuple[Case, FloatArray]]) -> Array:
    known = [case.labels >= 0 for case, _ in cases]
    found = fit_logistic(
        np.concatenate([rows[k] for (_, rows), k in zip(cases, known, strict=True)]).astype("f8"),
        np.concatenate([case.labels[k] for (case, _), k in zip(cases, known, strict=True)]) * 1.0,
        np.concatenate([np.full(k.sum(), 1 / k.sum()) for k in known]),
    )
    odds = [logit(tuple(found.tolist()), rows) for _, rows in cases]
    scores = [
        np.mean([f1(o >= border, case.labels) for o, (case, _) in zip(odds, cases, strict=True)])
        for border in _THRESHOLDS
    ]
    found[0] -= _THRESHOLDS[int(np.argmax(scores))]
    return found


def f1(shown: npt.NDArray[np.bool_], labels: npt.NDArray[np.int64]) -> float:
    """F1 of what is shown, photos of label -1 left out."""
    right = int((shown & (labels == 1)).sum())
    wrong = int((shown & (labels == 0)).sum()) + int((~shown & (labels == 1)).sum())
    return 2 * right / max(1, 2 * right + wrong)


def _rounded(weights: Array) -> tuple[float, ...]:
    return tuple(round(float(weight), 4) for weight in weights)


def common_words(captions: Sequence[Sequence[str]]) -> dict[str, float]:
    """Word -> share of photos of which two captions say it; words of 1 in 200 photos or more."""
    counts: Counter[str] = Counter()
    for own in captions:
        said = Counter(word for text in own for word in words_of(text))
        counts.update(word for word, times in said.items() if times >= _AGREED)
    shares = {word: count / len(captions) for word, count in counts.items()}
    return {word: round(shares[word], 4) for word in sorted(shares) if shares[word] >= _COMMON}
