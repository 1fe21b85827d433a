"""TIFF that Pillow refuses or makes rubbish of, and what is there of TIFF that is cut off."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from capsearch.photos.codecs import Pixels, check_held_whole
from capsearch.photos.colour import reduced, reduced_from_array, scaled_to_8_bit
from capsearch.photos.errors import DecodeError
from capsearch.photos.orientation import swaps_sides
from capsearch.photos.tiff_layout import (
    LOSSLESS,
    PACK_BITS,
    RAW,
    Layout,
    Segment,
    end_of_tiff,
    open_segment,
    segments,
    unpacked,
)

NOT_READ = "the file holds TIFF of a kind that is not read"

_INTEGER, _SIGNED, _FLOAT = 1, 2, 3
_DIFFERENCES, _FLOAT_DIFFERENCES = 2, 3
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _CMYK, _YCBCR = 0, 1, 2, 5, 6
_COLOURS = {_WHITE_IS_ZERO: 1, _BLACK_IS_ZERO: 1, _RGB: 3, _CMYK: 4}
_PREMULTIPLIED, _CLEAR = 1, 2
_BYTE = 8
_MOST_SAMPLES = 8
_LOSSY = (6, 7)
_PILLOWS = (*LOSSLESS, 2, 3, 4, *_LOSSY, 32771)
_UNPACKED_AT_ONCE = 1 << 22
_MODES = {
    (1, 0): "L", (1, _CLEAR): "LA", (1, _PREMULTIPLIED): "La",
    (3, 0): "RGB", (3, _CLEAR): "RGBA", (3, _PREMULTIPLIED): "RGBa",
    (4, 0): "CMYK",
}  # fmt: skip

Values = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Known:
    """A photo of which `mask` (height, width of its image) says which pixels were read."""

    pixels: Pixels
    mask: Mask


def is_unusual(layout: Layout) -> bool:
    """Whether Pillow does not read this layout, or not rightly."""
    if layout.compression not in _PILLOWS:
        return True
    if (layout.big and layout.order == ">") or _is_said_two_ways(layout):
        return True
    deep = max(layout.tags.get(258, (1,))) > _BYTE
    signed = set(layout.tags.get(339, (_INTEGER,))) != {_INTEGER}
    return deep or signed or (layout.planes and layout.compression not in _LOSSY)


def open_unusual(data: bytes, layout: Layout, min_side: int, max_pixels: int) -> Pixels:
    """The photo.

    Raises:
        DecodeError: its kind is not read.
        Exception: it is damaged, or cut off.
    """
    whole = end_of_tiff(data) <= len(data)
    known = open_known(data, layout, min_side, max_pixels) if whole else None
    if known is None or not known.mask.all():
        raise ValueError("not all of it is there")
    return known.pixels


def open_known(data: bytes, layout: Layout, min_side: int, max_pixels: int) -> Known:
    """What is there of the photo.

    Raises:
        DecodeError: its kind is not read.
        Exception: a strip or tile that is there is damaged.
    """
    check_held_whole(*layout.size, "TIFF", max_pixels)
    for first in islice(segments(layout), 1):  # which may claim to be larger than the picture
        check_held_whole(first.width, first.height, "TIFF", max_pixels)
    if _is_of_bytes(layout):
        image, mask = _of_bytes(data, layout, min_side)
    elif layout.compression in _PILLOWS and not layout.planes:
        image, mask = _of_pictures(data, layout, min_side)
    else:
        raise DecodeError(NOT_READ)
    image.info = {"icc_profile": bytes(layout.tags.get(34675, ())) or None}
    width, height = layout.size
    if swaps_sides(layout.orientation):
        width, height = height, width
    return Known(Pixels(image, width, height, layout.orientation, "TIFF"), mask)


def _is_of_bytes(layout: Layout) -> bool:
    """Whether strips and tiles are numbers of one kind that are understood here.

    Raises:
        DecodeError: they are deep, and nothing else reads them either.
    """
    formats = set(layout.tags.get(339, (_INTEGER,)))
    form = formats.pop() if len(formats) == 1 else 0
    colours = _COLOURS.get(layout.one(262, -1), 0)
    known = (
        layout.compression in LOSSLESS
        and colours > 0
        and colours <= layout.samples <= _MOST_SAMPLES
        and layout.one(332, 1) == 1
        and _are_read(form, layout.bits, layout.one(317, 1))
        and not _is_said_two_ways(layout)
        and not (form == _SIGNED and layout.samples > 1)
    )
    refused = layout.bits > _BYTE or layout.bits == 0 or layout.planes or _is_said_two_ways(layout)
    if not known and refused:
        raise DecodeError(NOT_READ)
    return known


def _is_said_two_ways(layout: Layout) -> bool:
    """libtiff packs such bytes as they are, other programs their differences."""
    return layout.compression == PACK_BITS and layout.one(317, 1) != 1


def _are_read(form: int, bits: int, predictor: int) -> bool:
    if form == _FLOAT:
        return bits in (16, 32, 64) and predictor in (1, _DIFFERENCES, _FLOAT_DIFFERENCES)
    if predictor not in (1, _DIFFERENCES):
        return False
    if form == _INTEGER and 8 < bits < 16:
        return predictor == 1
    return form in (_INTEGER, _SIGNED) and bits in (8, 16, 32, 64)


def _of_bytes(data: bytes, layout: Layout, min_side: int) -> tuple[Image.Image, Mask]:
    width, height = layout.size
    colours = _COLOURS[layout.one(262, -1)]
    alpha = _alpha(layout, colours)
    bands = [*range(colours), *([alpha[0]] if alpha else [])]
    # What is scaled by its own extent is made small first: only so many pixels are looked at.
    kind = _numpy_type(layout)
    is_fixed = kind.kind == "u" and (colours > 1 or layout.bits < 16)
    factor = 1 if is_fixed else max(1, min(width, height) // max(1, min_side))
    shape = (-(-height // factor), -(-width // factor), len(bands))
    values = np.zeros(shape, np.uint8 if is_fixed else kind.newbyteorder("="))
    mask = np.zeros((*shape[:2], len(bands) if layout.planes else 1), bool)
    for segment in segments(layout):
        if layout.planes and segment.band not in bands:
            continue
        part = _values(unpacked(data, layout, segment), layout, segment, kind)
        down, from_row = _every(factor, segment.top, min(len(part), height - segment.top))
        across, from_column = _every(factor, segment.left, min(segment.width, width - segment.left))
        chosen = part[from_row, from_column]
        if is_fixed:
            chosen = (chosen >> (layout.bits - _BYTE)).astype(np.uint8)
        if layout.planes:
            band = bands.index(segment.band)
            values[down, across, band] = chosen[..., 0]
            mask[down, across, band] = True
        else:
            values[down, across] = chosen if chosen.shape[2] == len(bands) else chosen[..., bands]
            mask[down, across] = True
    image = _as_image(_in_8_bit(values, colours, layout), alpha[1] if alpha else 0, min_side)
    known: Mask = mask.min(2)
    return image, known if known.all() else _reduced_mask(known, image.size)


def _every(factor: int, start: int, length: int) -> tuple[slice, slice]:
    """Where every so many pixels of a part go in the small picture, and where they are in it."""
    first = -start % factor
    begin = (start + first) // factor
    return slice(begin, begin + len(range(first, length, factor))), slice(first, length, factor)


def _alpha(layout: Layout, colours: int) -> tuple[int, int] | None:
    """The band that says how clear each pixel is, and its kind."""
    if colours == _COLOURS[_CMYK]:
        return None
    for number, kind in enumerate(layout.tags.get(338, ())):
        if kind in (_PREMULTIPLIED, _CLEAR) and colours + number < layout.samples:
            return colours + number, kind
    return None


def _numpy_type(layout: Layout) -> "np.dtype[Any]":
    """Of one sample, unpacked."""
    form = {_INTEGER: "u", _SIGNED: "i", _FLOAT: "f"}[layout.one(339, _INTEGER)]
    return np.dtype(f"{layout.order}{form}{2 if _BYTE < layout.bits < 16 else layout.bits // 8}")


def _values(rows: bytes, layout: Layout, segment: Segment, kind: "np.dtype[Any]") -> Values:
    """(rows that are there, width, samples of a pixel) in this machine's byte order."""
    in_pixel = 1 if layout.planes else layout.samples
    high = len(rows) // layout.row_bytes(segment)
    shape = (high, segment.width, in_pixel)
    native = kind.newbyteorder("=")
    if layout.bits % _BYTE:
        return _closely_packed(rows, layout.bits, shape)
    predictor = layout.one(317, 1) if layout.compression != RAW else 1
    if predictor == _FLOAT_DIFFERENCES:
        return _of_byte_planes(rows, shape, kind)
    values = np.frombuffer(rows, kind).reshape(shape).astype(native)
    if predictor == _DIFFERENCES:
        whole = np.dtype(f"u{kind.itemsize}")
        values = values.view(whole).cumsum(1, dtype=whole).view(native)
    return values


def _of_byte_planes(rows: bytes, shape: tuple[int, int, int], kind: "np.dtype[Any]") -> Values:
    """TIFF's floating point predictor (Adobe's Technical Note 3): of each row the highest bytes of
    all its numbers stand first, and each byte is the difference from that of the pixel before."""
    high, wide, in_pixel = shape
    differences = np.frombuffer(rows, np.uint8).reshape(high, -1, in_pixel)
    planes = differences.cumsum(1, dtype=np.uint8).reshape(high, kind.itemsize, wide * in_pixel)
    big = np.ascontiguousarray(planes.transpose(0, 2, 1)).view(kind.newbyteorder(">"))
    return big.reshape(shape).astype(kind.newbyteorder("="))


def _closely_packed(rows: bytes, bits: int, shape: tuple[int, int, int]) -> Values:
    """Numbers of `bits` one behind the other, each row beginning at a byte."""
    high, wide, in_pixel = shape
    packed = np.frombuffer(rows, np.uint8).reshape(high, -1) if high else np.zeros((0, 1), np.uint8)
    numbers = wide * in_pixel
    out = np.zeros((high, numbers), np.uint16)
    step = max(1, _UNPACKED_AT_ONCE // max(1, numbers * bits))
    for top in range(0, high, step):
        each = np.unpackbits(packed[top : top + step], axis=1, count=numbers * bits)
        each = each.reshape(len(each), numbers, bits)
        for bit in range(bits):
            out[top : top + step] |= each[..., bit].astype(np.uint16) << (bits - 1 - bit)
    return out.reshape(shape)


def _in_8_bit(values: Values, colours: int, layout: Layout) -> npt.NDArray[np.uint8]:
    """(h, w, bands) as they are shown; whatever lies behind the colours is how clear they are."""
    if values.dtype != np.uint8:
        parts = [scaled_to_8_bit(values[..., :colours])]
        if values.shape[2] > colours:
            most = 1.0 if values.dtype.kind == "f" else float(np.iinfo(values.dtype).max)
            clear = np.nan_to_num(values[..., colours:].astype(np.float32)) / most
            parts.append(np.rint(clear.clip(0, 1) * 255).astype(np.uint8))
        values = np.concatenate(parts, 2)
    if layout.one(262, -1) == _WHITE_IS_ZERO:
        values = values.copy()
        values[..., :colours] = 255 - values[..., :colours]
    return values


def _as_image(values: npt.NDArray[np.uint8], alpha: int, min_side: int) -> Image.Image:
    mode = _MODES[values.shape[2] - bool(alpha), alpha]
    return reduced_from_array(values, min_side, mode)


def _reduced_mask(known: Mask, size: tuple[int, int]) -> Mask:
    """Of a picture made small: what of each of its pixels was read whole."""
    width, height = size
    if known.shape == (height, width):
        return known
    down, across = (-(-old // new) for old, new in zip(known.shape, (height, width), strict=True))
    rows = np.logical_and.reduceat(known, np.arange(0, known.shape[0], down), 0)
    return np.logical_and.reduceat(rows, np.arange(0, known.shape[1], across), 1)


def _of_pictures(data: bytes, layout: Layout, min_side: int) -> tuple[Image.Image, Mask]:
    """Put together of strips and tiles that Pillow reads each as a picture."""
    width, height = layout.size
    whole: Image.Image | None = None
    mask = np.zeros((height, width), bool)
    for segment, part in _pictures(data, layout):
        if whole is None:
            whole = Image.new(part.mode, layout.size)
            if part.palette is not None:
                whole.putpalette(part.palette)
        whole.paste(part, (segment.left, segment.top))
        mask[
            segment.top : segment.top + segment.height, segment.left : segment.left + segment.width
        ] = True
    if whole is None:
        raise ValueError("nothing of it is there")
    small = reduced(whole, min_side)
    return small, _reduced_mask(mask, small.size)


def _pictures(data: bytes, layout: Layout) -> Iterator[tuple[Segment, Image.Image]]:
    for each in segments(layout):
        if each.start + each.count <= len(data):
            yield each, open_segment(data[each.start : each.start + each.count], layout, each)
        elif layout.compression in LOSSLESS and layout.bits and layout.one(317, 1) == 1:
            rows = unpacked(data, layout, each)
            high = len(rows) // layout.row_bytes(each)
            if high and layout.one(262, -1) != _YCBCR:  # of which a row may be of several lines
                part = replace(each, height=high)
                yield part, open_segment(rows, layout, part, RAW)
