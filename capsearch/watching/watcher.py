"""One thread that keeps an eye on the library's folders, also on those that come and go."""

import os
import threading
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

from capsearch.watching.changes import Changes, PendingChanges
from capsearch.watching.handler import ChangeHandler
from capsearch.watching.observers import Observers

_TICK_SECONDS = 0.1
_LOOK_SECONDS = 2.0  # between two looks whether the folders themselves are still there
_ASLEEP_SECONDS = 30.0  # lost between two ticks: the machine slept, and events with it
_POLL_SECONDS = 15.0
# The system's news miss what lies behind symbolic links, and may be lost: all is looked at anew.
_ANEW_SECONDS = 3600.0


class LibraryWatcher:
    """Calls `tell` with what changed in the folders, on a thread of its own; `notice` with a
    sentence for the user, once.

    Each folder is told as a whole when it is first watched, so that what happened before is
    found too, when it comes back after it was away, and when the machine wakes. A context
    manager; leaving it ends every thread.
    """

    def __init__(
        self,
        folders: Iterable[str],
        tell: Callable[[Changes], None],
        *,
        notice: Callable[[str], None] | None = None,
        poll_seconds: float = _POLL_SECONDS,
    ) -> None:
        self._tell = tell
        self._notice = notice
        self._noticed = False
        self._pending = PendingChanges()
        self._observers = Observers(ChangeHandler(self._pending), poll_seconds)
        self._lock = threading.Lock()
        self._wanted = dict.fromkeys(folders)
        self._seen: dict[str, tuple[int, int] | None] = {}
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="capsearch-watch", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def set_folders(self, folders: Iterable[str]) -> None:
        """Watch these folders from now on."""
        with self._lock:
            self._wanted = dict.fromkeys(folders)
        self._pending.stir()

    def look_again(self, folder: str | None = None) -> None:
        """Tell a folder as a whole, at once; None for every one."""
        with self._lock:
            for each in self._wanted if folder is None else (folder,):
                self._pending.folder_changed(each, time.monotonic(), deep=True)

    def close(self) -> None:
        """End every thread; nothing more is told."""
        self._closing.set()
        self._pending.stir()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        looked, ticked, anew = float("-inf"), time.time(), time.monotonic()
        try:
            while not self._closing.is_set():
                now = time.monotonic()
                if now - looked >= _LOOK_SECONDS or self._wanted.keys() != self._seen.keys():
                    self._check_folders(now)
                    looked = now
                slept = time.time() - ticked > _ASLEEP_SECONDS
                if slept or now - anew > _ANEW_SECONDS:
                    self.look_again()
                    anew = now
                ticked = time.time()
                changes = self._pending.take(time.monotonic(), list(self._wanted))
                if changes is not None:
                    self._tell(changes)
                self._closing.wait(_TICK_SECONDS)
                self._pending.wait(_LOOK_SECONDS)
        finally:
            self._observers.close()

    def _check_folders(self, now: float) -> None:
        """Watch what is new or back, let go of what is away or not wanted any more."""
        with self._lock:
            wanted = list(self._wanted)
        for folder in [folder for folder in self._seen if folder not in wanted]:
            self._observers.forget(folder)
            del self._seen[folder]
        for folder in wanted:
            identity = _identity(folder)
            if folder in self._seen and self._seen[folder] == identity:
                continue
            self._observers.forget(folder)
            self._seen[folder] = identity
            if identity is not None:
                self._watch(folder)
            self._pending.folder_changed(folder, now, deep=True)

    def _watch(self, folder: str) -> None:
        try:
            self._observers.watch(folder)
        except OSError:
            return  # gone again, or unreadable: the run that looks at it says so
        if self._observers.notice and self._notice is not None and not self._noticed:
            self._noticed = True
            self._notice(self._observers.notice)


def _identity(folder: str) -> tuple[int, int] | None:
    """Which folder is there now: a mounted drive is another than the empty place for it."""
    try:
        info = os.stat(folder)  # noqa: PTH116 - any bytes are a path
    except OSError:
        return None
    return info.st_dev, info.st_ino
