"""Progress bars on a terminal, and a stop that keeps what is done."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from tqdm import tqdm

from capsearch.library.values import Progress

_WAITING = "Waiting for another CapSearch that is looking through photos"


@contextmanager
def terminal_progress() -> Iterator[Callable[[Progress], None]]:
    """A bar on standard error while indexing; where no person is watching, only a line where the
    run has to wait for another one."""
    if not sys.stderr.isatty():
        yield _say_if_waiting
        return
    with tqdm(unit=" photos", dynamic_ncols=True, file=sys.stderr) as bar:

        def show(progress: Progress) -> None:
            bar.total = progress.total
            bar.n = progress.done
            wanted = f" for {progress.wanted_encoder}" if progress.wanted_encoder else ""
            words = _WAITING if progress.phase == "wait" else f"{progress.phase}{wanted}"
            bar.set_description(words, refresh=False)
            bar.set_postfix(failed=progress.failed, refresh=False)
            bar.refresh()

        yield show


def say_waiting() -> None:
    """Say that this command waits until another run has finished."""
    print(
        "Another CapSearch is indexing into this library; waiting until it has finished "
        "(Ctrl-C stops).",
        file=sys.stderr,
        flush=True,
    )


def _say_if_waiting(progress: Progress) -> None:
    if progress.phase == "wait":
        say_waiting()


@contextmanager
def stopped_by_signal() -> Iterator[threading.Event]:
    """An event that Ctrl-C or a termination sets; a second Ctrl-C interrupts at once."""
    stop = threading.Event()

    def ask_to_stop(signum: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {name: signal.signal(name, ask_to_stop) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
