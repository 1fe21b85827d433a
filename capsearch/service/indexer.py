"""Index jobs in a process of their own, one after the other."""

import threading
from collections.abc import Callable
from pathlib import Path

from capsearch.service.child import Child
from capsearch.service.events import (
    Event,
    IndexingEnded,
    IndexingFailed,
    IndexingProgress,
    IndexingRestarted,
    IndexingStarted,
    WorkerIdle,
)
from capsearch.service.factory import LibraryFactory
from capsearch.service.index_process import Command, Order, serve_index
from capsearch.service.jobs import FolderChange, FollowJob, IndexJob, Job
from capsearch.settings import Settings

_FRUITLESS_STARTS = 3


class Indexer:
    """Has jobs done; one whose process dies is begun again, for nothing done is lost."""

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
        self._job: Job | None = None
        self._waiting: list[Job] = []
        self._later: list[Job] = []
        self._owed: FollowJob | None = None
        self._set_aside = False
        self._paused = False
        self._closed = False
        self._starts = 0
        self._done = 0

    @property
    def pid(self) -> int | None:
        """Id of the process that does the jobs, while there is one."""
        return self._child.pid if self._child else None

    @property
    def running(self) -> bool:
        """Whether a job is being done, paused or not."""
        return self._job is not None

    @property
    def paused(self) -> bool:
        """Whether jobs are held."""
        return self._paused

    def start(self, job: Job) -> None:
        """Begin a job, or have it follow those that are to be done."""
        with self._lock:
            if self._closed or not job.folders:
                return
            owed, self._owed = self._owed, None
            for each in (owed, job):
                self._queue(each)
            event = self._begin_next()
        if event is not None:
            self._tell(event)

    def try_again(self) -> None:
        """Look at what could not be followed when it was told: there may be room again."""
        with self._lock:
            if self._owed is None or self._closed:
                return
            owed, self._owed = self._owed, None
        self.start(owed)

    def _queue(self, job: Job | None) -> None:
        if job is None:
            return
        joined = self._waiting[-1].joined(job) if self._waiting else None
        if joined is not None:
            self._waiting[-1] = joined
        else:
            self._waiting.append(job)

    def change(self, change: FolderChange) -> None:
        """Make a change of the library's folders before all else. The run that goes on is stopped
        for it, and what is left of it to do goes on afterwards."""
        with self._lock:
            if self._closed:
                return
            if not self._set_aside and not isinstance(self._job, FolderChange | None):
                self._set_aside = True
                self._waiting.insert(0, self._job)
                self._command("stop")
            self._waiting.insert(self._changes_waiting(), change)
            event = self._begin_next()
        if event is not None:
            self._tell(event)

    def change_settings(self, settings: Settings) -> None:
        """Work by other settings from the next job on; what they say of the battery, at once."""
        with self._lock:
            self.settings = settings
            if self._child is not None:
                self._child.send(settings)

    def pause(self) -> None:
        """Hold the job that goes on and those that follow."""
        self._paused = True
        self._command("pause")

    def resume(self) -> None:
        """Let jobs go on."""
        self._paused = False
        self._command("resume")

    def stop(self) -> None:
        """End the job that goes on, keeping what is done, and drop those that wait."""
        with self._lock:
            self._drop_waiting()
        self._command("stop")

    def ask_to_end(self) -> None:
        """Begin no more jobs, and end the one that goes on soon."""
        with self._lock:
            self._closed = True
            self._drop_waiting()
            if self._child is not None:
                self._child.send("stop")
                self._child.send(None)

    def end(self, patience: float) -> None:
        """Wait `patience` seconds for the process to end, then end it."""
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            child.end(patience)
        self._job = None

    def _command(self, command: Command) -> None:
        with self._lock:
            if self._child is not None:
                self._child.send(command)

    def _begin_next(self) -> Event | None:
        """Have the next job done where none is; what to tell of it."""
        if self._job is not None or not (self._waiting or self._later):
            return None
        self._job = (self._waiting or self._later).pop(0)
        self._set_aside = False
        self._starts = self._done = 0
        self._send_job()
        return IndexingStarted(self._job.folders)

    def _send_job(self) -> None:
        assert self._job is not None
        if self._child is None:
            arguments = (self._library, self.settings, self._factory)
            self._child = Child("index", serve_index, arguments, self._take, self._ended)
            self._starts += 1
            if self._paused:
                self._child.send("pause")
        # Where sending fails the process has ended: `_ended` will send it to another.
        self._child.send(Order(self._job, self.settings))

    def _take(self, event: Event | WorkerIdle) -> None:
        following: Event | None = None
        with self._lock:
            if isinstance(event, WorkerIdle):
                self._let_go()
                return
            if isinstance(event, IndexingProgress):
                if event.progress.phase == "index" and event.progress.done > self._done:
                    self._done, self._starts = event.progress.done, 0
                if event.progress.wanted_encoder is not None:
                    self._give_way()
            elif isinstance(event, IndexingEnded | IndexingFailed):
                done, self._job = self._job, None
                if isinstance(event, IndexingFailed) and isinstance(done, FollowJob):
                    self._owed = done  # a full disk, say; nobody will tell of these changes again
                if isinstance(event, IndexingEnded) and isinstance(done, FolderChange):
                    self._take_change(done)
                following = None if self._closed else self._begin_next()
        self._tell(event)
        if following is not None:
            self._tell(following)

    def _give_way(self) -> None:
        """What waits comes first: a new photo is to be found at once, while an encoder that is to
        take over may be at work for hours. The rest of its work is done when nothing waits."""
        if self._set_aside or not self._waiting or self._job is None:
            return
        self._set_aside = True
        job = self._job
        if isinstance(job, IndexJob):  # the rest: the encoder is known now, and files were retried
            job = IndexJob(job.folders)
        self._later.append(job)
        self._command("stop")

    def _drop_waiting(self) -> None:
        self._waiting.clear()
        self._later.clear()

    def _changes_waiting(self) -> int:
        """How many changes of folders are to be made yet; they are the first of what waits."""
        return sum(isinstance(job, FolderChange) for job in self._waiting)

    def _take_change(self, change: FolderChange) -> None:
        """Have what waits done with the folders as they are after this change."""
        left = [change.left_of(job) for job in self._waiting]
        self._waiting = [job for job in left if job is not None]
        left = [change.left_of(job) for job in self._later]
        self._later = [job for job in left if job is not None]
        run = change.following
        if run is None:
            return
        first = self._changes_waiting()
        joined = run.joined(self._waiting[first]) if first < len(self._waiting) else None
        self._waiting[first : first + (joined is not None)] = [joined or run]

    def _let_go(self) -> None:
        """The process has had nothing to do for long: it goes, unless a job was sent just now."""
        if self._job is None and self._child is not None:
            self._child.send(None)
            self._child = None

    def _ended(self, child: Child) -> None:
        with self._lock:
            if self._closed:
                return
            child.reap()
            if child is not self._child:
                return
            self._child = None
            event = self._begin_again()
        if event is not None:
            self._tell(event)

    def _begin_again(self) -> Event | None:
        """Give the job of a process that died to another; what to tell."""
        if self._job is None:
            return None
        if self._set_aside:  # was to end anyway
            self._job = None
            return self._begin_next()
        self._done = 0
        if self._starts >= _FRUITLESS_STARTS:
            self._job = None
            self._drop_waiting()
            return IndexingFailed(
                "Looking through your photos failed several times.",
                "Start CapSearch again; what was done is kept.",
            )
        self._send_job()
        return IndexingRestarted()
