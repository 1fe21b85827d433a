"""A video as pictures: a poster that shows something, and what its container says beside them.

Load this module only where a video is read: it brings FFmpeg's libraries, which photos do not need.
"""

import array
import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, NoReturn

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, Colorspace, ColorTrc, Interpolation
from av.video.stream import VideoStream
from PIL import Image

from capsearch.photos.colour import is_blank, to_rgb
from capsearch.photos.errors import DecodeError, check_pixels
from capsearch.photos.formats import extension_of
from capsearch.photos.orientation import swaps_sides, upright
from capsearch.photos.silence import silenced

MORE_FRAMES = (0.25, 0.5, 0.75)
"""Where in a video, as shares of its length, pictures are taken beside the poster."""

# Only what keeps its pictures in its own file: a playlist would have others opened.
_CONTAINERS = "mov,matroska,webm,avi,mpegts,mpeg,asf,flv,ogg,dv,mpegvideo,m4v"
_BUFFER_BYTES = 1 << 18
_SHARE_OF_LIMIT = 0.15
"""A decoder holds up to 16 pictures for the sake of those that follow."""
_MOST_FRAMES = 100
_MOST_FRAME_PIXELS = 300_000_000
"""How far a video that begins blank is looked into, picture by picture."""
_HD_LINES = 720
_FORMATS = {
    "matroska": "MKV", "avi": "AVI", "mpegts": "MTS", "mpeg": "MPEG", "mpegvideo": "MPEG",
    "asf": "WMV", "flv": "FLV", "ogg": "OGV", "dv": "DV", "m4v": "MPEG",
}  # fmt: skip
# The display matrix's a, b, c, d (turning and mirroring, by ISO 14496-12) as an EXIF orientation.
_ORIENTATIONS = {
    (1, 0, 0, 1): 1, (-1, 0, 0, 1): 2, (-1, 0, 0, -1): 3, (1, 0, 0, -1): 4,
    (0, 1, 1, 0): 5, (0, 1, -1, 0): 6, (0, -1, -1, 0): 7, (0, -1, 1, 0): 8,
}  # fmt: skip

_NOT_A_VIDEO = "it is no video, or of a kind that is not read"
_CUT_OFF = "it is damaged, or its end is missing"
_ONLY_SOUND = "it holds no pictures"
_NO_PICTURE = "none of its pictures can be decoded"


@dataclass(frozen=True)
class Video:
    """`images` are RGB, 8 bit, upright, with square pixels, the poster first; `width` and `height`
    are those that it is shown with. `seconds` is None where the file does not tell."""

    images: tuple[Image.Image, ...]
    width: int
    height: int
    format: str
    seconds: float | None


def open_video(path: str, min_side: int, max_pixels: int, *, more: bool = False) -> Video:
    """The poster of a video, and the pictures at `MORE_FRAMES` where `more` is asked for: a file
    may give fewer. The images' shorter sides are `min_side`, or the video's own where that is less.

    The poster is the first picture that is not blank, of those near the beginning; else one
    further on. Little of a large file is read.

    Raises:
        DecodeError: whatever is wrong with the video.
        OSError: the file cannot be read at all.
        MemoryError: there is too little for it.
    """
    with _opened(path) as container:
        stream = _pictures_of(container)
        context = stream.codec_context
        check_pixels(context.width, context.height, int(max_pixels * _SHARE_OF_LIMIT))
        context.thread_count = 1  # the other cores have files of their own
        seconds = _seconds(container, stream)
        images, orientation = _images(container, stream, min_side, seconds, more=more)
        width, height = _square(stream, context.width, context.height)
        if swaps_sides(orientation):
            width, height = height, width
        return Video(images, width, height, _format(container, path), seconds)


def video_tags(path: str) -> dict[str, str]:
    """What the container says, its names in lower case ("creation_time", "location", "xmp", ...);
    nothing where it cannot be read."""
    with suppress(DecodeError, OSError, MemoryError), _opened(path) as container:
        streams = [stream.metadata for stream in container.streams.video]
        parts = [*reversed(streams), container.metadata]
        return {name.lower(): text for part in parts for name, text in part.items()}
    return {}


@contextmanager
def _opened(path: str) -> Iterator[InputContainer]:
    with silenced(), open(path, "rb", buffering=0) as raw:  # noqa: PTH123 - any bytes are a path
        file = _Watched(raw)
        if not raw.seek(0, io.SEEK_END):
            raise DecodeError("the file is empty")
        raw.seek(0)
        try:
            with av.open(
                file,
                "r",
                buffer_size=_BUFFER_BYTES,
                metadata_errors="replace",
                container_options={"format_whitelist": _CONTAINERS, "export_xmp": "1"},
                io_open=_nothing_else,
            ) as container:
                yield container
        except MemoryError:
            raise
        except DecodeError as error:
            raise DecodeError(f"the video cannot be read: {error.reason}") from None
        except Exception:  # noqa: BLE001 - damaged files raise anything
            if file.fault is not None:
                raise file.fault from None
            raw.seek(0)
            reason = _CUT_OFF if _begins_as_video(raw.read(16)) else _NOT_A_VIDEO
            raise DecodeError(f"the video cannot be read: {reason}") from None


class _Watched:
    """A file for FFmpeg, which keeps the system's error from being taken for a damage."""

    def __init__(self, raw: io.FileIO) -> None:
        self._raw = raw
        self.fault: OSError | None = None

    def read(self, size: int) -> bytes:
        try:
            return self._raw.read(size) or b""
        except OSError as error:
            self.fault = error
            raise

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        return self._raw.tell()


def _nothing_else(*_: object) -> NoReturn:
    raise DecodeError("it refers to other files")


def _begins_as_video(head: bytes) -> bool:
    marks = (b"\x1aE\xdf\xa3", b"RIFF", b"FLV\x01", b"0&\xb2u", b"OggS", b"\x00\x00\x01\xba")
    boxes = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
    return head.startswith(marks) or head[4:8] in boxes


def _pictures_of(container: InputContainer) -> VideoStream:
    """The stream of the video, which is not the cover of a sound file."""
    cover = av.stream.Disposition.attached_pic
    streams = [each for each in container.streams.video if not each.disposition & cover]
    if not streams:
        raise DecodeError(_ONLY_SOUND if container.streams.audio else _CUT_OFF)
    if streams[0].codec_context is None:
        raise DecodeError(_NOT_A_VIDEO)
    return streams[0]


def _seconds(container: InputContainer, stream: VideoStream) -> float | None:
    lengths = [container.duration / av.time_base if container.duration else 0.0]
    if stream.duration and stream.time_base:
        lengths.append(float(stream.duration * stream.time_base))
    longest = max(lengths)
    return round(longest, 3) if longest > 0 else None


def _images(
    container: InputContainer,
    stream: VideoStream,
    min_side: int,
    seconds: float | None,
    *,
    more: bool,
) -> tuple[tuple[Image.Image, ...], int]:
    """The poster and the pictures after it; how they had to be turned."""
    first = poster = None
    orientation = 1
    for frame in _from_the_beginning(container, stream):
        image = _image(frame, stream, min_side)
        if first is None:
            first, orientation = image, _orientation(frame)
        if not is_blank(image):
            poster = image
            break
    later: list[Image.Image] = []
    if more or poster is None:
        later = [_image(frame, stream, min_side) for frame in _later(container, stream, seconds)]
        shown = [image for image in later if not is_blank(image)]
        later = shown or later
        if poster is None and shown:
            poster = shown.pop(0)
            later = shown
    poster = poster or first or (later.pop(0) if later else None)
    if poster is None:
        raise DecodeError(_NO_PICTURE)
    return (poster, *(later if more else ())), orientation


def _from_the_beginning(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    frames = 0
    with suppress(av.FFmpegError):  # what is damaged ends it
        for frame in container.decode(stream):
            yield frame
            frames += 1
            if frames >= _MOST_FRAMES or frames * frame.width * frame.height > _MOST_FRAME_PIXELS:
                return


def _later(
    container: InputContainer, stream: VideoStream, seconds: float | None
) -> Iterator[VideoFrame]:
    """The whole pictures before each of `MORE_FRAMES`, each once, none that begins the video."""
    seen = {stream.start_time or 0}
    stream.codec_context.skip_frame = "NONKEY"
    for share in MORE_FRAMES if seconds else ():
        with suppress(av.FFmpegError):
            start = container.start_time or 0
            container.seek(start + int(share * (seconds or 0) * av.time_base))
            frame = next(container.decode(stream), None)
            if frame is not None and frame.pts not in seen:
                seen.add(frame.pts or 0)
                yield frame


def _image(frame: VideoFrame, stream: VideoStream, min_side: int) -> Image.Image:
    width, height = _square(stream, frame.width, frame.height)
    scale = min(1.0, min_side / min(width, height))
    # What most files do not say, players assume by the height.
    assumed = Colorspace.ITU709 if frame.height >= _HD_LINES else Colorspace.ITU601
    small = frame.reformat(
        width=max(1, round(width * scale)),
        height=max(1, round(height * scale)),
        format="rgb24",
        src_colorspace=assumed if frame.colorspace == _UNSAID else None,
        interpolation=Interpolation.AREA if scale < 1 else Interpolation.BICUBIC,
        threads=1,
    )
    image = Image.fromarray(small.to_ndarray())
    if (code_points := _code_points(frame)) is not None:
        image.info["code_points"] = code_points
        image = to_rgb(image)
    return upright(image, _orientation(frame))


_UNSAID = 2


def _code_points(frame: VideoFrame) -> tuple[int, int] | None:
    """Primaries and transfer by H.273 of a picture in wide colours or in PQ, which would look
    washed out as it is; None for the colours of television, which every player shows as sRGB."""
    primaries, transfer = int(frame.color_primaries), int(frame.color_trc)
    if transfer != ColorTrc.SMPTE2084 and primaries not in _WIDE:
        return None
    return primaries, transfer if transfer == ColorTrc.SMPTE2084 else ColorTrc.BT709


_WIDE = (ColorPrimaries.BT2020, ColorPrimaries.SMPTE431, ColorPrimaries.SMPTE432)


def _square(stream: VideoStream, width: int, height: int) -> tuple[int, int]:
    """Width and height in square pixels, made larger, never smaller."""
    aspect = float(stream.sample_aspect_ratio or 1) or 1.0
    if not 0.1 < aspect < 10:
        return width, height
    return (round(width * aspect), height) if aspect >= 1 else (width, round(height / aspect))


def _orientation(frame: VideoFrame) -> int:
    beside: Any = frame.side_data  # its stub names another type
    data = beside.get("DISPLAYMATRIX")
    if data is None:
        return 1
    matrix = array.array("i", bytes(data))
    a, b, c, d = ((value > 0) - (value < 0) for value in (*matrix[0:2], *matrix[3:5]))
    return _ORIENTATIONS.get((a, b, c, d), 1)


def _format(container: InputContainer, path: str) -> str:
    kind = container.format.name.split(",")[0]
    if kind == "mov":
        brand = container.metadata.get("major_brand", "qt  ")
        return "MOV" if brand == "qt  " else "3GP" if brand.startswith("3g") else "MP4"
    if kind == "matroska" and extension_of(path) == ".webm":
        return "WEBM"
    return _FORMATS.get(kind, kind.upper())
