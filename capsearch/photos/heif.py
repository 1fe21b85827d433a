"""Opening HEIC and HEIF."""

import io
import re
import struct
from collections.abc import Iterator

import pi_heif

_ITEM_INFO = re.compile(rb"infe([\x00-\xff])[\x00-\xff]{3}", re.S)

_CODE_POINTS = re.compile(rb"colrnclx([\x00-\xff]{4})", re.S)


def open_heif_file(data: bytes) -> pi_heif.HeifFile:
    """The container with its primary photo's header read, no pixel decoded.

    Raises:
        ValueError: an item's type is no text. pi-heif (seen in 1.4) ends the whole process on it.
    """
    meta = _meta_box(data)
    for match in _ITEM_INFO.finditer(meta):
        size = struct.unpack_from(">I", meta, match.start() - 4)[0] if match.start() >= 4 else 0
        identity = 4 if match[1] == b"\x03" else 2
        texts = meta[match.end() + identity + 2 : max(match.start() - 4 + size, match.end())]
        if not (texts[:4].isascii() and _is_text(texts)):
            raise ValueError("an item's type is no text")
    file = pi_heif.HeifFile(io.BytesIO(data))
    if not len(file):
        raise ValueError("no photo in the container")
    return file


def code_points_of_heif(data: bytes) -> tuple[int, int] | None:
    """The primaries and the transfer of H.273 that the container names first."""
    found = _CODE_POINTS.search(_meta_box(data))
    return struct.unpack(">HH", found[1]) if found else None


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def length_of_boxes(data: bytes) -> int:
    """Where the last box ends by its own word, which may be behind the end of the file."""
    return max((at + size for at, size, _ in _boxes(data)), default=0)


def _meta_box(data: bytes) -> bytes:
    for at, size, kind in _boxes(data):
        if kind == b"meta":
            return data[at : at + size]
    return b""


def _boxes(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Where each outer box begins, its size and kind, as far as they are there."""
    at = 0
    while at + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        if size == 1 and at + 16 <= len(data):
            (size,) = struct.unpack_from(">Q", data, at + 8)
        if size == 0:
            size = len(data) - at
        if size < 8:
            return
        yield at, size, kind
        at += size
