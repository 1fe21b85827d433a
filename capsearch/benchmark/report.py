"""What a benchmark run found: figures with all their rounds, and what they were measured on."""

import json
import math
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from capsearch.errors import CapsearchError
from capsearch.files import write_whole

FORMAT = 1

Better = Literal["less", "more", ""]
Key = tuple[str, str, str, int | None]


@dataclass(frozen=True)
class Figure:
    """One thing that was measured, once in every round.

    Attributes:
        part: what the benchmark was looking at: `search`, `indexing`, `window`, ...
        what: what was measured, a row's heading for people: `latency, median`.
        way: how it was done: `CapSearch, exact`, `faiss, HNSW`.
        unit: of all numbers here: `ms`, `photos/s`, `MB`, `` for a plain number, `%` for a share
            from 0 to 1 that is shown as percent.
        rounds: one number for each round, in order; the same work in round i of every run.
        size: number of photos it was measured over; None where that says nothing.
        better: whether `less` or `more` of it is better; empty where neither is.
        low, high: 95% interval of `value`; None where only the rounds tell the noise.
        peer: whether this is what somebody else's program does with the same work.
        note: what one must know to read it, in a few words.
    """

    part: str
    what: str
    way: str
    unit: str
    rounds: tuple[float, ...]
    size: int | None = None
    better: Better = ""
    low: float | None = None
    high: float | None = None
    peer: bool = False
    note: str = ""

    @property
    def value(self) -> float:
        """The median of the rounds."""
        return statistics.median(self.rounds)

    @property
    def key(self) -> Key:
        """What makes it the same figure in another run."""
        return self.part, self.what, self.way, self.size


@dataclass
class Report:
    """A whole run; figures are added while it goes on.

    Attributes:
        command: what was typed.
        machine: processor, cores, memory, graphics card, system: for people.
        versions: of CapSearch and the libraries that do the work.
        work: what was measured on: photos, encoder, rounds.
        figures: all that was measured, in the order of measuring.
        missing: what could not be measured here, each with the reason and what would help.
        notes: what one must know to read the figures.
        seconds: how long the run took.
    """

    command: str = ""
    machine: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    work: dict[str, str] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def find(self, part: str, what: str, way: str, size: int | None = None) -> Figure | None:
        """The figure with this key."""
        wanted: Key = (part, what, way, size)
        return next((figure for figure in self.figures if figure.key == wanted), None)

    def as_json(self) -> dict[str, object]:
        """The report as `--json` gives it."""
        content = asdict(self)
        content["figures"] = [{**asdict(figure), "value": figure.value} for figure in self.figures]
        return {"format": FORMAT, **content}


def save_report(report: Report, file: Path) -> None:
    """Write it as JSON, whole or not at all.

    Raises:
        CapsearchError: the file cannot be written.
    """
    write_json(report.as_json(), file)


def write_json(content: Mapping[str, object], file: Path) -> None:
    """Write one object, whole or not at all.

    Raises:
        CapsearchError: the file cannot be written.
    """
    try:
        with write_whole(file) as out:
            out.write((json.dumps(content, indent=1) + "\n").encode())
    except OSError as error:
        raise CapsearchError(
            f"{file} cannot be written ({error.strerror or error}).", "Give another file."
        ) from error


def load_report(file: Path) -> Report:
    """Read what `save_report` wrote.

    Raises:
        CapsearchError: it cannot be read or is no benchmark report of this version.
    """
    try:
        content: Any = json.loads(file.read_bytes())
    except OSError as error:
        raise CapsearchError(f"{file} cannot be read ({error.strerror or error}).") from error
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise CapsearchError(
            f"{file} is no report of this version's benchmark.",
            "Make one with `capsearch benchmark --json FILE`.",
        )
    try:
        figures = [_figure(each) for each in content["figures"]]
        rest = {name: content[name] for name in Report.__dataclass_fields__ if name != "figures"}
        _check_texts(rest["command"], *rest["missing"], *rest["notes"])
        for facts in (rest["machine"], rest["versions"], rest["work"]):
            _check_texts(*facts, *facts.values())
        _check_numbers(rest["seconds"])
        return Report(figures=figures, **rest)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CapsearchError(
            f"The report {file} is damaged.", "Make it again with `capsearch benchmark`."
        ) from error


def parts_of(figures: Iterable[Figure]) -> dict[str, dict[str, list[Figure]]]:
    """Figures by part, then by what was measured, in the order of measuring."""
    parts: dict[str, dict[str, list[Figure]]] = {}
    for figure in figures:
        parts.setdefault(figure.part, {}).setdefault(figure.what, []).append(figure)
    return parts


def _figure(fields: Mapping[str, Any]) -> Figure:
    known = {name: fields[name] for name in Figure.__dataclass_fields__}
    figure = Figure(**{**known, "rounds": tuple(known["rounds"])})
    _check_texts(figure.part, figure.what, figure.way, figure.unit, figure.note)
    _check_numbers(*figure.rounds)
    _check_numbers(*(each for each in (figure.low, figure.high, figure.size) if each is not None))
    if not figure.rounds or figure.better not in get_args(Better):
        raise ValueError("no figure")
    return figure


def _check_texts(*values: object) -> None:
    if not all(isinstance(value, str) for value in values):
        raise TypeError("no text")


def _check_numbers(*values: float) -> None:
    if not all(math.isfinite(value) for value in values):
        raise ValueError("no number")
