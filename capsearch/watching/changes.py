"""Single events gathered into what is to be looked at again, once files are written to the end."""

import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from capsearch.catalog.records import Stamp
from capsearch.indexing.scope import Scope
from capsearch.paths import lies_in

_QUIET_SECONDS = 0.3  # of a burst's end
_PATIENCE_SECONDS = 2.0  # then what has come so far is handed on though the burst goes on
_STABLE_SECONDS = 1.0  # without a change of size or time a file counts as written
_CLOSED_SECONDS = 0.2  # the same, where the system has said that it was closed
_BURST = 2_000  # events; of so many the system may have dropped some


@dataclass(frozen=True)
class Changes:
    """`scopes` are to be looked at again, but for the `unsettled` files, still being written."""

    scopes: tuple[Scope, ...]
    unsettled: frozenset[str]


@dataclass
class _Writing:
    stamp: Stamp | None
    since: float
    closed: bool


class PendingChanges:
    """What has happened and was not handed on yet. Times are in seconds, of any steady clock;
    safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._scopes: dict[Scope, None] = {}
        self._writing: dict[str, _Writing] = {}
        self._first = self._last = 0.0
        self._events = 0
        self._stirred = threading.Event()

    def file_written(self, path: str, now: float, *, closed: bool) -> None:
        """Note that the file was made or changed, and whether its writer has closed it."""
        with self._lock:
            known, stamp = self._writing.get(path), _stamp(path)
            # A change of permissions after the file was closed is no writing.
            if known is None or closed or known.stamp != stamp:
                self._writing[path] = _Writing(stamp, now, closed)
            self._events += 1
            self._stirred.set()

    def folder_changed(self, folder: str, now: float, *, deep: bool) -> None:
        """Note that something came or went in `folder`, or (`deep`) in any folder below it."""
        with self._lock:
            self._add(Scope(folder, deep), now)
            self._events += 1
            self._stirred.set()

    def wait(self, seconds: float) -> None:
        """Return when there is something to `take`, soon or now, or after so many seconds."""
        self._stirred.wait(seconds)

    def stir(self) -> None:
        """Let who waits return."""
        self._stirred.set()

    def take(self, now: float, roots: Iterable[str]) -> Changes | None:
        """Give what is ready to be looked at; None where nothing is, or more is still coming.

        After a burst these are all the library's folders, `roots`.
        """
        with self._lock:
            self._settle(now)
            if not self._scopes and not self._writing:
                self._stirred.clear()
            # What is being written may be what has gone from elsewhere: told apart, a photo that
            # was moved would be missing in between.
            quiet = now - self._last >= _QUIET_SECONDS and not self._writing
            if not self._scopes or not (quiet or now - self._first >= _PATIENCE_SECONDS):
                return None
            if quiet and self._events > _BURST:
                self._scopes.update(dict.fromkeys(map(Scope, roots)))
            if quiet:
                self._events = 0
            changes = Changes(tuple(self._gathered()), frozenset(self._writing))
            self._scopes.clear()
            return changes

    def _settle(self, now: float) -> None:
        for path, writing in list(self._writing.items()):
            stamp = _stamp(path)
            if stamp != writing.stamp:
                self._writing[path] = _Writing(stamp, now, closed=False)
                continue
            needed = _CLOSED_SECONDS if writing.closed else _STABLE_SECONDS
            if stamp is None or now - writing.since >= needed:
                del self._writing[path]
                self._add(Scope(os.path.split(path)[0], deep=False), now, at=writing.since)

    def _add(self, scope: Scope, now: float, at: float | None = None) -> None:
        if not self._scopes:
            self._first = now
        self._last = max(self._last, now if at is None else at)
        self._scopes[scope] = None

    def _gathered(self) -> list[Scope]:
        """Leave out the single folders that lie in a whole one."""
        deep = [scope.folder for scope in self._scopes if scope.deep]
        return [
            scope
            for scope in self._scopes
            if scope.deep or not any(lies_in(scope.folder, folder) for folder in deep)
        ]


def _stamp(path: str) -> Stamp | None:
    try:
        info = os.stat(path)  # noqa: PTH116 - any bytes are a path
    except OSError:
        return None
    return Stamp(info.st_size, info.st_mtime_ns)
