"""The process of one index run: at low priority, can be paused, tells how far it is."""

import dataclasses
import threading
import time
import traceback
from collections import deque
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

from capsearch.errors import CapsearchError
from capsearch.library.values import Progress
from capsearch.processes import start_process
from capsearch.service.events import IndexingEnded, IndexingFailed, IndexingProgress
from capsearch.service.factory import LibraryFactory
from capsearch.settings import Settings

Command = Literal["pause", "resume", "stop"]
_RATE_SECONDS = 10.0


@dataclass(frozen=True)
class IndexJob:
    """What to index; `retry` reads failed files again. `encoder` is what the user wants to search
    by from now on; None leaves it to the library."""

    folders: tuple[str, ...]
    retry: bool = False
    encoder: str | None = None


def serve_index(
    connection: Connection,
    library: Path,
    settings: Settings,
    make_library: LibraryFactory,
    job: IndexJob,
) -> None:
    """Index, obeying the commands that come on `connection`, and send events there."""
    start_process(background=True)
    valve = Valve()
    threading.Thread(target=_obey, args=(connection, valve), daemon=True).start()
    try:
        with make_library(library, settings, None) as opened:
            if job.encoder is not None:
                opened.want_encoder(job.encoder)
            report = opened.index(
                job.folders,
                retry=job.retry,
                progress=_Teller(connection, valve),
                stop=valve.stopped,
            )
        connection.send(IndexingEnded(report))
    except CapsearchError as error:
        connection.send(IndexingFailed(error.message, error.next_step))
    except OSError:
        return  # the window has closed
    except Exception as error:  # noqa: BLE001 - kept by the window as a crash
        connection.send(
            IndexingFailed(f"{type(error).__name__}: {error}", "", traceback.format_exc())
        )


class Valve:
    """Lets the run through, holds it, or ends it."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self._open = threading.Event()
        self._open.set()

    def pause(self) -> None:
        """Hold the run at its next step."""
        self._open.clear()

    def resume(self) -> None:
        """Let the run go on."""
        self._open.set()

    def stop(self) -> None:
        """End the run; what is done is kept."""
        self.stopped.set()
        self._open.set()

    def wait(self) -> None:
        """Return when the run may go on. Holding it here, between two files and outside of any
        transaction, stops the decoders too: nobody takes what they have read."""
        self._open.wait()


class _Teller:
    """Sends progress with the rate of the last seconds, which a pause does not spoil."""

    def __init__(self, connection: Connection, valve: Valve) -> None:
        self._connection = connection
        self._valve = valve
        self._seen: deque[tuple[float, int]] = deque()
        self._held = 0.0

    def __call__(self, progress: Progress) -> None:
        self._connection.send(IndexingProgress(self._with_rate(progress)))
        before = time.monotonic()
        self._valve.wait()
        self._held += time.monotonic() - before

    def _with_rate(self, progress: Progress) -> Progress:
        now = time.monotonic() - self._held
        if self._seen and progress.done < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now, progress.done))
        while now - self._seen[0][0] > _RATE_SECONDS:
            self._seen.popleft()
        seconds, done = now - self._seen[0][0], progress.done - self._seen[0][1]
        if progress.phase != "index" or seconds < 1 or not done:
            return dataclasses.replace(progress, eta=None)
        rate = done / seconds
        return dataclasses.replace(
            progress, rate=rate, eta=max(0, progress.total - progress.done) / rate
        )


def _obey(connection: Connection, valve: Valve) -> None:
    try:
        while True:
            command: Command = connection.recv()
            {"pause": valve.pause, "resume": valve.resume, "stop": valve.stop}[command]()
    except (EOFError, OSError):
        valve.stop()
