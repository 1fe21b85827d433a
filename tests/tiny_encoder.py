"""A real encoder of a few lines: a seeded random projection of the photo at 8 x 8."""

import hashlib
from collections.abc import Sequence

import numpy as np

from capsearch.encoders.base import ByteArray, FloatArray, InputSpec


class TinyEncoder:
    """Deterministic; `seed` makes another encoder with another identity."""

    def __init__(
        self, seed: int = 0, dim: int = 16, batch_size: int = 8, name: str = "tiny"
    ) -> None:
        self.name = name
        self._seed, self._dim, self._batch_size = seed, dim, batch_size
        self._matrix = np.random.default_rng(seed).standard_normal((8 * 8 * 3, dim))

    device = "cpu"
    notice = ""
    input_spec = InputSpec(size=8)

    @property
    def identity(self) -> str:
        return f"tiny-{self._seed}-{self._dim}-{self.input_spec.describe()}"

    @property
    def dim(self) -> int:
        return self._dim

    @property
    def batch_size(self) -> int:
        return self._batch_size

    def encode_images(self, pixels: ByteArray) -> FloatArray:
        flat = pixels.reshape(len(pixels), -1) / 127.5 - 1 + 1e-3
        # One photo at a time: a matrix product's rounding depends on how many rows it has.
        return np.stack([_unit(row @ self._matrix) for row in flat])

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        return np.stack([_unit(self._of_text(text)) for text in texts])

    def _of_text(self, text: str) -> FloatArray:
        digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
        return np.random.default_rng(list(digest)).standard_normal(self._dim, dtype=np.float32)


def _unit(vector: FloatArray) -> FloatArray:
    return (vector / np.linalg.norm(vector)).astype(np.float32)


class LeftHalfEncoder(TinyEncoder):
    """Sees the left half of a photo alone."""

    @property
    def identity(self) -> str:
        return f"left half, {super().identity}"

    def encode_images(self, pixels: ByteArray) -> FloatArray:
        seen = pixels.copy()
        seen[:, :, 4:] = 127
        return super().encode_images(seen)
