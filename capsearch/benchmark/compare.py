"""What changed between two benchmark runs, beyond noise and beyond the machine's own moods.

A figure counts as changed where the 95% interval of its ratio lies wholly outside a band around 1.
The interval is Student's on the logarithms, round against round where both runs have as many: of
the few rounds of a run, a bootstrap would promise 95% and hold 75% (3 rounds) or 85% (5). The band
is what two runs of one program on one machine may differ by: 5% (0.1% for shares), and for times
and rates further as far as the machine's own speed moved between the runs, which yardsticks tell.

So at most 1 in 20 figures that did not change is named, as long as the machine stayed within the
band: without yardsticks, one that was slower looks like slower code. Where rounds scatter by 2 to
10% and the machine by 2%, it is 1 in 40 or fewer; a change of 20% is found 19 times of 20 in 5
rounds that scatter by 3%. `tests/benchmark/test_compare.py` holds all this.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from capsearch.benchmark.report import Figure, Key, Report, write_json

FALSE_ALARMS = 0.05
"""The share of figures without a change that is named as changed, at most."""

Verdict = Literal["better", "worse", "changed", "same", "unclear"]

YARDSTICK = "yardstick"
_DRIFT, _SHARE_DRIFT = math.log(1.05), math.log(1.001)
# An interval that reaches further could hide a change that a person feels.
_TELLING = math.log(1.25)
_ENDLESS = 700.0
# The 97.5% point of Student's distribution with 1, 2, ... degrees of freedom; more are taken for
# the last, which is on the safe side.
_STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)
_ALLOWED = ("capsearch", "rounds")


@dataclass(frozen=True)
class Change:
    """One figure in both runs.

    Attributes:
        a, b: the figure in either run.
        ratio: B against A, the geometric mean over rounds; None where a value is not above 0.
        low, high: its 95% interval; None where one round tells no noise.
        relative: the ratio beyond what the machine's own speed explains; None without yardsticks
            or where the figure is no time and no rate.
        verdict: of B; `changed` where neither less nor more is better, `same` where no change
            that matters can hide in the noise, `unclear` where one can.
    """

    a: Figure
    b: Figure
    ratio: float | None
    low: float | None
    high: float | None
    relative: float | None
    verdict: Verdict

    @property
    def named(self) -> bool:
        """Whether it counts as changed."""
        return self.verdict in ("better", "worse", "changed")


@dataclass(frozen=True)
class Comparison:
    """Two runs beside each other.

    Attributes:
        a, b: the runs.
        changes: the figures in both, in A's order; yardsticks are none.
        speeds: how fast B's machine was against A's, by yardstick: 1.1 is a tenth faster.
        differs: what it ran on, where that is not the same: name -> (in A, in B).
        only_a, only_b: figures that the other run lacks.
    """

    a: Report
    b: Report
    changes: list[Change]
    speeds: dict[str, float]
    differs: dict[str, tuple[str, str]]
    only_a: list[Figure]
    only_b: list[Figure]

    @property
    def unfair(self) -> list[str]:
        """What differs so that a change may not be CapSearch's: not its own version."""
        return [name for name in self.differs if name not in _ALLOWED]

    @property
    def by_chance(self) -> float:
        """How many figures would be named at most if nothing had changed."""
        return FALSE_ALARMS * sum(change.low is not None for change in self.changes)

    def as_json(self) -> dict[str, object]:
        """The comparison as `--json` gives it."""
        return {
            "runs": [
                {"command": run.command, "machine": run.machine, "versions": run.versions,
                 "work": run.work}
                for run in (self.a, self.b)
            ],
            "differs": {name: list(values) for name, values in self.differs.items()},
            "fair": not self.unfair,
            "machine_speeds": self.speeds,
            "named": sum(change.named for change in self.changes),
            "named_by_chance_at_most": self.by_chance,
            "figures": [_change_as_json(change) for change in self.changes],
            "only_in_a": [asdict(figure) for figure in self.only_a],
            "only_in_b": [asdict(figure) for figure in self.only_b],
        }  # fmt: skip


def compare(a: Report, b: Report) -> Comparison:
    """Put every figure of two runs beside each other."""
    of_a, of_b = _by_key(a), _by_key(b)
    both = [(figure, of_b[key]) for key, figure in of_a.items() if key in of_b]
    slowness = {
        _yardstick(one): _slowness(one, other)
        for one, other in both
        if one.part == YARDSTICK and _positive(one, other)
    }
    return Comparison(
        a=a,
        b=b,
        changes=[
            _change(one, other, list(slowness.values()))
            for one, other in both
            if one.part != YARDSTICK
        ],
        speeds={name: _power(-each) for name, each in slowness.items()},
        differs=_differences(a, b),
        only_a=[figure for key, figure in of_a.items() if key not in of_b],
        only_b=[figure for key, figure in of_b.items() if key not in of_a],
    )


def save_comparison(comparison: Comparison, file: Path) -> None:
    """Write it as JSON, whole or not at all.

    Raises:
        CapsearchError: the file cannot be written.
    """
    write_json(comparison.as_json(), file)


def _by_key(report: Report) -> dict[tuple[Key, str], Figure]:
    return {(figure.key, figure.unit): figure for figure in report.figures}


def _differences(a: Report, b: Report) -> dict[str, tuple[str, str]]:
    """Of machine, versions and work; what one of them lacks is named `none`."""
    found = {}
    for kind in ("machine", "work", "versions"):
        in_a, in_b = getattr(a, kind), getattr(b, kind)
        for name in [*in_a, *(name for name in in_b if name not in in_a)]:
            values = in_a.get(name, "none"), in_b.get(name, "none")
            if values[0] != values[1]:
                found[name] = values
    return found


def _change(a: Figure, b: Figure, slowness: Sequence[float]) -> Change:
    if not _positive(a, b):
        middle, half = _middle(a.rounds, b.rounds), _half(a.rounds, b.rounds)
        band, telling = (0.0, 0.0), math.inf
    else:
        logs = [[math.log(each) for each in figure.rounds] for figure in (a, b)]
        middle, half = _middle(*logs), _widest(_half(*logs), _half_of_intervals(a, b))
        band, telling = _band(a.unit, slowness), _TELLING
    verdict = _verdict(a, middle, half, band, telling)
    if not _positive(a, b):
        return Change(a, b, None, None, None, None, verdict)
    drift = _drift(a.unit, statistics.median(slowness)) if slowness else None
    return Change(
        a, b,
        ratio=_power(middle),
        low=None if half is None else _power(middle - half),
        high=None if half is None else _power(middle + half),
        relative=None if drift is None else _power(middle - drift),
        verdict=verdict,
    )  # fmt: skip


def _verdict(
    figure: Figure,
    middle: float,
    half: float | None,
    band: tuple[float, float],
    telling: float,
) -> Verdict:
    """Of an interval `middle` +- `half` (None: unknown) beside the band without a meaning."""
    if half is None:
        return "unclear"
    if band[0] <= middle + half and middle - half <= band[1]:
        return "same" if -telling <= middle - half and middle + half <= telling else "unclear"
    if not figure.better:
        return "changed"
    return "better" if (middle < 0) == (figure.better == "less") else "worse"


def _band(unit: str, slowness: Sequence[float]) -> tuple[float, float]:
    """Logarithms of the ratios that the machine alone may bring about."""
    if unit == "%":
        return -_SHARE_DRIFT, _SHARE_DRIFT
    drifts = [0.0, *(each for each in (_drift(unit, one) for one in slowness) if each is not None)]
    return min(drifts) - _DRIFT, max(drifts) + _DRIFT


def _drift(unit: str, slowness: float) -> float | None:
    """Logarithm of the ratio that a slower machine brings about; None where its speed is nothing
    to the figure."""
    if unit.endswith("/s"):
        return -slowness
    return slowness if unit in ("s", "ms", "µs") else None


def _yardstick(figure: Figure) -> str:
    size = "" if figure.size is None else f", {figure.size:,}"
    return f"{figure.way}, {figure.what}{size}"


def _slowness(a: Figure, b: Figure) -> float:
    """Logarithm of how much longer B's machine took for a yardstick."""
    middle = _middle(*([math.log(each) for each in figure.rounds] for figure in (a, b)))
    return -middle if a.unit.endswith("/s") else middle


def _middle(a: Sequence[float], b: Sequence[float]) -> float:
    return statistics.mean(b) - statistics.mean(a)


def _half(a: Sequence[float], b: Sequence[float]) -> float | None:
    """Half the 95% interval of the difference; None where one round tells no noise."""
    least = min(len(a), len(b))
    if least < 2:
        return None
    if len(a) == len(b):
        differences = [y - x for x, y in zip(a, b, strict=True)]
        error = math.sqrt(statistics.variance(differences) / least)
    else:
        error = math.sqrt(statistics.variance(a) / len(a) + statistics.variance(b) / len(b))
    return _STUDENT[min(least - 1, len(_STUDENT)) - 1] * error


def _half_of_intervals(a: Figure, b: Figure) -> float | None:
    """As `_half` of logarithms, from the 95% intervals that the figures come with."""
    relative = []
    for figure in (a, b):
        if figure.low is None or figure.high is None:
            return None
        relative.append((figure.high - figure.low) / 2 / figure.value)
    return math.hypot(*relative)


def _power(logarithm: float) -> float:
    """The ratio; of two rounds the interval may go beyond what numbers can say."""
    return math.exp(max(-_ENDLESS, min(_ENDLESS, logarithm)))


def _widest(*halves: float | None) -> float | None:
    return max((half for half in halves if half is not None), default=None)


def _positive(*figures: Figure) -> bool:
    return all(each > 0 for figure in figures for each in figure.rounds)


def _change_as_json(change: Change) -> dict[str, object]:
    part, what, way, size = change.a.key
    return {
        "part": part, "what": what, "way": way, "size": size, "unit": change.a.unit,
        "better": change.a.better, "a": change.a.value, "b": change.b.value,
        "ratio": change.ratio, "low": change.low, "high": change.high,
        "relative_to_yardsticks": change.relative, "verdict": change.verdict,
    }  # fmt: skip
