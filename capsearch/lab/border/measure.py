"""How right the border is: precision and recall of what it shows, and what it shows of nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from capsearch.encoders.base import FloatArray
from capsearch.lab.bootstrap import Interval, interval_over_users
from capsearch.lab.border.cases import Case, LabelledPhotos, draw_cases
from capsearch.lab.border.concepts import NOWHERE
from capsearch.lab.border.exclusions import (
    BEYOND,
    EXCLUSIONS,
    ExclusionFigures,
    measure_exclusions,
    whole_library,
)
from capsearch.library.exclusion import load_rule
from capsearch.library.relevance import Border, count_relevant, load_border

Rule = Callable[[Case, FloatArray], int]
"""How many of a case's scores, best first, are shown."""


@dataclass(frozen=True)
class BorderFigures:
    """One rule over many cases, as means over cases with intervals over questions.

    precision: of the cases where something is shown. recall, f1, hidden (none of the photos that
    show the thing is shown): of the cases with the thing. nothing: share of the cases without the
    thing where nothing is shown; foreign: the same of things that no photo at all has.
    """

    cases: int
    precision: Interval
    recall: Interval
    f1: Interval
    hidden: Interval
    nothing: Interval
    foreign: Interval

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)

    def as_text(self) -> str:
        """For people: one line."""
        shares = [
            f"{name} {share.mean:.1%} ({share.low:.1%} to {share.high:.1%})"
            for name, share in vars(self).items()
            if isinstance(share, Interval) and not np.isnan(share.mean)
        ]
        return ", ".join([f"{self.cases:,} cases", *shares])


@dataclass(frozen=True)
class RelevanceReport:
    """The figures of one encoder: its border beside the rule by eye, things not said in captions
    apart; and exclusion by the fitted rule beside none."""

    encoder: str
    photos: int
    border: BorderFigures
    by_kind: Mapping[str, BorderFigures]
    by_eye: BorderFigures
    exclusion: ExclusionFigures
    without_exclusion: ExclusionFigures
    exclusion_beyond: ExclusionFigures
    without_exclusion_beyond: ExclusionFigures

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)

    def as_text(self) -> str:
        """For people."""
        rows: dict[str, BorderFigures | ExclusionFigures] = {
            "border": self.border,
            **{f"  {kind}": figures for kind, figures in self.by_kind.items()},
            "rule by eye": self.by_eye,
            "X without Y": self.exclusion,
            "  X alone": self.without_exclusion,
            "other X without Y": self.exclusion_beyond,
            "  X alone ": self.without_exclusion_beyond,
        }
        head = f"{self.encoder}: {self.photos:,} captioned photos; means, 95% intervals"
        return "\n".join([head, *(f"{name}: {row.as_text()}" for name, row in rows.items())])


def measure_relevance(photos: LabelledPhotos, encoder: str, seed: int = 0) -> RelevanceReport:
    """All figures of captioned photos that nothing was fitted to."""
    cases = list(draw_cases(photos, seed))
    rule = fitted_rule(load_border(encoder))
    pairs = list(whole_library(photos, EXCLUSIONS))
    beyond = list(whole_library(photos, BEYOND))
    return RelevanceReport(
        encoder,
        len(photos.vectors),
        measure_border(cases, rule, NOWHERE),
        {
            kind: measure_border([case for case in cases if case.kind == kind], rule, NOWHERE)
            for kind in ("frequent", "some", "rare")
        },
        measure_border(cases, halfway_rule, NOWHERE),
        measure_exclusions(pairs, load_rule()),
        measure_exclusions(pairs, None),
        measure_exclusions(beyond, load_rule()),
        measure_exclusions(beyond, None),
    )


def fitted_rule(border: Border) -> Rule:
    """The product's own border."""

    def shown(case: Case, ranked: FloatArray) -> int:
        return count_relevant(ranked, case.typical, len(ranked), border, text=case.text)

    return shown


def halfway_rule(case: Case, ranked: FloatArray) -> int:
    """The rule of version 0.1, by eye: half of the way to the best, and at least a screenful."""
    centre = float(np.median(case.typical))
    spread = 1.4826 * float(np.median(np.abs(case.typical - centre)))
    border = max(centre + 0.5 * (float(ranked[:3].mean()) - centre), centre + 2 * spread)
    return min(len(ranked), max(12, int((ranked >= border).sum())))


def measure_border(cases: Sequence[Case], rule: Rule, foreign: Sequence[str]) -> BorderFigures:
    """What the rule shows of each case; `foreign` names the texts of things that are nowhere."""
    there: list[tuple[str, float, float, float, float]] = []
    absent: list[tuple[str, float]] = []
    for case in cases:
        order = np.argsort(-case.scores, kind="stable")
        count = rule(case, case.scores[order])
        if case.kind == "absent":
            absent.append((case.text, float(count == 0)))
            continue
        labels = case.labels[order]
        right = int((labels[:count] == 1).sum())
        wrong = int((labels[:count] == 0).sum())
        whole = int((labels == 1).sum())
        precision = right / (right + wrong) if right + wrong else np.nan
        f1 = 2 * right / (right + wrong + whole)
        there.append((case.text, precision, right / whole, f1, float(right == 0)))
    nowhere = [row for row in absent if row[0] in set(foreign)]
    precision_, recall, f1_, hidden = (
        _interval([(row[0], float(row[column])) for row in there]) for column in range(1, 5)
    )
    return BorderFigures(
        len(cases), precision_, recall, f1_, hidden, _interval(absent), _interval(nowhere)
    )


def _interval(rows: Sequence[tuple[str, float]]) -> Interval:
    kept = [(text, value) for text, value in rows if not np.isnan(value)]
    if not kept:
        return Interval(np.nan, np.nan, np.nan)
    _, users = np.unique([text for text, _ in kept], return_inverse=True)
    return interval_over_users(np.array([value for _, value in kept]), users.astype(np.int64))
