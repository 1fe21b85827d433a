"""The system's own news of a folder, or a poll of it where there are none to be had."""

import errno
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial

import psutil
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, EventQueue, ObservedWatch
from watchdog.observers.polling import PollingEmitter

from capsearch.paths import lies_in
from capsearch.photos.walk import is_passed_over
from capsearch.watching.handler import matters

_NETWORK = ("nfs", "cifs", "smb", "afp", "webdav", "davfs", "9p", "vboxsf", "prl_fs", "drvfs")
_NETWORK_FUSE = ("fuse.sshfs", "fuse.rclone", "fuse.gvfsd", "fuse.s3fs", "fuse.davfs")
_LIMITS = {errno.ENOSPC, errno.EMFILE}
_SLOWER = 1.5
_MOST_PAUSES = 20
SHARE_OF_A_CORE = 0.01
"""What looking at polled folders may cost at most, all of them together, for as long as it goes on:
little enough to be left running."""
LIMIT_NOTICE = (
    "The system lets no more folders be watched, so they are looked at from time to time instead. "
    "To learn of changes at once, raise the limit: sudo sysctl fs.inotify.max_user_watches=524288"
)


class PatientEmitter(PollingEmitter):
    """Looks ever more seldom while nothing changes, and never so often that it costs more than its
    part of `SHARE_OF_A_CORE`. `sharers`: how many emitters that share is for.

    What every walk passes over, and what is no photo and goes with none, is not looked at.
    """

    def __init__(
        self,
        event_queue: EventQueue,
        watch: ObservedWatch,
        *,
        timeout: float = 1.0,
        event_filter: list[type[FileSystemEvent]] | None = None,
        sharers: Callable[[], int] = lambda: 1,
    ) -> None:
        super().__init__(
            event_queue,
            watch,
            timeout=timeout,
            event_filter=event_filter,
            listdir=partial(_entries_that_matter, os.fsdecode(watch.path)),
        )
        self._sharers = sharers
        self._pause = 0.0
        self._cost = 0.0  # of the last look, seconds of a core
        self._stirred = False

    def on_thread_start(self) -> None:
        """Look for the first time."""
        started = time.thread_time()
        super().on_thread_start()
        self._cost = time.thread_time() - started

    def queue_events(self, timeout: float) -> None:
        """Wait, look, and say what changed; `timeout` (seconds) is the shortest wait."""
        self._stirred = False
        dearest = self._cost * self._sharers() / SHARE_OF_A_CORE
        started = time.thread_time()  # waiting costs none
        super().queue_events(max(timeout, self._pause, dearest))
        self._cost = time.thread_time() - started
        longer = min(_SLOWER * max(timeout, self._pause), _MOST_PAUSES * timeout)
        self._pause = 0.0 if self._stirred else longer

    def queue_event(self, event: FileSystemEvent) -> None:
        """Pass it on."""
        self._stirred = True
        super().queue_event(event)


class Observers:
    """Watches folders for one handler.

    `poll_seconds` lie between two looks at a polled folder, up to twenty times as many while
    nothing changes there, and more where there is so much to look at that it would cost more than
    `SHARE_OF_A_CORE`; `notice` is what to tell the user, empty where all is well.
    """

    def __init__(self, handler: FileSystemEventHandler, poll_seconds: float) -> None:
        self.notice = ""
        self._handler = handler
        self._poll_seconds = poll_seconds
        self._native: BaseObserver | None = None
        self._polling: BaseObserver | None = None
        self._watches: dict[str, tuple[BaseObserver, ObservedWatch]] = {}

    def watch(self, folder: str) -> None:
        """Begin to watch `folder` and all below it. Raises `OSError` where it cannot be read."""
        if not polls(folder) and not self.notice:
            try:
                self._schedule(self._native_observer(), folder)
                self._probe(self._native_observer())
                return
            except OSError as error:
                if error.errno not in _LIMITS:
                    raise
                self.notice = LIMIT_NOTICE
                self.forget(folder)
        self._schedule(self._polling_observer(), folder)

    def forget(self, folder: str) -> None:
        """Watch `folder` no more."""
        observer, watch = self._watches.pop(folder, (None, None))
        if observer is not None and watch is not None:
            observer.unschedule(watch)

    def close(self) -> None:
        """End every thread."""
        for observer in (self._native, self._polling):
            if observer is not None:
                observer.stop()
                observer.join()
        self._native = self._polling = None
        self._watches.clear()

    def _schedule(self, observer: BaseObserver, folder: str) -> None:
        watch = observer.schedule(self._handler, folder, recursive=True)
        self._watches[folder] = (observer, watch)

    def _probe(self, observer: BaseObserver) -> None:
        """Raise where the limit is reached: watchdog passes over the subfolders it hits there."""
        if sys.platform == "linux":
            with tempfile.TemporaryDirectory(prefix="capsearch-") as spare:
                observer.unschedule(observer.schedule(FileSystemEventHandler(), spare))

    def _count_polled(self) -> int:
        watches = tuple(self._watches.values())  # another thread may add one meanwhile
        return max(1, sum(observer is self._polling for observer, _ in watches))

    def _native_observer(self) -> BaseObserver:
        if self._native is None:
            native = Observer()
            native.start()
            self._native = native
        return self._native

    def _polling_observer(self) -> BaseObserver:
        if self._polling is None:
            patient = partial(PatientEmitter, sharers=self._count_polled)
            polling = BaseObserver(patient, timeout=self._poll_seconds)  # type: ignore[arg-type]
            polling.start()
            self._polling = polling
        return self._polling


def _entries_that_matter(root: str, folder: str | None) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as scan:
        yield from (entry for entry in scan if _is_worth_a_look(entry, root))


def _is_worth_a_look(entry: os.DirEntry[str], root: str) -> bool:
    try:
        return not is_passed_over(entry, root) and (entry.is_dir() or matters(entry.name))
    except OSError:
        return False  # gone just now, or a link that leads nowhere


def polls(folder: str) -> bool:
    """Whether changes of `folder` made by others are not told by the system: a network drive."""
    if folder.startswith("\\\\"):
        return True
    kinds = {
        partition.mountpoint: partition.fstype.lower()
        for partition in psutil.disk_partitions(all=True)
        if lies_in(folder, partition.mountpoint)
    }
    kind = kinds[max(kinds, key=len)] if kinds else ""
    return kind.startswith((*_NETWORK, *_NETWORK_FUSE))
