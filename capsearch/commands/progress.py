"""Progress bars on a terminal, and a stop that keeps what is done."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from tqdm import tqdm

from capsearch.library.models import terminal_bar
from capsearch.library.values import Progress
from capsearch.transfer import DownloadProgress

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


@contextmanager
def download_progress(model: str) -> Iterator[Callable[[DownloadProgress], None]]:
    """A bar on standard error with rate and time left; a line for each tenth where it is none."""
    if sys.stderr.isatty():
        with terminal_bar(model) as show:
            yield show
        return
    told = -1

    def say(progress: DownloadProgress) -> None:
        nonlocal told
        tenth = progress.done_bytes * 10 // max(progress.total_bytes, 1)
        if tenth > told:
            told = tenth
            print(f"{model}: {_download_in_words(progress)}", file=sys.stderr, flush=True)

    yield say


def megabytes(count: int) -> str:
    """A number of bytes as people read it."""
    return f"{count / 1e6:,.0f} MB"


def _download_in_words(progress: DownloadProgress) -> str:
    words = f"{progress.done_bytes / 1e6:,.1f} of {progress.total_bytes / 1e6:,.1f} MB"
    left = progress.total_bytes - progress.done_bytes
    if not left or not progress.bytes_per_second:
        return words
    minutes, seconds = divmod(round(left / progress.bytes_per_second), 60)
    return f"{words}, {progress.bytes_per_second / 1e6:,.1f} MB/s, {minutes}:{seconds:02d} left"


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
