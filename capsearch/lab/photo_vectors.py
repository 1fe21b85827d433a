"""Photos of a folder to pixels and vectors, the next batch read while one is encoded."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image

from capsearch.encoders.base import ByteArray, Encoder, FloatArray, InputSpec, image_to_input
from capsearch.photos.decode import DecodeError, decode

Progress = Callable[[int, int], None]
Pixels = ByteArray | None
P = TypeVar("P", bound=Pixels)


def encode_photos(
    encoder: Encoder, paths: Sequence[Path], progress: Progress | None = None
) -> tuple[npt.NDArray[np.int64], FloatArray]:
    """Encode the readable ones of `paths`: their positions `(m,)` and unit vectors `(m, dim)`."""
    found: list[int] = []
    vectors: list[FloatArray] = []

    def read(row: int) -> Pixels:
        try:
            return input_pixels(paths[row].read_bytes(), paths[row].name, encoder.input_spec)
        except (OSError, DecodeError):
            return None

    for start, batch in pixel_batches(len(paths), read, encoder.batch_size):
        readable = [row for row, pixels in enumerate(batch) if pixels is not None]
        if readable:
            stacked = np.stack([pixels for pixels in batch if pixels is not None])
            vectors.append(encoder.encode_images(stacked))
            found.extend(start + row for row in readable)
        if progress:
            progress(start + len(batch), len(paths))
    rows = np.concatenate(vectors) if vectors else np.empty((0, encoder.dim), np.float32)
    return np.array(found, np.int64), rows


def input_pixels(data: bytes, name: str, spec: InputSpec) -> ByteArray:
    """A photo's file as an encoder takes it, `(size, size, 3)`: decoded as the product does.

    Raises:
        DecodeError: it is no photo, or a damaged one.
    """
    return image_to_input(decode(data, name, spec.size).image, spec)


def read_for_training(path: Path) -> Image.Image:
    """All pixels of a data set's photo, in RGB; as they lie, for these have no orientation.

    Raises:
        OSError: it cannot be read.
    """
    with Image.open(path) as opened:
        return opened.convert("RGB")


def pixel_batches(count: int, read: Callable[[int], P], size: int) -> Iterator[tuple[int, list[P]]]:
    """Batches of `size` of the photos 0 to `count` - 1: the first one's number, and the pixels."""
    ahead: deque[tuple[int, list[Future[P]]]] = deque()
    with ThreadPoolExecutor() as pool:
        for start in range(0, count, size):
            rows = range(start, min(start + size, count))
            ahead.append((start, [pool.submit(read, row) for row in rows]))
            if len(ahead) > 1:
                yield _finished(*ahead.popleft())
        while ahead:
            yield _finished(*ahead.popleft())


def _finished(start: int, batch: Sequence[Future[P]]) -> tuple[int, list[P]]:
    return start, [pixels.result() for pixels in batch]
