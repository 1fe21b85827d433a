"""What an index run tells while it goes on and when it has ended."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from capsearch.catalog.records import Failure

_SECONDS_BETWEEN = 0.1

Phase = Literal["wait", "scan", "index", "finish"]
"""`wait`: for another process that is indexing into the library."""


@dataclass(frozen=True)
class IndexReport:
    """`photos` are the searchable ones under the given folders now, of which `encoded` were
    encoded in this run and `unchanged` were not; `failed` lists the files and folders there that
    could not be used, in this run or before: the last `in_cloud` of them are only there.
    `stopped`: ended early by the stop event. `moved` folders of the library were found again
    elsewhere: (old path, new path). `new` photos became searchable in this run, `gone` ones ceased
    to be, `edited` ones were replaced at their place.

    Where a `wanted_encoder` is to take over, it has `waiting` photos to do first, `waiting_away`
    of them on drives that are away. `notice` is a sentence on what did not go as it should, '' for
    nothing."""

    photos: int
    encoded: int
    unchanged: int
    failed: tuple[Failure, ...]
    seconds: float
    photos_per_second: float
    encoder: str
    device: str
    stopped: bool = False
    moved: tuple[tuple[str, str], ...] = ()
    new: int = 0
    gone: int = 0
    edited: int = 0
    wanted_encoder: str | None = None
    waiting: int = 0
    waiting_away: int = 0
    notice: str = ""
    in_cloud: int = 0


@dataclass(frozen=True)
class Progress:
    """Files done of those to read, never more than `total`, which grows where the companions of
    unreadable photos are read as well. While scanning `total` is 0, and `done` counts the files
    found. `rate` in files per second, `eta` in seconds, None while unknown. `wanted_encoder`: whose
    vectors are being made, where they are not those that the library is searched by."""

    phase: Phase
    done: int
    total: int
    failed: int
    rate: float
    eta: float | None
    wanted_encoder: str | None = None


class ProgressMeter:
    """Counts, and calls back some times a second at most."""

    def __init__(self, callback: Callable[[Progress], None] | None) -> None:
        self._callback = callback
        self._phase: Phase = "scan"
        self._total = self._done = self._failed = 0
        self._started = self._said = time.monotonic()

    def enter(self, phase: Phase, total: int = 0) -> None:
        """Begin a phase; said at once."""
        if phase == "index":
            self._done, self._started = 0, time.monotonic()
        self._phase = phase
        self._total = total or self._total
        self._say()

    def expect(self, more: int) -> None:
        """Add files to those of this phase."""
        self._total += more
        self._say()

    def step(self, *, failed: bool = False) -> None:
        """Count one file."""
        self._done += 1
        self._failed += failed
        if time.monotonic() - self._said >= _SECONDS_BETWEEN:
            self._say()

    def _say(self) -> None:
        now = self._said = time.monotonic()
        if self._callback is None:
            return
        seconds = now - self._started
        rate = self._done / seconds if seconds > 0 else 0.0
        known = self._phase not in {"wait", "scan"} and rate > 0
        eta = max(0, self._total - self._done) / rate if known else None
        self._callback(Progress(self._phase, self._done, self._total, self._failed, rate, eta))
