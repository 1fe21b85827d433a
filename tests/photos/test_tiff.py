"""Every layout of TIFF is read rightly or refused as a kind that is not read, never as damaged."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from made_tiff import DEFLATE, LZMA, LZW, PACK_BITS, ZSTD, Order, tiff

from capsearch.photos.decode import DecodeError, decode
from capsearch.photos.profiles import matrix_profile

NOT_READ = "the file holds TIFF of a kind that is not read"
SIZE = (36, 24)


def colours() -> npt.NDArray[np.float64]:
    """(h, w, 3), 0 to 1, another ramp in each band."""
    width, height = SIZE
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    return np.stack([x, y, 1 - x * y], -1)


def in_type(kind: str) -> npt.NDArray[Any]:
    if kind.startswith("f"):
        return colours().astype(kind)
    most = np.iinfo(kind).max
    return np.rint(colours() * most).astype(kind)


def assert_shows(data: bytes, wanted: npt.NDArray[np.float64] | None = None) -> None:
    decoded = decode(data, "a.tif", 100)
    assert (decoded.width, decoded.height, decoded.format) == (*SIZE, "TIFF")
    shown = np.asarray(decoded.image, dtype=float) / 255
    assert np.abs(shown - (colours() if wanted is None else wanted)).max() < 1.6 / 255


@pytest.mark.parametrize("kind", ["u1", "u2", "u4", "f2", "f4", "f8"])
@pytest.mark.parametrize("planar", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("compression", [1, LZW, DEFLATE, PACK_BITS, ZSTD, LZMA])
@pytest.mark.parametrize("tile", [None, (16, 16)])
def test_the_same_picture_in_every_layout(
    kind: str, planar: bool, order: Order, compression: int, tile: tuple[int, int] | None
) -> None:
    assert_shows(
        tiff(in_type(kind), planar=planar, order=order, compression=compression, tile=tile)
    )


@pytest.mark.parametrize("kind", ["u1", "u2", "u4"])
@pytest.mark.parametrize("planar", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("compression", [LZW, DEFLATE])
def test_differences_are_summed_up(kind: str, planar: bool, order: Order, compression: int) -> None:
    assert_shows(
        tiff(in_type(kind), planar=planar, order=order, compression=compression, predictor=2)
    )


@pytest.mark.parametrize("kind", ["f2", "f4", "f8"])
@pytest.mark.parametrize("planar", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("tile", [None, (16, 16)])
def test_differences_of_floats_are_summed_up(
    kind: str, planar: bool, order: Order, tile: tuple[int, int] | None
) -> None:
    data = tiff(in_type(kind), planar=planar, order=order, compression=8, predictor=3, tile=tile)
    assert_shows(data)


@pytest.mark.parametrize("kind", ["u1", "u2", "f4"])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("planar", [False, True])
def test_files_that_may_be_longer_than_four_gigabytes(
    kind: str, order: Order, planar: bool
) -> None:
    assert_shows(tiff(in_type(kind), order=order, planar=planar, big=True))


@pytest.mark.parametrize("bits", [10, 12, 14])
@pytest.mark.parametrize("bands", [1, 3])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("compression", [1, LZW])
def test_numbers_that_lie_closely(bits: int, bands: int, order: Order, compression: int) -> None:
    values = np.rint(colours()[..., :bands] * (2**bits - 1)).astype("u2")
    assert_shows(
        tiff(values, bits=bits, order=order, compression=compression), colours()[..., :bands]
    )


@pytest.mark.parametrize("kind", ["u1", "u2", "u4", "f2", "f4", "f8", "i1", "i2", "i4"])
@pytest.mark.parametrize("white_is_zero", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("compression", [1, LZW])
def test_grey_of_every_depth(
    kind: str, white_is_zero: bool, order: Order, compression: int
) -> None:
    values = in_type(kind)[..., :1]
    data = tiff(values, order=order, compression=compression, t262=(int(not white_is_zero),))
    grey = colours()[..., :1]
    assert_shows(data, 1 - grey if white_is_zero else grey)


@pytest.mark.parametrize("kind", ["u1", "u2"])
@pytest.mark.parametrize("planar", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("compression", [1, LZW])
def test_inks(kind: str, planar: bool, order: Order, compression: int) -> None:
    values = in_type(kind)
    most = np.iinfo(kind).max
    inks = np.concatenate([most - values, np.zeros_like(values[..., :1])], -1)
    data = tiff(inks, planar=planar, order=order, compression=compression, t262=(5,), t338=())
    assert_shows(data)


@pytest.mark.parametrize("kind", ["u1", "u2", "f4"])
@pytest.mark.parametrize("bands", [1, 3])
@pytest.mark.parametrize("planar", [False, True])
@pytest.mark.parametrize("premultiplied", [False, True])
def test_what_is_clear_is_put_on_white(
    kind: str, bands: int, planar: bool, premultiplied: bool
) -> None:
    clear = np.ones((SIZE[1], SIZE[0], 1))
    clear[:, :12] = 0.5
    seen = colours()[..., :bands]
    values = np.concatenate([seen * clear if premultiplied else seen, clear], -1)
    most = 1 if kind == "f4" else np.iinfo(kind).max
    data = tiff(
        (values * most).round(0 if most > 1 else 6).astype(kind),
        planar=planar,
        t338=(1 if premultiplied else 2,),
    )
    decoded = np.asarray(decode(data, "a.tif", 100).image, dtype=float) / 255
    assert np.abs(decoded - (seen * clear + 1 - clear)).max() < 3 / 255


@pytest.mark.parametrize("kind", ["u1", "u2", "f4"])
def test_a_preview_before_the_picture_is_passed_over(kind: str) -> None:
    values = in_type(kind)
    assert_shows(tiff(values, page=(values[::4, ::4],)))


@pytest.mark.parametrize("kind", ["u2", "f4"])
@pytest.mark.parametrize("side", [5, 8, 11, 24])
def test_a_deep_photo_is_made_small(kind: str, side: int) -> None:
    decoded = decode(tiff(in_type(kind), planar=True), "a.tif", side)
    assert side <= min(decoded.image.size) <= 24
    rows, columns = (np.linspace(0, 1, n) for n in decoded.image.size[::-1])
    x, y = np.meshgrid(columns, rows)
    shown = np.asarray(decoded.image, dtype=float) / 255
    assert np.abs(shown - np.stack([x, y, 1 - x * y], -1)).max() < 0.25


def test_colours_of_a_profile_and_the_way_up_are_kept() -> None:
    profile = matrix_profile((0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290), 1.0)
    grey = np.full((24, 36, 3), 0.5, dtype="f4")
    grey[:12] = 0
    data = tiff(grey, planar=True, t34675=tuple(profile), t274=(6,))
    decoded = decode(data, "a.tif", 100)
    assert (decoded.width, decoded.height) == (24, 36)
    shown = np.asarray(decoded.image, dtype=float)
    assert np.abs(shown[:, :12] - 188).max() <= 2  # half of the light, in sRGB
    assert shown[:, 12:].max() == 0


@pytest.mark.parametrize("bands", [2, 4])
@pytest.mark.parametrize("kind", ["u2", "f4"])
def test_what_lies_beside_the_colours_is_left_out(bands: int, kind: str) -> None:
    values = in_type(kind)
    values = values[..., :1] if bands == 2 else values
    beside = np.zeros_like(values[..., :1]) + values.max()
    decoded = decode(tiff(np.concatenate([values, beside], -1), planar=True), "a.tif", 100)
    wanted = colours()[..., :1] if bands == 2 else colours()
    assert np.abs(np.asarray(decoded.image, dtype=float) / 255 - wanted).max() < 1.5 / 255


@pytest.mark.parametrize("kind", ["i1", "i2", "i4"])
@pytest.mark.parametrize("planar", [False, True])
def test_numbers_below_zero_are_of_a_kind_that_is_not_read(kind: str, planar: bool) -> None:
    with pytest.raises(DecodeError) as caught:
        decode(tiff(in_type(kind), planar=planar), "a.tif", 16)
    assert caught.value.reason == NOT_READ


@pytest.mark.parametrize(
    ("kind", "tags"),
    [
        ("u2", {"t259": (34712,)}),  # JPEG 2000
        ("u1", {"t259": (50001,)}),  # WebP
        ("u1", {"t259": (34887,)}),  # LERC
        ("u2", {"t259": (7,)}),
        ("u2", {"t262": (6,)}),
        ("u2", {"t262": (8,)}),
        ("f4", {"t262": (32844,)}),
        ("u1", {"t259": (PACK_BITS,), "t317": (2,)}),
        ("u2", {"t258": (16, 8, 16)}),
        ("u2", {"t339": (1, 3, 1)}),
        ("u2", {"t317": (7,)}),
    ],
)
def test_what_is_not_understood_is_refused(kind: str, tags: dict[str, tuple[int, ...]]) -> None:
    with pytest.raises(DecodeError) as caught:
        decode(tiff(in_type(kind), **dict[str, Any](tags)), "a.tif", 16)
    assert caught.value.reason == NOT_READ


def test_a_deep_photo_that_is_cut_off_or_too_large_says_so() -> None:
    data = tiff(in_type("f4"))
    with pytest.raises(DecodeError, match="the file is cut off"):
        decode(data[: len(data) // 3], "a.tif", 16)
    with pytest.raises(DecodeError, match="too large: 36 x 24"):
        decode(data, "a.tif", 16, max_pixels=1000)


def test_a_tile_larger_than_any_photo_is_refused() -> None:
    data = tiff(in_type("u2"), compression=DEFLATE, tile=(48, 32))
    at = data.find(struct.pack("<HHI", 322, 4, 1)) + 8
    with pytest.raises(DecodeError, match="too large: 4294967280 x 32"):
        decode(data[:at] + struct.pack("<I", 0xFFFFFFF0) + data[at + 4 :], "a.tif", 16)


@pytest.mark.parametrize(
    "data",
    [
        tiff(in_type("u2"), planar=True, compression=DEFLATE),
        tiff(in_type("u2"), compression=LZW, tile=(16, 16)),
        tiff(in_type("f4"), compression=LZW, predictor=3, big=True, order=">"),
        tiff(in_type("u1"), compression=PACK_BITS, big=True, order=">"),
    ],
    ids=["planes", "tiles", "floats", "big"],
)
def test_damaged_tags_never_raise_anything_else(data: bytes) -> None:
    source = np.random.default_rng(0)
    for _ in range(200):
        damaged = bytearray(data)
        for at in source.integers(0, 300, 3):
            damaged[at] = source.integers(256)
        try:
            decode(bytes(damaged), "a.tif", 16, max_pixels=1_000_000)
        except DecodeError as error:
            assert error.reason


@pytest.mark.parametrize("name", ["planar16.tif", "float32_rgb.tif"])
def test_the_odd_files_of_the_reports_show_the_same_picture(shared_data: Path, name: str) -> None:
    folder = shared_data / "reports" / "odd"
    if not folder.is_dir():
        pytest.skip("the files of the reports are not here")
    odd, right = (
        np.asarray(decode((folder / each).read_bytes(), each, 200).image, dtype=float)
        for each in (name, "chunky16_same_picture.tif")
    )
    assert np.abs(odd - right).max() <= 1
    assert np.abs(odd.mean((0, 1)) - (145, 142, 118)).max() < 1
