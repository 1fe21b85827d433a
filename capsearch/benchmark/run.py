"""One benchmark run: what every part of it is told, and where its figures go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from capsearch.benchmark.report import Better, Figure, Report

if TYPE_CHECKING:
    from capsearch.benchmark.labels import Labels


@dataclass
class Run:
    """What a part of the benchmark needs.

    Attributes:
        scratch: an empty folder of this run for all that is made; it is deleted at the end.
        rounds: how often everything is measured, all ways in turn within each round.
        quick: whether all of the benchmark is to take less than two minutes on two cores.
        say: tells the user what is being done now.
        encoder: name of the encoder to measure with.
        device: where it runs; None for the settings' one.
        photos: the user's folders of photos; none where there are none, so that some are made.
        library: the library file whose vectors are measured with; None where there is none.
        labels: photos of which somebody has said what they show; None where there are none.
        report: where figures go.
    """

    scratch: Path
    rounds: int
    quick: bool
    say: Callable[[str], None]
    encoder: str = "starter"
    device: str | None = None
    photos: Sequence[Path] = ()
    library: Path | None = None
    labels: "Labels | None" = None
    report: Report = field(default_factory=Report)

    def add(
        self,
        part: str,
        what: str,
        way: str,
        unit: str,
        rounds: Sequence[float],
        *,
        size: int | None = None,
        better: Better = "",
        low: float | None = None,
        high: float | None = None,
        peer: bool = False,
        note: str = "",
    ) -> Figure:
        """Put a figure into the report; see `Figure` for the fields."""
        figure = Figure(part, what, way, unit, tuple(rounds), size, better, low, high, peer, note)
        self.report.figures.append(figure)
        return figure

    def lacks(self, sentence: str) -> None:
        """Name what could not be measured, why, and what would help; each once."""
        if sentence not in self.report.missing:
            self.report.missing.append(sentence)

    def note(self, sentence: str) -> None:
        """Tell what one must know to read the figures; each once."""
        if sentence not in self.report.notes:
            self.report.notes.append(sentence)
