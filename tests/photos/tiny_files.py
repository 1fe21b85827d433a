"""Tiny photos whose bytes Pillow cannot write: HEIC, a camera's raw file, odd TIFF."""

import base64
import io
import struct

import numpy as np
import numpy.typing as npt
from PIL import Image

# 48 x 32, left half red, right half blue, EXIF model "Tiny".
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAb5tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAA"
    "AAAAAAAAAAAAADRpbG9jAAAAAERAAAIAAQAAAAAB4gABAAAAAAAAACkAAgAAAAACCwABAAAAAAAAADYAAAA4aWlu"
    "ZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA"
    "/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMA"
    "AAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkA"
    "AAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAADAAAAABAAAAIAAAAAH////w"
    "AAAAAv///+AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAABppcmVmAAAAAAAA"
    "AA5jZHNjAAIAAQABAAAAZ21kYXQAAAAlKAGvE4DlMff/t/k/36M/yRksEs/ugPurEv6JDv4Sw+soo9pz8AAAAAZF"
    "eGlmAABNTQAqAAAACAACARAAAgAAAAUAAAAmARIAAwAAAAEAAQAAAAAAAFRpbnkAAA=="
)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def halves(size: tuple[int, int] = (48, 32)) -> Image.Image:
    """Left half red, right half blue."""
    image = Image.new("RGB", size, (220, 30, 30))
    image.paste((30, 30, 220), (size[0] // 2, 0, *size))
    return image


def quarters(size: tuple[int, int] = (80, 64)) -> npt.NDArray[np.uint8]:
    """Four quarters of different colours, so that every turn and mirroring is told apart."""
    width, height = size
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[: height // 2, : width // 2] = (200, 40, 40)
    pixels[: height // 2, width // 2 :] = (40, 200, 40)
    pixels[height // 2 :, : width // 2] = (40, 40, 200)
    pixels[height // 2 :, width // 2 :] = (200, 200, 200)
    return pixels


def dng(orientation: int = 1, size: tuple[int, int] = (128, 96)) -> bytes:
    """A raw file without a preview: 16-bit Bayer pattern, uncompressed."""
    width, height = size
    pattern = np.array([[40000, 20000], [20000, 5000]], dtype="<u2")
    sensor = np.tile(pattern, (height // 2, width // 2)).tobytes()
    matrix = struct.pack("<18i", *(1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1))
    tags = [
        (254, 4, 1, struct.pack("<I", 0)),
        (256, 4, 1, struct.pack("<I", width)),
        (257, 4, 1, struct.pack("<I", height)),
        (258, 3, 1, struct.pack("<H", 16)),
        (259, 3, 1, struct.pack("<H", 1)),
        (262, 3, 1, struct.pack("<H", 32803)),
        (271, 2, 6, b"Maker\0"),
        (272, 2, 6, b"Model\0"),
        (273, 4, 1, b"@@@@"),
        (274, 3, 1, struct.pack("<H", orientation)),
        (277, 3, 1, struct.pack("<H", 1)),
        (278, 4, 1, struct.pack("<I", height)),
        (279, 4, 1, struct.pack("<I", len(sensor))),
        (33421, 3, 2, struct.pack("<HH", 2, 2)),
        (33422, 1, 4, bytes((0, 1, 1, 2))),
        (50706, 1, 4, bytes((1, 4, 0, 0))),
        (50708, 2, 12, b"Maker Model\0"),
        (50717, 4, 1, struct.pack("<I", 65535)),
        (50721, 10, 9, matrix),
        (50728, 5, 3, struct.pack("<6I", 1, 1, 1, 1, 1, 1)),
    ]
    values, entries = b"", b""
    at = 8 + 2 + 12 * len(tags) + 4
    for tag, kind, count, value in tags:
        entries += struct.pack("<HHI", tag, kind, count)
        if len(value) <= 4:
            entries += value.ljust(4, b"\0")
        else:
            entries += struct.pack("<I", at + len(values))
            values += value + b"\0" * (len(value) % 2)
    entries = entries.replace(b"@@@@", struct.pack("<I", at + len(values)))
    head = struct.pack("<2sHIH", b"II", 42, 8, len(tags))
    return head + entries + struct.pack("<I", 0) + values + sensor
