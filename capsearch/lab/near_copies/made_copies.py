"""Copies of photos as people and programs make them, and pictures of pages and of nothing much."""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance

Draw = np.random.Generator
Photo = Image.Image


def _as_jpeg(image: Photo, quality: int) -> bytes:
    written = io.BytesIO()
    image.save(written, "JPEG", quality=quality)
    return written.getvalue()


def _shrunk(image: Photo, longest: int) -> Photo:
    smaller = image.copy()
    smaller.thumbnail((longest, longest))
    return smaller


def _cut(image: Photo, share: float, draw: Draw) -> Photo:
    """Without `share` of the width and of the height, anywhere at the edges."""
    width, height = (int(side * (1 - share)) for side in image.size)
    left = int((image.width - width) * draw.random())
    top = int((image.height - height) * draw.random())
    return image.crop((left, top, left + width, top + height))


def _next_in_burst(image: Photo, draw: Draw) -> Photo:
    """A hand that moves a little, and a sensor's noise."""
    moved = _cut(image, 0.03, draw).rotate(draw.uniform(-0.7, 0.7), Image.Resampling.BICUBIC)
    inner = _cut(moved, 0.03, draw)
    pixels = np.asarray(inner, np.float64) * draw.uniform(0.95, 1.05)
    pixels += draw.normal(0, 6, pixels.shape)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def as_png(image: Photo) -> bytes:
    """A file of it without loss."""
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def _lying(image: Photo) -> bytes:
    """The pixels on their side, and an orientation that says so."""
    exif = Image.Exif()
    exif[0x0112] = 6
    written = io.BytesIO()
    image.transpose(Image.Transpose.ROTATE_90).save(written, "JPEG", quality=90, exif=exif)
    return written.getvalue()


KINDS: dict[str, Callable[[Photo, Draw], bytes]] = {
    "resized to 1024": lambda image, draw: _as_jpeg(_shrunk(image, 1024), 90),
    "resized to 480": lambda image, draw: _as_jpeg(_shrunk(image, 480), 90),
    "quality 60": lambda image, draw: _as_jpeg(image, 60),
    "quality 40": lambda image, draw: _as_jpeg(image, 40),
    "messenger": lambda image, draw: _as_jpeg(_shrunk(image, int(max(image.size) * 0.55)), 60),
    "cut by 5%": lambda image, draw: _as_jpeg(_cut(image, 0.05, draw), 85),
    "brighter or darker": lambda image, draw: _as_jpeg(
        ImageEnhance.Brightness(image).enhance(draw.choice([0.85, 1.15])), 85
    ),
    "lying, with its orientation": lambda image, draw: _lying(image),
    "another format": lambda image, draw: as_png(image),
    "next in a burst": lambda image, draw: _as_jpeg(_next_in_burst(image, draw), 90),
}


def page(draw: Draw, lines: int) -> Photo:
    """A white page with some lines of text."""
    image = Image.new("RGB", (827, 1169), "white")
    pen = ImageDraw.Draw(image)
    for line in range(lines):
        text = "".join(draw.choice(list("aeinorst  "), int(draw.integers(20, 90))))
        pen.text((80, 80 + 24 * line), text, fill="black", font_size=16)
    return image


def blank(draw: Draw) -> Photo:
    """A wall, a sky, a covered lens: one colour that gets a little brighter one way, and noise."""
    width, height = 640, 480
    across, down = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    angle = draw.uniform(0, 2 * np.pi)
    slope = draw.choice([0.0, 20.0]) * (np.cos(angle) * across + np.sin(angle) * down)
    pixels = draw.uniform(20, 235, 3) + slope[..., None] + draw.normal(0, 3, (height, width, 3))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
