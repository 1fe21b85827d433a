"""What a picture looks like in 16 bytes, nearly the same for its resized, recompressed copies."""

import imagehash
import numpy as np
from PIL import Image

HASH_BYTES = 16
HASHED_SIDE = 72
"""Pixels of the shorter side that are enough: a multiple of the 8 and 9 cells of the hashes."""


def perceptual_hash(image: Image.Image) -> bytes:
    """`HASH_BYTES` of an upright RGB picture of any size: whether it gets brighter to the right
    (8 x 8 bits), and downwards (8 x 8 bits). Copies differ in few bits, other pictures in about 64.

    The difference hash of N. Krawetz, "Kind of Like That" (hackerfactor.com, 2013), both ways.
    """
    small = image.resize((HASHED_SIDE, HASHED_SIDE), Image.Resampling.BOX, reducing_gap=2.0)
    rightwards = imagehash.dhash(small).hash
    downwards = imagehash.dhash_vertical(small).hash
    return np.packbits(np.concatenate((rightwards.ravel(), downwards.ravel()))).tobytes()
