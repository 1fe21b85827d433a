"""Any pixels a codec gives, made 8-bit RGB at about the size that is needed."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms

from capsearch.photos.profiles import in_srgb, profile_of

_BAND_ROWS = 16
_CLEAR_MODES = ("RGBA", "LA", "PA", "La", "RGBa")
_SPREAD = 16
"""Of 255: so far WebP at quality 50 takes plain frames apart that fade into each other (measured at
48 x 32 and 480 x 320; 10 at quality 75, 5 at 90; AVIF 2)."""
_DEEP_MODES = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")


def reduced(image: Image.Image, min_side: int) -> Image.Image:
    """`image` made smaller by a whole factor, its shorter side still at least `min_side`.

    Done before any other conversion, so that a very large photo is held in memory once.
    """
    factor = min(image.size) // max(1, min_side)
    if factor < 2:
        return image
    if image.mode in _DEEP_MODES:
        small = Image.fromarray(np.asarray(image)[::factor, ::factor])
        small.info = dict(image.info)
        return small
    if image.mode in ("1", "P", "PA"):
        size = (-(-image.width // factor), -(-image.height // factor))
        if image.width * image.height > 16_000_000:
            return image.resize(size, Image.Resampling.NEAREST)
        image = image.convert("RGBA" if image.mode != "1" else "L")
    rows = _BAND_ROWS * factor
    bands = (
        image.crop((0, top, image.width, min(top + rows, image.height))).reduce(factor)
        for top in range(0, image.height, rows)
    )
    return _stacked(bands, image)


def reduced_from_array(
    pixels: npt.NDArray[np.uint8], min_side: int, mode: str | None = None
) -> Image.Image:
    """(h, w) or (h, w, 1 to 4) uint8 as an image, reduced as `reduced` does."""
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[:, :, 0]
    height, width = pixels.shape[:2]
    factor = min(height, width) // max(1, min_side)
    if factor < 2:
        return _image_of(pixels, mode)
    rows = _BAND_ROWS * factor
    bands = (
        _image_of(pixels[top : top + rows], mode).reduce(factor) for top in range(0, height, rows)
    )
    return _stacked(bands)


def _image_of(pixels: npt.NDArray[np.uint8], mode: str | None) -> Image.Image:
    pixels = np.ascontiguousarray(pixels)
    if mode is None:
        return Image.fromarray(pixels)
    height, width = pixels.shape[:2]
    return Image.frombytes(mode, (width, height), pixels.tobytes())


def _stacked(bands: Iterable[Image.Image], whole: Image.Image | None = None) -> Image.Image:
    """Bands of equal width one below the other, with what `whole` said beside its pixels.

    Reducing whole photos with alpha, or handing whole RGB arrays to Pillow, which holds RGB in 4
    bytes a pixel, would take their memory twice.
    """
    listed = list(bands)
    out = Image.new(listed[0].mode, (listed[0].width, sum(band.height for band in listed)))
    top = 0
    for band in listed:
        out.paste(band, (0, top))
        top += band.height
    if whole is not None:
        out.info = dict(whole.info)
    return out


def to_rgb(image: Image.Image) -> Image.Image:
    """8-bit RGB in sRGB, by the photo's own profile; 16-bit and float scaled, what is transparent
    put on white. May use the memory of `image`."""
    info = image.info
    if image.mode in _DEEP_MODES:
        image = _deep_to_8_bit(image)
    if image.mode == "LAB":
        return _from_lab(image)
    profile = profile_of(info)
    if image.mode in _CLEAR_MODES or "transparency" in info:
        return _on_white(image, profile)
    return _in_srgb(image, profile)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile and image.mode in ("RGB", "L", "CMYK"):
        turned = in_srgb(image, profile)
        if turned is not None:
            return turned
    rgb = image if image.mode == "RGB" else image.convert("RGB")
    if profile and image.mode not in ("RGB", "CMYK"):  # a palette, grey with a profile of colours
        return in_srgb(rgb, profile) or rgb
    return rgb


def _deep_to_8_bit(image: Image.Image) -> Image.Image:
    return Image.fromarray(scaled_to_8_bit(np.asarray(image)))


def scaled_to_8_bit(deep: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """16-bit by the smallest range of 8, 10, 12 ... bits that holds it; float and 32-bit by extent.

    Scanners and cameras put 10 to 14 bits in files of 16, which would come out nearly black.
    """
    is_float = deep.dtype.kind == "f"
    values = np.nan_to_num(deep.astype(np.float32), nan=0, posinf=0, neginf=0)
    low, high = float(values.min()), float(values.max())
    if is_float and low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    elif low >= 0 and high <= 255:
        low, high = 0.0, 255.0
    elif low >= 0 and high <= 65535 and not is_float:
        low, high = 0.0, float(2 ** (2 * np.ceil(np.log2(high + 1) / 2)) - 1)
    if deep.dtype.kind == "i" and low == 0:
        high = min(high, float(np.iinfo(deep.dtype).max))
    scaled = (values - low) * (255.0 / max(high - low, 1e-12))
    pixels: npt.NDArray[np.uint8] = np.clip(np.rint(scaled), 0, 255).astype(np.uint8)
    return pixels


def _from_lab(image: Image.Image) -> Image.Image:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    turned = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
    return image.convert("RGB") if turned is None else turned


def _on_white(image: Image.Image, profile: bytes | None) -> Image.Image:
    kind = "LA" if image.mode in ("LA", "La") else "RGBA"
    whole = image.convert(kind)
    colours = whole.getchannel("L") if kind == "LA" else whole.convert("RGB")
    white = Image.new("RGB", whole.size, "white")
    white.paste(_in_srgb(colours, profile), (0, 0), whole.getchannel("A"))
    return white


def is_blank(image: Image.Image) -> bool:
    """Whether it shows nothing: one colour, or what is transparent."""
    clear = image.mode in _CLEAR_MODES or "transparency" in image.info
    shown = _on_white(image, None) if clear else image.convert("RGB")
    return int(np.ptp(np.asarray(shown), axis=(0, 1)).max()) <= _SPREAD
