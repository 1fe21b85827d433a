"""Files that can be deleted and come back: written whole or not at all, checked when opened.

Every file starts with one page: magic, length and checksum of a JSON header, the header.
"""

import json
import os
import struct
import sys
import time
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

HEADER_BYTES = 4096
_MAGIC = b"CAPCACHE"
_PREFIX = struct.Struct("<8sII")
_ABANDONED_SECONDS = 3600.0
_CHUNK_BYTES = 1 << 24


def pack_header(fields: Mapping[str, Any]) -> bytes:
    """Lay `fields` (JSON values) out as the first page of a file."""
    text = json.dumps(fields, sort_keys=True).encode()
    if len(text) > HEADER_BYTES - _PREFIX.size:
        raise ValueError("the header of a cache file must fit in its first page")
    page = _PREFIX.pack(_MAGIC, len(text), zlib.crc32(text)) + text
    return page.ljust(HEADER_BYTES, b"\0")


def unpack_header(page: bytes) -> dict[str, Any] | None:
    """Read the fields back; None where the page is not an undamaged header."""
    if len(page) < HEADER_BYTES:
        return None
    magic, length, checksum = _PREFIX.unpack_from(page)
    text = page[_PREFIX.size : _PREFIX.size + length]
    if magic != _MAGIC or len(text) != length or zlib.crc32(text) != checksum:
        return None
    fields: dict[str, Any] = json.loads(text)
    return fields


class AtomicFile:
    """A file that appears under its name only when complete and on the disk.

    Use as a context manager; leaving it by an exception removes what was written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.temporary = temporary_name(path)
        self._file: BinaryIO | None = None

    def __enter__(self) -> BinaryIO:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.temporary.open("w+b")
        return self._file

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        assert self._file is not None
        try:
            if kind is None:
                self._file.flush()
                os.fsync(self._file.fileno())
                self._file.close()
                self.temporary.replace(self._path)
                sync_folder(self._path.parent)
        finally:
            self._file.close()
            with suppress(OSError):
                self.temporary.unlink(missing_ok=True)


def temporary_name(path: Path) -> Path:
    """A name beside `path` that no other process or thread writes to."""
    return path.with_name(f"{path.name}.{os.getpid()}-{time.monotonic_ns()}.tmp")


def sync_file(path: Path) -> None:
    """Put on the disk what another library wrote to `path`."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Put a rename on the disk; Windows does so by itself and cannot open folders."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_checksum(path: Path) -> int:
    """CRC-32 of a whole file, read in chunks."""
    checksum = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            checksum = zlib.crc32(chunk, checksum)
    return checksum


def remove_superseded(folder: Path, pattern: str, keep: Path) -> None:
    """Delete the files of `pattern` but `keep`, and temporary ones that a killed process left.

    Best effort: one that another process has open stays (Windows) and goes the next time.
    """
    for path in folder.glob(pattern):
        if path != keep:
            with suppress(OSError):
                path.unlink()
    for path in folder.glob("*.tmp"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
                path.unlink()
