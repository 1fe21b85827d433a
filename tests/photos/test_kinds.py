"""Of every kind of a format the picture has its colours, or the file is refused in one sentence."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from made_bmp import bmp, masks, v5
from PIL import Image, ImageCms
from tiny_files import encoded

from capsearch.photos.decode import DecodeError, decode
from capsearch.photos.profiles import matrix_profile

Bytes = npt.NDArray[np.uint8]

GREEN, RED, BLUE = (10, 200, 10), (220, 30, 30), (30, 30, 220)
P3 = matrix_profile((0.68, 0.32, 0.265, 0.69, 0.15, 0.06, 0.3127, 0.3290), 2.2)
IN_P3 = ((0, 205, 0), (241, 0, 0), (24, 24, 230))
"""The three colours as P3 means them, in sRGB, by the formulas of `wanted` in test_colour.py."""
RIGHT = np.where(np.arange(48) < 24, 255, 0).astype(np.uint8) * np.ones((32, 1), np.uint8)
"""Clear on the right side."""


def picture() -> Image.Image:
    """Left half red, its corner green, right half blue: every turn and mirroring differs."""
    image = Image.new("RGB", (48, 32), RED)
    image.paste(BLUE, (24, 0, 48, 32))
    image.paste(GREEN, (0, 0, 16, 16))
    return image


PIXELS: Bytes = np.asarray(picture())
RAMP: Bytes = np.tile(np.arange(48, dtype=np.uint8) * 5, (32, 1))
NUMBERS: Bytes = np.zeros((32, 48), np.uint8)
NUMBERS[:, 24:] = 1
NUMBERS[:16, :16] = 2
PALETTE = (RED, BLUE, GREEN)


def shown(data: bytes, name: str = "a") -> npt.NDArray[np.float64]:
    decoded = decode(data, name, 32)
    assert (decoded.width, decoded.height) == (48, 32)
    return np.asarray(decoded.image, dtype=float)


def assert_colours(
    data: bytes,
    name: str = "a",
    colours: tuple[Any, ...] = (GREEN, RED, BLUE),
    within: float = 6,
) -> None:
    """`within` is what 5 bits a colour are apart from 8."""
    for side in (32, 8):
        pixels = np.asarray(decode(data, name, side).image, dtype=float)
        high, wide = pixels.shape[:2]
        parts = (
            pixels[: high // 4, : wide // 6],
            pixels[-high // 4 :, : wide // 6],
            pixels[-high // 4 :, -wide // 6 :],
        )
        for part, colour in zip(parts, colours, strict=True):
            assert np.abs(part.mean((0, 1)) - colour).max() <= within


def assert_grey(data: bytes, values: npt.NDArray[Any], name: str = "a", within: float = 1) -> None:
    pixels = shown(data, name)
    assert np.ptp(pixels, axis=2).max() == 0
    assert np.abs(pixels[..., 0] - values).max() <= within


def reason(data: bytes, name: str = "a") -> str:
    with pytest.raises(DecodeError) as caught:
        decode(data, name, 32)
    return caught.value.reason


# PNG


def png(depth: int, colour: int, rows: npt.NDArray[Any], **chunks: bytes) -> bytes:
    """`rows` as they are packed, deep numbers in this machine's order."""
    if rows.dtype == np.uint16:
        rows = rows.astype(">u2")
    packed = b"".join(b"\0" + row.tobytes() for row in rows)
    head = struct.pack(">IIBBBBB", 48, 32, depth, colour, 0, 0, 0)
    made = [("IHDR", head), *chunks.items(), ("IDAT", zlib.compress(packed)), ("IEND", b"")]
    file = b"\x89PNG\r\n\x1a\n"
    for kind, content in made:
        both = kind.encode() + content
        file += struct.pack(">I", len(content)) + both + struct.pack(">I", zlib.crc32(both))
    return file


def deep(values: npt.NDArray[Any], share: float = 1) -> npt.NDArray[np.uint16]:
    return np.rint(values.astype(float) * 257 * share).astype(np.uint16)


def test_a_png_of_16_bits_is_the_picture_of_8() -> None:
    assert_colours(png(16, 2, deep(PIXELS)), within=0)
    assert_colours(
        png(16, 6, deep(np.dstack([PIXELS, RIGHT]))), colours=(GREEN, RED, (255,) * 3), within=0
    )
    assert_grey(png(16, 0, deep(RAMP)), RAMP)
    clear = np.where(RIGHT == 0, 255, RAMP)
    assert_grey(png(16, 4, deep(np.dstack([RAMP, RIGHT]))), clear)


@pytest.mark.parametrize("kind", ["PNG", "PGM", "JPEG2000"])
@pytest.mark.parametrize("share", [0.08, 1 / 6, 1 / 3])
def test_a_dark_photo_of_16_bits_stays_dark(kind: str, share: float) -> None:
    values = deep(RAMP, share)
    data = {
        "PNG": lambda: png(16, 0, values),
        "PGM": lambda: b"P5 48 32 65535\n" + values.astype(">u2").tobytes(),
        "JPEG2000": lambda: encoded(Image.fromarray(values), "JPEG2000"),
    }[kind]()
    assert_grey(data, RAMP * share, f"a.{kind}")


@pytest.mark.parametrize("bits", [10, 12])
def test_few_bits_in_16_are_shown_all_the_same(bits: int) -> None:
    values = (RAMP.astype(np.uint16) << (bits - 8)) | 1
    assert_grey(png(16, 0, values), RAMP, within=2)


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
def test_a_grey_that_a_png_calls_clear_is_white(depth: int) -> None:
    most = (1 << depth) - 1
    clear = most // 2 + (depth == 1)
    values = np.where(RIGHT == 0, clear, 0)
    if depth == 16:
        rows: npt.NDArray[Any] = values.astype(np.uint16)
    else:
        bits = np.unpackbits(values.astype(np.uint8)[..., None], axis=2)[..., 8 - depth :]
        rows = np.packbits(bits.reshape(32, -1), axis=1)
    as_it_is = np.where(RIGHT == 0, clear * 255 / most, 0)
    assert_grey(png(depth, 0, rows), as_it_is, within=1 if depth > 1 else 0)
    assert_grey(png(depth, 0, rows, tRNS=struct.pack(">H", clear)), 255 - RIGHT)


@pytest.mark.parametrize("depth", [8, 16])
def test_a_colour_that_a_png_calls_clear_is_white(depth: int) -> None:
    rows = PIXELS.reshape(32, -1) if depth == 8 else deep(PIXELS).reshape(32, -1)
    clear = struct.pack(">3H", *(value * (257 if depth == 16 else 1) for value in BLUE))
    assert_colours(png(depth, 2, rows, tRNS=clear), colours=(GREEN, RED, (255,) * 3), within=0)


def test_palettes_may_be_clear_in_part() -> None:
    colours = bytes(value for colour in PALETTE for value in colour)
    assert_colours(png(8, 3, NUMBERS, PLTE=colours), within=0)
    half = tuple((255 + value) / 2 for value in RED)
    clear = png(8, 3, NUMBERS, PLTE=colours, tRNS=b"\x80\0")
    assert_colours(clear, colours=(GREEN, half, (255,) * 3), within=1)
    one = np.packbits(RIGHT == 0, axis=1)
    two = bytes(value for colour in (RED, BLUE) for value in colour)
    assert_colours(png(1, 3, one, PLTE=two), colours=(RED, RED, BLUE), within=0)
    assert_colours(
        png(1, 3, one, PLTE=two, tRNS=b"\0"), colours=((255,) * 3, (255,) * 3, BLUE), within=0
    )


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("GIF", {}),
        ("WEBP", {"quality": 95}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {}),
        ("AVIF", {"quality": 95}),
        ("JPEG2000", {}),
        ("ICO", {"sizes": [(48, 32)]}),
        ("TGA", {}),
        ("QOI", {}),
        ("DDS", {}),
        ("SGI", {}),
    ],
)
def test_what_is_clear_is_white_in_every_kind(kind: str, options: dict[str, Any]) -> None:
    image = picture().convert("RGBA")
    image.putalpha(Image.fromarray(RIGHT))
    data = encoded(image, kind, **options)
    assert_colours(data, f"a.{kind}", (GREEN, RED, (255,) * 3), within=10)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "PPM", "PCX", "TGA"])
def test_one_bit_is_black_and_white(kind: str) -> None:
    data = encoded(Image.fromarray(RIGHT == 0), kind)
    assert_grey(data, 255 - RIGHT, f"a.{kind}")


def test_webp_has_the_colours_of_its_profile() -> None:
    for mode in ("RGB", "RGBA"):
        data = encoded(picture().convert(mode), "WEBP", lossless=True, icc_profile=P3)
        assert_colours(data, colours=IN_P3, within=2)


@pytest.mark.parametrize("depth", ["yuv420p", "yuv420p10le"])
def test_avif_of_8_and_10_bits_is_the_same_picture(depth: str) -> None:
    av = pytest.importorskip("av")
    if "libsvtav1" not in av.codecs_available:
        pytest.skip("PyAV has no encoder of AV1 here")
    out = io.BytesIO()
    large = picture().resize((384, 256), Image.Resampling.NEAREST)
    with av.open(out, "w", format="avif") as container:
        stream = container.add_stream("libsvtav1", rate=1, options={"crf": "10"})
        stream.width, stream.height, stream.pix_fmt = *large.size, depth
        frame = av.VideoFrame.from_ndarray(np.asarray(large), format="rgb24")
        container.mux(stream.encode(frame.reformat(format=depth)))
        container.mux(stream.encode())
    assert_colours(out.getvalue(), within=8)


# JPEG


def without_adobe(data: bytes) -> bytes:
    at = data.index(b"\xff\xee")
    return data[:at] + data[at + 2 + struct.unpack_from(">H", data, at + 2)[0] :]


def with_transform(data: bytes, transform: int) -> bytes:
    at = data.index(b"\xff\xee") + 15
    return data[:at] + bytes([transform]) + data[at + 1 :]


def test_cmyk_in_jpeg_has_its_colours() -> None:
    """Without Adobe's mark too it is taken as inverted, as browsers do."""
    data = encoded(picture().convert("CMYK"), "JPEG", quality=95)
    assert_colours(data)
    assert_colours(without_adobe(data))


def profile_of_black_ink() -> bytes:
    """A CMYK profile (lut8Type of ICC.1) by which only black is seen: L* falls from 100 to 0."""
    straight = bytes(range(256))
    nodes = bytes(
        value for node in range(16) for value in ((0 if node & 1 else 255), 128, 128)
    )  # black, the last channel, varies fastest
    matrix = struct.pack(">9i", *(65536 * (number % 4 == 0) for number in range(9)))
    table = b"mft1\0\0\0\0\4\3\2\0" + matrix + straight * 4 + nodes + straight * 3
    tags = {b"A2B0": table, b"wtpt": b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)}
    tags |= {b"desc": b"desc\0\0\0\0\0\0\0\1" + bytes(80), b"cprt": b"text\0\0\0\0\0\0\0\0"}
    entries, body, start = b"", b"", 132 + 12 * len(tags)
    for tag, content in tags.items():
        entries += struct.pack(">4sII", tag, start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    rest = struct.pack(">I", len(tags)) + entries + body
    head = struct.pack(">I4xI4s4s4s", 128 + len(rest), 0x02100000, b"prtr", b"CMYK", b"Lab ")
    head += struct.pack(">6H4s28x", 2026, 1, 1, 0, 0, 0, b"acsp")
    head += struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + rest


@pytest.mark.parametrize("kind", ["JPEG", "YCCK", "TIFF", "PSD"])
def test_cmyk_has_the_colours_of_its_profile(kind: str) -> None:
    """L* of 49.8 is 118 in sRGB, by the formulas of CIELAB and IEC 61966-2-1."""
    image = Image.new("CMYK", (48, 32), (200, 0, 0, 128))  # of whose cyan nothing is seen
    profile = profile_of_black_ink()
    if kind == "PSD":
        planes = in_planes(255 - np.asarray(image))
        data = psd(4, planes, resources=resource(1039, profile))
    elif kind == "YCCK":
        ink = np.asarray(image)
        brightness = np.asarray(Image.fromarray(ink[..., :3]).convert("YCbCr"))
        stored = Image.fromarray(np.dstack([255 - brightness, ink[..., 3]]), "CMYK")
        data = with_transform(encoded(stored, "JPEG", quality=95, icc_profile=profile), 2)
    else:
        data = encoded(image, kind, quality=95, icc_profile=profile)
    assert np.abs(shown(data) - 118).max() <= 2


def test_ycck_in_jpeg_has_its_colours() -> None:
    ink = np.asarray(picture().convert("CMYK"))
    brightness = np.asarray(Image.fromarray(ink[..., :3]).convert("YCbCr"))
    stored = np.dstack([255 - brightness, ink[..., 3]])
    data = encoded(Image.fromarray(stored, "CMYK"), "JPEG", quality=95)
    assert_colours(with_transform(data, 2))


def test_rgb_in_jpeg_has_its_colours() -> None:
    assert_colours(encoded(picture(), "JPEG", quality=95, keep_rgb=True))


def with_frame(marker: int, depth: int = 8) -> bytes:
    data = bytearray(encoded(picture(), "JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 1], data[at + 4] = marker, depth
    return bytes(data)


@pytest.mark.parametrize("marker", [0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF, 0xF7])
def test_lossless_and_hierarchical_jpeg_are_of_a_kind_that_is_not_read(marker: int) -> None:
    assert reason(with_frame(marker)) == "the file holds JPEG of a kind that is not read"


def test_jpeg_of_12_bits_is_of_a_kind_that_is_not_read() -> None:
    assert reason(with_frame(0xC1, 12)) == "the file holds JPEG of a kind that is not read"


def lossless(colours: int, identities: bytes = b"\1\2\3") -> bytes:
    """A lossless JPEG (ITU-T T.81, annex H) of grey 128 throughout: every difference is 0."""
    identities = identities[:colours]
    frame = struct.pack(">BHHB", 8, 32, 48, colours)
    frame += b"".join(b"%c\x11\0" % each for each in identities)
    table = b"\0\1" + bytes(15) + b"\0"
    scan = bytes([colours]) + b"".join(b"%c\0" % each for each in identities) + b"\1\0\0"
    parts = ((0xC3, frame), (0xC4, table), (0xDA, scan))
    head = b"".join(b"\xff%c" % kind + struct.pack(">H", len(c) + 2) + c for kind, c in parts)
    return b"\xff\xd8" + head + bytes(48 * 32 * colours // 8) + b"\xff\xd9"


def test_a_lossless_jpeg_is_read_where_its_colours_are_said() -> None:
    assert_grey(lossless(1), np.full((32, 48), 128))
    assert_grey(lossless(3, b"RGB"), np.full((32, 48), 128))
    assert reason(lossless(3)) == "the file holds JPEG of a kind that is not read"


# BMP


def packed(pixels: Bytes, *bits: int) -> npt.NDArray[np.uint16]:
    value: npt.NDArray[np.uint16] = np.zeros(pixels.shape[:2], np.uint16)
    for band, count in enumerate(bits):
        value = (value << count | pixels[..., band] >> (8 - count)).astype(np.uint16)
    return value


def bgra(pixels: Bytes, alpha: Bytes | int) -> Bytes:
    out = np.zeros((32, 48, 4), np.uint8)
    out[..., :3], out[..., 3] = pixels[..., ::-1], alpha
    return out


def runs(numbers: Bytes, bits: int) -> bytes:
    out = b""
    for row in numbers:
        for number in row[::8]:
            out += bytes([8, number if bits == 8 else number << 4 | number])
        out += b"\0\0"
    return out + b"\0\1"


UP = PIXELS[::-1]
UP_NUMBERS = NUMBERS[::-1]
IN_HALVES = UP_NUMBERS[:, ::2] << 4 | UP_NUMBERS[:, 1::2]
COLOURS_4 = b"".join(bytes([*colour[::-1], 0]) for colour in PALETTE) + bytes(4 * 13)
COLOURS_3 = b"".join(bytes(colour[::-1]) for colour in PALETTE) + bytes(3 * 13)
RGB_565 = masks(0xF800, 0x7E0, 0x1F)
BMP = {
    "24 bits": bmp(24, UP[..., ::-1]),
    "top down": bmp(24, PIXELS[..., ::-1], top_down=True),
    "555": bmp(16, packed(UP, 5, 5, 5)),
    "565": bmp(16, packed(UP, 5, 6, 5), 3, beside=RGB_565),
    "32 bits": bmp(32, bgra(UP, 0)),
    "32 bits by masks": bmp(32, bgra(UP, 0), 3, beside=masks(0xFF0000, 0xFF00, 0xFF)),
    "alpha that is not used": bmp(32, bgra(UP, 0), 3, 124, v5()),
    "8 bits": bmp(8, UP_NUMBERS, palette=COLOURS_4 + bytes(4 * 240)),
    "RLE8": bmp(8, runs(UP_NUMBERS, 8), 1, palette=COLOURS_4 + bytes(4 * 240)),
    "4 bits": bmp(4, IN_HALVES, palette=COLOURS_4),
    "RLE4": bmp(4, runs(UP_NUMBERS, 4), 2, palette=COLOURS_4),
    "OS/2": bmp(24, UP[..., ::-1], version=12),
    "OS/2, 4 bits": bmp(4, IN_HALVES, version=12, palette=COLOURS_3),
    "OS/2 2": bmp(24, UP[..., ::-1], version=64, beside=bytes(24)),
}


@pytest.mark.parametrize("kind", sorted(BMP))
def test_a_bmp_has_its_colours(kind: str) -> None:
    assert_colours(BMP[kind], within=8)


@pytest.mark.parametrize("version", [108, 124])
def test_a_bmp_may_be_clear_in_part(version: int) -> None:
    data = bmp(32, bgra(UP, RIGHT), 3, version, v5()[: version - 40])
    assert_colours(data, colours=(GREEN, RED, (255,) * 3), within=0)


def test_a_bmp_of_version_5_has_the_colours_of_its_profile() -> None:
    pixels = bmp(24, UP[..., ::-1], version=124, beside=v5())
    at = len(pixels) - 14
    data = bmp(24, UP[..., ::-1], version=124, beside=v5(space=b"DEBM", at=at, size=len(P3))) + P3
    assert_colours(data, colours=IN_P3, within=2)
    outside = bmp(24, UP[..., ::-1], version=124, beside=v5(space=b"DEBM", at=1 << 30, size=99))
    assert_colours(outside)


@pytest.mark.parametrize(
    "data",
    [
        bmp(24, encoded(picture(), "JPEG"), 4),
        bmp(24, encoded(picture(), "PNG"), 5),
        bmp(16, packed(UP, 4, 4, 4), 3, beside=masks(0xF00, 0xF0, 0xF)),
        bmp(24, b"\x30\x1e\x1e\xdc\0\0" * 32, 4, 64, bytes(24)),
    ],
    ids=["JPEG", "PNG", "444", "RLE24"],
)
def test_a_bmp_of_another_kind_is_refused(data: bytes) -> None:
    assert reason(data) == "the file holds BMP of a kind that is not read"


# TGA, PNM, SGI, DDS


def tga(kind: int, bits: int, rows: npt.NDArray[Any], flags: int = 0, **of: Any) -> bytes:
    palette, each = of.get("palette", b""), of.get("each", 0)
    count = len(palette) * 8 // each if each else 0
    head = (0, bool(palette), kind, 0, count, each, 0, 0, 48, 32, bits, flags)
    return struct.pack("<BBBHHBHHHHBB", *head) + palette + np.ascontiguousarray(rows).tobytes()


TGA = {
    "24 bits": tga(2, 24, UP[..., ::-1]),
    "top down": tga(2, 24, PIXELS[..., ::-1], 0x20),
    "16 bits": tga(2, 16, packed(UP, 5, 5, 5)),
    "alpha that is not used": tga(2, 32, bgra(UP, 0), 8),
    "runs": encoded(picture(), "TGA", compression="tga_rle"),
    "palette": tga(1, 8, UP_NUMBERS, palette=COLOURS_3[:9], each=24),
}


@pytest.mark.parametrize("kind", sorted(TGA))
def test_a_tga_has_its_colours(kind: str) -> None:
    assert_colours(TGA[kind], "a.tga", within=8)


def test_pnm_has_its_colours_whatever_its_largest_number_is() -> None:
    assert_colours(b"P6 48 32 65535\n" + deep(PIXELS).astype(">u2").tobytes(), "a.ppm", within=0)
    few = np.rint(PIXELS / 255 * 100).astype(np.uint8)
    assert_colours(b"P6 48 32 100\n" + few.tobytes(), "a.ppm", within=3)
    text = b" ".join(b"%d" % value for value in PIXELS.ravel())
    assert_colours(b"P3\n# made\n48 32\n255\n" + text, "a.ppm", within=0)
    for most in (1023, 4095):
        values = np.rint(RAMP / 255 * most).astype(">u2")
        assert_grey(b"P5 48 32 %d\n" % most + values.tobytes(), RAMP, "a.pgm")


def test_a_pnm_of_floats_has_its_greys() -> None:
    values = (RAMP[::-1] / 255).astype("<f4")
    assert_grey(b"Pf\n48 32\n-1.0\n" + values.tobytes(), RAMP, "a.pnm")


@pytest.mark.parametrize("deepness", [1, 2])
def test_sgi_has_its_colours(deepness: int) -> None:
    head = struct.pack(">HBBHHHHII", 474, 0, deepness, 3, 48, 32, 3, 0, 255).ljust(512, b"\0")
    rows = UP.transpose(2, 0, 1)
    body = rows.tobytes() if deepness == 1 else deep(rows).astype(">u2").tobytes()
    assert_colours(head + body, within=0)


@pytest.mark.parametrize("form", ["DXT1", "DXT3", "DXT5", None])
def test_dds_has_its_colours(form: str | None) -> None:
    options = {"pixel_format": form} if form else {}
    assert_colours(encoded(picture().convert("RGBA"), "DDS", **options), within=8)


@pytest.mark.parametrize("way", [2, 3])
def test_jpeg_2000_has_the_colours_of_its_profile(way: int) -> None:
    data = encoded(picture(), "JPEG2000")
    at = data.index(b"colr") - 4
    size = struct.unpack_from(">I", data, at)[0]
    head = data.index(b"jp2h") - 4
    box = struct.pack(">I4s3B", 11 + len(P3), b"colr", way, 0, 0) + P3
    longer = struct.unpack_from(">I", data, head)[0] + len(box) - size
    made = data[:head] + struct.pack(">I", longer) + data[head + 4 : at] + box + data[at + size :]
    assert_colours(made, colours=IN_P3, within=2)
    assert_colours(data, within=2)


# PSD


def psd(
    mode: int,
    planes: npt.NDArray[Any],
    *,
    depth: int = 8,
    palette: bytes = b"",
    resources: bytes = b"",
    layers: int = 0,
    big: bool = False,
    packing: int = 0,
) -> bytes:
    """`planes` (channels, 32, bytes of a row, or numbers of 16 bits)."""
    if planes.dtype == np.uint16:
        planes = planes.astype(">u2")
    length = struct.Struct(">Q" if big else ">I")
    info = length.pack(2) + struct.pack(">h", layers) if layers else b""
    head = struct.pack(">4sH6xHIIHH", b"8BPS", 1 + big, len(planes), 32, 48, depth, mode)
    head += struct.pack(">I", len(palette)) + palette
    head += struct.pack(">I", len(resources)) + resources + length.pack(len(info)) + info
    rows = [row.tobytes() for plane in planes for row in plane]
    if packing == 1:
        rows = [bytes([len(row) - 1]) + row for row in rows]
        counts = np.array([len(row) for row in rows], ">u4" if big else ">u2").tobytes()
        return head + b"\0\1" + counts + b"".join(rows)
    body = b"".join(rows)
    return head + struct.pack(">H", packing) + (zlib.compress(body) if packing == 2 else body)


def resource(number: int, content: bytes) -> bytes:
    return (
        b"8BIM"
        + struct.pack(">HHI", number, 0, len(content))
        + content
        + b"\0" * (len(content) % 2)
    )


def in_planes(image: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return image.transpose(2, 0, 1)


def lab() -> Bytes:
    """As Photoshop keeps it: a and b from 128."""
    made = ImageCms.profileToProfile(
        picture(), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    assert made is not None
    values = np.asarray(made) ^ np.array([0, 128, 128], np.uint8)
    return values.astype(np.uint8)


PSD_PLANES = {
    "RGB": (3, in_planes(PIXELS)),
    "CMYK": (4, in_planes(255 - np.asarray(picture().convert("CMYK")))),
    "Lab": (9, in_planes(lab())),
}


@pytest.mark.parametrize("mode", sorted(PSD_PLANES))
@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize(("packing", "big"), [(0, False), (1, False), (0, True), (1, True)])
def test_a_psd_has_its_colours(mode: str, depth: int, packing: int, big: bool) -> None:
    number, planes = PSD_PLANES[mode]
    made = deep(planes) if depth == 16 else planes
    data = psd(number, made, depth=depth, packing=packing, big=big)
    assert_colours(data, within=14 if mode == "Lab" else 1)


def test_a_deep_psd_may_be_deflated() -> None:
    assert_colours(psd(3, deep(in_planes(PIXELS)), depth=16, packing=2), within=1)


@pytest.mark.parametrize("mode", [1, 8])
def test_a_grey_psd_has_its_greys(mode: int) -> None:
    assert_grey(psd(mode, RAMP[None]), RAMP)
    assert_grey(psd(mode, deep(RAMP)[None], depth=16), RAMP)
    assert_grey(psd(0, np.packbits(RIGHT == 0, axis=1)[None], depth=1), RIGHT)


def test_a_psd_with_a_palette_has_its_colours() -> None:
    palette = np.zeros((3, 256), np.uint8)
    palette[:, :3] = np.array(PALETTE).T
    assert_colours(psd(2, NUMBERS[None], palette=palette.tobytes()), within=0)


@pytest.mark.parametrize("depth", [8, 16])
def test_a_channel_beside_the_colours_is_clear_only_where_layers_say_so(depth: int) -> None:
    planes = in_planes(np.dstack([PIXELS, RIGHT]))
    made = deep(planes) if depth == 16 else planes
    clear = psd(3, made, depth=depth, layers=-1)
    assert_colours(clear, colours=(GREEN, RED, (255,) * 3), within=1)
    assert_colours(psd(3, made, depth=depth, layers=2), within=1)  # a mask that is kept
    assert_colours(psd(3, made, depth=depth), within=1)
    with_more = np.concatenate([made, made[3:]])
    more = psd(3, with_more, depth=depth, layers=-1)
    assert_colours(more, colours=(GREEN, RED, (255,) * 3), within=1)


def test_a_psd_has_the_colours_of_its_profile() -> None:
    profile = resource(1039, P3)
    for made in (in_planes(PIXELS), deep(in_planes(PIXELS))):
        data = psd(3, made, depth=made.itemsize * 8, resources=profile)
        assert_colours(data, colours=IN_P3, within=2)


def test_a_psd_without_a_picture_of_all_layers_shows_the_small_one() -> None:
    none = resource(1057, struct.pack(">IB", 1, 0) + bytes(8))
    small = resource(1036, bytes(28) + encoded(picture(), "JPEG", quality=95))
    white = np.full((3, 32, 48), 255, np.uint8)
    assert_colours(psd(3, white, resources=none + small), within=8)
    assert reason(psd(3, white, resources=none)) == (
        "the file holds layers only, without a picture of them together"
    )
    there = resource(1057, struct.pack(">IB", 1, 1) + bytes(8))
    assert_colours(psd(3, in_planes(PIXELS), resources=small + there), within=1)


@pytest.mark.parametrize("depth", [16, 32])
def test_a_psd_of_another_kind_is_refused(depth: int) -> None:
    not_read = "the file holds PSD of a kind that is not read"
    if depth == 32:
        assert reason(psd(3, in_planes((PIXELS / 255).astype(">f4")), depth=32)) == not_read
    else:
        assert reason(psd(3, deep(in_planes(PIXELS)), depth=16, packing=3)) == not_read


def test_a_psd_that_is_cut_off_is_told_so() -> None:
    for packing in (0, 1, 2):
        beside = resource(1005, bytes(1000))
        data = psd(3, deep(in_planes(PIXELS)), depth=16, packing=packing, resources=beside)
        for end in (40, 200, 1033, len(data) * 2 // 3):
            assert "cut off" in reason(data[:end])


def test_a_psd_that_claims_more_pixels_than_are_read_is_refused() -> None:
    data = bytearray(psd(3, deep(in_planes(PIXELS)), depth=16))
    data[14:22] = struct.pack(">II", 30000, 30000)
    assert reason(bytes(data)).startswith("too large: 30000 x 30000 pixels")


def test_a_psd_that_is_read_as_it_is_may_be_larger() -> None:
    plain, deeper = psd(3, in_planes(PIXELS)), psd(3, deep(in_planes(PIXELS)), depth=16)
    most = 48 * 32 * 3
    assert decode(plain, "a", 32, max_pixels=most).width == 48
    with pytest.raises(DecodeError, match="too large: 48 x 32 pixels"):
        decode(deeper, "a", 32, max_pixels=most)
