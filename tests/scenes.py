"""Pictures with something on them, for tests of what they look like."""

import numpy as np
from PIL import Image


def scene(seed: int) -> Image.Image:
    """640 x 480, unlike those of other seeds."""
    blocks = np.random.default_rng(seed).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    return Image.fromarray(blocks).resize((640, 480), Image.Resampling.BICUBIC)
