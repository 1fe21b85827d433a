"""One indexing run at a time on one library."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from capsearch.errors import CapsearchError


@contextmanager
def indexing_lock(library: Path) -> Iterator[None]:
    """Hold the lock beside `library`; the system frees it should this process be killed."""
    lock = FileLock(library.with_name(library.name + ".indexing"))
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise CapsearchError(
            f"Another CapSearch is indexing into the library {library} right now.",
            "Wait until it has finished, or stop it, and try again.",
        ) from error
    except OSError as error:
        raise CapsearchError(
            f"The folder of the library {library} cannot be written ({error.strerror}).",
            "Allow writing there, or give another place with --library FILE.",
        ) from error
    try:
        yield
    finally:
        lock.release()
