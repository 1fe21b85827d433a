"""One opener for each kind of photo: bytes in, pixels of any mode out, reduced, not yet upright."""

import importlib
import io
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    Jpeg2KImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from capsearch.photos.colour import is_blank, reduced, reduced_from_array
from capsearch.photos.errors import DecodeError, check_pixels
from capsearch.photos.heif import code_points_of_heif, open_heif_file
from capsearch.photos.mended import mend_head, mended
from capsearch.photos.orientation import exif_orientation, swaps_sides
from capsearch.photos.profiles import code_points_of_png
from capsearch.photos.psd import picture_instead, readable_psd, size_of_psd
from capsearch.photos.silence import silenced_stderr

pylibjxl: Any
try:
    pylibjxl = importlib.import_module("pylibjxl")
except ImportError:  # no wheel for this machine: JPEG XL files are listed as not read
    pylibjxl = None

PILLOW_OPENERS: dict[str, Callable[[io.BytesIO], ImageFile.ImageFile]] = {
    "JPEG": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
    "GIF": GifImagePlugin.GifImageFile,
    "TIFF": TiffImagePlugin.TiffImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
    "WEBP": WebPImagePlugin.WebPImageFile,
    "AVIF": AvifImagePlugin.AvifImageFile,
    "JPEG2000": Jpeg2KImagePlugin.Jpeg2KImageFile,
}
"""The plugin is taken by what the bytes are: no guessing, and none of Image.open's global limit."""

FORMAT_OF_EXTENSION = {
    ".tga": "TGA", ".pcx": "PCX", ".ico": "ICO", ".fli": "FLI", ".flc": "FLI",
    ".ppm": "PPM", ".pgm": "PPM", ".pbm": "PPM", ".pnm": "PPM",
}  # fmt: skip
"""Kinds without a mark of their own: other bytes would pass for them, so the name must say so."""

_SHARE_OF_LIMIT = {"HEIF": 0.4, "JXL": 0.4, "AVIF": 0.2, "WEBP": 0.16, "JPEG2000": 0.13}
"""Their decoders take 7 to 19 bytes a pixel (measured), so that fewer pixels fill the memory."""

_SHARE_OF_PSD = 0.3
"""The same of one that is made readable first: 9.5 bytes a pixel (measured, 16 bits, packed)."""


_WITH_CODE_POINTS = {"PNG": code_points_of_png, "AVIF": code_points_of_heif}
"""Kinds whose colours may be said by numbers, which Pillow does not read."""


_ANIMATED = ("GIF", "PNG", "WEBP", "AVIF")
_MOST_FRAMES = 100
_MOST_FRAME_PIXELS = 50_000_000
"""How far an animation that begins blank is looked into: no more work than one large photo."""


@dataclass(frozen=True)
class Pixels:
    """What a codec gave: `width` and `height` are of the full photo, upright; `orientation` is
    what is still to be done to `image`, whose `info` says what its colours are."""

    image: Image.Image
    width: int
    height: int
    orientation: int
    format: str


def open_pillow(data: bytes, kind: str, min_side: int, max_pixels: int, page: int = 0) -> Pixels:
    """A kind Pillow reads. JPEG is decoded at 1/2, 1/4 or 1/8 where that is large enough."""
    # libtiff prints on stderr, by itself.
    quiet = silenced_stderr() if kind == "TIFF" else nullcontext()
    with quiet, PILLOW_OPENERS[kind](io.BytesIO(data)) as image:
        if kind in _WITH_CODE_POINTS and (found := _WITH_CODE_POINTS[kind](data)):
            image.info.setdefault("code_points", found)
        mend_head(image, kind, data)
        if page:
            image.seek(page)
        return _load(image, kind, min_side, max_pixels)


def open_rare(data: bytes, kind: str, min_side: int, max_pixels: int) -> Pixels:
    """A kind of picture that few photos have."""
    if kind not in Image.OPEN:
        Image.init()
    # Image.open would not tell what is wrong with it.
    with Image.OPEN[kind][0](io.BytesIO(data), "") as image:
        return _load(image, image.format or "", min_side, max_pixels)


def open_psd(data: bytes, min_side: int, max_pixels: int) -> Pixels:
    """Photoshop's picture of all layers; where there is none, the small one beside them."""
    small = picture_instead(data)
    if small is None:
        readable = readable_psd(data, int(max_pixels * _SHARE_OF_PSD))
        return open_rare(readable, "PSD", min_side, max_pixels)
    return Pixels(reduced(small, min_side), *size_of_psd(data), 1, "PSD")


def _load(image: ImageFile.ImageFile, kind: str, min_side: int, max_pixels: int) -> Pixels:
    width, height = image.size
    # A progressive JPEG is held whole as coefficients, whatever the scale it is decoded at.
    if kind == "JPEG" and not image.info.get("progressive"):
        check_pixels(width, height, max_pixels)
    else:
        check_held_whole(width, height, kind, max_pixels)
    if kind == "JPEG":
        image.draft(None, (min_side, min_side))  # keeping the mode
    image.load()  # before its EXIF is asked for: Pillow loads a PNG then, and its faults with it
    orientation = exif_orientation(image)
    if kind == "TIFF":  # turned by Pillow while loading
        orientation = 1
    elif swaps_sides(orientation):
        width, height = height, width
    small = reduced(mended(image, kind), min_side)
    if kind in _ANIMATED and getattr(image, "is_animated", False) and is_blank(small):
        small = _first_that_shows_something(image, min_side)
    return Pixels(small, width, height, orientation, kind)


def _first_that_shows_something(image: ImageFile.ImageFile, min_side: int) -> Image.Image:
    """The first frame that is not blank, of those near the beginning; else the first."""
    frames = min(_MOST_FRAMES, _MOST_FRAME_PIXELS // (image.width * image.height))
    with suppress(Exception):  # the animation ends, or is damaged further on
        for number in range(1, frames):
            image.seek(number)
            small = reduced(image, min_side)
            if not is_blank(small):
                return small
    image.seek(0)
    return reduced(image, min_side)


def check_held_whole(width: int, height: int, kind: str, max_pixels: int) -> None:
    """Refuse what would fill the memory, of a kind that is decoded at its full size."""
    check_pixels(width, height, int(max_pixels * _SHARE_OF_LIMIT.get(kind, 0.5)))


def open_heif(data: bytes, min_side: int, max_pixels: int) -> Pixels:
    """HEIC and HEIF by libheif, which turns the photo itself."""
    heif = open_heif_file(data)
    photo = heif[heif.primary_index]
    width, height = photo.size
    check_held_whole(width, height, "HEIF", max_pixels)
    pixels = np.asarray(photo)
    image = reduced_from_array(pixels, min_side)
    image.info = {key: photo.info[key] for key in ("icc_profile", "exif") if key in photo.info}
    if nclx := photo.info.get("nclx_profile"):
        image.info["code_points"] = (nclx["color_primaries"], nclx["transfer_characteristics"])
    height, width = pixels.shape[:2]
    return Pixels(image, width, height, 1, "HEIF")


def open_jxl(data: bytes, min_side: int, max_pixels: int) -> Pixels:
    """JPEG XL by libjxl, which turns the photo itself."""
    if pylibjxl is None:
        raise DecodeError("JPEG XL photos are not read on this machine (pylibjxl is missing)")
    header = pylibjxl.probe(data)
    check_held_whole(header["width"], header["height"], "JXL", max_pixels)
    pixels, beside = pylibjxl.decode(data, metadata=True)
    image = reduced_from_array(pixels, min_side)
    image.info = {"icc_profile": beside.get("icc_profile")}
    height, width = pixels.shape[:2]
    return Pixels(image, width, height, 1, "JXL")
