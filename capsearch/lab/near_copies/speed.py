"""How long finding the near copies of a made library takes, and what it holds in memory."""

import os
import threading
import time

import psutil

from capsearch.lab.near_copies.made_looks import made_looks
from capsearch.machine import usable_cores
from capsearch.search.near_copies import group_copies

_MEGABYTE = 2**20


class _Peak:
    """The most memory that this process holds meanwhile, looked at every 20 ms."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.before = self.bytes = self._process.memory_info().rss

    def __enter__(self) -> "_Peak":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.02):
            self.bytes = max(self.bytes, self._process.memory_info().rss)


def measure(count: int) -> None:
    """Print seconds, processor seconds and memory for a library of `count` photos."""
    looks = made_looks(count)
    with _Peak() as peak:
        begun, worked = time.perf_counter(), time.process_time()
        groups = group_copies(looks)
        seconds, work = time.perf_counter() - begun, time.process_time() - worked
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(
        f"near copies of {count:,} photos: {seconds:.1f} s ({work:.1f} s of processor time on "
        f"{usable_cores()} cores{load}); {(peak.bytes - peak.before) / _MEGABYTE:.0f} MB beside "
        f"{looks.vectors.nbytes / _MEGABYTE:.0f} MB of vectors; {len(groups):,} groups of "
        f"{sum(map(len, groups)):,} photos"
    )
