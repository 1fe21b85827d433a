"""The search box at a large library: what is typed, until the list is there, and what completes
it, in a process of its own, as the app's engine does it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from capsearch.benchmark.aside import LostError, Tell, ask_aside
from capsearch.benchmark.described import NAMES, QUESTIONS, beginnings, described
from capsearch.benchmark.large_library import content_of
from capsearch.benchmark.run import Run
from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import Place, Stamp
from capsearch.library.facade import Library
from capsearch.library.values import Question

PART = "search box"
TO_LIST, WHILE_CHANGING = "text to list", "text to list, the library changed before each"
COMPLETED = "names completed, each letter"
_WAY = "CapSearch"
_AGAIN = 1
_PATIENCE_SECONDS = 1800.0
_PERCENTILES = (("median", 50), ("95%", 95))


@dataclass
class _Typed:
    """Seconds of each question and letter, by round."""

    answers: list[list[float]] = field(default_factory=list)
    changing: list[list[float]] = field(default_factory=list)
    completed: list[list[float]] = field(default_factory=list)


def ask_box(run: Run, library: Path, size: int) -> None:
    """Put figures of the search box over a library of `described` photos into the report."""
    log = run.scratch / "typing.log"
    try:
        arguments = library, run.encoder, run.device, run.rounds
        found: _Typed = ask_aside(_type, *arguments, log=log, seconds=_PATIENCE_SECONDS)
    except LostError as reason:
        run.lacks(f"The search box over {size:,} photos could not be measured: {reason}.")
        return
    for what, rounds in (
        (TO_LIST, found.answers),
        (WHILE_CHANGING, found.changing),
        (COMPLETED, found.completed),
    ):
        for name, percent in _PERCENTILES:
            values = [1000 * float(np.percentile(each, percent)) for each in rounds]
            run.add(PART, f"{what}, {name}", _WAY, "ms", values, size=size, better="less")


def _type(tell: Tell, library: Path, encoder: str, device: str | None, rounds: int) -> None:
    found = _Typed()
    letters = beginnings(NAMES)
    with (
        Library(library, encoder=encoder, device=device, resident=True) as opened,
        Catalog.open(library) as other,
    ):
        opened.warm()
        opened.prepare()

        def ask(text: str) -> None:
            opened.answer(Question(text, personalize=True, told=False))  # as the window asks

        _timed(ask, QUESTIONS)  # loads what loads once
        for _ in range(rounds):
            found.answers.append(_timed(ask, QUESTIONS))
            found.completed.append(_timed(opened.complete, letters))
            changing: list[float] = []
            for number, text in enumerate(QUESTIONS):
                _describe_again(other, number)
                changing += _timed(ask, [text])
            found.changing.append(changing)
    tell(found)


def _timed(act: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    seconds = []
    for text in texts:
        start = time.perf_counter()
        act(text)
        seconds.append(time.perf_counter() - start)
    return seconds


def _describe_again(catalog: Catalog, number: int) -> None:
    """Have a photo say something else, as after a run that read it again."""
    (folder,) = catalog.folders()
    (inside, _), (_, metadata) = described(_AGAIN), described(number)
    photo_id = catalog.find_photo(content_of(_AGAIN).hash)
    assert photo_id is not None
    place = Place(str(Path(folder.path) / inside), Stamp(1, 1), metadata)
    with catalog.transaction():
        catalog.place_photo(photo_id, place)
