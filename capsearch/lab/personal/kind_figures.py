"""Figures of every kind of library and query: CLIP, NNN and CAP side by side."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np

from capsearch.encoders.base import FloatArray
from capsearch.lab.bootstrap import Interval, interval_over_users
from capsearch.lab.personal.kinds import (
    AskedLibrary,
    impersonal_libraries,
    personal_libraries,
)
from capsearch.lab.personal.libraries import Sources
from capsearch.lab.personal.methods import NNN_STRENGTH, profile_of
from capsearch.personalize.features import hubness
from capsearch.personalize.intent import read_intent
from capsearch.personalize.query import personalize_query
from capsearch.personalize.weights import CapWeights

FIRST = 10
_BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)


@dataclass(frozen=True)
class KindFigures:
    """One row of the table.

    figure: what is measured: `map`, or `first_ten`, the share of the ten (or of all where there
    are fewer) that are right; `none` where no photo is. methods: of clip, nnn, cap; gain: CAP
    minus CLIP, paired (None without a figure). harmed: share of users answered worse than by CLIP.
    abstained: share of queries whose first ten are
    those of generic search. chance: mean probability that something of one's own is meant.
    """

    kind: str
    figure: str
    queries: int
    methods: Mapping[str, Interval]
    gain: Interval | None
    harmed: float
    abstained: float
    chance: float

    def as_json(self) -> dict[str, object]:
        """The row as `--json` prints it."""
        return {
            "kind": self.kind, "figure": self.figure, "queries": self.queries,
            **{name: [each.mean, each.low, each.high] for name, each in self.methods.items()},
            "cap_minus_clip": self.gain and [self.gain.mean, self.gain.low, self.gain.high],
            "harmed": self.harmed, "abstained": self.abstained, "chance": self.chance,
        }  # fmt: skip

    def as_text(self) -> str:
        """The row as a line."""
        means, gain = " " * 24, ""
        if self.gain is not None:
            means = "".join(f"{self.methods[name].mean:8.3f}" for name in ("clip", "nnn", "cap"))
            gain = f"{self.gain.mean:+.3f} [{self.gain.low:+.3f}, {self.gain.high:+.3f}]"
        return (
            f"{self.kind:48}{self.figure:>10}{self.queries:6d}{means}  {gain:24}"
            f"{self.harmed:8.0%}{self.abstained:10.0%}{self.chance:8.2f}"
        )


@dataclass(frozen=True)
class Reliability:
    """Possessive queries whose probability lies between `low` and `high`: its mean, and how often
    something of the asker's own was there indeed. Others ask for nobody's own."""

    low: float
    high: float
    queries: int
    said: float
    there: float


@dataclass(frozen=True)
class KindReport:
    """All kinds, and how well the probability that something personal is there can be trusted."""

    rows: tuple[KindFigures, ...]
    reliability: tuple[Reliability, ...]

    def as_json(self) -> dict[str, object]:
        """The parts of the report that are called `kinds` and `reliability`."""
        return {
            "kinds": [row.as_json() for row in self.rows],
            "reliability": [vars(each) for each in self.reliability],
        }

    def as_text(self) -> str:
        """A table, and the curve below."""
        head = (
            f"{'kind':48}{'figure':>10}{'n':>6}{'CLIP':>8}{'NNN':>8}{'CAP':>8}  "
            f"{'CAP minus CLIP':24}{'harmed':>8}{'abstained':>10}{'chance':>8}"
        )
        curve = [
            f"  said {each.low:.1f} to {each.high:.1f}: mean {each.said:.2f}, there in "
            f"{each.there:.2f} of {each.queries}"
            for each in self.reliability
        ]
        lines = [head, *(row.as_text() for row in self.rows)]
        return "\n".join([*lines, "probability that something of one's own is meant", *curve])


@dataclass(frozen=True)
class _Answered:
    user: int
    figures: Mapping[str, FloatArray]
    abstained: bool
    chance: float
    possessive: bool


def measure_kinds(
    sources: Sources, weights: CapWeights, *, draws: int = 2, libraries: int = 8, seed: int = 0
) -> KindReport:
    """Measure all kinds; `draws` libraries per subject, `libraries` where nothing comes back.

    Kinds that ask for the distractors' own nouns are left out where these have no captions.
    """
    answered: dict[str, list[_Answered]] = defaultdict(list)
    there: list[tuple[float, bool]] = []
    personal = ((True, one) for one in personal_libraries(sources, draws, seed))
    others = ((False, one) for one in impersonal_libraries(sources, libraries, seed))
    for own, asked in chain(personal, others):
        for kind, one in _answers(asked, sources, weights):
            answered[kind].append(one)
            if one.possessive:
                there.append((one.chance, own))
    rows = tuple(row for kind, them in answered.items() for row in _rows(kind, them))
    return KindReport(rows, tuple(_reliability(there)))


def _answers(
    asked: AskedLibrary, sources: Sources, weights: CapWeights
) -> Iterator[tuple[str, _Answered]]:
    library = asked.library
    profile = profile_of(library, sources, weights)
    hub = hubness(library.vectors, sources.bank)
    for kind, case in asked.cases:
        query = personalize_query(profile, case.text, case.rows)
        clip = library.vectors @ case.rows[0]
        generic = clip + query.hub_gain * profile.hub
        own = library.vectors @ query.vector + query.bias
        scores = {"clip": clip, "nnn": clip - NNN_STRENGTH * hub, "cap": own}
        figures = {name: _figures(each, case.relevant) for name, each in scores.items()}
        same = set(_first(own)) == set(_first(generic))
        yield (
            kind,
            _Answered(
                case.user, figures, same, query.chance, read_intent(case.text).possessive > 0.0
            ),
        )


def _figures(scores: FloatArray, relevant: np.ndarray) -> FloatArray:
    """Average precision and the share of the first ten that are right; NaN where nothing is."""
    if not relevant.any():
        return np.full(2, np.nan)
    right = relevant[np.argsort(-scores, kind="stable")]
    places = np.flatnonzero(right) + 1
    precision = (np.arange(1, len(places) + 1) / places).mean()
    return np.array([precision, right[:FIRST].sum() / min(FIRST, len(places))])


def _first(scores: FloatArray) -> list[int]:
    order: list[int] = np.argsort(-scores, kind="stable")[:FIRST].tolist()
    return order


def _rows(kind: str, answered: Sequence[_Answered]) -> Iterator[KindFigures]:
    users = np.array([one.user for one in answered])
    abstained = float(np.mean([one.abstained for one in answered]))
    chance = float(np.mean([one.chance for one in answered]))
    if all(np.isnan(one.figures["clip"]).all() for one in answered):
        yield KindFigures(kind, "none", len(answered), {}, None, 0.0, abstained, chance)
        return
    for place, figure in enumerate(("map", "first_ten")):
        if figure == "first_ten" and "noun>" not in kind:
            continue
        values = {
            name: np.array([one.figures[name][place] for one in answered])
            for name in ("clip", "nnn", "cap")
        }
        gain = values["cap"] - values["clip"]
        by_user = np.bincount(users, weights=gain)[np.unique(users)]
        yield KindFigures(
            kind,
            figure,
            len(answered),
            {name: interval_over_users(each, users) for name, each in values.items()},
            interval_over_users(gain, users),
            float((by_user < 0).mean()),
            abstained,
            chance,
        )


def _reliability(there: Sequence[tuple[float, bool]]) -> Iterator[Reliability]:
    said = np.array([chance for chance, _ in there])
    right = np.array([own for _, own in there])
    for low, high in pairwise(_BINS):
        inside = (said >= low) & ((said < high) | (high == _BINS[-1]))
        if inside.any():
            yield Reliability(
                low, high, int(inside.sum()), float(said[inside].mean()),
                float(right[inside].mean()),
            )  # fmt: skip
