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


def make_subject_photo(path: Path, subject: int, seed: int, date: str) -> Path:
    """One of several photos that look alike in their left half, which is of a seeded `subject`; the
    right half is another one in each, so that none is taken for a copy."""
    rng = np.random.default_rng(seed)
    blocks = rng.integers(0, 256, (6, 8, 3))
    left = np.random.default_rng(subject).integers(0, 256, (6, 4, 3))
    blocks[:, :4] = np.clip(left + rng.normal(0, 12, left.shape), 0, 255)
    image = Image.fromarray(blocks.astype(np.uint8))
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = date
    path.parent.mkdir(parents=True, exist_ok=True)
    image.resize((96, 72), Image.Resampling.NEAREST).save(path, exif=exif, quality=95)
    return path


def make_subject_library(folder: Path, sizes: tuple[int, ...], others: int) -> Path:
    """A folder with photos of as many subjects as there are sizes ("subject0_3.jpg"), each of a
    day of its own, among others ("other7.jpg")."""
    day = 0
    for subject, size in enumerate(sizes):
        for number in range(size):
            day += 1
            date = f"20{18 + day % 5}:{1 + day % 12:02d}:{1 + day % 27:02d} 10:00:00"
            name = f"subject{subject}_{number}.jpg"
            make_subject_photo(folder / name, 9000 + subject, day, date)
    for number in range(others):
        day += 1
        date = f"20{18 + day % 5}:{1 + day % 12:02d}:{1 + day % 27:02d} 11:00:00"
        make_dated_photo(folder / f"other{number}.jpg", number, date)
    return folder
