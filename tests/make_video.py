"""Tiny videos, made by PyAV."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

CORNERS = ((200, 30, 30), (30, 160, 30), (30, 30, 200), (200, 200, 30))
"""Colours of the corners: top left, top right, bottom left, bottom right."""


def make_video(
    path: Path,
    size: tuple[int, int] = (96, 64),
    *,
    frames: int = 20,
    blank: int = 0,
    turned: int = 0,
    mirrored: bool = False,
    tags: Mapping[str, str] | None = None,
    seed: int = 0,
    codec: str = "mpeg4",
    aspect: int = 1,
    every: int = 12,
) -> Path:
    """Write a video of four corners, 10 pictures a second, of which the first `blank` are black.

    `turned`: degrees clockwise that a player is to turn it. A whole picture comes `every` so many.
    `aspect`: how wide a pixel is shown. Other seeds have other colours.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"movflags": "use_metadata_tags"} if path.suffix in (".mp4", ".mov") else {}
    with av.open(path, "w", container_options=options) as container:
        for name, text in (tags or {}).items():
            container.metadata[name] = text
        rate = 25 if codec == "mpeg2video" else 10
        stream: Any = container.add_stream(codec, rate=rate, options={"g": str(every)})
        stream.width, stream.height = size
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.codec_context.sample_aspect_ratio = aspect
        if turned or mirrored:
            stream.set_display_rotation(-turned, hflip=mirrored)
        for number in range(frames):
            pixels = _picture(size, seed) if number >= blank else np.zeros((*size[::-1], 3), "u1")
            frame = av.VideoFrame.from_ndarray(pixels, "rgb24")
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


def _picture(size: tuple[int, int], seed: int) -> npt.NDArray[np.uint8]:
    width, height = size
    pixels = np.zeros((height, width, 3), np.uint8)
    colours = [np.roll(each, seed) for each in CORNERS]
    pixels[: height // 2, : width // 2], pixels[: height // 2, width // 2 :] = colours[:2]
    pixels[height // 2 :, : width // 2], pixels[height // 2 :, width // 2 :] = colours[2:]
    return pixels


def make_sound(path: Path) -> Path:
    """Write a second of silence into a file with a video's name."""
    with av.open(path, "w") as container:
        stream: Any = container.add_stream("aac", rate=8000)
        for _ in range(8):
            silence = av.AudioFrame.from_ndarray(np.zeros((1, 1000), np.float32), "fltp", "mono")
            silence.sample_rate = 8000
            for packet in stream.encode(silence):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path
