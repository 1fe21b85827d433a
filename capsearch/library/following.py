"""Keeps an eye on a library that is open: on its folders, and on what others do to it."""

import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from capsearch.catalog.catalog import Catalog
from capsearch.crash_log import keep_crash
from capsearch.errors import CapsearchError
from capsearch.watching import Changes, LibraryWatcher

__all__ = ["Changes", "LibraryFollower", "Told"]

_LOOK_SECONDS = 1.0
_BLIND = (
    "New photos are not noticed any more until CapSearch is started again, or told to look for "
    "them (F5)."
)


class Told(Protocol):
    """Takes what a follower notices, on threads of the follower's."""

    def files_changed(self, changes: Changes) -> None:
        """Something happened in the library's folders: have them looked at again."""

    def library_changed(self) -> None:
        """Another process, or another connection of this one, has written to the library."""

    def notice(self, sentence: str) -> None:
        """Something that the user should know, once."""


class LibraryFollower:
    """Watches the folders that `library` has at any moment; it need not exist yet.

    Each folder is told as a whole when it is first watched, when it comes back, and when the
    machine wakes. A context manager; leaving it ends every thread.
    """

    def __init__(self, library: Path, told: Told) -> None:
        self._library = library
        self._told = told
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="capsearch-follow", daemon=True)

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            with LibraryWatcher((), self._told.files_changed, notice=self._told.notice) as watcher:
                while not self._closing.is_set():
                    if self._library.exists():
                        with suppress(CapsearchError):  # being made, moved or repaired just now
                            self._follow(watcher)
                    self._closing.wait(_LOOK_SECONDS)
        except Exception as error:  # noqa: BLE001 - the program goes on, and says that it is blind
            keep_crash(error)
            self._told.notice(_BLIND)

    def _follow(self, watcher: LibraryWatcher) -> None:
        with Catalog.open(self._library, read_only=True) as catalog:
            version = -1
            patterns: dict[str, tuple[str, ...]] = {}
            while not self._closing.is_set():
                now = catalog.version_by_others()
                if now != version:
                    before, patterns = patterns, {f.path: f.exclude for f in catalog.folders()}
                    watcher.set_folders(patterns)
                    for folder in before.keys() & patterns.keys():
                        if before[folder] != patterns[folder]:
                            watcher.look_again(folder)
                    if version >= 0:
                        self._told.library_changed()
                    version = now
                self._closing.wait(_LOOK_SECONDS)
