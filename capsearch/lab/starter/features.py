"""Runs the frozen image tower over views of the photos: whole, mirrored and cropped."""

import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image, ImageOps
from torch import nn

from capsearch.encoders.base import ByteArray, image_to_input
from capsearch.encoders.onnx_session import open_session
from capsearch.encoders.starter import StarterEncoder
from capsearch.lab.starter.backbone import IMAGE_SIZE, Tail, Trunk

VIEWS = 3
_BATCH = 16


class _Pooled(nn.Module):
    def __init__(self, lite2: Any) -> None:
        super().__init__()
        self.trunk, self.tail = Trunk(lite2), Tail(lite2)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        pooled: torch.Tensor = self.tail(self.trunk(pixels)).mean((2, 3))
        return pooled


def export_pooled(lite2: Any, path: Path) -> None:
    """Write the image tower up to its pooled features: onnxruntime is far faster than torch."""
    pixels = torch.zeros(2, IMAGE_SIZE, IMAGE_SIZE, 3, dtype=torch.uint8)
    torch.onnx.export(
        _Pooled(lite2).eval(),
        (pixels,),
        str(path),
        input_names=["pixels"],
        output_names=["pooled"],
        dynamic_axes={"pixels": {0: "n"}, "pooled": {0: "n"}},
        opset_version=17,
        dynamo=False,
    )


def pooled_features(
    model: Path, folder: Path, names: Sequence[str], view: int
) -> npt.NDArray[np.float32]:
    """Pooled features `(n, 1280)` of one view of each photo.

    Args:
        model: the file of `export_pooled`.
        folder: where the photos are.
        names: their file names.
        view: 0 the whole photo, 1 mirrored, 2 a random crop.
    """
    session = open_session(model)
    rows = np.empty((len(names), 1280), dtype=np.float32)
    begun = time.monotonic()
    with ThreadPoolExecutor(1) as reader:
        starts = range(0, len(names), _BATCH)
        batches = [
            reader.submit(_batch, folder, names[start : start + _BATCH], start, view)
            for start in starts
        ]
        for start, batch in zip(starts, batches, strict=True):
            pixels = batch.result()
            rows[start : start + len(pixels)] = session.run(None, {"pixels": pixels})[0]
            if start % (100 * _BATCH) == 0:
                spent = time.monotonic() - begun
                print(f"view {view}: {start}/{len(names)} {spent:.0f} s", file=sys.stderr)
    return rows


def _batch(folder: Path, names: Sequence[str], first: int, view: int) -> ByteArray:
    return np.stack([_view(folder / name, first + i, view) for i, name in enumerate(names)])


def _view(path: Path, row: int, view: int) -> ByteArray:
    with Image.open(path) as opened:
        image = opened.convert("RGB")
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
