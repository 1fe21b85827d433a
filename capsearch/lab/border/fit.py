"""Fits the border of relevance to labelled cases."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from capsearch.lab.border.cases import Case
from capsearch.lab.border.logistic import Array, fit_logistic
from capsearch.library.relevance import (
    Border,
    best_standing,
    logit,
    photo_features,
    presence_features,
    standing_of,
)

_THRESHOLDS = np.linspace(-4, 4, 81)


def fit_border(cases: Sequence[Case], *, own_units: bool) -> Border:
    """Fit both models; `own_units`: the encoder is known, so that the spread of its scores says
    something by itself.

    Presence counts cases with the thing as much as cases without; photos count the same in every
    case, and the border is drawn where the mean F1 of the cases with the thing is highest.
    """
    read = [_read(case) for case in cases]
    there = np.array([case.kind != "absent" for case in cases], np.float64)
    weights = np.where(there == 1, 1 / there.mean(), 1 / (1 - there).mean())
    presence = np.array([one for one, _ in read], np.float64)
    if own_units:
        found = fit_logistic(presence, there, weights)
    else:
        found = np.append(fit_logistic(presence[:, :-1], there, weights), 0.0)
    shown = [(c, rows) for c, (_, rows) in zip(cases, read, strict=True) if c.kind != "absent"]
    return Border(_rounded(found), _rounded(_fit_photos(shown)))


def fit_photo_border(cases: Sequence[Case]) -> Border:
    """Fit the second model alone, for questions that are photos of the library."""
    return Border((), _rounded(_fit_photos([(case, _read(case)[1]) for case in cases])))


def _read(case: Case) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    standing = standing_of(case.typical, len(case.scores))
    best = best_standing(np.sort(case.scores)[::-1], standing)
    return (
        presence_features(best, standing, standing.spread),
        photo_features(case.scores, best, standing),
    )


def _fit_photos(cases: Sequence[tuple[Case, npt.NDArray[np.float32]]]) -> Array:
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
