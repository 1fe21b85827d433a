"""Runs the frozen image tower over views of the photos: whole, mirrored and cropped."""

import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from capsearch.encoders.base import ByteArray, image_to_input
from capsearch.encoders.onnx_session import open_session
from capsearch.encoders.starter import StarterEncoder
from capsearch.lab.backbones.lite import FEATURES
from capsearch.lab.photo_vectors import pixel_batches, read_for_training

VIEWS = 3
_BATCH = 16


def pooled_features(
    model: Path, folder: Path, names: Sequence[str], view: int
) -> npt.NDArray[np.float32]:
    """Pooled features `(n, 1280)` of one view of each photo.

    Args:
        model: the file of `pooled_network`.
        folder: where the photos are.
        names: their file names.
        view: 0 the whole photo, 1 mirrored, 2 a random crop.
    """
    session = open_session(model)
    rows = np.empty((len(names), FEATURES), dtype=np.float32)
    begun = time.monotonic()
    read = partial(_view, folder, names, view)
    for start, batch in pixel_batches(len(names), read, _BATCH):
        rows[start : start + len(batch)] = session.run(None, {"pixels": np.stack(batch)})[0]
        if start % (100 * _BATCH) == 0:
            spent = time.monotonic() - begun
            print(f"view {view}: {start}/{len(names)} {spent:.0f} s", file=sys.stderr)
    return rows


def _view(folder: Path, names: Sequence[str], view: int, row: int) -> ByteArray:
    image = read_for_training(folder / names[row])
    if view == 1:
        image = ImageOps.mirror(image)
    elif view == 2:
        image = _random_crop(image, np.random.default_rng([row, view]))
    return image_to_input(image, StarterEncoder.input_spec)


def _random_crop(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Half to all of the area, sides stretched by up to 4:3, as photos are squashed in use."""
    width, height = image.size
    area, ratio = rng.uniform(0.5, 1.0), np.exp(rng.uniform(np.log(0.75), np.log(4 / 3)))
    wide = min(width, round(width * np.sqrt(area * ratio)))
    high = min(height, round(height * np.sqrt(area / ratio)))
    left, top = rng.integers(0, width - wide + 1), rng.integers(0, height - high + 1)
    return image.crop((left, top, left + wide, top + high))
