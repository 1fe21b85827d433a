"""BMP files of 48 x 32 pixels that Pillow cannot write."""

import struct
from typing import Any

import numpy as np
import numpy.typing as npt


def bmp(
    bits: int,
    rows: npt.NDArray[Any] | bytes,
    packing: int = 0,
    version: int = 40,
    beside: bytes = b"",
    palette: bytes = b"",
    top_down: bool = False,
) -> bytes:
    """A head of `version` bytes, its end in `beside`; masks and palette behind it."""
    body = rows if isinstance(rows, bytes) else np.ascontiguousarray(rows).tobytes()
    if version == 12:
        head = struct.pack("<IHHHH", 12, 48, 32, 1, bits)
    else:
        high = -32 if top_down else 32
        numbers = (version, 48, high, 1, bits, packing, len(body), 2835, 2835, 0, 0)
        head = struct.pack("<IiiHHIIiiII", *numbers) + beside
    start = 14 + len(head) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + head + palette + body


def masks(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}I", *values)


def v5(alpha: int = 0xFF000000, space: bytes = b"BGRs", at: int = 0, size: int = 0) -> bytes:
    return (
        masks(0xFF0000, 0xFF00, 0xFF, alpha)
        + space
        + bytes(48)
        + struct.pack("<4I", 4, at, size, 0)
    )
