"""The bytes of a photo of any kind -> upright 8-bit RGB at about the size that is needed."""

from dataclasses import dataclass

from PIL import Image

from capsearch.photos.codecs import (
    PILLOW_OPENERS,
    Pixels,
    open_heif,
    open_jxl,
    open_pillow,
    open_rare,
)
from capsearch.photos.colour import to_rgb
from capsearch.photos.errors import DecodeError
from capsearch.photos.formats import is_raw_name, sniff
from capsearch.photos.orientation import upright
from capsearch.photos.raw import open_raw
from capsearch.photos.silence import silenced

__all__ = ["MAX_PIXELS", "DecodeError", "Decoded", "decode"]

MAX_PIXELS = 300_000_000
"""For a JPEG that is decoded scaled down; half of it for what must be held in memory whole."""

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
    kind = sniff(data)
    if kind == "RAW" or (is_raw_name(name) and kind in (None, "TIFF")):
        return open_raw(data, min_side, max_pixels)
    if kind == "HEIF":
        return open_heif(data, min_side, max_pixels)
    if kind == "JXL":
        return open_jxl(data, min_side, max_pixels)
    if kind in PILLOW_OPENERS:
        return open_pillow(data, kind, min_side, max_pixels)
    return open_rare(data, kind, min_side, max_pixels)


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
        return "not a photo, or of a kind that is not read"
    return f"the file is damaged: its {kind} data cannot be read"
