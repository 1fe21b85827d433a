"""The system's own news of a folder, or a poll of it where there are none to be had."""

import errno
import sys
import tempfile

import psutil
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch
from watchdog.observers.polling import PollingEmitter

from capsearch.paths import lies_in

_NETWORK = ("nfs", "cifs", "smb", "afp", "webdav", "davfs", "9p", "vboxsf", "prl_fs", "drvfs")
_NETWORK_FUSE = ("fuse.sshfs", "fuse.rclone", "fuse.gvfsd", "fuse.s3fs", "fuse.davfs")
_LIMITS = {errno.ENOSPC, errno.EMFILE}
_SLOWER = 1.5
_MOST_PAUSES = 20
LIMIT_NOTICE = (
    "The system lets no more folders be watched, so they are looked at from time to time instead. "
    "To learn of changes at once, raise the limit: sudo sysctl fs.inotify.max_user_watches=524288"
)


class PatientEmitter(PollingEmitter):
    """Looks ever more seldom while nothing changes."""

    _pause = 0.0
    _stirred = False

    def queue_events(self, timeout: float) -> None:
        """Wait, look, and say what changed; `timeout` (seconds) is the shortest wait."""
        self._stirred = False
        super().queue_events(max(timeout, self._pause))
        longer = min(_SLOWER * max(timeout, self._pause), _MOST_PAUSES * timeout)
        self._pause = 0.0 if self._stirred else longer

    def queue_event(self, event: FileSystemEvent) -> None:
        """Pass it on."""
        self._stirred = True
        super().queue_event(event)


class Observers:
    """Watches folders for one handler.

    `poll_seconds` lie between two looks at a polled folder, up to twenty times as many while
    nothing changes there; `notice` is what to tell the user, empty where all is well.
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

    def _native_observer(self) -> BaseObserver:
        if self._native is None:
            native = Observer()
            native.start()
            self._native = native
        return self._native

    def _polling_observer(self) -> BaseObserver:
        if self._polling is None:
            polling = BaseObserver(PatientEmitter, timeout=self._poll_seconds)
            polling.start()
            self._polling = polling
        return self._polling


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
