"""Who has a library: one indexing run at a time, many processes that keep it open, or a repair."""

import errno
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, ReadWriteLock, Timeout

from capsearch.catalog.faults import full
from capsearch.errors import CapsearchError, LibraryBusyError

_REPAIR_SECONDS = 20.0
"""How long a process that opens the library waits for a repair that is at work."""
_LOOK_SECONDS = 0.1  # between two tries to index


@contextmanager
def indexing_lock(
    library: Path,
    waiting: Callable[[], None] | None = None,
    stop: threading.Event | None = None,
) -> Iterator[bool]:
    """Hold the lock beside `library`; the system frees it should this process be killed.

    Where another process holds it, `waiting` is called once, and it is waited for; `stop` ends
    that, and the block is entered with False, without the lock.

    Raises `LibraryBusyError` at once where another process holds it and there is no `waiting`.
    """
    lock = FileLock(library.with_name(library.name + ".indexing"))
    stop = stop or threading.Event()
    try:
        held = _try(lock)
        if not held and waiting is None:
            raise LibraryBusyError(
                f"Another CapSearch is indexing into the library {library} right now.",
                "Wait until it has finished, or stop it, and try again.",
            )
        if not held and waiting is not None:
            waiting()
        while not held and not stop.wait(_LOOK_SECONDS):
            held = _try(lock)
    except OSError as error:
        raise _denied(library, error) from error
    try:
        yield held
    finally:
        lock.release()


def _try(lock: FileLock) -> bool:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    return True


@contextmanager
def library_in_use(library: Path) -> Iterator[None]:
    """Keep `library` from being replaced while this process has it open for long.

    Any number of processes, and of holders in one, may do so at once, each entered and left in
    any thread; the system frees it should the process be killed. Where no lock can be made (a
    read-only disk) nothing is held, for nothing can be replaced there either. The folder is to
    exist.

    Raises `CapsearchError` where a repair of the library does not come to its end.
    """
    try:
        lock = _in_use_lock(library)
        lock.acquire_read(timeout=_REPAIR_SECONDS)
    except Timeout as error:
        raise CapsearchError(
            f"The library {library} is being repaired right now.",
            "Wait until that has finished, and try again.",
        ) from error
    except (OSError, sqlite3.Error, ValueError):
        yield
        return
    with _released(lock):
        yield


@contextmanager
def library_to_itself(library: Path) -> Iterator[None]:
    """Hold `library` as the only one: nobody is, or comes to be, inside `library_in_use`.

    Raises `CapsearchError` at once where anybody is, in this process or another.
    """
    try:
        lock = _in_use_lock(library)
        lock.acquire_write(timeout=0)
    except Timeout as error:
        raise CapsearchError(
            "CapSearch has this library open.", "Close it and try again."
        ) from error
    except PermissionError as error:
        raise _denied(library, error) from error
    except (OSError, sqlite3.Error, ValueError):
        # This kind of disk knows no such lock, so nobody can hold one here.
        yield
        return
    with _released(lock):
        yield


def _in_use_lock(library: Path) -> ReadWriteLock:
    """A lock of its own for each holder, so that holders of one process do not share a fate."""
    return ReadWriteLock(library.with_name(library.name + ".in-use"), is_singleton=False)


@contextmanager
def _released(lock: ReadWriteLock) -> Iterator[None]:
    try:
        yield
    finally:
        lock.release(force=True)  # from whichever thread this is
        lock.close()


def _denied(library: Path, error: OSError) -> CapsearchError:
    if error.errno == errno.ENOSPC:
        return full(library)
    return CapsearchError(
        f"The folder of the library {library} cannot be written ({error.strerror}).",
        "Allow writing there, or give another place with --library FILE.",
    )
