"""A file that is cut off is shown as far as it can be read; too little of it is a failure."""

import io
import re
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from made_tiff import DEFLATE, LZW, PACK_BITS, ZSTD, tiff
from PIL import Image, TiffImagePlugin
from tiny_files import HEIC, encoded

from capsearch.photos.decode import LEAST_SHARE, Decoded, DecodeError, decode

Pixels = npt.NDArray[np.float64]
SIZE = (320, 240)


def picture() -> Image.Image:
    """As busy at its top as at its bottom, so that half of the bytes are about half of the rows;
    neither black nor grey anywhere."""
    source = np.random.default_rng(3)
    coarse = source.integers(30, 226, (24, 32, 3), dtype=np.uint8)
    smooth = Image.fromarray(coarse).resize(SIZE, Image.Resampling.BICUBIC)
    grain = source.integers(0, 12, (SIZE[1], SIZE[0], 3))
    return Image.fromarray(np.clip(np.asarray(smooth) + grain, 1, 250).astype(np.uint8))


def pixels(image: Image.Image) -> Pixels:
    return np.asarray(image.convert("RGB"), dtype=float)


def in_strips(compression: int, **more: Any) -> bytes:
    values = np.asarray(picture())
    return tiff(values, compression=compression, **{"rows": 16, **more})


def with_directory_first(image: Image.Image, **options: Any) -> bytes:
    """What libtiff writes at the end of a file stands before its pixels."""
    out = encoded(image, "TIFF", **options)
    with Image.open(io.BytesIO(out)) as saved:
        assert isinstance(saved, TiffImagePlugin.TiffImageFile)
        tags = saved.tag_v2
        spans = list(zip(tags[273], tags[279], strict=True))
        written = TiffImagePlugin.ImageFileDirectory_v2()
        for tag in tags:
            written.tagtype[tag] = tags.tagtype[tag]
            written[tag] = tags[tag]
    written.tagtype[273] = 4
    lengths = [count for _, count in spans]
    written[273] = tuple(int(at) for at in np.cumsum([0, *lengths[:-1]]))
    body = b"".join(out[start : start + count] for start, count in spans)
    return b"II*\0\x08\0\0\0" + written.tobytes(8) + body


def whole_files() -> dict[str, bytes]:
    image = picture()
    return {
        "JPEG": encoded(image, "JPEG", quality=90),
        "JPEG 4:4:4": encoded(image, "JPEG", quality=90, subsampling=0),
        "JPEG in restarts": encoded(image, "JPEG", quality=90, restart_marker_rows=2),
        "grey JPEG": encoded(image.convert("L"), "JPEG", quality=90),
        "PNG": encoded(image, "PNG"),
        "PNG with alpha": encoded(image.convert("RGBA"), "PNG"),
        "BMP": encoded(image, "BMP"),
        "GIF": encoded(image, "GIF", interlace=0),
        "TIFF": in_strips(1),
        "TIFF in one strip": in_strips(1, rows=SIZE[1]),
        "TIFF LZW": in_strips(LZW),
        "TIFF LZW in one strip": in_strips(LZW, rows=SIZE[1]),
        "TIFF LZW, differences": in_strips(LZW, predictor=2),
        "TIFF deflate in one strip": in_strips(DEFLATE, rows=SIZE[1]),
        "TIFF packbits": in_strips(PACK_BITS),
        "TIFF zstd": in_strips(ZSTD),
        "TIFF LZW in tiles": in_strips(LZW, tile=(32, 32)),
        "TIFF in tiles, big": in_strips(1, tile=(32, 32), big=True, order=">"),
        "TIFF JPEG": with_directory_first(image, compression="jpeg", strip_size=1 << 14),
        "TIFF grey, JPEG": with_directory_first(
            image.convert("L"), compression="jpeg", strip_size=1 << 13
        ),
        "TIFF palette": with_directory_first(image.quantize(64)),
        "TIFF palette, LZW": with_directory_first(
            image.quantize(64), compression="tiff_lzw", strip_size=1 << 13
        ),
        "AVIF": encoded(image, "AVIF", quality=90),
        "WEBP": encoded(image, "WEBP", quality=90),
        "WEBP lossless": encoded(image, "WEBP", lossless=True),
    }


WHOLE = whole_files()


def grey_rows(decoded: Decoded) -> npt.NDArray[np.bool_]:
    return (pixels(decoded.image) == 128).all((1, 2))


@pytest.mark.parametrize("kind", sorted(WHOLE))
@pytest.mark.parametrize("share", [0.55, 0.8])
def test_what_is_there_is_shown_and_the_rest_is_grey(kind: str, share: float) -> None:
    data = WHOLE[kind]
    whole = decode(data, "a", 1000)
    assert not whole.cut_off
    cut = decode(data[: int(len(data) * share)], "a", 1000)
    assert cut.cut_off
    assert (cut.width, cut.height, cut.format) == (whole.width, whole.height, whole.format)
    assert cut.image.size == whole.image.size
    grey = grey_rows(cut)
    assert 1 - share - 0.2 < grey.mean() < 1 - share + 0.2
    same = np.abs(pixels(cut.image) - pixels(whole.image)).max((1, 2)) < 12
    # The last rows before the end may be made of a damaged block, or smoothed into it.
    assert (~grey & ~same).sum() <= 24


@pytest.mark.parametrize("kind", sorted(WHOLE))
def test_too_little_is_a_failure(kind: str) -> None:
    data = WHOLE[kind]
    for share in (0.02, 0.1):
        with pytest.raises(DecodeError) as caught:
            decode(data[: int(len(data) * share)], "a", 64)
        assert caught.value.reason in {
            "the file is cut off",
            "not a photo, or of a kind that is not read",
        }


@pytest.mark.parametrize("kind", ["u2", "f4"])
def test_a_deep_tiff_is_shown_as_far_as_it_is_there(kind: str) -> None:
    values = np.asarray(picture())
    deep = values.astype("u2") * 257 if kind == "u2" else values.astype("f4") / 255
    data = tiff(deep, compression=LZW)
    whole, cut = (decode(part, "a.tif", 1000) for part in (data, data[: len(data) * 2 // 3]))
    assert cut.cut_off
    grey = grey_rows(cut)
    assert 0.2 < grey.mean() < 0.5
    assert np.abs(pixels(cut.image) - pixels(whole.image))[~grey].max() <= 12


def test_of_a_tiff_in_planes_only_what_has_all_its_colours_is_shown() -> None:
    data = tiff(np.asarray(picture()), planar=True, compression=DEFLATE, rows=16)
    whole, cut = (decode(part, "a.tif", 1000) for part in (data, data[: len(data) * 5 // 6]))
    grey = grey_rows(cut)
    assert 0.4 < grey.mean() < 0.6
    assert np.abs(pixels(cut.image) - pixels(whole.image))[~grey].max() == 0
    with pytest.raises(DecodeError, match="cut off"):
        decode(data[: len(data) * 2 // 3], "a.tif", 1000)


def test_a_tiff_whose_directory_is_missing_is_cut_off() -> None:
    data = encoded(picture(), "TIFF", compression="tiff_lzw")
    with pytest.raises(DecodeError, match="the file is cut off"):
        decode(data[: len(data) * 3 // 4], "a.tif", 64)


@pytest.mark.parametrize(
    "before",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nServer: x\r\n\r\n",
        bytes(128),
        bytes(5000),
        b"\xef\xbb\xbf",
        b"\r\n",
        b"\0\5photo" + bytes(121),
    ],
    ids=["HTTP", "MacBinary", "zeros", "BOM", "line end", "name"],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_what_stands_before_a_photo_is_passed_over(before: bytes, kind: str) -> None:
    decoded = decode(before + WHOLE[kind], "a.jpg", 1000)
    assert decoded.image.tobytes() == decode(WHOLE[kind], "a.jpg", 1000).image.tobytes()
    assert not decoded.cut_off


def test_a_small_picture_inside_another_file_is_not_taken_for_the_photo() -> None:
    small = encoded(picture().resize((16, 12)), "JPEG")
    damaged = b"other head" + bytes(90) + small + bytes(range(256)) * 99
    with pytest.raises(DecodeError, match="not a photo"):
        decode(damaged, "a.jpg", 64)
    with pytest.raises(DecodeError, match="not a photo"):
        decode(bytes(1 << 17) + WHOLE["JPEG"], "a.jpg", 64)


def test_the_border_is_a_share_of_the_rows() -> None:
    data = encoded(picture(), "BMP")
    for rows, read in ((LEAST_SHARE + 0.02, True), (LEAST_SHARE - 0.02, False)):
        cut = data[: int(len(data) * rows)]
        if read:
            assert decode(cut, "a", 64).cut_off
        else:
            with pytest.raises(DecodeError, match="cut off"):
                decode(cut, "a", 64)


@pytest.mark.parametrize("side", [30, 100, 1000])
def test_a_photo_made_small_shows_the_same_part(side: int) -> None:
    data = WHOLE["JPEG"][: len(WHOLE["JPEG"]) // 2]
    decoded = decode(data, "a.jpg", side)
    assert min(decoded.image.size) >= min(side, 240)
    assert abs(grey_rows(decoded).mean() - grey_rows(decode(data, "a.jpg", 1000)).mean()) < 0.06


PROGRESSIVE = {
    "4:2:0": encoded(picture(), "JPEG", quality=90, progressive=True),
    "4:4:4": encoded(picture(), "JPEG", quality=90, progressive=True, subsampling=0),
    "grey": encoded(picture().convert("L"), "JPEG", quality=90, progressive=True),
    "CMYK": encoded(picture().convert("CMYK"), "JPEG", quality=90, progressive=True),
    "restarts": encoded(picture(), "JPEG", quality=90, progressive=True, restart_marker_rows=2),
}


@pytest.mark.parametrize("kind", sorted(PROGRESSIVE))
@pytest.mark.parametrize("share", [0.42, 0.55, 0.8, 0.99])
@pytest.mark.parametrize("side", [1000, 30])
def test_a_progressive_jpeg_is_shown_as_coarse_as_it_came(
    kind: str, share: float, side: int
) -> None:
    data = PROGRESSIVE[kind]
    whole, cut = (decode(each, "a", side) for each in (data, data[: int(len(data) * share)]))
    assert cut.cut_off
    assert not whole.cut_off
    assert (cut.width, cut.height, cut.format) == (whole.width, whole.height, whole.format)
    assert not grey_rows(cut).any()
    assert np.abs(pixels(cut.image) - pixels(whole.image)).mean() < 15


@pytest.mark.parametrize("kind", sorted(PROGRESSIVE))
def test_too_little_of_a_progressive_jpeg_is_a_failure(kind: str) -> None:
    data = PROGRESSIVE[kind]
    for share in (0.02, 0.1, 0.2):
        with pytest.raises(DecodeError, match="the file is cut off"):
            decode(data[: int(len(data) * share)], "a", 64)


@pytest.mark.parametrize("kind", sorted(PROGRESSIVE))
@pytest.mark.parametrize("missing", [1, 2])
def test_a_progressive_jpeg_without_its_end_marker_only_is_whole(kind: str, missing: int) -> None:
    data = PROGRESSIVE[kind]
    for side in (1000, 30):
        decoded = decode(data[:-missing], "a", side)
        assert not decoded.cut_off
        assert decoded.image.tobytes() == decode(data, "a", side).image.tobytes()


def test_a_progressive_jpeg_that_ends_anywhere_is_shown_marked_or_refused() -> None:
    data = PROGRESSIVE["4:2:0"]
    for end in range(len(data) * 2 // 5, len(data) - 8, 97):
        assert decode(data[:end], "a.jpg", 30).cut_off
    for at in [match.start() for match in re.finditer(rb"\xff[\xc4\xda]", data)][-8:]:
        for end in range(at - 1, at + 30):  # between two scans, and in the tables of the next
            assert decode(data[:end], "a.jpg", 1000).cut_off


def in_many_scans(image: Image.Image) -> bytes:
    """A JPEG that brings one colour after the other, each whole."""
    scans, tables = b"", b""
    for number, band in enumerate(image.convert("YCbCr").split()):
        one = encoded(band, "JPEG", quality=90)
        start = one.index(b"\xff\xda")
        tables = one[one.index(b"\xff\xdb") : one.index(b"\xff\xc0")]
        scans += one[one.index(b"\xff\xc4") : start]
        scans += b"\xff\xda\0\x08\x01%c" % number + one[start + 6 : -2]
    components = b"".join(b"%c\x11\0" % number for number in range(3))
    frame = struct.pack(">BHHB", 8, image.height, image.width, 3) + components
    jfif = b"\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    head = b"\xff\xd8" + jfif + tables + b"\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame
    return head + scans + b"\xff\xd9"


def test_of_a_jpeg_in_many_scans_only_what_has_all_its_colours_is_shown() -> None:
    data = in_many_scans(picture())
    whole = decode(data, "a.jpg", 1000)
    assert np.abs(pixels(whole.image) - pixels(picture())).mean() < 5
    last = data.rindex(b"\xff\xda")
    cut = decode(data[: last + (len(data) - last) // 2], "a.jpg", 1000)
    assert cut.cut_off
    grey = grey_rows(cut)
    assert 0.4 < grey.mean() < 0.6
    assert np.abs(pixels(cut.image) - pixels(whole.image))[~grey].max() <= 2
    with pytest.raises(DecodeError, match="cut off"):
        decode(data[:last], "a.jpg", 1000)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 1}])
def test_grey_at_the_bottom_is_not_taken_for_what_is_missing(options: dict[str, Any]) -> None:
    image = picture()
    image.paste((128, 128, 128), (0, 120, 320, 240))
    data = encoded(image, "JPEG", quality=90, **options)
    decoded = decode(data[:-2], "a.jpg", 1000)
    assert not decoded.cut_off
    assert decoded.image.tobytes() == decode(data, "a.jpg", 1000).image.tobytes()


def test_a_turned_photo_lacks_the_side_that_its_last_rows_are() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(picture(), "JPEG", quality=90, exif=exif)
    cut = decode(data[: len(data) // 2], "a.jpg", 1000)
    assert (cut.width, cut.height) == (240, 320)
    columns = (pixels(cut.image) == 128).all((0, 2))
    assert columns[:60].all()
    assert not columns[-60:].any()


@pytest.mark.parametrize("kind", ["JPEG", "JPEG in restarts", "grey JPEG", "PNG", "GIF"])
def test_a_file_without_its_last_bytes_only_is_whole(kind: str) -> None:
    data = WHOLE[kind]
    missing = {"JPEG": 2, "JPEG in restarts": 2, "grey JPEG": 2, "PNG": 12, "GIF": 1}[kind]
    decoded = decode(data[:-missing], "a", 1000)
    assert not decoded.cut_off
    assert decoded.image.tobytes() == decode(data, "a", 1000).image.tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP"])
def test_zeros_in_place_of_the_rest_are_a_cut_too(kind: str) -> None:
    data = WHOLE[kind]
    half = data[: len(data) // 2]
    decoded = decode(half + bytes(len(data) - len(half)), "a", 1000)
    if kind == "BMP":  # its zeros are black pixels like others
        return
    assert decoded.cut_off
    assert 0.3 < grey_rows(decoded).mean() < 0.7


def test_zeros_behind_a_whole_photo_are_no_cut() -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        assert not decode(WHOLE[kind] + bytes(9000), "a", 64).cut_off


def test_a_heic_that_is_cut_off_never_shows_anything_else() -> None:
    whole = pixels(decode(HEIC, "a.heic", 1000).image)
    for missing in range(1, len(HEIC), 7):
        try:
            cut = decode(HEIC[:-missing], "a.heic", 1000)
        except DecodeError as error:
            assert error.reason
        else:
            shown = ~(pixels(cut.image) == 128).all(2)
            assert np.abs(pixels(cut.image) - whole)[shown].max() < 12


@pytest.mark.parametrize(
    "name", ["IMG_5195.HEIC", "mobile/iphone_13_pro_max.HEIC", "mobile/HMD_Nokia_8.3_5G.heif"]
)
@pytest.mark.parametrize("share", [0.5, 0.8])
def test_tiles_that_are_missing_are_grey_and_not_green(
    shared_data: Path, name: str, share: float
) -> None:
    path = shared_data / "library" / "cameras" / "heic" / name
    if not path.exists():
        pytest.skip("the photos of cameras are not here")
    data = path.read_bytes()
    whole, cut = (decode(each, "a.heic", 288) for each in (data, data[: int(len(data) * share)]))
    assert cut.cut_off
    shown = ~(pixels(cut.image) == 128).all(2)
    assert abs(shown.mean() - share) < 0.15
    wrong = np.abs(pixels(cut.image) - pixels(whole.image)).max(2) > 12
    assert (wrong & shown).mean() < 0.005


def test_a_photo_before_a_video_that_is_cut_off_is_whole(shared_data: Path) -> None:
    path = shared_data / "library" / "formats" / "formats" / "motionphoto" / "samsung-one-ui-6.heic"
    if not path.exists():
        pytest.skip("the photos of formats are not here")
    data = path.read_bytes()
    whole, cut = (decode(each, "a.heic", 288) for each in (data, data[: len(data) // 5]))
    assert not cut.cut_off
    assert cut.image.tobytes() == whole.image.tobytes()


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"no_jp2": True},
        {"irreversible": True, "quality_layers": [40, 20, 5]},
        {"progression": "RLCP"},
        {"progression": "RPCL"},
    ],
)
@pytest.mark.parametrize("share", [0.4, 0.8])
def test_a_jpeg_2000_is_shown_as_fine_as_it_came(options: dict[str, Any], share: float) -> None:
    data = encoded(picture(), "JPEG2000", **options)
    whole, cut = (decode(each, "a.jp2", 1000) for each in (data, data[: int(len(data) * share)]))
    assert cut.cut_off
    assert not whole.cut_off
    assert np.abs(pixels(cut.image) - pixels(picture())).mean() < 5
    with pytest.raises(DecodeError, match="the file is cut off"):
        decode(data[: int(len(data) * (LEAST_SHARE - 0.03))], "a.jp2", 64)


@pytest.mark.parametrize("share", [0.5, 0.8])
def test_of_a_jpeg_2000_in_tiles_the_rows_of_tiles_are_shown(share: float) -> None:
    data = encoded(picture(), "JPEG2000", tile_size=(64, 32))
    cut = decode(data[: int(len(data) * share)], "a.jp2", 1000)
    assert cut.cut_off
    grey = grey_rows(cut)
    assert share - 0.2 < 1 - grey.mean() <= share
    assert np.abs(pixels(cut.image) - pixels(picture()))[~grey].max() <= 12


def in_boxes(codestream: bytes, parts: int) -> bytes:
    """A JPEG XL container that holds it in one box, or in several."""
    boxes = [(b"JXL ", b"\r\n\x87\n"), (b"ftyp", b"jxl \0\0\0\0jxl ")]
    if parts == 1:
        boxes.append((b"jxlc", codestream))
    step = -(-len(codestream) // parts)
    for number in range(parts if parts > 1 else 0):
        last = 1 << 31 if number == parts - 1 else 0
        part = codestream[number * step : (number + 1) * step]
        boxes.append((b"jxlp", struct.pack(">I", number | last) + part))
    return b"".join(struct.pack(">I", 8 + len(each)) + kind + each for kind, each in boxes)


@pytest.mark.parametrize("parts", [1, 3])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_jpeg_xl_in_boxes_is_told_as_cut_off(parts: int, share: float) -> None:
    jxl = pytest.importorskip("pylibjxl")
    data = in_boxes(jxl.encode(np.asarray(picture()).copy()), parts)
    assert not decode(data, "a.jxl", 64).cut_off
    with pytest.raises(DecodeError, match="the file is cut off"):
        decode(data[: int(len(data) * share)], "a.jxl", 64)


def test_a_jpeg_xl_without_boxes_may_be_cut_off_or_damaged() -> None:
    jxl = pytest.importorskip("pylibjxl")
    data = jxl.encode(np.asarray(picture()).copy())
    with pytest.raises(DecodeError) as caught:
        decode(data[: len(data) // 2], "a.jxl", 64)
    assert caught.value.reason == "the file is damaged or cut off: its JXL data cannot be read"


def test_a_jpeg_xl_that_is_damaged_is_not_told_as_cut_off() -> None:
    jxl = pytest.importorskip("pylibjxl")
    data = bytearray(in_boxes(jxl.encode(np.asarray(picture()).copy()), 1))
    data[len(data) // 2 :] = b"\x55" * (len(data) - len(data) // 2)
    with pytest.raises(DecodeError, match="the file is damaged: its JXL data"):
        decode(bytes(data), "a.jxl", 64)


ADAM_7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))  # fmt: skip  # noqa: E501


def interlaced_png(image: Image.Image, depth: int = 8) -> bytes:
    """All rows without a filter."""
    values = np.asarray(image)
    rows = b"".join(
        b"\0" + (row.astype(">u2") * 257 if depth == 16 else row).tobytes()
        for x, y, across, down in ADAM_7
        for row in values[y::down, x::across]
    )
    colour = {"L": 0, "RGB": 2, "P": 3, "RGBA": 6}[image.mode]
    head = struct.pack(">IIBBBBB", *image.size, depth, colour, 0, 0, 1)
    chunks = [(b"IHDR", head)]
    if image.mode == "P":
        chunks.append((b"PLTE", bytes(image.getpalette() or [])))
    chunks += [(b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    file = b"\x89PNG\r\n\x1a\n"
    for kind, content in chunks:
        crc = zlib.crc32(kind + content)
        file += struct.pack(">I4s", len(content), kind) + content + struct.pack(">I", crc)
    return file


INTERLACED = {
    "PNG": interlaced_png(picture()),
    "PNG of 16 bits": interlaced_png(picture(), 16),
    "PNG, grey": interlaced_png(picture().convert("L")),
    "PNG, palette": interlaced_png(picture().quantize(64)),
    "PNG with alpha": interlaced_png(picture().convert("RGBA")),
    "GIF": encoded(picture(), "GIF", interlace=1),
}


@pytest.mark.parametrize("kind", sorted(INTERLACED))
@pytest.mark.parametrize("share", [0.45, 0.6, 0.95])
def test_what_came_coarse_is_shown_coarse(kind: str, share: float) -> None:
    data = INTERLACED[kind]
    whole, cut = (decode(each, "a", 1000) for each in (data, data[: int(len(data) * share)]))
    assert cut.cut_off
    assert not whole.cut_off
    assert cut.image.size == whole.image.size
    assert not grey_rows(cut).any()
    error = np.abs(pixels(cut.image) - pixels(whole.image))
    assert error.mean() < 12
    assert (error.max(2) == 0).mean() > share - 0.1
    with pytest.raises(DecodeError, match="the file is cut off"):
        decode(data[: int(len(data) * (LEAST_SHARE - 0.05))], "a", 64)


def test_colours_are_those_of_the_profile_in_a_part_too(shared_data: Path) -> None:
    path = shared_data / "reports" / "colour" / "prophoto.jpg"
    if not path.exists():
        pytest.skip("the files of the reports are not here")
    data = path.read_bytes()
    whole, cut = (decode(part, "a.jpg", 1000).image for part in (data, data[: len(data) * 3 // 4]))
    assert np.abs(pixels(whole)[:100] - pixels(cut)[:100]).max() == 0


def test_the_cut_photo_of_the_reports_is_shown(shared_data: Path) -> None:
    path = shared_data / "reports" / "odd" / "cut_80pct.jpg"
    if not path.exists():
        pytest.skip("the files of the reports are not here")
    decoded = decode(path.read_bytes(), path.name, 1000)
    assert decoded.cut_off
    assert 0.2 < grey_rows(decoded).mean() < 0.4
