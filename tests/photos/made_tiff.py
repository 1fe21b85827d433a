"""TIFF files of any layout, written here so that no library's reading is tested by its writing."""

import io
import lzma
import struct
import zlib
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from PIL import Image, TiffImagePlugin

Values = npt.NDArray[Any]
Tags = dict[int, tuple[str, tuple[int, ...]]]
Order = Literal["<", ">"]

LZW, DEFLATE, PACK_BITS, ZSTD, LZMA = 5, 8, 32773, 50000, 34925
ROWS = 10
_KINDS = {"B": 1, "H": 3, "I": 4, "Q": 16}


def tiff(
    values: Values,
    *,
    planar: bool = False,
    order: Order = "<",
    compression: int = 1,
    predictor: int = 1,
    big: bool = False,
    tile: tuple[int, int] | None = None,
    rows: int = ROWS,
    bits: int = 0,
    page: tuple[Values, ...] = (),
    **more: tuple[int, ...],
) -> bytes:
    """A file of (h, w, bands), its directory in front, in strips of `rows` or in tiles (width,
    height). `bits` packs integers closely. `more` are tags as `t274=(6,)`. `page` are values of a
    preview that stands before the picture."""
    height, width, bands = values.shape
    kind = values.dtype.newbyteorder(order)
    formats = {"u": 1, "i": 2, "f": 3}[kind.kind]
    parts = [values[..., [band]] for band in range(bands)] if planar else [values]
    strips = [
        packed(piece, kind, compression, predictor, bits)
        for part in parts
        for piece in pieces(part, tile, rows)
    ]
    where, counts = (324, 325) if tile else (273, 279)
    tags: Tags = {
        256: ("I", (width,)), 257: ("I", (height,)),
        258: ("H", (bits or 8 * kind.itemsize,) * bands),
        259: ("H", (compression,)), 262: ("H", (2 if bands >= 3 else 1,)),
        where: ("I", (0,) * len(strips)), 277: ("H", (bands,)),
        counts: ("I", tuple(map(len, strips))), 284: ("H", (2 if planar else 1,)),
        317: ("H", (predictor,)), 339: ("H", (formats,) * bands),
    }  # fmt: skip
    if tile:
        tags |= {322: ("I", (tile[0],)), 323: ("I", (tile[1],))}
    else:
        tags[278] = ("I", (rows,))
    if bands in (2, 4):
        tags[338] = ("H", (2,))
    for name, numbers in more.items():
        tags[int(name[1:])] = ("B" if len(numbers) > 9 else "H", numbers)
        if not numbers:
            del tags[int(name[1:])]
    pages = [tags]
    if page:
        small = np.ascontiguousarray(page[0])
        tiny: Tags = {**tags, 254: ("I", (1,)), 256: ("I", (small.shape[1],))}
        tiny |= {257: ("I", (small.shape[0],)), 278: ("I", (small.shape[0],))}
        tiny |= {where: ("I", (0,)), counts: ("I", (small.nbytes,)), 259: ("H", (1,))}
        pages.insert(0, tiny)
        strips.insert(0, small.astype(kind).tobytes())
    ends = np.cumsum([len(laid_out(pages, order, big=big)), *map(len, strips)])
    starts = tuple(int(end) for end in ends[:-1])
    for each in pages:
        number = len(each[counts][1])
        each[where] = ("I", starts[:number])
        starts = starts[number:]
    return laid_out(pages, order, big=big) + b"".join(strips)


def pieces(part: Values, tile: tuple[int, int] | None, rows: int) -> Iterator[Values]:
    height, width, _ = part.shape
    if tile is None:
        yield from (part[top : top + rows] for top in range(0, height, rows))
        return
    wide, high = tile
    part = np.pad(part, ((0, -height % high), (0, -width % wide), (0, 0)), mode="edge")
    for top in range(0, height, high):
        for left in range(0, width, wide):
            yield part[top : top + high, left : left + wide]


def packed(part: Values, kind: Any, compression: int, predictor: int, bits: int) -> bytes:
    if predictor == 2:
        part = np.diff(part, axis=1, prepend=part.dtype.type(0))
    data = part.astype(kind).tobytes()
    if predictor == 3:
        data = byte_planes(part)
    if bits:
        data = closely_packed(part, bits)
    if compression == 1:
        return data
    if compression in (DEFLATE, LZMA):
        return (zlib if compression == DEFLATE else lzma).compress(data)
    return by_libtiff(data, len(part), compression)


def byte_planes(part: Values) -> bytes:
    """TIFF's floating point predictor."""
    rows, width, bands = part.shape
    big = part.astype(part.dtype.newbyteorder(">")).view(np.uint8)
    planes = big.reshape(rows, width * bands, -1).transpose(0, 2, 1).reshape(rows, -1, bands)
    return np.diff(planes, axis=1, prepend=np.uint8(0)).tobytes()


def closely_packed(part: Values, bits: int) -> bytes:
    shifts = np.arange(bits - 1, -1, -1, dtype=np.uint16)
    each = (part.astype(np.uint16)[..., None] >> shifts & 1).astype(np.uint8)
    return np.packbits(each.reshape(len(part), -1), axis=1).tobytes()


def by_libtiff(data: bytes, rows: int, compression: int) -> bytes:
    """Packed as the bytes that they are."""
    names = {LZW: "tiff_lzw", PACK_BITS: "packbits", ZSTD: "zstd"}
    out = io.BytesIO()
    image = Image.frombytes("L", (len(data) // rows, rows), data)
    image.save(out, "TIFF", compression=names[compression], strip_size=1 << 30)
    with Image.open(out) as saved:
        assert isinstance(saved, TiffImagePlugin.TiffImageFile)
        (start,), (count,) = saved.tag_v2[273], saved.tag_v2[279]
    return out.getvalue()[start : start + count]


def laid_out(pages: list[Tags], order: str, *, big: bool = False) -> bytes:
    word = "Q" if big else "I"
    size = struct.calcsize("=" + word)
    head = (b"II" if order == "<" else b"MM") + (
        struct.pack(order + "HHHQ", 43, 8, 0, 16) if big else struct.pack(order + "HI", 42, 8)
    )
    for number, tags in enumerate(pages):
        entries, beside = b"", b""
        at = len(head) + (8 if big else 2) + (20 if big else 12) * len(tags) + size
        for tag, (form, numbers) in sorted(tags.items()):
            content = struct.pack(f"{order}{len(numbers)}{form}", *numbers)
            entries += struct.pack(order + "HH" + word, tag, _KINDS[form], len(numbers))
            if len(content) > size:
                entries += struct.pack(order + word, at + len(beside))
                beside += content + bytes(len(content) % 2)
            else:
                entries += content.ljust(size, b"\0")
        following = at + len(beside) if number + 1 < len(pages) else 0
        head += struct.pack(order + ("Q" if big else "H"), len(tags)) + entries
        head += struct.pack(order + word, following) + beside
    return head
