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


def make_hdr_video(path: Path, colour: tuple[float, float, float], transfer: int) -> Path:
    """Write a video of one colour, red, green and blue from 0 to 1 by the `transfer` of H.273, as
    phones record it: HEVC, 10 bit, BT.2020 (primaries and matrix), television's range."""
    red, green, blue = colour
    luma = 0.2627 * red + 0.6780 * green + 0.0593 * blue
    signal = (luma, (blue - luma) / 1.8814, (red - luma) / 1.4746)
    codes = (64 + 876 * signal[0], 512 + 896 * signal[1], 512 + 896 * signal[2])
    with av.open(path, "w") as container:
        options = {"x265-params": "log-level=none"}
        stream: Any = container.add_stream("libx265", rate=10, options=options)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p10le"
        context = stream.codec_context
        context.color_primaries = context.colorspace = 9
        context.color_trc, context.color_range = transfer, 1
        for _ in range(5):
            frame = av.VideoFrame(96, 64, "yuv420p10le")
            for plane, code in zip(frame.planes, codes, strict=True):
                plane.update(np.full(plane.buffer_size // 2, round(code), "<u2").tobytes())
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path
