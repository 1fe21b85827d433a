"""The interface every encoder keeps: photos and words in, unit vectors of one space out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image

FloatArray = npt.NDArray[np.float32]
ByteArray = npt.NDArray[np.uint8]

_FILTERS = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
}


@dataclass(frozen=True)
class InputSpec:
    """How a photo becomes an encoder's input; part of the encoder's identity.

    `fit` is what happens to a photo that is not square: `squash` stretches it, `crop` scales the
    shorter side and takes the centre, `pad` scales the longer side and fills with `fill` (0-255).
    """

    size: int
    fit: Literal["squash", "crop", "pad"] = "squash"
    resampling: Literal["bilinear", "bicubic"] = "bicubic"
    fill: int = 0

    def describe(self) -> str:
        """Text that changes whenever the pixels an encoder gets would change."""
        return f"{self.size}-{self.fit}-{self.resampling}-{self.fill}"


class Encoder(Protocol):
    """Maps photos and words to unit vectors whose inner product is their likeness."""

    @property
    def name(self) -> str:
        """The name a user gives to load this encoder again."""

    @property
    def identity(self) -> str:
        """Architecture, hash of the weights and preprocessing: equal only for equal vectors."""

    @property
    def dim(self) -> int:
        """Length of every vector."""

    @property
    def device(self) -> str:
        """Where it runs, for people: `cpu`, `cuda:0 (NVIDIA ...)`, `mps`."""

    @property
    def input_spec(self) -> InputSpec:
        """What `image_to_input` needs to prepare a photo."""

    @property
    def batch_size(self) -> int:
        """How many photos to give at once for the best speed on this device."""

    @property
    def notice(self) -> str:
        """What its user should know of how it fares, such as that a graphics card failed, in
        sentences; '' for nothing."""

    def encode_images(self, pixels: ByteArray) -> FloatArray:
        """Encode `(n, size, size, 3)` uint8 RGB photos into `(n, dim)` float32 unit rows."""

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        """Encode n texts into `(n, dim)` float32 unit rows."""


def image_to_input(image: Image.Image, spec: InputSpec) -> ByteArray:
    """Resize an RGB photo to `(size, size, 3)` uint8 as `spec` says."""
    resampling = _FILTERS[spec.resampling]
    if spec.fit == "squash":
        fitted = image.resize((spec.size, spec.size), resampling)
    elif spec.fit == "crop":
        fitted = _crop(image, spec.size, resampling)
    else:
        fitted = _pad(image, spec.size, resampling, spec.fill)
    return np.asarray(fitted, dtype=np.uint8)


def _crop(image: Image.Image, size: int, resampling: Image.Resampling) -> Image.Image:
    # Rounded as torchvision's Resize and CenterCrop do, which CLIP models were trained with.
    shorter = min(image.size)
    width, height = (int(size * side / shorter) for side in image.size)
    left, top = round((width - size) / 2), round((height - size) / 2)
    return image.resize((width, height), resampling).crop((left, top, left + size, top + size))


def _pad(image: Image.Image, size: int, resampling: Image.Resampling, fill: int) -> Image.Image:
    scale = size / max(image.size)
    width, height = (max(1, round(side * scale)) for side in image.size)
    canvas = Image.new("RGB", (size, size), (fill, fill, fill))
    canvas.paste(
        image.resize((width, height), resampling), ((size - width) // 2, (size - height) // 2)
    )
    return canvas
