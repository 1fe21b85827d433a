"""Small pictures for the window."""

import io

from PIL import Image


def thumbnail(image: Image.Image, side: int, quality: int = 85) -> bytes:
    """`image` (RGB, upright) as a JPEG whose longer side is at most `side` pixels."""
    small = image.copy()
    small.thumbnail((side, side), Image.Resampling.BICUBIC, reducing_gap=2.0)
    out = io.BytesIO()
    small.save(out, "JPEG", quality=quality)
    return out.getvalue()
