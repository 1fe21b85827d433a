"""Pictures of photos to look at, read in a process that may hang or die on a damaged file."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from capsearch.errors import CapsearchError
from capsearch.photos.cloud import ONLY_IN_THE_CLOUD, is_only_in_the_cloud
from capsearch.photos.decoding_version import DECODING
from capsearch.photos.formats import is_video_name
from capsearch.photos.video_support import NO_VIDEOS, videos_are_read
from capsearch.processes import READY, GuardedProcess, start_process

if TYPE_CHECKING:
    from PIL import Image

THUMBNAIL_SIDES = (288, 432, 864)
"""Shorter sides that thumbnails are made with, pixels: for cells of the usual size on a plain
screen, on one of twice as many pixels, and for the largest cells there."""

THUMBNAIL_SIDE = THUMBNAIL_SIDES[0]

THUMBNAIL_VERSION = DECODING
"""Thumbnails of an older one may show another picture than is made now."""

_SECONDS = 60.0
# A whole photo of the largest size is held here twice: as pixels and on its way to the window.
_MEMORY_BYTES = 2_000_000_000

Made = TypeVar("Made")


@dataclass(frozen=True)
class Picture:
    """A photo's pixels, upright: `rgb` is (height, width, 3) uint8 in C order."""

    width: int
    height: int
    rgb: bytes


@dataclass(frozen=True)
class Thumbnail:
    """A small picture as a JPEG file."""

    jpeg: bytes


@dataclass(frozen=True)
class VideoCopy:
    """A file with the video that a motion photo carries."""

    path: str


@dataclass(frozen=True)
class NoPicture:
    """Why there is none, in words for people."""

    reason: str


@dataclass(frozen=True)
class PictureWish:
    """A picture of the first of these places that can be read: a thumbnail whose shorter side has
    `side` pixels, or the photo with at least so many, if it has them."""

    kind: Literal["thumbnail", "photo"]
    paths: tuple[str, ...]
    side: int = THUMBNAIL_SIDE


@dataclass(frozen=True)
class VideoWish:
    """The video that a motion photo carries at the first of these places that has it, as a file in
    `folder`."""

    paths: tuple[str, ...]
    folder: str


Wish = PictureWish | VideoWish
Wished = Picture | Thumbnail | VideoCopy | NoPicture


def make_thumbnail(paths: Sequence[str], side: int = THUMBNAIL_SIDE) -> Thumbnail | NoPicture:
    """Read the photo at one of its places and make it small, here and now."""
    from capsearch.photos.thumbnails import thumbnail  # noqa: PLC0415

    return _first_readable(paths, lambda path: Thumbnail(thumbnail(_image_of(path, side), side)))


def read_picture(paths: Sequence[str], side: int) -> Picture | NoPicture:
    """Read the photo at one of its places, here and now."""

    def read(path: str) -> Picture:
        image = _image_of(path, side)
        return Picture(*image.size, image.tobytes())

    return _first_readable(paths, read)


def copy_moving_part(paths: Sequence[str], folder: Path) -> VideoCopy | NoPicture:
    """Have the video that a motion photo carries lie in `folder`, here and now."""
    from capsearch.library.moving_parts import keep_moving_part  # noqa: PLC0415

    return _first_readable(paths, lambda path: VideoCopy(os.fspath(keep_moving_part(path, folder))))


class PictureReader:
    """Has wishes answered by a process of its own, started when first needed, and another when
    that hangs or dies. One thread uses it; `close` may come from any other."""

    def __init__(self) -> None:
        self._process = GuardedProcess("pictures", serve_pictures)

    def read(self, wish: Wish, seconds: float = _SECONDS) -> Wished:
        """Wait for what is wished for, `seconds` at most.

        Raises:
            ProcessKilled: the reader was closed meanwhile.
        """
        try:
            if not self._process.running:
                self._process.start()
            self._process.send(wish)
            answer: Wished = self._process.receive(seconds)
        except TimeoutError:
            return NoPicture(f"reading it took longer than {seconds:.0f} seconds")
        except EOFError:
            return NoPicture("the file makes the reader of its format crash")
        except CapsearchError as error:
            return NoPicture(error.message)
        return answer

    def close(self) -> None:
        """Read nothing more; ends the process, whatever it is at."""
        self._process.kill()

    def end(self) -> None:
        """Let go of the process: for the thread that has used it, when it ends."""
        self._process.end()


def serve_pictures(connection: Connection) -> None:
    """Answer each `Wish` on `connection`, in order, until it is closed."""
    start_process(memory_bytes=_MEMORY_BYTES)
    try:
        connection.send(READY)
        while True:
            connection.send(_answer(connection.recv()))
    except (EOFError, OSError):
        return  # the window has closed


def _answer(wish: Wish) -> Wished:
    if isinstance(wish, VideoWish):
        return copy_moving_part(wish.paths, Path(wish.folder))
    if wish.kind == "thumbnail":
        return make_thumbnail(wish.paths, wish.side)
    return read_picture(wish.paths, wish.side)


def _first_readable(paths: Sequence[str], make: Callable[[str], Made]) -> Made | NoPicture:
    # Not at the top: the window's process names these functions and loads no codec.
    from capsearch.photos.errors import DecodeError  # noqa: PLC0415

    reason = "the file is not there"
    away = [path for path in paths if is_only_in_the_cloud(path)]
    for path in paths:
        if path in away:
            continue
        try:
            return make(path)
        except DecodeError as error:
            reason = error.reason
        except MemoryError:
            reason = "the photo needs more memory than there is"
        except OSError as error:
            reason = error.strerror or reason
    return NoPicture(ONLY_IN_THE_CLOUD if away else reason)


def _image_of(path: str, side: int) -> "Image.Image":
    from capsearch.photos.decode import MAX_PIXELS, DecodeError, decode  # noqa: PLC0415 - as above

    if is_video_name(path):
        if not videos_are_read():
            raise DecodeError(NO_VIDEOS)
        from capsearch.photos.video import open_video  # noqa: PLC0415 - nor FFmpeg for photos

        return open_video(path, side, MAX_PIXELS).images[0]
    return decode(Path(path).read_bytes(), path, side).image
