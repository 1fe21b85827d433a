"""A small encoder that keeps count of what it is given, also of what a kill takes away."""

import hashlib
import os
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from capsearch.encoders.base import ByteArray, FloatArray, InputSpec
from capsearch.errors import CapsearchError

DIM = 32
_SIDE = 8
_BATCH = 4
# Leaves time to be killed between two batches.
_BATCH_SECONDS = 0.02
_SEEDS = {"first": 1, "second": 2}


class CountingEncoder:
    """A seeded projection of the photo at 8 x 8; notes each photo in `log` before it encodes it."""

    device = "cpu"
    notice = ""
    dim = DIM
    batch_size = _BATCH
    input_spec = InputSpec(size=_SIDE)

    def __init__(self, name: str, log: Path) -> None:
        self.name = name
        self.identity = f"kills-{name}"
        self._log = log
        generator = np.random.default_rng(_SEEDS[name])
        self._matrix = generator.standard_normal((_SIDE * _SIDE * 3, DIM))

    def encode_images(self, pixels: ByteArray) -> FloatArray:
        """Encode `(n, 8, 8, 3)` uint8 photos into `(n, dim)` float32 unit rows."""
        with self._log.open("ab") as file:
            file.write(b"." * len(pixels))
        time.sleep(_BATCH_SECONDS)
        flat = pixels.reshape(len(pixels), -1) / 127.5 - 1 + 1e-3
        # One photo at a time: a matrix product's rounding depends on how many rows it has.
        return np.stack([_unit(row @ self._matrix) for row in flat])

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        """Encode n texts into `(n, dim)` float32 unit rows."""
        return np.stack([_unit(self._of_text(text)) for text in texts])

    def _of_text(self, text: str) -> FloatArray:
        digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
        return np.random.default_rng(list(digest)).standard_normal(DIM, dtype=np.float32)


def load_counting(name: str, log: Path) -> CountingEncoder:
    """The encoder `first` or `second`.

    Raises:
        CapsearchError: there is no such encoder.
    """
    if name not in _SEEDS:
        raise CapsearchError(f"There is no encoder '{name}' here.", f"There are {list(_SEEDS)}.")
    return CountingEncoder(name, log)


def take_count(log: Path) -> int:
    """How many photos were given to encoders since this was last asked."""
    try:
        count = log.stat().st_size
    except FileNotFoundError:
        return 0
    os.truncate(log, 0)
    return count


def _unit(vector: FloatArray) -> FloatArray:
    return (vector / np.linalg.norm(vector)).astype(np.float32)
