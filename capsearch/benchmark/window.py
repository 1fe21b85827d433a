"""How quick the program is to use: its start, and its window over libraries of several sizes.

The libraries are made for the purpose, see `made_library`. A keystroke counts from the key until
its results are painted, also while new photos are indexed.
"""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from capsearch.benchmark.aside import LostError, ask_aside
from capsearch.benchmark.made_library import borrowed_copy, make_library
from capsearch.benchmark.made_photos import make_photos
from capsearch.benchmark.rounds import Rounds
from capsearch.benchmark.run import Run
from capsearch.benchmark.shown_window import can_show
from capsearch.benchmark.start import (
    Start,
    can_forget,
    forget_files,
    program_files,
    start_window,
    time_command,
    time_python,
    time_search,
)
from capsearch.benchmark.use_window import Found, Work, use_window
from capsearch.machine import usable_cores
from capsearch.settings import Settings

_PART = "window"
_APP = "CapSearch"
_SIZES, _QUICK_SIZES = (1_000, 10_000, 100_000), (2_000,)
_KEYSTROKES, _QUICK_KEYSTROKES = 30, 10
_SCROLLS, _QUICK_SCROLLS = 200, 80
_FRESH_PER_CORE, _MOST_FRESH, _FRESH_KINDS = 500, 4_000, 16
_MADE_SECONDS = 1800.0
_USED_SECONDS = 900.0
# Of some 100 MB that a start reads; less has come from memory after all.
_COLD_BYTES = 20_000_000


def measure(run: Run) -> None:
    """Measure commands, starts and a window over each library, in turn within each round.

    Raises:
        CapsearchError: the encoder cannot be loaded.
    """
    if sys.dont_write_bytecode and not getattr(sys, "frozen", False):
        run.note(
            "Python keeps no compiled files here (PYTHONDONTWRITEBYTECODE), so that what has none "
            "starts later than where it was installed."
        )
    with Rounds(run, _PART) as rounds:
        measuring = _Measuring(run, rounds)
        wanted = _QUICK_SIZES if run.quick else _SIZES
        sizes = [size for size in wanted if measuring.make(size)]
        for turn in range(run.rounds):
            for size in sizes:
                run.say(f"window, round {turn + 1} of {run.rounds}: {size:,} photos")
                measuring.measure(size, turn, alone=size == sizes[0])


class _Measuring:
    """What is measured over each library; `rounds` takes it."""

    def __init__(self, run: Run, rounds: Rounds) -> None:
        self._run, self._rounds = run, rounds
        self._settings = Settings(encoder=run.encoder, device=run.device or "auto")
        self._folder, self._log = run.scratch / _PART, run.scratch / f"{_PART}.log"
        self._shows = can_show(run, _PART)
        self._fresh = _make_fresh(self._folder / "fresh") if self._shows else self._folder
        self._files = _files_to_forget(run) if self._shows else ()

    def make(self, size: int) -> bool:
        """Make the library of this size; False where that is not possible."""
        self._run.say(f"window: making a library of {size:,} photos")
        arguments = self._folder / str(size), size, self._settings
        making = partial(ask_aside, make_library, *arguments, log=self._log, seconds=_MADE_SECONDS)
        return self._rounds.attempt(f"window: all over {size:,} photos", making)

    def measure(self, size: int, turn: int, *, alone: bool) -> None:
        """One round over one library; `alone` is whether to measure also what needs none."""
        attempts: dict[str, Callable[[Path, int], None]] = {}
        attempts["a command"] = partial(self._time_commands, alone)
        if self._shows:
            attempts["the start"] = self._time_start
            if self._files:
                attempts["the start with its files on the disk"] = self._time_cold_start
            attempts["the window"] = partial(self._use, turn)
        with borrowed_copy(self._folder / str(size), self._folder / "copy") as library:
            self._settings.save(library.with_name("settings.json"))
            for told, attempt in attempts.items():
                act = partial(attempt, library, size)
                self._rounds.attempt(f"window: {told} over {size:,} photos", act)

    def _time_commands(self, alone: bool, library: Path, size: int) -> None:
        what, take, home = "whole command", self._rounds.take, library.parent
        if alone:
            nothing = time_python(home)
            if nothing is not None:
                take(what, "Python that does nothing", "s", nothing)
            take(what, "capsearch --version", "s", time_command("--version", home=home))
        take(what, "capsearch search", "s", time_search(home), size=size)

    def _time_start(self, library: Path, size: int) -> None:
        self._take_start(start_window(library.parent, self._log), "warm", size)

    def _time_cold_start(self, library: Path, size: int) -> None:
        forget_files(self._files)
        start = start_window(library.parent, self._log)
        if start.read < _COLD_BYTES:
            raise LostError(f"only {start.read / 1e6:.0f} MB had to come from the disk")
        self._take_start(start, "its files on the disk", size)

    def _take_start(self, start: Start, way: str, size: int) -> None:
        note = "as the first start since the machine was started" if way != "warm" else ""
        for told, seconds in (
            ("window is visible", start.visible),
            ("first photos are shown", start.shown),
        ):
            self._rounds.take(f"start until the {told}", way, "s", seconds, size=size, note=note)

    def _use(self, turn: int, library: Path, size: int) -> None:
        quick = self._run.quick
        work = Work(
            _QUICK_KEYSTROKES if quick else _KEYSTROKES,
            _QUICK_SCROLLS if quick else _SCROLLS,
            self._fresh,
            turn,
        )
        arguments = library, self._settings, work
        found: Found = ask_aside(use_window, *arguments, log=self._log, seconds=_USED_SECONDS)
        self._take_found(found, size)

    def _take_found(self, found: Found, size: int) -> None:
        take = partial(self._rounds.take, size=size)
        alone, beside = "nothing else going on", "while photos are indexed"
        take("first search, key to results", _APP, "ms", found.first)
        for percent, told in ((50, "median"), (95, "95th percentile")):
            for way, times in ((alone, found.painted), (beside, found.beside)):
                if times:
                    value = float(np.percentile(times, percent))
                    take(f"key to painted results, {told}", way, "ms", value)
            value = float(np.percentile(found.pictures, percent))
            take(f"key to all pictures in sight, {told}", alone, "ms", value)
        if found.beside:
            ratio = float(np.median(found.beside) / np.median(found.painted))
            take("key to painted results, against nothing else going on", beside, "times", ratio)
        else:
            self._run.lacks(
                "window: a key while photos are indexed could not be measured: they were indexed "
                "before one was pressed."
            )
        scrolled = float(np.percentile(found.scrolls, 95))
        take("step of scrolling painted, 95th percentile", _APP, "ms", scrolled)
        take("longest wait of the window's events", _APP, "ms", found.longest)
        take("closing", _APP, "ms", found.close)
        take("memory", "the window's process", "MB", found.memory / 1e6)
        take("memory", "with the processes it has started", "MB", found.memory_of_all / 1e6)


def _make_fresh(folder: Path) -> Path:
    """Photos enough to be indexed while keys are pressed."""
    count = min(_MOST_FRESH, _FRESH_PER_CORE * usable_cores())
    make_photos((folder / f"{number}.jpg" for number in range(count)), _FRESH_KINDS)
    return folder


def _files_to_forget(run: Run) -> Sequence[str]:
    told = "window: the start with the program's files on the disk, not in memory, is "
    if run.quick:
        run.lacks(f"{told}left out by --quick.")
        return ()
    if not can_forget():
        run.lacks(
            f"{told}measured on Linux only. Start the machine anew, and look at the first start."
        )
        return ()
    return program_files()
