"""Any photo becomes upright 8-bit RGB, or fails with one plain sentence."""

import io
import os
import pickle
import random
import struct
import subprocess
import sys
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin
from tiny_files import HEIC, dng, encoded, halves, quarters

from capsearch.photos.content import content_hash
from capsearch.photos.decode import DecodeError, decode
from capsearch.photos.formats import is_photo_name
from capsearch.photos.thumbnails import thumbnail
from capsearch.photos.walk import FoundFile, walk


def reason(data: bytes, name: str = "a.jpg", **limits: int) -> str:
    with pytest.raises(DecodeError) as caught:
        decode(data, name, 16, **limits)
    assert caught.value.reason == str(caught.value)
    assert "\n" not in caught.value.reason
    return caught.value.reason


def assert_halves(data: bytes, name: str, kind: str, tolerance: float = 30) -> None:
    """Red on the left, blue on the right, to the tolerance of the codec."""
    decoded = decode(data, name, 16)
    assert (decoded.format, decoded.width, decoded.height) == (kind, 48, 32)
    assert decoded.image.mode == "RGB"
    assert decoded.image.info == {}
    pixels = np.asarray(decoded.image, dtype=float)
    width = pixels.shape[1]
    left, right = pixels[:, : width // 3].mean((0, 1)), pixels[:, -width // 3 :].mean((0, 1))
    assert np.abs(left - (220, 30, 30)).max() < tolerance
    assert np.abs(right - (30, 30, 220)).max() < tolerance


def jpeg_xl(pixels: np.ndarray) -> bytes:
    return pytest.importorskip("pylibjxl").encode(np.ascontiguousarray(pixels))


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {"quality": 90}),
        ("JPEG", {"quality": 90, "progressive": True}),
        ("PNG", {}),
        ("WEBP", {"quality": 90}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "jpeg"}),
        ("BMP", {}),
        ("GIF", {}),
        ("AVIF", {}),
        ("JPEG2000", {}),
        ("SGI", {}),
        ("QOI", {}),
    ],
)
def test_every_kind_is_decoded_by_its_content_whatever_its_name(
    kind: str, options: dict[str, object]
) -> None:
    data = encoded(halves(), kind, **options)
    assert_halves(data, "name that lies.jpg", kind)
    assert_halves(data + b"trailing garbage" * 100, "a", kind)


@pytest.mark.parametrize("kind", ["TGA", "PPM", "PCX"])
def test_kinds_without_a_mark_are_decoded_by_their_name(kind: str) -> None:
    data = encoded(halves(), kind)
    assert_halves(data, f"a.{kind}", kind)
    assert reason(data, "a.jpg") == "not a photo, or of a kind that is not read"


def test_heic_is_decoded() -> None:
    assert_halves(HEIC, "a.heic", "HEIF", tolerance=45)


def test_jpeg_xl_is_decoded() -> None:
    assert_halves(jpeg_xl(np.asarray(halves())), "a.jxl", "JXL")


def test_jpeg_xl_with_alpha_is_put_on_white() -> None:
    clear = np.zeros((32, 48, 4), dtype=np.uint8)
    assert np.asarray(decode(jpeg_xl(clear), "a.jxl", 16).image).min() == 255


@pytest.mark.parametrize(("orientation", "size"), [(1, (128, 96)), (6, (96, 128)), (8, (96, 128))])
def test_a_raw_file_without_preview_is_developed(orientation: int, size: tuple[int, int]) -> None:
    decoded = decode(dng(orientation), "a.DNG", 48)
    assert (decoded.format, decoded.width, decoded.height) == ("RAW", *size)
    assert (decoded.image.width > decoded.image.height) == (size[0] > size[1])


def test_a_plain_tiff_with_a_raw_name_is_decoded() -> None:
    assert_halves(encoded(halves(), "TIFF"), "scan.fff", "TIFF")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_eight_orientations_look_the_same(kind: str, orientation: int) -> None:
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    upright = Image.fromarray(quarters())
    stored = upright if orientation == 1 else upright.transpose(Image.Transpose(undo[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    decoded = decode(encoded(stored, kind, exif=exif, quality=95), "a", 16)
    assert (decoded.width, decoded.height) == (80, 64)
    small = np.asarray(decoded.image.resize((2, 2), Image.Resampling.BOX), dtype=float)
    wanted = quarters((2, 2))
    assert np.abs(small - wanted).max() < 30


def gradient(dtype: str, low: float, high: float) -> Image.Image:
    ramp = np.tile(np.linspace(low, high, 64), (32, 1))
    return Image.fromarray(ramp.astype(dtype))


@pytest.mark.parametrize(
    "image",
    [
        gradient("uint8", 0, 255),
        gradient("uint16", 0, 65535),
        gradient("uint16", 0, 4095),
        gradient("int32", -1000, 100000),
        gradient("float32", 0, 1),
        gradient("float32", -3, 12),
    ],
    ids=["8 bit", "16 bit", "12 of 16 bit", "32 bit", "float to 1", "any float"],
)
def test_deep_grey_keeps_its_range(image: Image.Image) -> None:
    grey = np.asarray(decode(encoded(image, "TIFF"), "a.tif", 32).image, dtype=float)[..., 0]
    assert grey[:, 0].max() < 8
    assert grey[:, -1].min() > 240
    assert (np.diff(grey[0]) >= 0).all()


def test_16_bit_png_keeps_its_range() -> None:
    data = encoded(gradient("uint16", 0, 65535), "PNG")
    grey = np.asarray(decode(data, "a.png", 32).image)[..., 0]
    assert grey[:, 0].max() < 8
    assert grey[:, -1].min() > 240


def test_float_pixels_that_are_no_numbers_are_dark() -> None:
    values = np.full((32, 32), np.nan, dtype=np.float32)
    values[:, 16:] = 1
    grey = np.asarray(decode(encoded(Image.fromarray(values), "TIFF"), "a", 32).image)
    assert grey[:, :16].max() == 0
    assert grey[:, 16:].min() == 255


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_comes_out_in_its_colours(kind: str) -> None:
    assert_halves(encoded(halves().convert("CMYK"), kind, quality=95), "a", kind)


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_palette_is_resolved(kind: str) -> None:
    assert_halves(encoded(halves().quantize(4), kind), "a", kind)


def test_black_and_white_is_decoded() -> None:
    image = Image.new("1", (48, 32), 1)
    assert np.asarray(decode(encoded(image, "PNG"), "a.png", 16).image).min() == 255


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_is_put_on_white(mode: str) -> None:
    image = Image.new(mode, (64, 64), 0)
    assert np.asarray(decode(encoded(image, "PNG"), "a.png", 16).image).min() == 255


def test_a_transparent_palette_colour_is_put_on_white() -> None:
    image = Image.new("P", (20, 20), 0)
    image.putpalette([0, 0, 0, 255, 0, 0])
    data = encoded(image, "PNG", transparency=0)
    assert np.asarray(decode(data, "a.png", 16).image).min() == 255


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "WEBP", "PNG"])
def test_the_first_of_many_frames_is_taken(kind: str) -> None:
    others = [Image.new("RGB", (48, 32), "green")] * 3
    data = encoded(halves(), kind, save_all=True, append_images=others)
    assert_halves(data, "a", kind)


BLANK = {
    "black": Image.new("RGB", (48, 32)),
    "white": Image.new("RGB", (48, 32), "white"),
    "a colour": Image.new("RGB", (48, 32), (90, 140, 33)),
    "clear": Image.new("RGBA", (48, 32), (200, 10, 10, 0)),
}


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("blank", BLANK)
def test_an_animation_that_begins_blank_shows_its_first_frame_that_is_not(
    kind: str, blank: str
) -> None:
    later = Image.new("RGB", (48, 32), "green")
    later.paste("yellow", (0, 0, 10, 10))
    first = [BLANK[blank], Image.new("RGB", (48, 32), (200, 200, 200)), BLANK[blank]]
    frames = [*first[1:], halves(), later]
    same = [frame.convert(first[0].mode) for frame in frames]
    data = encoded(first[0], kind, save_all=True, append_images=same, duration=[40, 50, 60, 70, 80])
    assert_halves(data, "a", kind)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_an_animation_that_is_blank_throughout_is_its_first_frame(kind: str) -> None:
    frames = [Image.new("RGB", (48, 32), (0, 0, level)) for level in (200, 100, 0)]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
    blue = np.asarray(decode(data, "a", 16).image, dtype=float).mean((0, 1))
    assert np.abs(blue - (0, 0, 200)).max() < 8


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "AVIF"])
def test_an_animation_is_looked_into_only_so_far(kind: str) -> None:
    blank = [Image.new("RGB", (48, 32), (60 * (number % 2), 0, 0)) for number in range(120)]
    data = encoded(blank[0], kind, save_all=True, append_images=[*blank[1:], halves()])
    assert np.asarray(decode(data, "a", 16).image).max() < 20


def test_a_blank_animation_that_is_damaged_further_on_is_its_first_frame() -> None:
    blank = [Image.new("RGB", (48, 32), (level, 0, 0)) for level in (0, 9, 18)]
    data = encoded(blank[0], "GIF", save_all=True, append_images=[*blank[1:], halves()])
    assert np.asarray(decode(data[: len(data) * 3 // 5], "a.gif", 16).image).max() < 8


def test_a_photo_in_pairs_is_its_first() -> None:
    data = encoded(halves(), "MPO", save_all=True, append_images=[halves()])
    assert_halves(data, "a.mpo", "JPEG")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("min_side", [1, 50, 99, 100, 301, 5000])
def test_the_shorter_side_is_as_large_as_asked_or_as_the_photo_has(
    kind: str, min_side: int
) -> None:
    decoded = decode(encoded(halves((640, 300)), kind), "a", min_side)
    assert (decoded.width, decoded.height) == (640, 300)
    short, long = sorted(decoded.image.size)
    assert min(min_side, 300) <= short <= 300
    assert abs(long / short - 640 / 300) < 0.1 or short < 16


def test_a_large_jpeg_is_decoded_small() -> None:
    decoded = decode(encoded(halves((4000, 3000)), "JPEG"), "a.jpg", 260)
    assert decoded.image.size == (500, 375)


def test_more_pixels_than_the_limit_are_refused_before_decoding() -> None:
    data = bytearray(encoded(halves(), "PNG"))
    data[16:24] = struct.pack(">II", 30000, 30000)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    assert reason(bytes(data)) == "too large: 30000 x 30000 pixels (limit 150 million)"
    jpeg = encoded(halves((400, 300)), "JPEG")
    assert decode(jpeg, "a.jpg", 16, max_pixels=120_000).width == 400
    assert "too large: 400 x 300" in reason(jpeg, max_pixels=119_999)


@pytest.mark.parametrize(
    ("kind", "share"), [("PNG", 0.5), ("TIFF", 0.5), ("WEBP", 0.16), ("AVIF", 0.2)]
)
def test_what_is_held_in_memory_whole_has_a_lower_limit(kind: str, share: float) -> None:
    data = encoded(halves((100, 80)), kind)
    assert decode(data, "a", 16, max_pixels=int(8_100 / share)).width == 100
    assert "too large: 100 x 80 pixels" in reason(data, max_pixels=int(7_900 / share))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "CMYK"])
def test_a_large_photo_is_reduced_without_seams(mode: str) -> None:
    ramp = np.tile(np.linspace(0, 255, 1900).astype(np.uint8)[:, None], (1, 400))
    image = Image.fromarray(np.stack([ramp] * 3, -1)).convert(mode)
    reduced = decode(encoded(image, "TIFF"), "a.tif", 20).image
    assert reduced.size == (20, 95)
    grey = np.asarray(reduced.convert("L"), dtype=float).mean(1)
    steps = np.diff(grey)
    assert steps.min() >= 0
    assert steps.max() < 6


def test_an_empty_file_a_text_and_a_hole_say_so() -> None:
    assert reason(b"") == "the file is empty"
    assert reason(b"just some notes, not pixels") == "not a photo, or of a kind that is not read"
    assert reason(bytes(5000)) == "the file holds only zeros"


def test_a_failure_travels_between_processes() -> None:
    error = pickle.loads(pickle.dumps(DecodeError("the file is empty")))
    assert isinstance(error, DecodeError)
    assert error.reason == "the file is empty"


def tiny_files() -> dict[str, bytes]:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Maker"
    small = halves((24, 16))
    files = {
        kind: encoded(small, kind, exif=exif) for kind in ("JPEG", "PNG", "TIFF", "WEBP", "AVIF")
    }
    lzw = {"compression": "tiff_lzw"}
    return {
        **files,
        "LZW": encoded(small, "TIFF", **lzw),
        "GIF": encoded(small, "GIF"),
        "BMP": encoded(small, "BMP"),
        "HEIF": HEIC,
        "RAW": dng(size=(32, 32)),
    }


@pytest.mark.parametrize("kind", sorted(tiny_files()))
def test_damaged_bytes_never_raise_anything_else(
    kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    data = tiny_files()[kind]
    source = random.Random(kind)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(120):
            damaged = bytearray(data)
            for _ in range(source.choice((1, 2, 8))):
                damaged[source.randrange(len(damaged))] = source.randrange(256)
            if source.random() < 0.3:
                del damaged[source.randrange(len(damaged)) :]
            try:
                decode(bytes(damaged), "a.dng" if kind == "RAW" else "a", 8, max_pixels=1_000_000)
            except DecodeError as error:
                assert error.reason
    assert capfd.readouterr() == ("", "")


def test_warnings_of_others_are_left_as_they_were() -> None:
    before = list(warnings.filters)
    photos = [encoded(halves(), "JPEG"), encoded(halves(), "TIFF")] * 20
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda data: decode(data, "a", 16).format, photos))
    assert found == ["JPEG", "TIFF"] * 20
    assert warnings.filters == before


def test_the_hash_is_of_the_content_alone() -> None:
    assert len(content_hash(b"")) == 20
    assert content_hash(b"a") == content_hash(bytes([97])) != content_hash(b"b")


def test_a_thumbnail_fills_its_side_and_keeps_its_shape() -> None:
    data = thumbnail(halves((600, 400)), 90)
    assert Image.open(io.BytesIO(data)).size == (135, 90)
    wide = Image.open(io.BytesIO(thumbnail(halves((4000, 200)), 90)))
    assert wide.size[0] == 270  # a panorama is no banner
    assert Image.open(io.BytesIO(thumbnail(halves((30, 20)), 90))).size == (30, 20)


def test_photos_know_neither_torch_nor_a_window() -> None:
    code = (
        "import sys, capsearch.photos.decode, capsearch.photos.metadata\n"
        "assert not {'torch', 'PySide6', 'sqlite3'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


FAILS = {
    "broken image.JPG": "the file holds only zeros",
    "corrupt-header.jpg": "the file is cut off",
    "empty.jpg": "the file is empty",
    "notes.jpg": "not a photo, or of a kind that is not read",
    "random.png": "not a photo, or of a kind that is not read",
    "truncated.jpg": "the file is cut off",
    "truncated.png": "the file is cut off",
    "pillow/broken.png": "the file is cut off",
    "pillow/decompression_bomb.gif": "too large: it claims more pixels than are read",
}
DECODES = {
    # Damaged beside the pixels only, or by a few of them.
    "exif/corrupted.jpg": (3648, 2736),
    "exif/image00971.jpg": (636, 227),
    "exif/image01088.jpg": (425, 120),
    "exif/image01137.jpg": (88, 64),
    "exif/image01551.jpg": (61, 58),
    "exif/image01713.jpg": (49, 500),
    "exif/image01980.jpg": (284, 25),
    "exif/image02206.jpg": (65, 65),
    "pillow/broken_exif_dpi.jpg": (100, 100),
    "pillow/decompression_bomb_extents.gif": (100, 100),
    "pillow/photoshop-200dpi-broken.jpg": (200, 200),
    "pillow/truncated_app14.jpg": (100, 100),
    # Only the mark of the end is missing, or a part of the photo.
    "pillow/broken_data_stream.png": (128, 128),
    "pillow/truncated_end_chunk.png": (128, 128),
    "pillow/truncated_image.png": (640, 480),
    "pillow/truncated_jpeg.jpg": (100, 100),
    "pillow/truncated_exif_dpi.jpg": (480, 640),
}
# Too slow for a quick run: each takes seconds to fail.
SLOW = {"pillow/timeout-060745d3f534ad6e4128c51d336ea5489182c69d.blp"}


def test_every_bad_file_fails_with_a_reason_or_shows_what_is_left(
    shared_data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    root, failed, decoded = shared_data / "bad", {}, {}
    for found in walk(root):
        assert isinstance(found, FoundFile)
        name = Path(found.path).relative_to(root).as_posix()
        if name in SLOW:
            continue
        try:
            photo = decode(Path(found.path).read_bytes(), found.path, 64)
        except DecodeError as error:
            failed[name] = error.reason
        else:
            decoded[name] = (photo.width, photo.height)
    assert decoded == DECODES
    assert FAILS.items() <= failed.items()
    assert len(failed) + len(decoded) + len(SLOW) == 67
    assert capfd.readouterr() == ("", "")


FORMATS = {
    "avif/10bit-HDR-P3-nclx.avif": ("AVIF", 3681, 5594),
    "avif/8bit-sRGB.avif": ("AVIF", 1617, 1080),
    "heic/IMG_2682.heic": ("HEIF", 4032, 3024),
    "jpeg/el_torcal_rocks.jpeg": ("JPEG", 512, 341),
    "jpg/el_torcal_rocks.jpg": ("JPEG", 512, 341),
    "jxl/16bit-HDR-P3-nclx.jxl": ("JXL", 5667, 3685),
    "jxl/8bit-sRGB.jxl": ("JXL", 1440, 1080),
    "motionphoto/samsung-one-ui-6.heic": ("HEIF", 3000, 4000),
    "png/density_plot.png": ("PNG", 800, 800),
    "webp/denali.webp": ("WEBP", 600, 315),
}


def test_every_format_of_the_sample_library_is_decoded(shared_data: Path) -> None:
    root = shared_data / "library" / "formats" / "formats"
    found = {}
    for path in sorted(root.rglob("*.*")):
        photo = decode(path.read_bytes(), path.name, 64)
        assert np.asarray(photo.image).std() > 10
        found[path.relative_to(root).as_posix()] = (photo.format, photo.width, photo.height)
    assert found == FORMATS


@pytest.mark.parametrize("shape", ["landscape", "portrait"])
def test_the_orientation_examples_look_the_same(shared_data: Path, shape: str) -> None:
    seen = []
    for orientation in range(1, 9):
        path = shared_data / "library/cameras/orientation" / f"{shape}_{orientation}.jpg"
        image = decode(path.read_bytes(), path.name, 200).image
        seen.append(np.asarray(image.resize((24, 24)), dtype=float).ravel())
    # The first is somewhat darker than the others, and each has its number drawn on it.
    assert np.corrcoef(seen).min() > 0.9


def test_no_photo_of_the_sample_library_fails(shared_data: Path) -> None:
    for found in walk(shared_data / "library", ["formats/formats", "heic"]):
        assert isinstance(found, FoundFile)
        if is_photo_name(found.path):
            decoded = decode(Path(found.path).read_bytes(), os.fspath(found.path), 64)
            assert min(decoded.image.size) >= min(64, decoded.width, decoded.height)


def test_a_tiff_of_unknown_compression_fails_with_a_reason() -> None:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[270] = "odd"
    data = bytearray(encoded(halves(), "TIFF", tiffinfo=tags))
    at = data.find(struct.pack("<HHI", 259, 3, 1))
    data[at + 8 : at + 10] = struct.pack("<H", 34661)
    assert reason(bytes(data)) == "the file holds TIFF of a kind that is not read"
