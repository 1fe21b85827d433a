"""Where each kind of file keeps what it says about itself: its EXIF, XMP, IPTC, and notes."""

import io
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import brotli  # type: ignore[import-untyped,unused-ignore]
from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    IptcImagePlugin,
    JpegImagePlugin,
    TiffImagePlugin,
)

from capsearch.photos.formats import sniff
from capsearch.photos.heif import open_heif_file

_XMP_EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
_TIFF_LIKE_RAW = (b"IIRO", b"IIRS", b"MMOR", b"IIU\0")
_SCANNED_FOR_CR3 = 1 << 20
_MAX_UNPACKED_BYTES = 4 << 20


@dataclass(frozen=True)
class Blocks:
    """`exif` starts with its TIFF header; `size` is width and height as stored, where known.

    `notes` are texts of the file's own format, by their name in PNG ("Title", "Comment", ...).
    """

    exif: bytes = b""
    xmp: tuple[bytes, ...] = ()
    iptc: dict[tuple[int, int], Any] | None = None
    size: tuple[int, int] | None = None
    turned_already: bool = False
    notes: tuple[tuple[str, bytes], ...] = ()


def read_blocks(data: bytes) -> Blocks:
    """The blocks of a photo of any kind, no pixel decoded; raises what its codec raises."""
    kind = "TIFF" if data.startswith(_TIFF_LIKE_RAW) else sniff(data)
    return _READERS[kind](data) if kind in _READERS else Blocks()


def _from_info(image: Image.Image) -> Blocks:
    xmp = image.info.get("xmp")
    exif = image.info.get("exif") or b""
    comment = image.info.get("comment")
    notes = (("Comment", comment),) if isinstance(comment, bytes) else ()
    packets = (xmp,) if isinstance(xmp, bytes) else ()
    return Blocks(_bare_exif(exif), packets, None, image.size, notes=notes)


def _avif(data: bytes) -> Blocks:
    with AvifImagePlugin.AvifImageFile(io.BytesIO(data)) as image:
        return _from_info(image)


def _gif(data: bytes) -> Blocks:
    with GifImagePlugin.GifImageFile(io.BytesIO(data)) as image:
        return _from_info(image)


def _bare_exif(exif: bytes) -> bytes:
    return exif.removeprefix(b"Exif\0\0")


def _jpeg(data: bytes) -> Blocks:
    with JpegImagePlugin.JpegImageFile(io.BytesIO(data)) as image:
        found = _from_info(image)
        segments = [content for _, content in image.applist]
        packets = (*found.xmp, *_extended_xmp(segments))
        return replace(found, xmp=packets, iptc=_iptc(image))


def _extended_xmp(segments: list[bytes]) -> Iterator[bytes]:
    """XMP too large for one segment: parts with a 32 byte id, whole length and offset each."""
    parts: dict[bytes, dict[int, bytes]] = {}
    for segment in segments:
        if segment.startswith(_XMP_EXTENSION):
            head = len(_XMP_EXTENSION)
            identity, (_, offset) = (
                segment[head : head + 32],
                struct.unpack_from(">II", segment, head + 32),
            )
            parts.setdefault(identity, {})[offset] = segment[head + 40 :]
    for pieces in parts.values():
        yield b"".join(pieces[offset] for offset in sorted(pieces))


def _iptc(image: Any) -> dict[tuple[int, int], Any] | None:
    try:
        return IptcImagePlugin.getiptcinfo(image)
    except Exception:  # noqa: BLE001 - a broken IPTC block must not cost EXIF and XMP
        return None


def _tiff(data: bytes) -> Blocks:
    if data.startswith(_TIFF_LIKE_RAW):
        data = (b"MM\0*" if data[:2] == b"MM" else b"II*\0") + data[4:]
    directory = TiffImagePlugin.ImageFileDirectory_v2(data[:8])
    file = io.BytesIO(data)
    file.seek(directory.next)
    directory.load(file)
    xmp = directory.get(700)
    iptc = directory.get(33723)
    return Blocks(
        data,
        (bytes(xmp),) if isinstance(xmp, bytes) else (),
        _iptc_of_tiff(iptc) if isinstance(iptc, bytes) else None,
    )


def _iptc_of_tiff(block: bytes) -> dict[tuple[int, int], Any]:
    """IPTC-IIM data sets: 0x1c, record, number, 2 bytes of length, value."""
    found: dict[tuple[int, int], Any] = {}
    at = block.find(b"\x1c")
    while 0 <= at <= len(block) - 5 and block[at] == 0x1C:
        record, number, length = struct.unpack_from(">BBH", block, at + 1)
        found.setdefault((record, number), []).append(block[at + 5 : at + 5 + length])
        at += 5 + length
    return found


def _png(data: bytes) -> Blocks:
    exif, xmp, notes, at = b"", [], [], 8
    size = struct.unpack_from(">II", data, 16)
    while at + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        if name == b"eXIf":
            exif = _bare_exif(data[at + 8 : at + 8 + length])
        elif name == b"iTXt" and data.startswith(b"XML:com.adobe.xmp\0\0", at + 8):
            text = data[at + 8 : at + 8 + length].split(b"\0", 5)
            xmp.append(text[-1])
        elif name in (b"tEXt", b"zTXt", b"iTXt"):
            notes += _png_note(name, data[at + 8 : at + 8 + length])
        at += 12 + length
    return Blocks(exif, tuple(xmp), None, (size[0], size[1]), notes=tuple(notes))


def _png_note(kind: bytes, chunk: bytes) -> list[tuple[str, bytes]]:
    """A chunk of text: its keyword, then the text, packed or not (PNG 1.2, 4.2.3)."""
    keyword, _, rest = chunk.partition(b"\0")
    packed = kind == b"zTXt"
    if kind == b"iTXt":
        packed, rest = rest[:1] == b"\1", rest[2:].split(b"\0", 2)[-1]
    elif packed:
        rest = rest[1:]
    try:
        text = zlib.decompressobj().decompress(rest, _MAX_UNPACKED_BYTES) if packed else rest
    except zlib.error:
        return []
    return [(keyword.decode("latin-1"), text)]


def _webp(data: bytes) -> Blocks:
    exif, xmp, at = b"", b"", 12
    while at + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, at)
        if name == b"EXIF":
            exif = _bare_exif(data[at + 8 : at + 8 + length])
        elif name == b"XMP ":
            xmp = data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    return Blocks(exif, (xmp,) if xmp else ())


def _heif(data: bytes) -> Blocks:
    heif = open_heif_file(data)
    photo = heif[heif.primary_index]
    xmp = photo.info.get("xmp")
    exif = _bare_exif(photo.info.get("exif") or b"")
    return Blocks(exif, (xmp,) if xmp else (), None, photo.size, turned_already=True)


def _jxl(data: bytes) -> Blocks:
    """The boxes of a JPEG XL container, plain or packed with Brotli."""
    boxes: dict[bytes, bytes] = {}
    for name, content in _boxes(data):
        if name == b"brob":
            boxes[content[:4]] = _unpacked(content[4:])
        elif name in (b"Exif", b"xml "):
            boxes[name] = content
    exif, xmp = boxes.get(b"Exif", b""), boxes.get(b"xml ")
    skipped = 4 + int.from_bytes(exif[:4], "big")
    return Blocks(_bare_exif(exif[skipped:]), (xmp,) if xmp else (), turned_already=True)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(data) if data.startswith(b"\xff\x0a") else 0
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        head = 8
        if length == 1:
            (length,) = struct.unpack_from(">Q", data, at + 8)
            head = 16
        end = at + length if length >= head else len(data)
        if name in (b"Exif", b"xml ", b"brob"):
            yield name, data[at + head : end]
        at = end


def _unpacked(packed: bytes) -> bytes:
    return bytes(brotli.Decompressor().process(packed, output_buffer_limit=_MAX_UNPACKED_BYTES))


def _other_raw(data: bytes) -> Blocks:
    """Fujifilm keeps a JPEG with everything; Canon's CR3 keeps EXIF in boxes named CMT1 to CMT4."""
    if data.startswith(b"FUJIFILMCCD-RAW"):
        offset, length = struct.unpack_from(">II", data, 84)
        return _jpeg(data[offset : offset + length])
    match = re.search(rb"CMT1(?=II\*\0|MM\0\*)", data[:_SCANNED_FOR_CR3])
    return Blocks(data[match.end() : match.end() + 65536]) if match else Blocks()


_READERS: dict[str, Callable[[bytes], Blocks]] = {
    "JPEG": _jpeg,
    "TIFF": _tiff,
    "PNG": _png,
    "WEBP": _webp,
    "HEIF": _heif,
    "AVIF": _avif,
    "GIF": _gif,
    "JXL": _jxl,
    "RAW": _other_raw,
}
