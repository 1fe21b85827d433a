"""The bytes of a photo of any kind -> upright 8-bit RGB at about the size that is needed."""

from dataclasses import dataclass

import rawpy
from PIL import Image

from capsearch.photos.codecs import (
    FORMAT_OF_EXTENSION,
    PILLOW_OPENERS,
    Pixels,
    open_heif,
    open_jxl,
    open_pillow,
    open_psd,
    open_rare,
)
from capsearch.photos.colour import to_rgb
from capsearch.photos.errors import DecodeError
from capsearch.photos.formats import RAW_EXTENSIONS, extension_of, sniff, start_of_photo
from capsearch.photos.jpeg_scans import is_of_other_kind, leaves_colours_open
from capsearch.photos.orientation import upright
from capsearch.photos.partial import greyed, is_cut_off, is_silent, open_part, says_its_length
from capsearch.photos.raw import open_raw
from capsearch.photos.silence import silenced
from capsearch.photos.tiff import is_unusual, open_unusual
from capsearch.photos.tiff_layout import layout_of

__all__ = ["MAX_PIXELS", "DecodeError", "Decoded", "decode"]

MAX_PIXELS = 300_000_000
"""For a JPEG that is decoded scaled down; at most half of it for what is held in memory whole."""

NOT_A_PHOTO = "not a photo, or of a kind that is not read"

CUT_OFF = "the file is cut off"

LEAST_SHARE = 1 / 3
"""So much of a cut-off photo must be there: with less its captions find it less than half as often
as the whole one (measured by `capsearch.lab.cut_off`)."""

_UNKNOWN_WORDS = (
    "unknown pixel mode", "unknown file mode", "unsupported", "not supported", "cannot handle",
    "not available", "unimplemented", "unknown compression", "bad image mode",
)  # fmt: skip
_CUT_OFF_WORDS = ("truncat", "end of file", "unexpected end", "premature", "eof", "more data")


@dataclass(frozen=True)
class Decoded:
    """`image` is RGB, 8 bit, upright, in sRGB; `width` and `height` are those of the full photo,
    upright. `cut_off`: its file ends too early, and what is missing is grey."""

    image: Image.Image
    width: int
    height: int
    format: str
    cut_off: bool = False


def decode(data: bytes, name: str, min_side: int, max_pixels: int = MAX_PIXELS) -> Decoded:
    """Decode the first picture of a file, by its content; the name only tells raw from TIFF.

    The image may be smaller than the photo: its shorter side is at least `min_side`, or the
    photo's own where that is less.

    Raises:
        DecodeError: whatever is wrong with the file; nothing else leaves this function.
    """
    with silenced():
        try:
            data = _from_its_mark(data, name)
            if is_silent(data):
                return _decode_part(data, min_side, max_pixels)
            pixels = _open(data, name, min_side, max_pixels)
            image = upright(to_rgb(pixels.image), pixels.orientation)
        except DecodeError:
            raise
        except MemoryError:
            raise DecodeError("the photo needs more memory than there is") from None
        except Exception as error:  # noqa: BLE001 - codecs raise anything on damaged files
            reason = _plain_reason(error, data)
            if reason != CUT_OFF:
                raise DecodeError(reason) from None
            return _decode_part(data, min_side, max_pixels)
    return Decoded(_bare(image), pixels.width, pixels.height, pixels.format)


def _decode_part(data: bytes, min_side: int, max_pixels: int) -> Decoded:
    """What is there of a photo that is cut off, where that is enough to know it by."""
    try:
        part = open_part(data, sniff(data), min_side, max_pixels)
        if part is None or part.share < LEAST_SHARE:
            raise DecodeError(CUT_OFF)
        pixels = part.pixels
        image = upright(greyed(to_rgb(pixels.image), part.box), pixels.orientation)
    except DecodeError:
        raise
    except Exception:  # noqa: BLE001 - as above
        raise DecodeError(CUT_OFF) from None
    cut_off = part.share < 1 or part.is_coarse
    return Decoded(_bare(image), pixels.width, pixels.height, pixels.format, cut_off)


def _open(data: bytes, name: str, min_side: int, max_pixels: int) -> Pixels:
    if not data:
        raise DecodeError("the file is empty")
    extension = extension_of(name)
    kind = sniff(data) or FORMAT_OF_EXTENSION.get(extension)
    if kind == "RAW" or (extension in RAW_EXTENSIONS and kind in (None, "TIFF")):
        return _open_raw_or_tiff(data, kind, min_side, max_pixels)
    if kind == "JPEG" and leaves_colours_open(data):
        raise DecodeError(_not_read(kind))
    if kind in _OPENERS:
        return _OPENERS[kind](data, min_side, max_pixels)
    if kind in PILLOW_OPENERS:
        return open_pillow(data, kind, min_side, max_pixels)
    if kind is not None:
        return open_rare(data, kind, min_side, max_pixels)
    raise DecodeError(_plain_reason(ValueError(), data))


def _open_raw_or_tiff(data: bytes, kind: str | None, min_side: int, max_pixels: int) -> Pixels:
    """Some scanners give plain TIFF a raw file's name."""
    try:
        return open_raw(data, min_side, max_pixels)
    except rawpy.LibRawError:
        if kind != "TIFF":
            raise
    return _open_tiff(data, min_side, max_pixels)


def _open_tiff(data: bytes, min_side: int, max_pixels: int) -> Pixels:
    layout = layout_of(data)
    if layout is not None and is_unusual(layout):
        return open_unusual(data, layout, min_side, max_pixels)
    return open_pillow(data, "TIFF", min_side, max_pixels, layout.page if layout else 0)


_OPENERS = {"HEIF": open_heif, "JXL": open_jxl, "TIFF": _open_tiff, "PSD": open_psd}


def _bare(image: Image.Image) -> Image.Image:
    """Without what the file carried beside its pixels: it travels between processes."""
    image.info.clear()
    return image


def _from_its_mark(data: bytes, name: str) -> bytes:
    """Without what a download or an old system has put before the photo."""
    extension = extension_of(name)
    if sniff(data) or extension in RAW_EXTENSIONS or extension in FORMAT_OF_EXTENSION:
        return data
    return data[start_of_photo(data) :]


def _plain_reason(error: Exception, data: bytes) -> str:
    if isinstance(error, Image.DecompressionBombError):
        return "too large: it claims more pixels than are read"
    if not any(data[:4096]) and not any(data):
        return "the file holds only zeros"
    kind, message = sniff(data), str(error).lower()
    told = isinstance(error, EOFError) or any(word in message for word in _CUT_OFF_WORDS)
    if told or is_cut_off(data, kind):
        return CUT_OFF
    if kind is None:
        return NOT_A_PHOTO
    unlisted = any(isinstance(each, KeyError) for each in (error, *error.args))
    unlisted = unlisted or any(word in message for word in _UNKNOWN_WORDS)
    if unlisted or (kind == "JPEG" and is_of_other_kind(data)):
        return _not_read(kind)
    state = "damaged" if says_its_length(data, kind) else "damaged or cut off"
    return f"the file is {state}: its {kind} data cannot be read"


def _not_read(kind: str) -> str:
    return f"the file holds {kind} of a kind that is not read"
