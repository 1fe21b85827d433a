"""Figures that are gathered case by case, and told with intervals over subjects."""

from collections import defaultdict

import numpy as np
import numpy.typing as npt

from capsearch.lab.bootstrap import interval_over_users

WIDTH = 72


class Figures:
    """Values by what they measure, each of one subject; told in the order they came first."""

    def __init__(self) -> None:
        self._values: dict[str, list[float]] = defaultdict(list)
        self._subjects: dict[str, list[int]] = defaultdict(list)

    def add(self, what: str, subject: int, value: float) -> None:
        """One more value."""
        self._values[what].append(float(value))
        self._subjects[what].append(subject)

    def mean(self, what: str) -> float:
        """The mean of all values of this."""
        return float(np.mean(self._values[what]))

    def as_text(self) -> str:
        """A line for each figure: mean, 95% interval, number of values."""
        lines = []
        for what, values in self._values.items():
            found = interval_over_users(np.array(values), np.array(self._subjects[what]))
            lines.append(
                f"{what:{WIDTH}} {found.mean:6.3f} [{found.low:6.3f}, {found.high:6.3f}]"
                f"  n = {len(values)}"
            )
        return "\n".join(lines)


def average_precision(ids: npt.NDArray[np.int64], wanted: npt.NDArray[np.int64]) -> float:
    """Of the photos `wanted` in the order `ids`, best first; one that is not in it counts 0."""
    places = 1 + np.flatnonzero(np.isin(ids, wanted))
    return float((np.arange(1, len(places) + 1) / places).sum() / len(wanted))


def f1(found: npt.NDArray[np.int64], wanted: npt.NDArray[np.int64]) -> float:
    """F1 of the photos that were found."""
    return 2 * len(np.intersect1d(found, wanted)) / max(1, len(found) + len(wanted))


def area_under_curve(higher: npt.NDArray[np.floating], lower: npt.NDArray[np.floating]) -> float:
    """How often one of the `higher` is above one of the `lower`; a tie counts half."""
    ordered = np.sort(lower)
    below = np.searchsorted(ordered, higher, "left") + np.searchsorted(ordered, higher, "right")
    return float(below.mean() / (2 * len(lower)))
