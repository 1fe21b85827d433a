"""Every layout of TIFF is read rightly or refused as a kind that is not read, never as damaged."""

import struct
import zlib
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pytest

from capsearch.photos.decode import DecodeError, decode
from capsearch.photos.profiles import matrix_profile

NOT_READ = "the file holds TIFF of a kind that is not read"
SIZE = (36, 24)
ROWS = 10


def colours() -> npt.NDArray[np.float64]:
    """(h, w, 3), 0 to 1, another ramp in each band."""
    width, height = SIZE
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    return np.stack([x, y, 1 - x * y], -1)


def tiff(
    values: npt.NDArray[Any],
    *,
    planar: bool = False,
    order: Literal["<", ">"] = "<",
    compression: int = 1,
    predictor: int = 1,
    **more: tuple[int, ...],
) -> bytes:
    """A file of (h, w, bands), in strips; `more` are tags as `t274=(6,)`."""
    height, width, bands = values.shape
    kind = values.dtype.newbyteorder(order)
    formats = {"u": 1, "i": 2, "f": 3}[kind.kind]
    parts = [values[..., [band]] for band in range(bands)] if planar else [values]
    strips = [
        packed(part[top : top + ROWS], kind, compression, predictor)
        for part in parts
        for top in range(0, height, ROWS)
    ]
    tags: dict[int, tuple[str, tuple[int, ...]]] = {
        256: ("I", (width,)), 257: ("I", (height,)), 258: ("H", (8 * kind.itemsize,) * bands),
        259: ("H", (compression,)), 262: ("H", (2 if bands >= 3 else 1,)),
        273: ("I", (0,) * len(strips)), 277: ("H", (bands,)), 278: ("I", (ROWS,)),
        279: ("I", tuple(map(len, strips))), 284: ("H", (2 if planar else 1,)),
        317: ("H", (predictor,)), 339: ("H", (formats,) * bands),
    }  # fmt: skip
    if bands in (2, 4):
        tags[338] = ("H", (2,))
    for name, numbers in more.items():
        tags[int(name[1:])] = ("B" if len(numbers) > 9 else "H", numbers)
    start = len(laid_out(tags, order))
    ends = np.cumsum([start, *map(len, strips)])
    tags[273] = ("I", tuple(int(end) for end in ends[:-1]))
    return laid_out(tags, order) + b"".join(strips)


def packed(part: npt.NDArray[Any], kind: Any, compression: int, predictor: int) -> bytes:
    if predictor == 2:
        part = np.diff(part, axis=1, prepend=part.dtype.type(0))
    data = part.astype(kind).tobytes()
    return zlib.compress(data) if compression == 8 else data


def laid_out(tags: dict[int, tuple[str, tuple[int, ...]]], order: str) -> bytes:
    kinds = {"B": 1, "H": 3, "I": 4}
    entries, beside = b"", b""
    at = 8 + 2 + 12 * len(tags) + 4
    for tag, (form, numbers) in sorted(tags.items()):
        content = struct.pack(f"{order}{len(numbers)}{form}", *numbers)
        entries += struct.pack(order + "HHI", tag, kinds[form], len(numbers))
        if len(content) > 4:
            entries += struct.pack(order + "I", at + len(beside))
            beside += content + bytes(len(content) % 2)
        else:
            entries += content.ljust(4, b"\0")
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 8)
    return head + struct.pack(order + "H", len(tags)) + entries + bytes(4) + beside


def in_type(kind: str) -> npt.NDArray[Any]:
    if kind.startswith("f"):
        return colours().astype(kind)
    most = np.iinfo(kind).max
    return np.rint(colours() * most).astype(kind)


@pytest.mark.parametrize("kind", ["u1", "u2", "u4", "f2", "f4", "f8"])
@pytest.mark.parametrize("planar", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("compression", [1, 8])
def test_the_same_picture_in_every_layout(
    kind: str, planar: bool, order: Literal["<", ">"], compression: int
) -> None:
    data = tiff(in_type(kind), planar=planar, order=order, compression=compression)
    decoded = decode(data, "a.tif", 100)
    assert (decoded.width, decoded.height, decoded.format) == (*SIZE, "TIFF")
    shown = np.asarray(decoded.image, dtype=float) / 255
    assert np.abs(shown - colours()).max() < 1.5 / 255


@pytest.mark.parametrize("kind", ["u1", "u2", "u4"])
@pytest.mark.parametrize("planar", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
def test_differences_are_summed_up(kind: str, planar: bool, order: Literal["<", ">"]) -> None:
    data = tiff(in_type(kind), planar=planar, order=order, compression=8, predictor=2)
    shown = np.asarray(decode(data, "a.tif", 100).image, dtype=float) / 255
    assert np.abs(shown - colours()).max() < 1.5 / 255


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


@pytest.mark.parametrize("kind", ["i2", "i4"])
@pytest.mark.parametrize("planar", [False, True])
def test_numbers_below_zero_are_of_a_kind_that_is_not_read(kind: str, planar: bool) -> None:
    with pytest.raises(DecodeError) as caught:
        decode(tiff(in_type(kind), planar=planar), "a.tif", 16)
    assert caught.value.reason == NOT_READ


def test_other_compressions_of_such_layouts_are_refused() -> None:
    data = tiff(in_type("u2"), planar=True)
    at = data.find(struct.pack("<HHI", 259, 3, 1)) + 8
    with pytest.raises(DecodeError) as caught:
        decode(data[:at] + struct.pack("<H", 5) + data[at + 2 :], "a.tif", 16)
    assert caught.value.reason == NOT_READ


def test_a_deep_photo_that_is_cut_off_or_too_large_says_so() -> None:
    data = tiff(in_type("f4"))
    with pytest.raises(DecodeError, match="the file is cut off"):
        decode(data[:-400], "a.tif", 16)
    with pytest.raises(DecodeError, match="too large: 36 x 24"):
        decode(data, "a.tif", 16, max_pixels=1000)


def test_damaged_tags_never_raise_anything_else() -> None:
    source = np.random.default_rng(0)
    data = tiff(in_type("u2"), planar=True, compression=8)
    for _ in range(400):
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
