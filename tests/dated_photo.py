"""Photos for the window: each of a day, by a camera."""

from pathlib import Path

import numpy as np
from PIL import Image


def make_dated_photo(path: Path, seed: int, date: str, size: tuple[int, int] = (96, 72)) -> Path:
    """A photo of seeded blocks with an EXIF date 'YYYY:MM:DD HH:MM:SS' and a camera."""
    blocks = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    image = Image.fromarray(blocks).resize(size, Image.Resampling.NEAREST)
    exif = Image.Exif()
    exif[0x0110] = "Tiny Cam" if seed % 2 else "Other Cam"
    exif.get_ifd(0x8769)[0x9003] = date
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, exif=exif)
    return path
