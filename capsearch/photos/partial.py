"""What can be read of a file that is cut off, and how much of the photo that is."""

import io
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops

from capsearch.photos.codecs import (
    PILLOW_OPENERS,
    Pixels,
    check_held_whole,
    open_heif,
    open_pillow,
)
from capsearch.photos.colour import reduced
from capsearch.photos.formats import sniff
from capsearch.photos.heif import length_of_boxes
from capsearch.photos.interlaced import Passes, interlaced_gif, interlaced_png
from capsearch.photos.jpeg2000 import completed, end_of_tile_part, rows_of_whole_tiles
from capsearch.photos.jpeg_scans import END_OF_JPEG, scans_of_jpeg, start_of_scan
from capsearch.photos.orientation import exif_orientation, swaps_sides
from capsearch.photos.tiff import open_known
from capsearch.photos.tiff_layout import end_of_tiff, layout_of

Box = tuple[int, int, int, int]
Mask = npt.NDArray[np.bool_]

_GREY = 128
_HOLE = bytes(512)
_ROWS_AT_ONCE = 256
_CONTAINERS = ("HEIF", "AVIF", "WEBP")
_FILLS = (b"\0", b"\x55")
_MOST_FILLED = 1 << 26
_NOTHING = (0, 160, 100)
"""Where libheif has no tile it leaves Y, Cb and Cr at 0: no red, no blue, and this much green at
most and at least, which no photo has over a whole side."""


@dataclass(frozen=True)
class Part:
    """A photo of which only the pixels in `box` (left, top, right, bottom) were read; of what comes
    coarse first `there`, 0 to 1, of its data, and `is_coarse` where any of that is missing."""

    pixels: Pixels
    box: Box
    there: float = 1.0
    is_coarse: bool = False

    @property
    def share(self) -> float:
        """How much of the photo was read, 0 to 1."""
        left, top, right, bottom = self.box
        width, height = self.pixels.image.size
        return min(self.there, (right - left) * (bottom - top) / (width * height))


def is_cut_off(data: bytes, kind: str | None) -> bool:
    """Whether the file ends before the end that it names itself."""
    if kind == "JPEG":
        scan = start_of_scan(data)
        return scan is not None and data.find(END_OF_JPEG, scan) < 0
    if kind == "PNG":
        return data.rfind(b"IEND") < 0
    if kind == "TIFF":
        return end_of_tiff(data) > len(data)
    if kind == "JPEG2000":
        return end_of_tile_part(data) > len(data)
    if kind == "JXL":
        return says_its_length(data, kind) and length_of_boxes(data) > len(data)
    return kind in _CONTAINERS and _missing(data, kind) > 0


def says_its_length(data: bytes, kind: str) -> bool:
    """Whether its end would be missed: not that of a JPEG XL without boxes."""
    return kind != "JXL" or data[4:8] == b"JXL "


def is_silent(data: bytes) -> bool:
    """Whether a photo's end is missing, and its decoder makes colours of that without complaint.

    All do where zeros stand in its place; libheif where tiles are missing.
    """
    kind = sniff(data)
    silent = kind == "HEIF" or (kind in ("JPEG", "PNG") and data.endswith(_HOLE))
    return silent and is_cut_off(data, kind)


def open_part(data: bytes, kind: str | None, min_side: int, max_pixels: int) -> Part | None:
    """What is there of a cut-off photo; None where nothing can be read of its kind.

    Raises:
        Exception: of the codecs, where nothing could be read of this file.
    """
    if data.endswith(_HOLE):  # a broken copy leaves zeros where nothing came
        data = data.rstrip(b"\0")
    if kind == "JPEG":
        return _part_of_jpeg(data, min_side, max_pixels)
    if kind in _CONTAINERS:
        return _part_of_container(data, kind, min_side, max_pixels)
    if kind == "TIFF":
        return _part_of_tiff(data, min_side, max_pixels)
    if kind == "JPEG2000":
        return _part_of_jpeg2000(data, min_side, max_pixels)
    if kind in PILLOW_OPENERS:
        return _part_of_rows(data, kind, min_side, max_pixels)
    return None


def _part_of_tiff(data: bytes, min_side: int, max_pixels: int) -> Part | None:
    """The strips and tiles that are there, and the first rows of the one that is not whole."""
    layout = layout_of(data)
    if layout is None:
        return None
    known = open_known(data, layout, min_side, max_pixels)
    return Part(known.pixels, _largest_side(known.mask))


def _part_of_jpeg(data: bytes, min_side: int, max_pixels: int) -> Part | None:
    """libjpeg leaves grey, or as coarse as it is, what it has no data for."""
    scans = scans_of_jpeg(data)
    if scans is None:
        return None
    data = data[: scans.end]
    pixels = open_pillow(data + END_OF_JPEG, "JPEG", min_side, max_pixels)
    # Made small, what a later scan makes finer might look the same without it.
    side = max(pixels.width, pixels.height) if scans.are_many else min_side
    with_more = open_pillow(data + scans.more(data), "JPEG", side, max_pixels)
    shown = open_pillow(data + END_OF_JPEG, "JPEG", side, max_pixels) if scans.are_many else pixels
    rows = _rows_alike(shown.image, with_more.image)
    known = scans.known(rows)
    bottom = int(known.rows * pixels.image.height)
    box = (0, 0, pixels.image.width, bottom)
    return Part(pixels, box, known.fine, is_coarse=not known.exact)


def _rows_alike(first: Image.Image, second: Image.Image) -> float:
    """Which share of the rows, from the top, two pictures of one size have in common."""
    for top in range(0, first.height, _ROWS_AT_ONCE):
        box = (0, top, first.width, min(top + _ROWS_AT_ONCE, first.height))
        difference = np.asarray(ImageChops.difference(first.crop(box), second.crop(box)))
        differing = np.flatnonzero(difference.reshape(len(difference), -1).any(1))
        if len(differing):
            return float((top + differing[0]) / first.height)
    return 1.0


def _part_of_jpeg2000(data: bytes, min_side: int, max_pixels: int) -> Part | None:
    """What is missing of a tile is finer than what is there; other tiles are missing altogether."""
    end = end_of_tile_part(data)
    part = _part_of_rows(completed(data), "JPEG2000", min_side, max_pixels) if end else None
    if part is None:
        return None
    left, top, right, _ = part.box
    rows = rows_of_whole_tiles(data)
    bottom = int(rows * part.pixels.image.height)
    return replace(part, box=(left, top, right, bottom), there=min(1.0, len(data) / end))


def _part_of_rows(data: bytes, kind: str, min_side: int, max_pixels: int) -> Part | None:
    """Pillow's decoders fill an empty picture row by row, and stop where the data does."""
    with PILLOW_OPENERS[kind](io.BytesIO(data)) as image:
        width, height = image.size
        check_held_whole(width, height, kind, max_pixels)
        if (passes := _passes(data, kind, max_pixels)) is not None:
            return _part_of_passes(passes, exif_orientation(image), kind, min_side)
        with suppress(Exception):  # that it is cut off
            image.load()
        image.tile = []  # no more will come
        box = image.getbbox(alpha_only=False)
        orientation = exif_orientation(image)
        small = reduced(image, min_side)
    if box is None:
        return None
    rows = [round(row * small.height / height) for row in (box[1], box[3])]
    if swaps_sides(orientation):
        width, height = height, width
    pixels = Pixels(small, width, height, orientation, kind)
    return Part(pixels, (0, rows[0], small.width, rows[1]))


def _passes(data: bytes, kind: str, max_pixels: int) -> Passes | None:
    read = {"PNG": interlaced_png, "GIF": interlaced_gif}.get(kind)
    return read(data, max_pixels) if read else None


def _part_of_passes(passes: Passes, orientation: int, kind: str, min_side: int) -> Part:
    width, height = passes.image.size
    small = reduced(passes.image, min_side)
    if swaps_sides(orientation):
        width, height = height, width
    return Part(Pixels(small, width, height, orientation, kind), (0, 0, *small.size), passes.there)


def _part_of_container(data: bytes, kind: str, min_side: int, max_pixels: int) -> Part | None:
    """What is there stays the same whatever is put in the place of what is missing."""
    missing = _missing(data, kind)
    if not 0 < missing <= max(len(data), _MOST_FILLED):
        return None
    first, second = (
        open_heif(data + fill * missing, min_side, max_pixels)
        if kind == "HEIF"
        else open_pillow(data + fill * missing, kind, min_side, max_pixels)
        for fill in _FILLS
    )
    difference = ImageChops.difference(first.image, second.image)
    known = np.asarray(difference).reshape(*difference.size[::-1], -1).max(2) == 0
    if kind == "HEIF":
        known &= ~_is_nothing(np.asarray(first.image.convert("RGB")))
    return Part(first, _largest_side(known))


def _is_nothing(pixels: npt.NDArray[np.uint8]) -> Mask:
    """Where a pixel is what libheif leaves of a missing tile."""
    most, greenest, least = _NOTHING
    red, green, blue = (pixels[..., band] for band in range(3))
    nothing: Mask = (red <= most) & (blue <= most) & (green >= least) & (green <= greenest)
    spread = nothing.copy()  # made small, its edge is blended with what lies beside it
    spread[1:] |= nothing[:-1]
    spread[:-1] |= nothing[1:]
    spread[:, 1:] |= nothing[:, :-1]
    spread[:, :-1] |= nothing[:, 1:]
    return spread


def _missing(data: bytes, kind: str) -> int:
    if kind == "WEBP":
        return 8 + int.from_bytes(data[4:8], "little") - len(data)
    return length_of_boxes(data) - len(data)


def _largest_side(known: Mask) -> Box:
    """The largest part along one side, the photo being turned or not, in which all is known."""
    height, width = known.shape
    rows, columns = known.min(1), known.min(0)
    top, bottom, left, right = map(_leading, (rows, rows[::-1], columns, columns[::-1]))
    boxes = (
        (0, 0, width, top),
        (0, height - bottom, width, height),
        (0, 0, left, height),
        (width - right, 0, width, height),
    )
    return max(boxes, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))


def _leading(known: Mask) -> int:
    return len(known) if known.all() else int(known.argmin())


def greyed(image: Image.Image, box: Box) -> Image.Image:
    """`image` (RGB), grey outside `box`."""
    whole = Image.new("RGB", image.size, (_GREY,) * 3)
    whole.paste(image.crop(box), box[:2])
    return whole
