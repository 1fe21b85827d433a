"""Index runs in a process of their own, one after the other."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from capsearch.service.child import Child
from capsearch.service.events import (
    Event,
    IndexingEnded,
    IndexingFailed,
    IndexingProgress,
    IndexingRestarted,
    IndexingStarted,
)
from capsearch.service.factory import LibraryFactory
from capsearch.service.index_process import Command, IndexJob, serve_index
from capsearch.settings import Settings

_FRUITLESS_STARTS = 3


class Indexer:
    """Runs index jobs; a run whose process dies is started again, for nothing done is lost."""

    def __init__(
        self,
        library: Path,
        settings: Settings,
        tell: Callable[[Event], None],
        library_factory: LibraryFactory,
    ) -> None:
        self.settings = settings
        self._library = library
        self._tell = tell
        self._factory = library_factory
        self._lock = threading.RLock()
        self._child: Child | None = None
        self._job: IndexJob | None = None
        self._next: IndexJob | None = None
        self._over = False
        self._paused = False
        self._closed = False
        self._starts = 0
        self._done = 0

    @property
    def pid(self) -> int | None:
        """Id of the process of the run that goes on."""
        return self._child.pid if self._child else None

    @property
    def running(self) -> bool:
        """Whether a run goes on, paused or not."""
        return self._child is not None

    @property
    def paused(self) -> bool:
        """Whether runs are held."""
        return self._paused

    def start(
        self, folders: Sequence[str], *, retry: bool = False, encoder: str | None = None
    ) -> None:
        """Begin a run, or have it follow the one that goes on; `encoder` as for `IndexJob`."""
        with self._lock:
            if self._closed or not folders:
                return
            job = IndexJob(tuple(folders), retry, encoder)
            if self._child is not None:
                self._next = _joined(self._next, job)
                return
            self._starts = self._done = 0
            self._spawn(job)
        self._tell(IndexingStarted(job.folders))

    def pause(self) -> None:
        """Hold the run that goes on and those that follow."""
        self._paused = True
        self._command("pause")

    def resume(self) -> None:
        """Let runs go on."""
        self._paused = False
        self._command("resume")

    def stop(self) -> None:
        """End the run that goes on, keeping what is done."""
        with self._lock:
            self._next = None
        self._command("stop")

    def ask_to_end(self) -> None:
        """Begin no more runs, and end the one that goes on soon."""
        with self._lock:
            self._closed = True
            self._next = None
        self._command("stop")

    def end(self, patience: float) -> None:
        """Wait `patience` seconds for the run to end, then end it."""
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            child.end(patience)

    def _command(self, command: Command) -> None:
        with self._lock:
            if self._child is not None:
                self._child.send(command)

    def _spawn(self, job: IndexJob) -> None:
        self._job, self._over = job, False
        self._starts += 1
        arguments = (self._library, self.settings, self._factory, job)
        self._child = Child("index", serve_index, arguments, self._take, self._ended)
        if self._paused:
            self._child.send("pause")

    def _take(self, event: Event) -> None:
        if isinstance(event, IndexingProgress):
            with self._lock:
                if event.progress.phase == "index" and event.progress.done > self._done:
                    self._done, self._starts = event.progress.done, 0
        elif isinstance(event, IndexingEnded | IndexingFailed):
            self._over = True
        self._tell(event)

    def _ended(self, child: Child) -> None:
        with self._lock:
            if self._closed or child is not self._child:
                return
            child.reap()
            self._child = None
            event = self._follow()
        if event is not None:
            self._tell(event)

    def _follow(self) -> Event | None:
        assert self._job is not None
        if not self._over:
            self._done = 0
            if self._starts >= _FRUITLESS_STARTS:
                return IndexingFailed(
                    "Looking through your photos failed several times.",
                    "Start CapSearch again; what was done is kept.",
                )
            self._spawn(self._job)
            return IndexingRestarted()
        if self._next is None:
            return None
        job, self._next = self._next, None
        self._starts = self._done = 0
        self._spawn(job)
        return IndexingStarted(job.folders)


def _joined(first: IndexJob | None, second: IndexJob) -> IndexJob:
    if first is None:
        return second
    return IndexJob(
        tuple(dict.fromkeys((*first.folders, *second.folders))),
        first.retry or second.retry,
        second.encoder or first.encoder,
    )
