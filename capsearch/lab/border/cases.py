"""Questions to libraries of many sizes with what captions say is right: the thing is frequent
there, rare, or absent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from capsearch.encoders.base import FloatArray
from capsearch.lab.border.concepts import CONCEPTS, NOWHERE, PAIRS, times_said, words_of
from capsearch.library.relevance import sample_rows

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
Kind = Literal["frequent", "some", "rare", "absent"]

SIZES = (40, 150, 400, 1000, 2500)
FREQUENT = 0.03
_MOST_RARE = 5
_LEAST_SHOWN = 2
_LEAST_SILENT = 100
# Captions that agree less often than this about a thing do not tell which photos lack it.
_LEAST_AGREEMENT = 0.4
_FORMS = ("{}", "a photo of {}", "{} ")
_SAID_ENOUGH = 2
_TOLD_OF_A_PHOTO = 2
_PHOTOS_ASKED = 150
_ANYBODY = frozenset(("people", "a child", "a man", "a woman"))
_SAY_LITTLE = frozenset("a an the of full with at in night power field plant site".split())


@dataclass(frozen=True)
class LabelledPhotos:
    """Photos in one encoder's space, `(n, dim)` unit rows, their captions, and texts' vectors."""

    name: str
    vectors: FloatArray
    captions: tuple[tuple[str, ...], ...]
    texts: dict[str, FloatArray]

    @cached_property
    def said(self) -> dict[str, IntArray]:
        """Concept -> how many captions of each photo say it, `(n,)`."""
        return {name: times_said(self.captions, words) for name, words in CONCEPTS.items()}

    @cached_property
    def words(self) -> set[str]:
        """All words of all captions."""
        return {word for own in self.captions for text in own for word in words_of(text)}


class Case(NamedTuple):
    """A question to one library: its photos' scores `(n,)`, and labels `(n,)`: 1 where two or more
    captions say the thing, 0 where none does, -1 where one does."""

    text: str
    kind: Kind
    scores: FloatArray
    labels: IntArray

    @property
    def typical(self) -> FloatArray:
        """The scores that the library's standing is read from."""
        return self.scores[sample_rows(len(self.scores))]


def query_texts() -> tuple[str, ...]:
    """Every text that the cases ask by, in every form."""
    asked = [*CONCEPTS, *(f"{a} and {b}" for a, b in PAIRS), *NOWHERE]
    return tuple(dict.fromkeys(form.format(text).strip() for text in asked for form in _FORMS))


def draw_cases(photos: LabelledPhotos, seed: int, sizes: Sequence[int] = SIZES) -> Iterator[Case]:
    """Cases of every concept, pair and absent thing, in a library of each of the `sizes`."""
    rng = np.random.default_rng(seed)
    for size in sizes:
        if size > len(photos.vectors):
            continue
        for text, labels, whole in _labelled(photos):
            query = photos.texts[_FORMS[int(rng.integers(len(_FORMS)))].format(text).strip()]
            for rows, kind in _libraries(labels, size, whole, rng):
                scores = (photos.vectors[rows] @ query).astype(np.float32)
                yield Case(text, kind, scores, labels[rows])


def draw_photo_cases(photos: LabelledPhotos, seed: int, sizes: Sequence[int] = SIZES) -> list[Case]:
    """Questions that are photos of the library: those are right of which two captions say all
    that two say of the question, people apart; wrong, where no caption says any of it."""
    rng = np.random.default_rng(seed)
    concepts = [name for name in photos.said if name not in _ANYBODY]
    said = np.stack([photos.said[name] for name in concepts])
    agreed = said >= _SAID_ENOUGH
    telling = np.flatnonzero(agreed.sum(0) >= _TOLD_OF_A_PHOTO)
    cases = []
    for size in sizes:
        for row in rng.choice(telling, min(_PHOTOS_ASKED, len(telling)), replace=False).tolist():
            rows = rng.choice(len(photos.vectors), min(size, len(photos.vectors)), replace=False)
            own = agreed[:, row]
            right, silent = agreed[own][:, rows].all(0), (said[own][:, rows] == 0).all(0)
            labels = np.where(right, 1, np.where(silent, 0, -1))
            if not right.any():
                continue
            rows, labels = np.append(rows[rows != row], row), np.append(labels[rows != row], -1)
            scores = (photos.vectors[rows] @ photos.vectors[row]).astype(np.float32)
            cases.append(Case(str(row), "some", scores, labels))
    return [case for case in cases if (case.labels == 1).any()]


def _labelled(photos: LabelledPhotos) -> Iterator[tuple[str, IntArray, bool]]:
    """Texts with labels of all photos, and whether photos without the thing lack all of it."""
    for name, said in photos.said.items():
        agreed = (said * (said - 1)).sum() / max(1, (said * 4).sum())
        enough = (said >= _SAID_ENOUGH).sum() >= _LEAST_SHOWN
        if agreed >= _LEAST_AGREEMENT and enough and (said == 0).sum() >= _LEAST_SILENT:
            yield name, _label(said), True
    for one, other in PAIRS:
        both = np.minimum(photos.said[one], photos.said[other])
        if (both >= _SAID_ENOUGH).sum() >= _LEAST_SHOWN:
            yield f"{one} and {other}", _label(both), False
    for text in NOWHERE:
        if not (words_of(text) - _SAY_LITTLE) & photos.words:
            yield text, np.zeros(len(photos.vectors), np.int64), True


def _label(said: IntArray) -> IntArray:
    return np.where(said >= _SAID_ENOUGH, 1, np.where(said == 0, 0, -1))


def _libraries(
    labels: IntArray, size: int, whole: bool, rng: np.random.Generator
) -> Iterator[tuple[IntArray, Kind]]:
    """Rows of a library as it comes, of one with a few photos of the thing, of one with none."""
    shown, silent = np.flatnonzero(labels == 1), np.flatnonzero(labels == 0)
    without = rng.choice(silent, min(size, len(silent)), replace=False)
    if len(shown):
        natural = rng.choice(len(labels), size, replace=False)
        share = float((labels[natural] == 1).mean())
        if share:
            yield natural, "frequent" if share >= FREQUENT else "some"
        few = rng.choice(shown, min(int(rng.integers(1, _MOST_RARE + 1)), len(shown)), False)
        yield np.concatenate([without, few]), "rare"
    if whole:
        yield without, "absent"
