"""Files written whole or not at all: after a crash or on a full disk there is the old one or the
new one, never half of one, and nothing is left beside it."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

TEMPORARY_SUFFIX = ".tmp"
_ABANDONED_SECONDS = 3600.0


@contextmanager
def write_whole(path: Path, *, durable: bool = True) -> Iterator[BinaryIO]:
    """Open a file, for reading too, that appears under `path` when the block is left.

    Leaving by an exception drops what was written. Without `durable` (caches, which come back)
    nothing waits for the disk: a loss of power may leave an empty file.

    Raises:
        OSError: the disk is full or refuses.
    """
    with write_aside(path, durable=durable) as temporary, temporary.open("w+b") as file:
        yield file


@contextmanager
def write_aside(path: Path, *, durable: bool = True) -> Iterator[Path]:
    """As `write_whole`, for libraries that open files themselves: gives the name to write to."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = temporary_name(path)
    try:
        yield temporary
        put_in_place(temporary, path, durable=durable)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def put_in_place(temporary: Path, path: Path, *, durable: bool = True) -> None:
    """Give a complete file its name, in the place of one that has it."""
    if durable:
        _sync_file(temporary)
    temporary.replace(path)
    if durable:
        _sync_folder(path.parent)


def temporary_name(path: Path) -> Path:
    """A name beside `path` that no other process or thread writes to."""
    # The thread too: some systems' clocks stand still for 15 ms.
    own = f"{os.getpid()}-{threading.get_ident()}-{time.monotonic_ns()}"
    return path.with_name(f"{path.name}.{own}{TEMPORARY_SUFFIX}")


def remove_abandoned(folder: Path, name: str = "*") -> None:
    """Delete the temporary files of `name` (a glob) that a killed process left an hour ago."""
    for path in folder.glob(f"{name}.*-*-*{TEMPORARY_SUFFIX}"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
                path.unlink()


def _sync_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Put a rename on the disk; Windows does so by itself and cannot open folders."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        # Some network drives do not know how; the file is written all the same.
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
