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
    open_rare,
)
from capsearch.photos.colour import to_rgb
from capsearch.photos.errors import DecodeError
from capsearch.photos.formats import RAW_EXTENSIONS, extension_of, sniff
from capsearch.photos.orientation import upright
from capsearch.photos.raw import open_raw
from capsearch.photos.silence import silenced

__all__ = ["MAX_PIXELS", "DecodeError", "Decoded", "decode"]

MAX_PIXELS = 300_000_000
"""For a JPEG that is decoded scaled down; at most half of it for what is held in memory whole."""

NOT_A_PHOTO = "not a photo, or of a kind that is not read"

_CUT_OFF_WORDS = ("truncat", "end of file", "unexpected end", "premature", "eof", "more data")


@dataclass(frozen=True)
class Decoded:
    """`image` is RGB, 8 bit, upright; `width` and `height` are those of the full photo, upright."""

    image: Image.Image
    width: int
    height: int
    format: str


def decode(data: bytes, name: str, min_side: int, max_pixels: int = MAX_PIXELS) -> Decoded:
    """Decode the first picture of a file, by its content; the name only tells raw from TIFF.

    The image may be smaller than the photo: its shorter side is at least `min_side`, or the
    photo's own where that is less.

    Raises:
        DecodeError: whatever is wrong with the file; nothing else leaves this function.
    """
    with silenced():
        try:
            pixels = _open(data, name, min_side, max_pixels)
            image = upright(to_rgb(pixels.image), pixels.orientation)
        except DecodeError:
            raise
        except MemoryError:
            raise DecodeError("the photo needs more memory than there is") from None
        except Exception as error:  # noqa: BLE001 - codecs raise anything on damaged files
            raise DecodeError(_plain_reason(error, data)) from None
    return Decoded(_bare(image), pixels.width, pixels.height, pixels.format)


def _open(data: bytes, name: str, min_side: int, max_pixels: int) -> Pixels:
    if not data:
        raise DecodeError("the file is empty")
    extension = extension_of(name)
    kind = sniff(data) or FORMAT_OF_EXTENSION.get(extension)
    if kind == "RAW" or (extension in RAW_EXTENSIONS and kind in (None, "TIFF")):
        return _open_raw_or_tiff(data, kind, min_side, max_pixels)
    if kind == "HEIF":
        return open_heif(data, min_side, max_pixels)
    if kind == "JXL":
        return open_jxl(data, min_side, max_pixels)
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
    return open_pillow(data, "TIFF", min_side, max_pixels)


def _bare(image: Image.Image) -> Image.Image:
    """Without what the file carried beside its pixels: it travels between processes."""
    image.info.clear()
    return image


def _plain_reason(error: Exception, data: bytes) -> str:
    if isinstance(error, Image.DecompressionBombError):
        return "too large: it claims more pixels than are read"
    if not any(data[:4096]) and not any(data):
        return "the file holds only zeros"
    message = str(error).lower()
    if isinstance(error, EOFError) or any(word in message for word in _CUT_OFF_WORDS):
        return "the file is cut off"
    kind = sniff(data)
    if kind is None:
        return NOT_A_PHOTO
    return f"the file is damaged: its {kind} data cannot be read"
