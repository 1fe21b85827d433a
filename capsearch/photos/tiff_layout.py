"""How a TIFF file says that its pixels lie: its directory, and the strips or tiles it names."""

import io
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image, TiffImagePlugin

from capsearch.photos.silence import silenced_stderr

Tags = Mapping[int, tuple[int, ...]]

RAW, DEFLATE = 1, (8, 32946)
LZW, PACK_BITS, ZSTD, LZMA = 5, 32773, 50000, 34925
LOSSLESS = (RAW, *DEFLATE, LZW, PACK_BITS, ZSTD, LZMA)
"""Compressions of bytes, whatever these mean."""

_FORMATS = {1: "B", 3: "H", 4: "I", 7: "B", 8: "h", 9: "i", 13: "I", 16: "Q", 18: "Q"}
_MOST_PAGES = 100
_REDUCED = 1
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_FOR_A_PART = (258, 259, 262, 266, 277, 284, 292, 293, 317, 320, 332, 338, 339, 347, 529, 530, 531, 532)  # fmt: skip  # noqa: E501
_ONLY_STRIPS_OF_FILE = 1 << 20
"""No picture has more strips or tiles; a damaged one may claim them."""


@dataclass(frozen=True)
class Segment:
    """A strip or tile: its box in the picture, how it is stored, and where in the file."""

    left: int
    top: int
    width: int
    height: int
    band: int
    start: int
    count: int


@dataclass(frozen=True)
class Layout:
    """The tags of the first picture that is no preview of another; `page` is its number.

    `order` is that of its bytes, as `struct` writes it.
    """

    tags: Tags
    order: str
    page: int = 0
    big: bool = False

    def one(self, tag: int, default: int) -> int:
        """The first number of a tag."""
        return int(self.tags.get(tag, (default,))[0])

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as they are stored."""
        return self.one(256, 0), self.one(257, 0)

    @property
    def samples(self) -> int:
        """Of each pixel."""
        return self.one(277, 1)

    @property
    def bits(self) -> int:
        """Of each sample; 0 where they differ."""
        bits = set(self.tags.get(258, (1,)))
        return bits.pop() if len(bits) == 1 else 0

    @property
    def compression(self) -> int:
        """Its number."""
        return self.one(259, RAW)

    @property
    def planes(self) -> bool:
        """Whether each band lies by itself."""
        return self.one(284, 1) == 2 and self.samples > 1

    @property
    def orientation(self) -> int:
        """As EXIF numbers it."""
        number = self.one(274, 1)
        return number if 1 <= number <= 8 else 1

    def row_bytes(self, segment: Segment) -> int:
        """How long a row of a strip or tile is, unpacked."""
        in_pixel = 1 if self.planes else self.samples
        return -(-segment.width * in_pixel * self.bits // 8)


def layout_of(data: bytes) -> Layout | None:
    """How the file says that it is made; None where it cannot be read."""
    order, big, at = _head(data)
    found: list[Layout] = []
    seen: set[int] = set()
    while 0 < at < len(data) and at not in seen and len(found) < _MOST_PAGES:
        seen.add(at)
        try:
            tags, at = _directory(data, order, at, big=big)
        except struct.error:
            break
        found.append(Layout(tags, order, len(found), big))
        if not found[-1].one(254, 0) & _REDUCED:
            return found[-1]
    return found[0] if found else None


def _head(data: bytes) -> tuple[str, bool, int]:
    """The byte order, whether it is a BigTIFF, and where its first directory is; else 0."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or len(data) < 16:
        return "<", False, 0
    (version,) = struct.unpack_from(order + "H", data, 2)
    big = version == 43
    (at,) = struct.unpack_from(order + ("Q" if big else "I"), data, 8 if big else 4)
    return order, big, at


def _directory(data: bytes, order: str, at: int, *, big: bool) -> tuple[Tags, int]:
    """The tags at `at` that hold whole numbers, and where the next directory begins.

    Raises:
        struct.error: it is not there.
    """
    number, entry, inside = ("Q", "HHQ", 8) if big else ("H", "HHI", 4)
    (count,) = struct.unpack_from(order + number, data, at)
    at += struct.calcsize("<" + number)
    length = struct.calcsize("<" + entry) + inside
    tags: dict[int, tuple[int, ...]] = {}
    for where in range(at, min(at + length * count, len(data) - length + 1), length):
        tag, kind, many = struct.unpack_from(order + entry, data, where)
        if kind not in _FORMATS or not 0 < many <= len(data):
            continue
        form = f"{order}{many}{_FORMATS[kind]}"
        values = where + length - inside
        if struct.calcsize(form) > inside:
            (values,) = struct.unpack_from(order + ("Q" if big else "I"), data, values)
        if values + struct.calcsize(form) <= len(data):
            tags.setdefault(tag, struct.unpack_from(form, data, values))
    following = at + length * count
    if following + inside > len(data):
        return tags, 0
    return tags, int(struct.unpack_from(order + ("Q" if big else "I"), data, following)[0])


def segments(layout: Layout) -> Iterator[Segment]:
    """Yield the strips or tiles in the order of the file's list."""
    width, height = layout.size
    tiled = 324 in layout.tags
    wide, high = (layout.one(322, 0), layout.one(323, 0)) if tiled else (width, _rows(layout))
    if min(wide, high, width, height) <= 0:
        return
    starts = layout.tags.get(324 if tiled else 273, ())
    counts = layout.tags.get(325 if tiled else 279, ())
    across, down = -(-width // wide), -(-height // high)
    if across * down > _ONLY_STRIPS_OF_FILE:
        return
    for number, start in enumerate(starts):
        band, place = divmod(number, across * down)
        if band >= (layout.samples if layout.planes else 1):
            return
        top, left = (place // across) * high, (place % across) * wide
        stored = high if tiled else min(high, height - top)
        found = Segment(left, top, wide, stored, band, start, 0)
        count = counts[number] if number < len(counts) else 0
        if count == 0 and layout.compression == RAW:  # some writers leave it out
            count = layout.row_bytes(found) * stored
        yield Segment(left, top, wide, stored, band, start, count)


def _rows(layout: Layout) -> int:
    height = layout.size[1]
    return min(layout.one(278, height), height) or height


def end_of_tiff(data: bytes) -> int:
    """Where its last strip or tile ends by the file's own word, or its directory begins."""
    layout = layout_of(data)
    if layout is None:
        return _head(data)[2] + 1
    return max((each.start + each.count for each in segments(layout)), default=0)


def unpacked(data: bytes, layout: Layout, segment: Segment) -> bytes:
    """The rows of a strip or tile of a lossless compression, as far as they are there.

    Raises:
        Exception: it is damaged.
    """
    packed = data[segment.start : segment.start + segment.count]
    whole = len(packed) == segment.count
    if layout.one(266, 1) == 2:
        packed = packed.translate(_REVERSED)
    row = layout.row_bytes(segment)
    wanted = row * segment.height
    if layout.compression == RAW:
        return packed[: min(wanted, len(packed) // row * row)]
    if layout.compression in DEFLATE:  # no more than wanted: a few bytes can hold any number
        rows = zlib.decompressobj().decompress(packed, wanted)
        return rows[: len(rows) // row * row]
    if whole:
        return _by_libtiff(packed, layout.compression, row, segment.height)
    return _rows_that_are_there(packed, layout.compression, row, segment.height)


def _rows_that_are_there(packed: bytes, compression: int, row: int, rows: int) -> bytes:
    """libtiff gives what is asked for or nothing: the most that it gives."""
    found = b""
    there, missing = 0, rows
    while missing - there > 1:
        middle = (there + missing) // 2
        try:
            found = _by_libtiff(packed, compression, row, middle)
            there = middle
        except (OSError, ValueError):
            missing = middle
    return found


def _by_libtiff(packed: bytes, compression: int, row: int, rows: int) -> bytes:
    """Bytes that libtiff unpacks, put to it as a grey picture of one strip."""
    tags = {256: row, 257: rows, 258: 8, 259: compression, 262: 1, 277: 1, 278: rows}
    with silenced_stderr(), TiffImagePlugin.TiffImageFile(_file(tags, packed, b"II")) as image:
        image.load()
        return image.tobytes()


def open_segment(
    packed: bytes, layout: Layout, segment: Segment, compression: int | None = None
) -> Image.Image:
    """A strip or tile as a picture of its own, read by Pillow; `packed` is of `compression`, the
    file's own if that is None.

    Raises:
        Exception: it cannot be read.
    """
    tags: dict[int, Any] = {tag: layout.tags[tag] for tag in _FOR_A_PART if tag in layout.tags}
    tags |= {256: segment.width, 257: segment.height, 278: segment.height}
    if compression is not None:
        tags[259] = compression
        tags.pop(266, None)
    order = b"II" if layout.order == "<" else b"MM"
    with silenced_stderr(), TiffImagePlugin.TiffImageFile(_file(tags, packed, order)) as image:
        image.load()
        return image.copy()


def _file(tags: Mapping[int, Any], packed: bytes, order: bytes) -> io.BytesIO:
    """A file of one strip, behind the directory: Pillow counts its start from there."""
    written = TiffImagePlugin.ImageFileDirectory_v2(prefix=order)
    for tag, value in tags.items():
        if tag == 347:
            written[tag] = bytes(value)
            continue
        written.tagtype[tag] = 4 if tag in (256, 257, 278) else 3
        written[tag] = value
    for tag, number in ((273, 0), (279, len(packed))):
        written.tagtype[tag] = 4
        written[tag] = (number,)
    head = order + struct.pack("<HI" if order == b"II" else ">HI", 42, 8)
    return io.BytesIO(head + written.tobytes(8) + packed)
