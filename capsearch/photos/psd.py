"""Photoshop files that Pillow refuses or misreads, as ones that it reads.

Their parts are those of Adobe's "Photoshop File Formats Specification": a head, a palette,
resources, layers, and last the picture that all layers make together.
"""

import io
import struct
import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, JpegImagePlugin

from capsearch.photos.errors import DecodeError, check_pixels

NOT_READ = "the file holds PSD of a kind that is not read"

_HEAD = struct.Struct(">4sH6xHIIHH")
_COLOURS = {0: 1, 1: 1, 2: 1, 3: 3, 4: 4, 7: 1, 8: 1, 9: 3}
_RGB, _BIG = 3, 2
_RAW, _PACKED, _ZIPPED = 0, 1, 2
_THUMBNAIL, _VERSION = 1036, 1057
_HEAD_OF_THUMBNAIL = 28


@dataclass(frozen=True)
class _Parts:
    version: int
    channels: int
    height: int
    width: int
    depth: int
    mode: int
    palette: bytes
    resources: bytes
    layers: int
    """How many; below 0 where the first channel behind the colours says how clear it is."""
    picture: int


def readable_psd(data: bytes, max_pixels: int) -> bytes:
    """The file as one of 8 bits without channels beside its colours, or itself where it is that.

    Raises:
        DecodeError: its kind is not read, or it has no picture of all layers.
        Exception: it is damaged or cut off.
    """
    parts = _parts(data)
    colours = _COLOURS.get(parts.mode, 0)
    is_clear = parts.mode == _RGB and parts.channels > colours and parts.layers < 0
    wanted = colours + is_clear
    if parts.version == 1 and parts.depth == 8 and parts.channels == wanted:
        return data
    if not colours or parts.version > _BIG or parts.depth not in (1, 8, 16):
        raise DecodeError(NOT_READ)
    if parts.channels < wanted:
        raise ValueError("there are fewer channels than colours")
    check_pixels(parts.width, parts.height, max_pixels)
    head = _HEAD.pack(
        b"8BPS", 1, wanted, parts.height, parts.width, min(8, parts.depth), parts.mode
    )
    beside = b"".join(
        struct.pack(">I", len(each)) + each for each in (parts.palette, parts.resources, b"")
    )
    planes = b"".join(_planes(data, parts, wanted))
    return head + beside + struct.pack(">H", _RAW) + planes


def picture_instead(data: bytes) -> Image.Image | None:
    """The small picture of a file in which there is none of all layers; None where there is one.

    Raises:
        DecodeError: there is no small one either.
    """
    parts = _parts(data)
    version = _resource(parts.resources, _VERSION)
    if len(version) < 5 or version[4]:
        return None
    small = _resource(parts.resources, _THUMBNAIL)[_HEAD_OF_THUMBNAIL:]
    if not small.startswith(b"\xff\xd8"):
        raise DecodeError("the file holds layers only, without a picture of them together")
    with JpegImagePlugin.JpegImageFile(io.BytesIO(small)) as image:
        image.load()
        return image.convert("RGB")


def size_of_psd(data: bytes) -> tuple[int, int]:
    """Width and height."""
    parts = _parts(data)
    return parts.width, parts.height


def _parts(data: bytes) -> _Parts:
    _, version, channels, height, width, depth, mode = _HEAD.unpack_from(data)
    at, found = _HEAD.size, []
    for wide in (False, False, version == _BIG):
        if at + 8 > len(data):
            raise EOFError("its parts end too early")
        size = struct.unpack_from(">Q" if wide else ">I", data, at)[0]
        at += 8 if wide else 4
        found.append((at, size))
        at += size
    if at + 2 > len(data):
        raise EOFError("its parts end too early")
    palette, resources, layers = found
    wide = version == _BIG
    info = 8 if wide else 4
    begins, length = layers
    has_layers = length >= info + 2 and any(data[begins : begins + info])
    count = struct.unpack_from(">h", data, begins + info)[0] if has_layers else 0
    of_palette, of_resources = (data[start : start + size] for start, size in (palette, resources))
    head = (version, channels, height, width, depth, mode)
    return _Parts(*head, of_palette, of_resources, count, at)


def _resource(resources: bytes, wanted: int) -> bytes:
    at = 0
    while at + 12 <= len(resources) and resources[at : at + 4] == b"8BIM":
        (number,) = struct.unpack_from(">H", resources, at + 4)
        at += 6 + (resources[at + 6] // 2 + 1) * 2  # its name, of an even length with its count
        (size,) = struct.unpack_from(">I", resources, at)
        if number == wanted:
            return resources[at + 4 : at + 4 + size]
        at += 4 + size + size % 2
    return b""


def _planes(data: bytes, parts: _Parts, wanted: int) -> list[bytes]:
    """The first channels, 8 bits (or 1) a pixel."""
    (packing,) = struct.unpack_from(">H", data, parts.picture)
    at = parts.picture + 2
    row = -(-parts.width * parts.depth // 8)
    size = row * parts.height
    if packing == _RAW:
        planes = [data[at + n * size : at + (n + 1) * size] for n in range(wanted)]
    elif packing == _ZIPPED:
        whole = zlib.decompressobj().decompress(data[at:], size * parts.channels)
        planes = [whole[n * size : (n + 1) * size] for n in range(wanted)]
    elif packing == _PACKED:
        planes = _unpacked(data, at, parts, wanted, row)
    else:
        raise DecodeError(NOT_READ)
    if any(len(plane) != size for plane in planes):
        raise EOFError("the picture ends too early")
    if parts.depth == 1:  # of which 1 is black, and Pillow takes it for white
        return [bytes(np.invert(np.frombuffer(plane, np.uint8))) for plane in planes]
    return [plane[::2] for plane in planes] if parts.depth == 16 else planes


def _unpacked(data: bytes, at: int, parts: _Parts, wanted: int, row: int) -> list[bytes]:
    """Each row packed by itself, all lengths standing before."""
    count = parts.channels * parts.height
    kind = np.dtype(">u4" if parts.version == _BIG else ">u2")
    lengths: npt.NDArray[np.int64] = np.frombuffer(data, kind, count, at).astype(np.int64)
    at += count * kind.itemsize
    ends = at + lengths.reshape(parts.channels, -1).sum(1).cumsum()
    if ends[wanted - 1] > len(data):
        raise EOFError("the picture ends too early")
    size = (row, parts.height)
    packed = (data[start:end] for start, end in zip([at, *ends], ends[:wanted], strict=False))
    return [Image.frombytes("L", size, each, "packbits", "L").tobytes() for each in packed]
