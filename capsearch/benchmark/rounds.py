"""Figures of a part whose work may die at any size: gathered round by round, given at the end."""

from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from capsearch.benchmark.aside import LostError
from capsearch.benchmark.report import Better
from capsearch.benchmark.run import Run


@dataclass(frozen=True)
class _Row:
    what: str
    way: str
    unit: str
    size: int | None
    better: Better
    note: str


class Rounds:
    """One part's values; a context, at whose end the run has a figure of each, also after Ctrl-C
    and with what the rounds until then gave."""

    def __init__(self, run: Run, part: str) -> None:
        self._run, self._part = run, part
        self._values: dict[_Row, list[float]] = {}
        self._lost: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for row, values in self._values.items():
            self._run.add(
                self._part, row.what, row.way, row.unit, values,
                size=row.size, better=row.better, note=row.note,
            )  # fmt: skip

    def take(
        self,
        what: str,
        way: str,
        unit: str,
        value: float,
        *,
        size: int | None = None,
        better: Better = "less",
        note: str = "",
    ) -> None:
        """Take one round's value; see `Figure` for the fields."""
        self._values.setdefault(_Row(what, way, unit, size, better, note), []).append(value)

    def attempt(self, told: str, act: Callable[[], object]) -> bool:
        """Do what may be lost; False if it is. Then the run lacks what is `told`, and it is not
        tried again."""
        if told in self._lost:
            return False
        try:
            act()
        except LostError as reason:
            self._lost.add(told)
            self._run.lacks(f"{told} could not be measured: {reason}.")
            return False
        return True
