"""SQLite's errors in the user's words, translated in this one place."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from capsearch.errors import CapsearchError

_DOCTOR = (
    "Run `capsearch doctor --repair` to begin anew; the file is kept, your photos are untouched."
)
_DAMAGED = ("The library {} is damaged.", _DOCTOR)
_BUSY = (
    "Another program holds the library {}.",
    "Close the other CapSearch, or wait until it has finished, and try again.",
)
_DENIED = (
    "The library {} cannot be written: its disk or file is read-only.",
    "Allow writing there, or give another place with --library FILE.",
)
_FULL = (
    "There is no room left on the disk that holds the library {}.",
    "Free some space and run the same command again; what was done so far is kept.",
)
_DAMAGE = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FORMAT}
_WORDS = {
    sqlite3.SQLITE_NOTADB: ("{} is not a CapSearch library, or it is damaged.", _DOCTOR),
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_FORMAT: _DAMAGED,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_READONLY: _DENIED,
    sqlite3.SQLITE_PERM: _DENIED,
    sqlite3.SQLITE_AUTH: _DENIED,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_CANTOPEN: (
        "The library {} cannot be opened or made there.",
        "Check that its folder exists and may be written, or give another --library FILE.",
    ),
    sqlite3.SQLITE_IOERR: (
        "The disk that holds the library {} could not be read or written.",
        "Check that the disk is connected and has room, then try again; "
        "`capsearch doctor` tells whether the library is whole.",
    ),
}


class DamagedLibraryError(CapsearchError):
    """The library file cannot be trusted any more: what `doctor --repair` is for."""


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn an error of the disk, of the file or of its locks into a `CapsearchError`.

    A mistake in our own SQL (a constraint, a misuse) is a bug and passes through.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        fault = describe(error, path)
        if fault is None:
            raise
        raise fault from error


def describe(error: sqlite3.Error, path: Path) -> CapsearchError | None:
    """Say what the user can do about `error` on the library at `path`; None for a bug of ours."""
    precise = getattr(error, "sqlite_errorcode", 0)
    code = precise & 0xFF
    if precise == sqlite3.SQLITE_IOERR_SHMSIZE:  # the memory that processes share has no room
        code = sqlite3.SQLITE_FULL
    if code == sqlite3.SQLITE_CANTOPEN and path.is_file() and not os.access(path.parent, os.W_OK):
        code = sqlite3.SQLITE_READONLY  # the files beside it cannot be made
    if code not in _WORDS:
        return None
    message, next_step = _WORDS[code]
    kind = DamagedLibraryError if code in _DAMAGE else CapsearchError
    return kind(message.format(path), next_step)


def full(path: Path) -> CapsearchError:
    """Say that nothing more can be written beside the library at `path`."""
    return CapsearchError(_FULL[0].format(path), _FULL[1])


def damaged(path: Path) -> DamagedLibraryError:
    """Say that the library at `path` cannot be trusted any more."""
    return DamagedLibraryError(_DAMAGED[0].format(path), _DAMAGED[1])
