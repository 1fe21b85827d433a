"""Files that can be deleted and come back, checked when opened.

Every file starts with one page: magic, length and checksum of a JSON header, the header.
"""

import json
import struct
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from capsearch.files import remove_abandoned

HEADER_BYTES = 4096
_MAGIC = b"CAPCACHE"
_PREFIX = struct.Struct("<8sII")
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


def file_checksum(path: Path) -> int:
    """CRC-32 of a whole file, read in chunks."""
    checksum = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            checksum = zlib.crc32(chunk, checksum)
    return checksum


def remove_superseded(folder: Path, pattern: str, keep: Path | None = None) -> None:
    """Delete the files of `pattern` but the one to `keep`; temporary ones of killed processes too.

    Best effort: one that another process has open stays (Windows) and goes the next time.
    """
    for path in folder.glob(pattern):
        if path != keep:
            with suppress(OSError):
                path.unlink()
    remove_abandoned(folder)
