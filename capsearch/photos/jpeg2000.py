"""Where the parts of a JPEG 2000 codestream lie (ISO/IEC 15444-1, annex A)."""

import struct

_START = b"\xff\x4f\xff\x51"
_TILE_PART, _END = 0xFF90, b"\xff\xd9"
_SHORTEST = 12
_PROFILES = (2, 3)
"""Ways to say colours that are ICC profiles."""


def end_of_tile_part(data: bytes) -> int:
    """Where the last tile-part that has begun ends by its own word, with the end's marker behind
    it; 0 where none has begun."""
    parts = _tile_parts(data)
    if not parts:
        return 0
    _, start, length = parts[-1]
    if length < _SHORTEST:  # it reaches to the end of the codestream
        return len(data) + (data.rfind(_END, start) < 0)
    return start + length + len(_END)


def rows_of_whole_tiles(data: bytes) -> float:
    """Which share of the rows all tiles are there of, 0 to 1; 1 where all tiles have begun, or only
    one is there to begin."""
    numbers = [number for number, _, _ in _tile_parts(data)]
    size = data.find(_START) + 8
    if not numbers or len(data) < size + 32:
        return 0
    right, bottom, _, _, wide, high, left, top = struct.unpack_from(">8I", data, size)
    if not wide or not high or bottom <= top:
        return 0
    across, down = -(-(right - left) // wide), -(-(bottom - top) // high)
    if across * down == 1 or len(set(numbers[:-1])) == across * down:
        return 1
    rows = numbers[-1] // across * high
    return float(min(1.0, rows / (bottom - top)))


def _tile_parts(data: bytes) -> list[tuple[int, int, int]]:
    """The tile's number, the start and the length of each tile-part that has begun."""
    at = data.find(_START) + 2
    parts: list[tuple[int, int, int]] = []
    while at >= len(_END) and at + 4 <= len(data):
        marker, length = struct.unpack_from(">HH", data, at)
        if marker == _TILE_PART and at + 10 <= len(data):
            (length,) = struct.unpack_from(">I", data, at + 6)
            parts.append((struct.unpack_from(">H", data, at + 4)[0], at, length))
            if length < _SHORTEST:
                break
            at += length
        elif parts:
            break
        else:
            at += 2 + length
    return parts


def completed(data: bytes) -> bytes:
    """A codestream that is cut off, with empty packets (zeros) in place of those that are missing
    from its last tile-part."""
    missing = max(0, end_of_tile_part(data) - len(_END) - len(data))
    return data + bytes(min(missing, len(data) * 3)) + _END


def icc_of_jp2(data: bytes) -> bytes | None:
    """The profile in a JP2 file's head (annex I.5.3.3); None in a bare codestream."""
    head = data[: max(0, data.find(_START))]
    at = head.find(b"colr")
    while at >= 4:
        (size,) = struct.unpack_from(">I", head, at - 4)
        if size > 11 and at + 7 < len(head) and head[at + 4] in _PROFILES:
            return head[at + 7 : at - 4 + size]
        at = head.find(b"colr", at + 4)
    return None
