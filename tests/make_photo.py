"""Tiny photos, for tests that need files but not what they show."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

MakePhoto = Callable[..., Path]


def make_photo(path: Path, seed: int = 0, size: tuple[int, int] = (64, 48), **save: Any) -> Path:
    """Write a photo of seeded coloured blocks; `save` goes to Pillow."""
    blocks = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(blocks).resize(size, Image.Resampling.NEAREST).save(path, **save)
    return path
