"""A photo's numbers become the colours that its file says they are, at every size."""

import io
import struct
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageCms
from tiny_files import HEIC, encoded

from capsearch.photos.decode import decode
from capsearch.photos.profiles import ADOBE_RGB, matrix_profile, says_adobe_rgb
from capsearch.photos.thumbnails import thumbnail

Colour = tuple[int, int, int]

D65 = (0.3127, 0.3290)
SRGB = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06, *D65)
P3 = (0.68, 0.32, 0.265, 0.69, 0.15, 0.06, *D65)
ADOBE = (0.64, 0.33, 0.21, 0.71, 0.15, 0.06, *D65)
PRO_PHOTO = (0.7347, 0.2653, 0.1596, 0.8404, 0.0366, 0.0001, 0.34567, 0.35850)
COLOURS: tuple[Colour, ...] = ((200, 100, 50), (60, 130, 90), (128, 128, 128), (255, 255, 255))


def to_xyz(primaries: tuple[float, ...]) -> npt.NDArray[np.float64]:
    columns = []
    for x, y in np.array(primaries).reshape(4, 2):
        columns.append((x / y, 1, (1 - x - y) / y))
    red_green_blue, white = np.array(columns[:3]).T, np.array(columns[3])
    return red_green_blue * (np.linalg.inv(red_green_blue) @ white)


def wanted(colour: Colour, primaries: tuple[float, ...], gamma: float) -> list[float]:
    """The sRGB numbers of a colour, by the formulas alone (white points alike)."""
    light = np.linalg.inv(to_xyz(SRGB)) @ to_xyz(primaries) @ (np.array(colour) / 255) ** gamma
    light = np.clip(light, 0, 1)
    curved = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return [float(value) for value in 255 * curved]


def plain(colour: object = (200, 100, 50), mode: str = "RGB") -> Image.Image:
    return Image.new(mode, (40, 24), colour)  # type: ignore[arg-type]


def seen(data: bytes, name: str = "a", side: int = 16) -> npt.NDArray[np.float64]:
    """The mean colour of the decoded photo."""
    pixels: npt.NDArray[np.float64] = np.asarray(decode(data, name, side).image, dtype=float)
    return pixels.mean((0, 1))


def assert_colour(data: bytes, colour: Sequence[float], within: float = 2, name: str = "a") -> None:
    for side in (16, 1000):
        assert np.abs(seen(data, name, side) - colour).max() <= within


@pytest.mark.parametrize(("primaries", "gamma"), [(P3, 2.2), (ADOBE, 563 / 256), (SRGB, 1.8)])
@pytest.mark.parametrize("colour", COLOURS)
def test_a_profile_turns_numbers_into_colours(
    primaries: tuple[float, ...], gamma: float, colour: Colour
) -> None:
    data = encoded(plain(colour), "PNG", icc_profile=matrix_profile(primaries, gamma))
    assert_colour(data, wanted(colour, primaries, gamma), within=1)


def test_grey_stays_grey_where_the_white_points_differ() -> None:
    data = encoded(plain((128, 128, 128)), "PNG", icc_profile=matrix_profile(PRO_PHOTO, 2.2))
    assert np.ptp(seen(data)) <= 1


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {"quality": 95}),
        ("JPEG", {"quality": 95, "progressive": True}),
        ("PNG", {}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {}),
        ("AVIF", {"quality": 95}),
        ("MPO", {"quality": 95, "save_all": True, "append_images": [plain()]}),
    ],
)
def test_every_kind_brings_its_profile(kind: str, options: dict[str, object]) -> None:
    data = encoded(plain(), kind, icc_profile=matrix_profile(P3, 2.2), **options)
    assert_colour(data, wanted((200, 100, 50), P3, 2.2), within=4)


def test_jpeg_xl_brings_its_profile() -> None:
    pixels = np.asarray(plain()).copy()
    jxl = pytest.importorskip("pylibjxl")
    data = jxl.encode(pixels, lossless=True, icc=matrix_profile(P3, 2.2))
    assert_colour(data, wanted((200, 100, 50), P3, 2.2))


@pytest.mark.parametrize("mode", ["RGBA", "P", "LA", "L"])
def test_a_profile_of_colours_serves_photos_without_colours_too(mode: str) -> None:
    data = encoded(
        plain((128, 128, 128)).convert(mode), "PNG", icc_profile=matrix_profile(SRGB, 1.0)
    )
    assert_colour(data, wanted((128, 128, 128), SRGB, 1.0))


def test_what_is_transparent_stays_white_and_the_rest_has_its_colours() -> None:
    image = plain((200, 100, 50, 255), "RGBA")
    image.paste((200, 100, 50, 0), (0, 0, 20, 24))
    pixels = np.asarray(
        decode(encoded(image, "PNG", icc_profile=matrix_profile(P3, 2.2)), "a", 24).image
    )
    assert (pixels[:, :19] == 255).all()
    assert np.abs(pixels[:, 21:] - wanted((200, 100, 50), P3, 2.2)).max() <= 2


def grey_profile(gamma: float) -> bytes:
    """A profile of one channel: that of three, less what only colours need."""
    made = bytearray(matrix_profile(SRGB, gamma))
    made[16:20] = b"GRAY"
    at = made.find(b"rTRC")
    made[at : at + 4] = b"kTRC"
    return bytes(made)


@pytest.mark.parametrize("mode", ["L", "LA"])
def test_a_grey_profile_is_used(mode: str) -> None:
    data = encoded(plain(128, "L").convert(mode), "PNG", icc_profile=grey_profile(1.0))
    assert_colour(data, wanted((128, 128, 128), SRGB, 1.0))


def test_16_bit_grey_has_its_profile_too() -> None:
    deep = Image.fromarray(np.full((24, 40), 128 * 257, dtype=np.uint16))
    data = encoded(deep, "TIFF", icc_profile=grey_profile(1.0))
    assert_colour(data, wanted((128, 128, 128), SRGB, 1.0))


def noise(seed: int = 0) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def test_profiles_of_srgb_and_none_leave_every_number_as_it_is() -> None:
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    other = matrix_profile(SRGB, srgb_curve(4096))
    for profile in (None, made, other):
        data = encoded(noise(), "PNG", icc_profile=profile)
        assert decode(data, "a", 64).image.tobytes() == noise().tobytes()


def srgb_curve(points: int) -> npt.NDArray[np.float64]:
    value = np.linspace(0, 1, points)
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


P3_PROFILE = matrix_profile(P3, 2.2)
BROKEN = {
    "noise": bytes(range(256)) * 4,
    "cut off": P3_PROFILE[:200],
    "a head alone": P3_PROFILE[:128],
    "of other colours": P3_PROFILE.replace(b"RGB ", b"CMYK"),
    "without colours": P3_PROFILE.replace(b"rXYZ", b"nono"),
    "very short": b"x",
}


@pytest.mark.parametrize("profile", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK", "RGBA"])
def test_a_broken_profile_shows_the_photo_as_it_is(profile: bytes, mode: str) -> None:
    image = noise().convert(mode)
    kept = decode(encoded(image, "TIFF"), "a", 64).image
    shown = decode(encoded(image, "TIFF", icc_profile=profile), "a", 64).image
    assert shown.tobytes() == kept.tobytes()


def exif(colour_space: int, index: str | None, order: str) -> bytes:
    """EXIF with ColorSpace and, where given, InteroperabilityIndex, in either byte order."""
    made = Image.Exif()
    made.endian = order
    made[0x8769] = {0xA001: colour_space}
    if index:
        made[0x8769][0xA005] = {1: index}
    return made.tobytes()


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_a_camera_says_adobe_rgb_in_its_exif(kind: str, order: str) -> None:
    colour = wanted((200, 100, 50), ADOBE, 563 / 256)
    for space, index in ((0xFFFF, "R03"), (2, None)):
        data = encoded(plain(), kind, exif=exif(space, index, order), quality=95)
        assert_colour(data, colour, within=4)
    for space, index in ((1, "R98"), (0xFFFF, None)):
        data = encoded(plain(), kind, exif=exif(space, index, order), quality=95)
        assert_colour(data, (200, 100, 50), within=4)


def test_a_profile_goes_before_what_exif_says() -> None:
    data = encoded(
        plain(), "JPEG", exif=exif(0xFFFF, "R03", ">"), icc_profile=P3_PROFILE, quality=95
    )
    assert_colour(data, wanted((200, 100, 50), P3, 2.2), within=4)


def test_the_mark_of_adobe_rgb_is_looked_for_in_bytes_alone() -> None:
    assert says_adobe_rgb(b"other" + exif(0xFFFF, "R03", ">"))
    assert not says_adobe_rgb(b"R03")
    assert not says_adobe_rgb(None)


def with_chunks(image: Image.Image | None = None, **chunks: bytes) -> bytes:
    """A PNG, of the plain colour where none is given, with `chunks` behind its head."""
    data = encoded(image or plain(), "PNG")
    made = b""
    for name, content in chunks.items():
        kind = name.encode()
        made += struct.pack(">I", len(content)) + kind + content
        made += struct.pack(">I", zlib.crc32(kind + content))
    return data[:33] + made + data[33:]


def chromaticities(primaries: tuple[float, ...]) -> bytes:
    numbers = (*primaries[6:], *primaries[:6])
    return struct.pack(">8I", *(round(number * 100_000) for number in numbers))


def test_a_png_may_say_gamma_and_primaries() -> None:
    as_it_is = (200, 100, 50)
    usual = struct.pack(">I", 45455)
    assert_colour(with_chunks(gAMA=usual), as_it_is, within=0)
    assert_colour(with_chunks(gAMA=usual, cHRM=chromaticities(SRGB)), as_it_is, within=0)
    assert_colour(with_chunks(gAMA=struct.pack(">I", 100_000)), wanted(as_it_is, SRGB, 1.0))
    wide = with_chunks(gAMA=struct.pack(">I", round(1e5 / 1.8)), cHRM=chromaticities(P3))
    assert_colour(wide, wanted(as_it_is, P3, 1.8))
    assert_colour(with_chunks(sRGB=b"\0", gAMA=struct.pack(">I", 100_000)), as_it_is, within=0)


@pytest.mark.parametrize("content", [bytes(32), struct.pack(">8I", *[10**9] * 8)])
def test_nonsense_about_colours_shows_the_photo_as_it_is(content: bytes) -> None:
    assert_colour(with_chunks(cHRM=content), (200, 100, 50), within=0)
    assert_colour(with_chunks(gAMA=bytes(4)), (200, 100, 50), within=0)


def of_srgb_curve(colour: Colour, primaries: tuple[float, ...]) -> list[float]:
    """What `wanted` says of a photo with the curve of sRGB and other primaries."""
    light = srgb_curve(256)[list(colour)]
    return wanted(tuple(light * 255), primaries, 1.0)


def test_a_png_may_name_its_colours_by_number() -> None:
    as_it_is = (200, 100, 50)
    assert_colour(with_chunks(cICP=bytes((1, 13, 0, 1))), as_it_is, within=0)
    assert_colour(with_chunks(cICP=bytes((12, 13, 0, 1))), of_srgb_curve(as_it_is, P3))
    assert_colour(with_chunks(cICP=bytes((99, 99, 0, 1))), as_it_is, within=0)


@pytest.mark.parametrize("kind", ["AVIF", "HEIF"])
def test_a_container_may_name_its_colours_by_number(kind: str) -> None:
    data = HEIC if kind == "HEIF" else encoded(plain(), "AVIF", quality=95)
    before = np.asarray(decode(data, "a", 16).image)[12, 4]
    at = data.index(b"colrnclx") + 8
    wide = data[:at] + struct.pack(">HH", 12, 13) + data[at + 4 :]
    after = np.asarray(decode(wide, "a", 16).image, dtype=float)[12, 4]
    assert np.abs(after - of_srgb_curve(tuple(before), P3)).max() <= 2
    assert np.abs(after - before).max() > 4


@pytest.mark.parametrize(("signal", "shown"), [(0.58, 228), (0.38, 101), (0.0, 0), (0.75, 255)])
def test_a_photo_of_high_dynamic_range_is_neither_pale_nor_dark(signal: float, shown: int) -> None:
    """ITU-R BT.2408: in PQ a grey card has 26 cd/m2 and 38%, a white page 203 and 58%.

    The page is a little less than the screen's white, which leaves room for what is brighter.
    """
    grey = round(255 * signal)
    data = with_chunks(Image.new("RGB", (40, 24), (grey, grey, grey)), cICP=bytes((9, 16, 0, 1)))
    assert_colour(data, (shown, shown, shown), within=4)


def test_threads_share_a_profile_and_see_the_same() -> None:
    data = encoded(noise(), "PNG", icc_profile=ADOBE_RGB)
    with ThreadPoolExecutor(4) as threads:
        seen_by_all = list(threads.map(lambda _: decode(data, "a", 64).image.tobytes(), range(64)))
    assert len(set(seen_by_all)) == 1


def test_more_profiles_than_are_kept_are_all_right() -> None:
    for gamma in np.linspace(1.2, 2.6, 40):
        data = encoded(plain(), "PNG", icc_profile=matrix_profile(SRGB, float(gamma)))
        assert_colour(data, wanted((200, 100, 50), SRGB, float(gamma)))


@pytest.mark.parametrize("name", ["prophoto.jpg", "p3.jpg", "prophoto.heic"])
def test_wide_photos_look_like_their_srgb_reference(shared_data: Path, name: str) -> None:
    folder = shared_data / "reports" / "colour"
    if not folder.is_dir():
        pytest.skip("the files of the reports are not here")
    reference = (folder / "srgb_reference.png").read_bytes()
    for side in (2000, 64):
        shown, right = (
            decode(data, name, side).image for data in ((folder / name).read_bytes(), reference)
        )
        small = [image.resize((48, 32), Image.Resampling.BOX) for image in (shown, right)]
        pixels = [np.asarray(image, dtype=float) for image in small]
        assert np.abs((pixels[0] - pixels[1]).mean((0, 1))).max() < 1
        if shown.size == right.size:  # else their pixels lie elsewhere
            assert np.abs(pixels[0] - pixels[1]).mean() < 2


@pytest.mark.parametrize("name", ["prophoto.jpg", "p3.jpg", "prophoto.heic"])
def test_a_thumbnail_has_the_colours_of_the_photo(shared_data: Path, name: str) -> None:
    folder = shared_data / "reports" / "colour"
    if not folder.is_dir():
        pytest.skip("the files of the reports are not here")
    small = []
    for path in (folder / name, folder / "srgb_reference.png"):
        made = thumbnail(decode(path.read_bytes(), path.name, 200).image, 200)
        image = Image.open(io.BytesIO(made))
        small.append(np.asarray(image.resize((48, 32), Image.Resampling.BOX), dtype=float))
    assert np.abs(small[0] - small[1]).mean() < 2
