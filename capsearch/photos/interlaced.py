"""What is there of interlaced PNG and GIF that are cut off: coarse everywhere, finer at the top."""

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import GifImagePlugin, Image, PngImagePlugin

from capsearch.photos.errors import check_pixels

# Of PNG's seven passes (ISO/IEC 15948, 8.2): the first column and row, and the steps.
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))  # fmt: skip  # noqa: E501
_GRIDS = ((8, 8), (4, 8), (4, 4), (2, 4), (2, 2), (1, 2), (1, 1))
"""How far apart in x and y pixels are known after each pass."""
_BANDS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_ROWS_OF_GIF = ((0, 8), (4, 8), (2, 4), (1, 2))
_INTERLACED = 0x40
_HEAD = struct.Struct(">IIBBBBB")


@dataclass(frozen=True)
class Passes:
    """The picture, each pixel that is missing as the nearest one above and left of it, and which
    share of the pixels is there."""

    image: Image.Image
    there: float


def interlaced_png(data: bytes, max_pixels: int) -> Passes | None:
    """What is there of a PNG file; None where it is not interlaced, or nothing is there."""
    chunks = list(_chunks(data))
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) < _HEAD.size:
        return None
    width, height, depth, colour, *rest = _HEAD.unpack_from(chunks[0][1])
    if rest[-1] != 1 or colour not in _BANDS:
        return None
    check_pixels(width, height, max_pixels)
    bits = depth * _BANDS[colour]
    beside = [chunk for chunk in chunks[1:] if chunk[0] not in (b"IDAT", b"IEND")]
    longest = sum(high * row for _, high, row in _sizes(width, height, bits))
    packed = b"".join(content for kind, content in chunks if kind == b"IDAT")
    rows = zlib.decompressobj().decompress(packed, longest)
    whole: np.ndarray[tuple[int, ...], np.dtype[np.uint8]] | None = None
    info: dict[str | tuple[int, int], object] = {}
    there, grid, finer = 0, (width, height), (0, (width, height))
    for number, (wide, high, row) in enumerate(_sizes(width, height, bits)):
        got = min(high, len(rows) // row) if wide else 0
        if got:
            head = _HEAD.pack(wide, got, depth, colour, *rest[:-1], 0)
            part = _opened([(b"IHDR", head), *beside], rows[: got * row])
            info = dict(part.info)
            values = np.asarray(part)
            if whole is None:
                whole = np.zeros((height, width, *values.shape[2:]), values.dtype)
            x, y, across, down = _PASSES[number]
            whole[y : y + got * down : down, x::across] = values
            there += got * wide
        rows = rows[got * row :]
        if got < high and wide:
            finer = (got * _PASSES[number][3], _GRIDS[number])
            break
        grid = _GRIDS[number]
    if whole is None or grid == (width, height):
        return None
    image = Image.fromarray(_spread(whole, grid, *finer))
    image.info = info
    return Passes(image, there / (width * height))


def _spread(
    whole: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]",
    grid: tuple[int, int],
    above: int,
    finer: tuple[int, int],
) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    """Each pixel from the grid that is known, which is `finer` in the rows `above`."""
    y, x = np.arange(whole.shape[0]), np.arange(whole.shape[1])
    out = whole[y // grid[1] * grid[1]][:, x // grid[0] * grid[0]]
    top = y[:above]
    out[:above] = whole[top // finer[1] * finer[1]][:, x // finer[0] * finer[0]]
    return out


def _sizes(width: int, height: int, bits: int) -> Iterator[tuple[int, int, int]]:
    """The width, the height and the bytes in a row of each pass."""
    for x, y, across, down in _PASSES:
        wide, high = len(range(x, width, across)), len(range(y, height, down))
        yield wide, high if wide else 0, -(-wide * bits // 8) + 1


def _opened(chunks: list[tuple[bytes, bytes]], rows: bytes) -> Image.Image:
    """A pass as a picture of its own, in colours where it has a palette."""
    file = b"\x89PNG\r\n\x1a\n"
    for kind, content in (*chunks, (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b"")):
        file += struct.pack(">I", len(content)) + kind + content
        file += struct.pack(">I", zlib.crc32(kind + content))
    with PngImagePlugin.PngImageFile(io.BytesIO(file)) as image:
        image.load()
        if image.mode in ("P", "1"):
            clear = "transparency" in image.info
            turned = image.convert("L" if image.mode == "1" else "RGBA" if clear else "RGB")
            turned.info = {k: v for k, v in image.info.items() if k != "transparency"}
            return turned
        return image.copy()


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks before the end, the last one as far as it is there."""
    at = 8
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        yield kind, data[at + 8 : at + 8 + length]
        at += 12 + length


def interlaced_gif(data: bytes, max_pixels: int) -> Passes | None:
    """What is there of a GIF file's first picture; None where it is not interlaced, or smaller than
    the whole, or nothing is there."""
    at = _picture_of_gif(data)
    if at is None or not data[at + 9] & _INTERLACED:
        return None
    width, height = struct.unpack_from("<HH", data, 6)
    if struct.unpack_from("<HHHH", data, at + 1) != (0, 0, width, height):
        return None
    check_pixels(width, height, max_pixels)
    in_order = data[: at + 9] + bytes([data[at + 9] & ~_INTERLACED]) + data[at + 10 :]
    with GifImagePlugin.GifImageFile(io.BytesIO(in_order)) as image:
        try:
            image.load()
        except (OSError, EOFError):  # that it is cut off
            image.tile = []
        box = image.getbbox(alpha_only=False)
        if box is None:
            return None
        colours = np.asarray(image.convert("RGBA"))
    order = [row for first, step in _ROWS_OF_GIF for row in range(first, height, step)]
    known = np.array(order[: box[3]])
    by_row = np.sort(known)
    where = np.argsort(known)[np.searchsorted(by_row, np.arange(height), "right") - 1]
    return Passes(Image.fromarray(colours[where]), len(known) / height)


def _picture_of_gif(data: bytes) -> int | None:
    """Where the first picture's description begins."""
    if len(data) < 13:
        return None
    at = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    while at + 10 <= len(data):
        if data[at] == 0x2C:
            return at
        if data[at] != 0x21:
            return None
        at += 2
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1
    return None
