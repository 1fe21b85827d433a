"""How soon a new photo is seen, how long a look at a large library takes that has not changed, and
how memory grows while photos come in.

The photos are made for the purpose. The window is the real one, with the encoder that is measured
with; the large library is made with one that costs nothing, because what is measured is all the
rest.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from capsearch.benchmark.aside import Tell, aside, ask_aside
from capsearch.benchmark.made_photos import make_photo, make_photos
from capsearch.benchmark.rounds import Rounds
from capsearch.benchmark.run import Run
from capsearch.benchmark.shown_window import (
    ShownWindow,
    can_show,
    memory_in_use,
    milliseconds,
)
from capsearch.encoders.base import ByteArray, Encoder, FloatArray, InputSpec
from capsearch.library.facade import Library
from capsearch.library.values import Progress
from capsearch.settings import Settings

_PART = "following"
_SHOWN = 40
_NEW, _QUICK_NEW = 15, 4
_FILES, _QUICK_FILES = 100_000, 2_000
_PER_FOLDER = 1_000
_KINDS = 256
_DIM = 256
_LOOK_SECONDS = 0.2
_ROUND_SECONDS = 600.0
_FIRST_LOOK_SECONDS = 3600.0
_MEMORY_FROM = 20  # the first part of that many is the start of everything, not of its growth
_TINY = (24, 18)


def measure(run: Run) -> None:
    """Measure new photos in the window, then a large library, each in a process of its own.

    Raises:
        CapsearchError: the encoder cannot be loaded.
    """
    files = _QUICK_FILES if run.quick else _FILES
    with Rounds(run, _PART) as rounds:
        if can_show(run, _PART):
            showing = partial(_measure_new_photos, run, rounds)
            rounds.attempt("following: how soon a new photo is shown", showing)
        looking = partial(_measure_looks, run, rounds, files)
        rounds.attempt(f"following: a look at {files:,} files", looking)


def _measure_new_photos(run: Run, rounds: Rounds) -> None:
    settings = Settings(encoder=run.encoder, device=run.device or "auto")
    count = _QUICK_NEW if run.quick else _NEW
    home, log = run.scratch / "new", run.scratch / "following.log"
    run.say("following: the first photos")
    ask_aside(_index_first, home, settings, log=log)
    with aside(_show_new_photos, home, settings, count, run.rounds, log=log) as window:
        for turn in range(run.rounds):
            run.say(f"following, round {turn + 1} of {run.rounds}: new photos in the window")
            seconds: list[float] = window.hear(_ROUND_SECONDS)
            for told, percent in (("median", 50), ("95th percentile", 95)):
                rounds.take(
                    f"new photo, from its file closed to its picture shown, {told}",
                    f"CapSearch, {settings.encoder}",
                    "s",
                    float(np.percentile(seconds, percent)),
                    size=_SHOWN,
                    note=f"{count} a round, one after the other",
                )


def _measure_looks(run: Run, rounds: Rounds, count: int) -> None:
    take = partial(rounds.take, size=count)
    home, log = run.scratch / "many", run.scratch / "following.log"
    run.say(f"following: a first look at {count:,} files")
    with aside(_look_again_and_again, home, count, run.rounds, log=log) as looking:
        first: _FirstLook = looking.hear(_FIRST_LOOK_SECONDS)
        speed, tiny = count / first.seconds, "of 24 x 18 pixels, encoded at no cost"
        take("first look", "CapSearch", "photos/s", speed, better="more", note=tiny)
        if first.memory:
            (start, before), (end, _) = first.memory[0], first.memory[-1]
            grown = max(used for _, used in first.memory) - before
            note = f"all processes, from the {start:,}th to the {end:,}th"
            take("memory added by new photos", "CapSearch", "MB", grown / 1e6, note=note)
        else:
            run.lacks(
                "following: the memory that new photos add could not be measured: they were all "
                "there before it was looked at."
            )
        for turn in range(run.rounds):
            run.say(f"following, round {turn + 1} of {run.rounds}: {count:,} unchanged files")
            ours, theirs = looking.hear(_ROUND_SECONDS)
            what = "look at files that have not changed"
            take(what, "CapSearch", "s", ours)
            take(what, "their names, sizes and times alone", "s", theirs, note="the least there is")


@dataclass(frozen=True)
class _FirstLook:
    """`memory` has how many photos had come in, and bytes of all processes, time after time."""

    seconds: float
    memory: Sequence[tuple[int, int]]


def _index_first(tell: Tell, home: Path, settings: Settings) -> None:
    photos = home / "photos"
    make_photos((photos / f"{number}.jpg" for number in range(_SHOWN)), _SHOWN)
    with Library(home / "library.db", settings=settings) as library:
        library.index([os.fspath(photos)])
    tell(None)


def _show_new_photos(tell: Tell, home: Path, settings: Settings, count: int, rounds: int) -> None:
    shown = ShownWindow(home / "library.db", settings, watch=True)
    model = shown.window.model
    shown.until(lambda: model.rowCount() == _SHOWN)
    shown.until_pictures()

    def add(number: int) -> float:
        made, before = make_photo(home / "elsewhere.jpg", 10_000 + number), model.rowCount()
        (home / "photos" / f"new {number}.jpg").write_bytes(made.read_bytes())
        there = shown.until(lambda: model.rowCount() > before)
        return (there + shown.until_pictures()) / 1000

    add(0)  # the folder is followed from some moment on
    for turn in range(rounds):
        tell([add(1 + turn * count + number) for number in range(count)])
    shown.close()


def _look_again_and_again(tell: Tell, home: Path, count: int, rounds: int) -> None:
    photos = home / "photos"
    names = (photos / f"{number // _PER_FOLDER}" / f"{number}.jpg" for number in range(count))
    make_photos(names, _KINDS, _TINY)
    folders = [os.fspath(photos)]
    with Library(home / "library.db", load=_load) as library:
        with _watched_memory(count // _MEMORY_FROM) as (memory, note):
            first = _seconds(partial(library.index, folders, progress=note))
        tell(_FirstLook(first, memory))
        for _ in range(rounds):
            theirs = _seconds(partial(_list, folders[0]))
            tell((_seconds(partial(library.index, folders)), theirs))


@contextmanager
def _watched_memory(
    start: int,
) -> Iterator[tuple[list[tuple[int, int]], Callable[[Progress], None]]]:
    """What `_FirstLook.memory` has, from the photo `start` on, and who is to be told of it."""
    memory: list[tuple[int, int]] = []
    ended = threading.Event()
    done = 0

    def note(progress: Progress) -> None:
        nonlocal done
        if progress.phase == "index":
            done = progress.done

    def look() -> None:
        while not ended.wait(_LOOK_SECONDS):
            if done > start:
                memory.append((done, memory_in_use()[1]))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield memory, note
    finally:
        ended.set()
        looking.join()


def _list(folder: str) -> None:
    for below, _, names in os.walk(folder):
        for name in names:
            os.stat(os.path.join(below, name))  # noqa: PTH116, PTH118 - the least there is


def _seconds(act: Callable[[], object]) -> float:
    return milliseconds(act) / 1000


class _FreeEncoder:
    """A random projection of tiny pixels: vectors at no cost."""

    name = "free"
    identity = "free-benchmark"
    device = "cpu"
    notice = ""
    dim = _DIM
    batch_size = 64
    input_spec = InputSpec(size=8)

    def __init__(self) -> None:
        self._matrix = np.random.default_rng(0).standard_normal((8 * 8 * 3, _DIM))

    def encode_images(self, pixels: ByteArray) -> FloatArray:
        flat = pixels.reshape(len(pixels), -1) / 127.5 - 1.001
        return _unit(flat @ self._matrix)

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        return _unit(np.random.default_rng(1).standard_normal((len(texts), _DIM)))


def _unit(vectors: "np.typing.NDArray[np.float64]") -> FloatArray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _load(name: str, device: str) -> Encoder:
    return _FreeEncoder()
