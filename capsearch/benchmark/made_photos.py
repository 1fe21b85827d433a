"""Photos made for the purpose, where the user's own do not serve."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops

from capsearch.encoders.base import ByteArray
from capsearch.machine import usable_cores

LARGE_SIZE = (4000, 3000)
"""12 megapixels, which most cameras and phones give."""

_LARGE_QUALITY = 90
# With it a file of 12 megapixels takes 3 to 5 MB, as a camera's does.
_SENSOR_NOISE = 8.0


def make_photo(path: Path, seed: int, size: tuple[int, int] = (1600, 1200)) -> Path:
    """Save a JPEG of seeded colours, `size` pixels wide and high, and the folder for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    blocks = np.random.default_rng(seed).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    Image.fromarray(blocks).resize(size, Image.Resampling.BICUBIC).save(path, quality=80)
    return path


def make_large_photos(
    files: Sequence[Path], pictures: Iterable[ByteArray], size: tuple[int, int] = LARGE_SIZE
) -> list[Path]:
    """Save JPEGs, `size` pixels wide and high, all different, into folders that exist.

    They show the `pictures`, (h, w, 3) uint8, in turn, each enlarged and with the noise of a
    sensor over it.
    """
    width, height = size
    random = np.random.default_rng(0)
    grain = random.normal(128, _SENSOR_NOISE, (height, width)).clip(0, 255).astype(np.uint8)
    noise = Image.fromarray(grain)
    shifts = random.integers(0, (width, height), (len(files), 2)).tolist()

    def make(file: Path, picture: ByteArray, shift: tuple[int, int]) -> Path:
        enlarged = Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC)
        _grained(enlarged, ImageChops.offset(noise, *shift)).save(file, quality=_LARGE_QUALITY)
        return file

    # Pillow does all of this outside the interpreter's lock.
    with ThreadPoolExecutor(usable_cores()) as pool:
        return list(pool.map(make, files, cycle(pictures), shifts))


def _grained(photo: Image.Image, noise: Image.Image) -> Image.Image:
    """With noise around 128 on its brightness."""
    brightness, *colours = photo.convert("YCbCr").split()
    return Image.merge("YCbCr", (ImageChops.add(brightness, noise, 1, -128), *colours))


def make_photos(files: Iterable[Path], kinds: int, size: tuple[int, int] = (1600, 1200)) -> None:
    """Save photos as these files, each of its own content. Their pictures are of a few `kinds`,
    for making those takes time."""
    made: list[bytes] = []
    for number, file in enumerate(files):
        if number < kinds:
            made.append(make_photo(file, number, size).read_bytes())
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        # What follows a JPEG's end is skipped by its readers.
        file.write_bytes(made[number % kinds] + number.to_bytes(4, "big"))
