"""Small pictures for the window."""

import io

from PIL import Image

_LONGEST = 3
"""So many times the shorter side: of a panorama the window's square shows the middle."""


def thumbnail(image: Image.Image, side: int, quality: int = 85) -> bytes:
    """`image` (RGB, upright) as a JPEG whose shorter side is at most `side` pixels."""
    small = image.copy()
    shorter, longer = sorted(image.size)
    bound = min(max(side, round(side * longer / shorter)), _LONGEST * side)
    small.thumbnail((bound, bound), Image.Resampling.BICUBIC, reducing_gap=2.0)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=quality)
    return out.getvalue()
