"""Chooses the borders of stacks and how far a guess raises what was named, by labelled photos.

Each choice is made on one half of the subjects and told on the other, and the other way round; the
numbers that the product has are those that all of them choose.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from capsearch.encoders.base import Encoder, FloatArray
from capsearch.lab.bootstrap import interval_over_users
from capsearch.lab.border.logistic import fit_logistic
from capsearch.lab.personal.libraries import Sources
from capsearch.lab.subjects.figures import average_precision, f1
from capsearch.lab.subjects.libraries import (
    LabelledLibrary,
    OpenedLibrary,
    drawn,
    opened,
    paired,
)
from capsearch.lab.subjects.measure import FIRST, call, named_photos
from capsearch.library.looking import ask_words
from capsearch.library.preferring import standing_for
from capsearch.personalize.features import collection_features
from capsearch.personalize.neighbours import IntArray
from capsearch.personalize.network import photo_prior, standardised
from capsearch.personalize.subjects import close_to, find_subjects, usual_level
from capsearch.personalize.weights import CapWeights
from capsearch.search.scoring import scan

SIZES = (300, 1_000)
PRIORS = (-1.0, -0.5, -0.25, 0.0, 0.25, 0.5)
CLOSENESSES = (2.0, 2.5, 3.0, 3.5, 4.0)
GUESSED = (1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0)
SHIFTS = (-3.0, -2.0, -1.0, 0.0)
_REFERENCE = 1_000

Choice = tuple[float, ...]
Values = Mapping[Choice, Sequence[float]]
"""For each choice the value of every case, in the same order."""
Tell = Callable[[str], None]


def fit(
    sources: Sources,
    encoder: Encoder,
    weights: CapWeights,
    draws: int,
    seed: int,
    tell: Tell,
    sizes: Sequence[int] = SIZES,
) -> None:
    """Tell which numbers are best."""
    libraries = [lab for size in sizes for lab in drawn(sources, draws, size, seed)]
    stacks = [stack_values(library, sources, weights) for library in libraries]
    wanted = np.array([library.wanted for library in libraries])
    tell("LEAST_PRIOR, LEAST_CLOSENESS: " + chosen(_by_choice(stacks), wanted))
    cases = list(guess_cases(sources, encoder, draws, sizes, seed))
    asked = np.array([case.asked for case in cases])
    slope = fit_fits(cases)
    tell(f"FITS, by logistic regression: {slope[0]:.2f}, {slope[1]:.2f}")
    values = _by_choice([guess_values(case, slope) for case in cases])
    tell("GUESSED, what is added to FITS[0]: " + chosen(values, asked))


def chosen(values: Values, subjects: IntArray) -> str:
    """The choice with the highest mean on all, and the mean on each half of what the other half
    chooses."""
    halves = subjects % 2
    told = []
    held = np.empty(len(subjects))
    for half in (0, 1):
        found = best_of(values, halves != half)
        held[halves == half] = np.array(values[found])[halves == half]
        told.append(", ".join(f"{number:g}" for number in found))
    on_all = best_of(values, np.ones(len(subjects), np.bool_))
    interval = interval_over_users(held, subjects)
    return (
        f"{', '.join(f'{number:g}' for number in on_all)} on all "
        f"({np.mean(values[on_all]):.3f}); {told[0]} and {told[1]} on the halves, on the other "
        f"half {interval.mean:.3f} [{interval.low:.3f}, {interval.high:.3f}]"
    )


def best_of(values: Values, part: npt.NDArray[np.bool_]) -> Choice:
    """The choice with the highest mean over the cases of a part; of several the first."""
    return max(values, key=lambda choice: float(np.array(values[choice])[part].mean()))


def _by_choice(cases: Sequence[Mapping[Choice, float]]) -> Values:
    return {choice: [case[choice] for case in cases] for choice in cases[0]}


# The borders of stacks


def stack_values(
    library: LabelledLibrary, sources: Sources, weights: CapWeights
) -> dict[Choice, float]:
    """For each pair of borders the mean over what comes back of F1 of its best stack on the page's
    first rows, and of that stack, named, with the photos that look like it."""
    vectors = library.vectors
    features = collection_features(vectors, library.days, ((),) * len(vectors), sources.bank)
    prior = photo_prior(weights, standardised(weights, features.photos))
    level = usual_level(features.level)
    found: dict[Choice, float] = {}
    for least_prior, least_closeness in product(PRIORS, CLOSENESSES):
        stack = find_subjects(
            vectors,
            library.days,
            features,
            prior,
            least_prior=least_prior,
            least_closeness=least_closeness,
        )
        each = []
        for subject in library.recurring:
            shown = np.flatnonzero(library.shows == subject)
            groups = [np.flatnonzero(stack == number) for number in range(FIRST)]
            best = max(groups, key=lambda rows: f1(rows, shown), default=shown[:0])
            value = f1(best, shown)
            named = best if value else shown[:1]
            mean = vectors[named].mean(axis=0)[None]
            close = close_to(vectors, mean, features.scale, level, level[named].mean()[None])
            members = np.union1d(named, np.flatnonzero(close[:, 0] > least_closeness))
            each.append((value + f1(members, shown)) / 2)
        found[least_prior, least_closeness] = float(np.mean(each))
    return found


# How far a guess raises


@dataclass(frozen=True, eq=False)
class Named:
    """A subject that has a name: its rows, and its standing among all for the words asked."""

    subject: int
    same_class: bool
    rows: IntArray
    standing: float


@dataclass(frozen=True, eq=False)
class GuessCase:
    """'my <class>' of the subject `asked`, shown by rows `wanted`: scores (n,) with nothing
    taught, their spread, and all that comes back, named."""

    asked: int
    wanted: IntArray
    scores: FloatArray
    spread: float
    named: tuple[Named, ...]


def guess_cases(
    sources: Sources, encoder: Encoder, draws: int, sizes: Sequence[int], seed: int
) -> Iterator[GuessCase]:
    """Each of what comes back in each library, asked for."""
    names = sorted(sources.subjects)
    classes = [sources.classes[name] for name in names]
    for size in sizes:
        libraries = (*drawn(sources, draws, size, seed), *paired(sources, 1, size, seed))
        for labelled in libraries:
            with opened(labelled, encoder) as library:
                yield from _asked_for_each(library, classes)


def _asked_for_each(library: OpenedLibrary, classes: Sequence[str]) -> Iterator[GuessCase]:
    recurring = library.labelled.recurring
    view = library.view
    matrix = view.searcher().matrix
    for subject in recurring:
        call(library, named_photos(library, subject), f"{subject:04}")
    known = {int(each.taught.name): each for each in view.subjects(matrix).subjects}
    sample = matrix.vectors[:_REFERENCE]
    for subject in recurring:
        (asked,) = ask_words(view, matrix, [f"my {classes[subject]}"], personalize=True)
        bare = asked.bare
        assert bare is not None
        yield GuessCase(
            subject,
            np.flatnonzero(library.labelled.shows == subject),
            asked.scores(matrix, np.arange(len(matrix))),
            float(scan(sample, asked.vector).scores.std()),
            tuple(
                Named(
                    number,
                    classes[number] == classes[subject],
                    each.rows,
                    float(standing_for([each.mean], bare, sample)[0]),
                )
                for number, each in known.items()
            ),
        )


def fit_fits(cases: Iterable[GuessCase]) -> tuple[float, float]:
    """Log-odds that words mean a subject, by its standing; subjects that are meant count as much
    as others."""
    named = [each for case in cases for each in case.named]
    meant = np.array([each.same_class for each in named], np.float64)
    standing = np.array([[each.standing] for each in named])
    weights = np.where(meant == 1, 1 / meant.mean(), 1 / (1 - meant).mean())
    added, slope = fit_logistic(standing, meant, weights).tolist()
    return added, slope


def guess_values(case: GuessCase, fits: tuple[float, float]) -> dict[Choice, float]:
    """For each height and shift of the log-odds the change of average precision where one of what
    comes back has a name, the mean over which one: not all are asked for that are named."""

    def precision(scores: FloatArray) -> float:
        return average_precision(np.argsort(-scores, kind="stable"), case.wanted)

    before = precision(case.scores)
    found: dict[Choice, float] = {}
    for height, shift in product(GUESSED, SHIFTS):
        changes = []
        for named in case.named:
            chance = 1 / (1 + np.exp(-(fits[0] + shift + fits[1] * named.standing)))
            scores = case.scores.copy()
            scores[named.rows] += np.float32(height * chance * case.spread)
            changes.append(precision(scores) - before)
        found[height, shift] = float(np.mean(changes))
    return found
