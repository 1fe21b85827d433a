"""What Pillow leaves out of the pixels and colours that a file says it has."""

import struct

import numpy as np
from PIL import Image

from capsearch.photos.jpeg2000 import icc_of_jp2

_DEEP = ("I", "I;16", "I;16L", "I;16B", "I;16N")
_SAID = ("PNG", "PPM", "JPEG2000")
"""Kinds that say of how many bits their numbers are, so that dark photos stay dark."""
_OFTEN_UNSAID = 1 << 12
"""12 bits and less are put into files of 16 as they are, also where a file says that it has 16; as
that they would be nearly black."""
_UNUSED_ALPHA = ("BMP", "TGA")
_V5_HEAD, _EMBEDDED = 124, b"DEBM"


def mend_head(image: Image.Image, kind: str, data: bytes) -> None:
    """What the file says and Pillow does not read, put in the `info` of the unread picture."""
    if kind == "PNG":
        _scale_clear_grey(image, data)
    profile = {"BMP": _icc_of_bmp, "JPEG2000": icc_of_jp2}.get(kind)
    if profile and (found := profile(data)):
        image.info.setdefault("icc_profile", found)


def mended(image: Image.Image, kind: str) -> Image.Image:
    """The picture, read: deep grey of a known depth as 8 bits, and an alpha that is not used (0
    everywhere) left out."""
    if kind in _SAID and image.mode in _DEEP:
        return _shallow(image)
    if kind in _UNUSED_ALPHA and image.mode == "RGBA" and not image.getchannel("A").getbbox():
        image.putalpha(255)
    return image


def _shallow(image: Image.Image) -> Image.Image:
    values = np.asarray(image)
    low, high = int(values.min()), int(values.max())
    if low < 0 or not _OFTEN_UNSAID <= high < 1 << 16:
        return image
    small = Image.fromarray((values >> 8).astype(np.uint8))
    small.info = dict(image.info)
    clear = small.info.pop("transparency", None)
    if isinstance(clear, int):
        small.putalpha(Image.fromarray(np.where(values == clear, 0, 255).astype(np.uint8)))
    return small


def _scale_clear_grey(image: Image.Image, data: bytes) -> None:
    """Grey of 2 and 4 bits becomes grey of 8; the number that is clear has to follow it."""
    clear, depth = image.info.get("transparency"), data[24] if len(data) > 24 else 0
    if image.mode == "L" and isinstance(clear, int) and depth in (2, 4):
        image.info["transparency"] = clear * 255 // ((1 << depth) - 1)


def _icc_of_bmp(data: bytes) -> bytes | None:
    """Of a head of version 5, which says where it lies as counted from the head."""
    if len(data) < 14 + _V5_HEAD or struct.unpack_from("<I", data, 14)[0] < _V5_HEAD:
        return None
    if data[14 + 56 : 14 + 60] != _EMBEDDED:
        return None
    start, size = struct.unpack_from("<II", data, 14 + 112)
    return data[14 + start : 14 + start + size] or None
