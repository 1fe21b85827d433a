"""'my ...' as its owner has taught it: what is meant comes first, what is not comes last.

What somebody said of these very words decides: photos that were called so, or were said to be
meant. Of a subject that has a name and of which nothing more was said, its looks tell whether the
words mean it. `python -m capsearch.lab.subjects` fits the two numbers of that, and measures all of
it.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from capsearch.encoders.base import FloatArray
from capsearch.library.subjects import KnownSubject, SubjectRows
from capsearch.search.scoring import HalfArray, scan

BoolArray = npt.NDArray[np.bool_]

FIRST = np.float32(1000.0)
"""In spreads of the query's scores: further than any photo stands from another."""
GUESSED = 4.0
"""Spreads that a subject is raised by that surely fits the words by its looks: half of what is best
where it is meant, for what is named otherwise pays for it (see the model card)."""
ALIKE = 8.0
"""Spreads that photos are moved by which look like one that was said to be meant, or not: less than
that one itself, and further than the best stand above the usual."""
FITS = (-3.52, 1.23)
"""Log-odds that words mean a subject: what is added, and of its standing among the photos' scores
for them."""
SURE = 1.7
"""Standing for the words from which on something surely is what they mean: best tells libraries
in which something of the class comes back from those in which nothing does."""
_LEAST = 1e-6


class Preference(NamedTuple):
    """What to add to each photo's score, `points` (n,) float32; which photos are `meant` (n,) as
    somebody said, and which are `unmeant` (n,): those come before, and after, all others."""

    points: FloatArray
    meant: BoolArray
    unmeant: BoolArray


class OwnWords(NamedTuple):
    """What is asked of with 'my' before: the words, folded, and the encoder's vector (dim,) of
    them without the 'my'."""

    words: frozenset[str]
    bare: FloatArray


def prefer(
    known: SubjectRows, asked: OwnWords, query: FloatArray, sample: HalfArray
) -> Preference | None:
    """What was taught, for a query; None where nothing was that concerns it.

    Args:
        known: what was taught.
        asked: the words.
        query: (dim,) that photos are ranked by.
        sample: (s, dim) vectors of the library, to tell how scores lie.
    """
    if not len(sample):
        return None
    unit = max(float(scan(sample, query).scores.std()), _LEAST)
    points = np.zeros(len(known.matrix), np.float32)
    meant = np.zeros(len(points), np.bool_)
    unmeant = meant.copy()
    for subject in known.subjects:
        if subject.taught.ignored:
            unmeant[subject.rows] = True
        elif _concerns(subject.taught.called.split(), asked.words):
            meant[subject.rows] = True
    for subject, chance in _guessed(known.subjects, asked, sample):
        points[subject.rows] += np.float32(GUESSED * chance)
    for wish in known.wishes:  # of one photo: it is said more closely than of a whole subject
        if _concerns(wish.words, asked.words):
            points[wish.likely] += np.float32(ALIKE if wish.more else -ALIKE)
            (meant if wish.more else unmeant)[wish.row] = True
            (unmeant if wish.more else meant)[wish.row] = False
    unmeant &= ~meant
    if not points.any() and not meant.any() and not unmeant.any():
        return None
    points += FIRST * (meant.astype(np.float32) - unmeant)
    return Preference(np.float32(unit) * points, meant, unmeant)


def _guessed(
    subjects: Iterable[KnownSubject], asked: OwnWords, sample: HalfArray
) -> list[tuple[KnownSubject, float]]:
    """The named subjects of which was not said what else they are called, and how surely each is
    meant, by its looks."""
    named = [
        subject
        for subject in subjects
        if subject.taught.name and not subject.taught.called and not subject.taught.ignored
    ]
    if not named:
        return []
    standings = standing_for([subject.mean for subject in named], asked.bare, sample)
    chances = 1.0 / (1.0 + np.exp(-(FITS[0] + FITS[1] * standings)))
    return list(zip(named, chances.tolist(), strict=True))


def standing_for(
    means: Sequence[FloatArray] | FloatArray, bare: FloatArray, sample: HalfArray
) -> npt.NDArray[np.float64]:
    """How far above the usual photo of `sample` (s, dim) groups of photos stand for words (dim,),
    in spreads of the sample's scores: (k,), from the groups' `means` (dim,)."""
    usual = scan(sample, bare).scores
    own = np.array([float(mean @ bare) for mean in means], np.float64)
    found: npt.NDArray[np.float64] = (own - float(usual.mean())) / max(float(usual.std()), _LEAST)
    return found


def fits_one(means: FloatArray, bare: FloatArray, sample: HalfArray) -> bool:
    """Whether one of the groups of photos with these means (k, dim) surely is what the words mean;
    the rest as in `standing_for`."""
    return bool(len(means) and len(sample) and standing_for(means, bare, sample).max() >= SURE)


def _concerns(said: Iterable[str], asked: frozenset[str]) -> bool:
    """Whether all words that something was said of are asked for."""
    words = set(said)
    return bool(words) and words <= asked
