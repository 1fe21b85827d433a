"""Layouts of TIFF that Pillow refuses or makes rubbish of: deep planes, and colours in floats."""

import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, TiffImagePlugin

from capsearch.photos.codecs import Pixels, check_held_whole
from capsearch.photos.colour import scaled_to_8_bit
from capsearch.photos.errors import DecodeError
from capsearch.photos.orientation import swaps_sides

NOT_READ = "the file holds TIFF of a kind that is not read"

_INTEGER, _FLOAT = 1, 3
_DEFLATE = (8, 32946)
_KNOWN = (1, *_DEFLATE)
_PLANES = 2
_DIFFERENCES = 2

Values = npt.NDArray[Any]
Tags = Mapping[int, Any]


def directory(data: bytes) -> Tags:
    """The tags of the first picture; {} where there are none to be read (BigTIFF, damage)."""
    try:
        first = TiffImagePlugin.ImageFileDirectory_v2(data[:8])
        start = int(first.next)
        count = struct.unpack_from(first._endian + "H", data, start)[0]
    except (SyntaxError, struct.error, ValueError, TypeError):
        return {}
    return _entries(data, first._endian, start + 2, count)


_FORMATS = {1: "B", 3: "H", 4: "I", 7: "B"}


def _entries(data: bytes, order: str, at: int, count: int) -> Tags:
    tags: dict[int, tuple[int, ...]] = {}
    for entry in range(at, min(at + 12 * count, len(data) - 11), 12):
        tag, kind, number = struct.unpack_from(order + "HHI", data, entry)
        if kind not in _FORMATS or number > len(data):
            continue
        form = f"{order}{number}{_FORMATS[kind]}"
        size = struct.calcsize(form)
        (far,) = struct.unpack_from(order + "I", data, entry + 8)
        where = entry + 8 if size <= 4 else far
        if where + size <= len(data):
            tags[tag] = struct.unpack_from(form, data, where)
    return tags


def is_unusual(tags: Tags) -> bool:
    """Whether Pillow does not read this layout, or not rightly."""
    samples, bits = _one(tags, 277, 1), max(tags.get(258, (1,)))
    if samples < 2 or bits <= 8:
        return False
    formats = set(tags.get(339, (_INTEGER,)))
    return _one(tags, 284, 1) == _PLANES or formats != {_INTEGER} or bits != 16


def open_unusual(data: bytes, tags: Tags, min_side: int, max_pixels: int) -> Pixels:
    """The photo, every so many pixels of it as `min_side` allows.

    Raises:
        DecodeError: its kind is not read, or it is cut off.
    """
    order = "<" if data[:2] == b"II" else ">"
    width, height, samples = _one(tags, 256, 0), _one(tags, 257, 0), _one(tags, 277, 1)
    check_held_whole(width, height, "TIFF", max_pixels)
    kind = _numpy_type(tags, order)
    planes = _one(tags, 284, 1) == _PLANES
    factor = max(1, min(width, height) // max(1, min_side))
    small = np.zeros((-(-height // factor), -(-width // factor), samples), kind.newbyteorder("="))
    for top, band, values in _strips(data, tags, kind, (width, height, samples), planes=planes):
        rows = np.arange(top + (-top % factor), top + len(values), factor)
        chosen = values[rows - top, ::factor]
        if planes:
            small[rows // factor, :, band] = chosen[..., 0]
        else:
            small[rows // factor] = chosen
    image = _as_image(small)
    image.info["icc_profile"] = bytes(tags.get(34675, ())) or None
    orientation = _one(tags, 274, 1)
    if swaps_sides(orientation):
        width, height = height, width
    return Pixels(image, width, height, orientation if 1 <= orientation <= 8 else 1, "TIFF")


def _one(tags: Tags, tag: int, default: int) -> int:
    return int(tags.get(tag, (default,))[0])


def _numpy_type(tags: Tags, order: str) -> "np.dtype[Any]":
    """Of one sample.

    Raises:
        DecodeError: the layout is none of those that are read.
    """
    bits, formats = set(tags[258]), set(tags.get(339, (_INTEGER,)))
    predictor = _one(tags, 317, 1)
    known = (
        len(bits) == len(formats) == 1
        and (formats == {_INTEGER} or (formats == {_FLOAT} and predictor == 1))
        and bits <= {16, 32, 64}
        and predictor in (1, _DIFFERENCES)
        and _one(tags, 262, 0) in (1, 2)
        and _one(tags, 259, 1) in _KNOWN
        and 273 in tags
        and 279 in tags
        and _one(tags, 277, 1) <= 8
    )
    if not known:
        raise DecodeError(NOT_READ)
    return np.dtype(f"{order}{'u' if formats == {_INTEGER} else 'f'}{bits.pop() // 8}")


def _strips(
    data: bytes, tags: Tags, kind: "np.dtype[Any]", shape: tuple[int, int, int], *, planes: bool
) -> Iterator[tuple[int, int, Values]]:
    """Yield each strip's first row, its band (of planes), and its values (rows, width, samples)."""
    width, height, samples = shape
    in_pixel = 1 if planes else samples
    rows = min(_one(tags, 278, height), height) or height
    in_plane = -(-height // rows)
    deflated = _one(tags, 259, 1) in _DEFLATE
    for number, (start, count) in enumerate(zip(tags[273], tags[279], strict=True)):
        band, top = divmod(number, in_plane)
        if band >= (samples if planes else 1):
            return
        here = min(rows, height - top * rows)
        packed = data[start : start + count]
        if len(packed) < count:
            raise DecodeError("the file is cut off")
        numbers = here * width * in_pixel
        if deflated:  # no more than is wanted: a few bytes can hold any number of zeros
            packed = zlib.decompressobj().decompress(packed, numbers * kind.itemsize)
        values = np.frombuffer(packed, kind, numbers)
        values = values.reshape(here, width, in_pixel)
        if _one(tags, 317, 1) == _DIFFERENCES:
            values = values.astype(kind.newbyteorder("=")).cumsum(1, dtype=kind.newbyteorder("="))
        yield top * rows, band, values


def _as_image(values: Values) -> Image.Image:
    """(h, w, samples) of colours or grey, less what is beside them, as an 8-bit image."""
    values = values[..., :3] if values.shape[2] >= 3 else values[..., 0]
    if values.dtype.kind == "u":
        return Image.fromarray((values >> (8 * values.dtype.itemsize - 8)).astype(np.uint8))
    return Image.fromarray(scaled_to_8_bit(values))
