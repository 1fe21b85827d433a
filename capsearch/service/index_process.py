"""The worker's process: one job after the other, at low priority; can be paused, tells how far.

It stays for a while after a job: photos come in bursts, and loading an encoder takes longer than
reading one photo.
"""

import dataclasses
import queue
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from capsearch.errors import CapsearchError
from capsearch.library.values import Progress
from capsearch.machine import on_battery
from capsearch.processes import start_process
from capsearch.service.events import IndexingEnded, IndexingFailed, IndexingProgress, WorkerIdle
from capsearch.service.factory import LibraryFactory
from capsearch.service.jobs import FollowJob, Job, RemoveFolderJob
from capsearch.settings import Settings

if TYPE_CHECKING:
    from capsearch.library.facade import Library

Command = Literal["pause", "resume", "stop"]
_RATE_SECONDS = 10.0
# Without a job until what small changes left out of date (profile, index) is made anew.
_CALM_SECONDS = 3.0
# Without a job until the process, and with it the encoder's memory, is given up.
_IDLE_SECONDS = 90.0
_BATTERY_SECONDS = 5.0


@dataclass(frozen=True)
class Order:
    """Do `job` by these settings."""

    job: Job
    settings: Settings


def serve_index(
    connection: Connection, library: Path, settings: Settings, make_library: LibraryFactory
) -> None:
    """Do the orders that come on `connection`, obeying the commands there, and send events, until
    None comes or it is closed."""
    start_process(background=True)
    desk = _Desk()
    threading.Thread(target=desk.listen, args=(connection,), daemon=True).start()
    try:
        with make_library(library, settings, None) as opened:
            _Worker(connection, opened, desk).work()
    except _UnheardError:
        return


class _UnheardError(Exception):
    """The window has closed."""


class Valve:
    """Lets the jobs through, or holds them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._held = False

    def pause(self) -> None:
        """Hold the run at its next step."""
        with self._changed:
            self._held = True

    def resume(self) -> None:
        """Let the run go on."""
        with self._changed:
            self._held = False
            self._changed.notify_all()

    def stop(self, stopped: threading.Event) -> None:
        """End a run, held or not; what is done is kept."""
        with self._changed:
            stopped.set()
            self._changed.notify_all()

    def wait(self, stopped: threading.Event) -> None:
        """Return when the run may go on. Holding it here, between two files and outside of any
        transaction, stops the decoders too: nobody takes what they have read."""
        with self._changed:
            self._changed.wait_for(lambda: not self._held or stopped.is_set())


@dataclass(frozen=True)
class _Received:
    order: Order
    stopped: threading.Event = field(default_factory=threading.Event)


class _Desk:
    """Where orders lie until they are done; `waiting` is set while there is one, or the end.
    `spares_battery`: the user wants no work done on battery."""

    def __init__(self) -> None:
        self.valve = Valve()
        self.waiting = threading.Event()
        self.spares_battery = False
        self._received: queue.Queue[_Received | None] = queue.Queue()

    def listen(self, connection: Connection) -> None:
        """Take what comes until the window closes. A stop is for the order that came last: the
        next one is sent when that is done."""
        last = threading.Event()
        try:
            while (message := connection.recv()) is not None:
                if isinstance(message, Settings):
                    self.spares_battery = message.pause_on_battery
                elif isinstance(message, Order):
                    self.spares_battery = message.settings.pause_on_battery
                    received = _Received(message)
                    last = received.stopped
                    self._put(received)
                elif message == "stop":
                    self.valve.stop(last)
                else:
                    {"pause": self.valve.pause, "resume": self.valve.resume}[message]()
        except (EOFError, OSError):
            pass
        self.valve.stop(last)
        self._put(None)

    def get(self, seconds: float | None) -> _Received | None:
        """The next order, None for the end; `queue.Empty` where none comes in so many seconds."""
        received = self._received.get(timeout=seconds)
        if received is not None:
            self.waiting.clear()
        return received

    def _put(self, received: _Received | None) -> None:
        self._received.put(received)
        self.waiting.set()


class _Worker:
    """Does one order after the other with one library, so that its encoder is loaded once."""

    def __init__(self, connection: Connection, library: "Library", desk: _Desk) -> None:
        self._connection = connection
        self._library = library
        self._desk = desk
        self._behind = False

    def work(self) -> None:
        """Return when told to end."""
        while (received := self._next()) is not None:
            self._library.change_settings(received.order.settings)
            self._send(self._done(received.order.job, received.stopped))

    def _next(self) -> _Received | None:
        """Wait for an order, and use the time."""
        if self._behind:
            try:
                return self._desk.get(_CALM_SECONDS)
            except queue.Empty:
                self._catch_up()
        try:
            return self._desk.get(_IDLE_SECONDS)
        except queue.Empty:
            self._send(WorkerIdle())
            return self._desk.get(None)

    def _catch_up(self) -> None:
        with suppress(CapsearchError):  # a full disk, say: the next run meets it too, and tells
            self._library.prepare(self._desk.waiting)
        self._behind = self._desk.waiting.is_set()

    def _done(self, job: Job, stopped: threading.Event) -> IndexingEnded | IndexingFailed:
        teller = _Teller(self._send, self._desk, stopped)
        try:
            report = job.run(self._library, teller, stopped)
        except CapsearchError as error:
            return IndexingFailed(error.message, error.next_step)
        except _UnheardError:
            raise
        except Exception as error:  # noqa: BLE001 - kept by the window as a crash
            return IndexingFailed(f"{type(error).__name__}: {error}", "", traceback.format_exc())
        self._behind = self._behind or isinstance(job, FollowJob | RemoveFolderJob)
        return IndexingEnded(report)

    def _send(self, event: IndexingProgress | IndexingEnded | IndexingFailed | WorkerIdle) -> None:
        try:
            self._connection.send(event)
        except OSError as error:
            raise _UnheardError from error


class _Teller:
    """Sends progress with the rate of the last seconds, which a pause does not spoil."""

    def __init__(
        self,
        send: Callable[[IndexingProgress], None],
        desk: _Desk,
        stopped: threading.Event,
    ) -> None:
        self._send = send
        self._desk = desk
        self._stopped = stopped
        self._seen: deque[tuple[float, int]] = deque()
        self._held = 0.0
        self._looked_at = float("-inf")

    def __call__(self, progress: Progress) -> None:
        self._send(IndexingProgress(self._with_rate(progress)))
        before = time.monotonic()
        self._desk.valve.wait(self._stopped)
        self._wait_for_power(progress)
        self._held += time.monotonic() - before

    def _wait_for_power(self, progress: Progress) -> None:
        """Hold the run while the machine is on battery, if the user wants that."""
        if time.monotonic() - self._looked_at < _BATTERY_SECONDS:
            return
        told = False
        while self._desk.spares_battery and on_battery() and not self._stopped.is_set():
            if not told:
                self._send(IndexingProgress(self._with_rate(progress), on_battery=True))
                told = True
            self._stopped.wait(_BATTERY_SECONDS)
        if told:
            self._send(IndexingProgress(self._with_rate(progress)))
        self._looked_at = time.monotonic()

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
