"""Progress bars on a terminal, and a stop that keeps what is done."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from tqdm import tqdm

from capsearch.library.values import Progress


@contextmanager
def terminal_progress() -> Iterator[Callable[[Progress], None] | None]:
    """A bar on standard error while indexing; None where no person is watching."""
    if not sys.stderr.isatty():
        yield None
        return
    with tqdm(unit=" photos", dynamic_ncols=True, file=sys.stderr) as bar:

        def show(progress: Progress) -> None:
            bar.total = progress.total
            bar.n = progress.done
            wanted = f" for {progress.wanted_encoder}" if progress.wanted_encoder else ""
            bar.set_description(f"{progress.phase}{wanted}", refresh=False)
            bar.set_postfix(failed=progress.failed, refresh=False)
            bar.refresh()

        yield show


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
