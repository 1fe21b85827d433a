"""Photos made for the purpose, where the user's own do not serve."""

from pathlib import Path

import numpy as np
from PIL import Image


def make_photo(path: Path, seed: int, size: tuple[int, int] = (1600, 1200)) -> Path:
    """Save a JPEG of seeded colours, `size` pixels wide and high, and the folder for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    blocks = np.random.default_rng(seed).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    Image.fromarray(blocks).resize(size, Image.Resampling.BICUBIC).save(path, quality=80)
    return path
