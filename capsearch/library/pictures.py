"""Pictures of photos to look at, read in a process that may hang or die on a damaged file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from capsearch.errors import CapsearchError
from capsearch.photos.cloud import ONLY_IN_THE_CLOUD, is_only_in_the_cloud
from capsearch.photos.formats import VIDEOS_ARE_READ, is_video_name
from capsearch.processes import READY, GuardedProcess, start_process

if TYPE_CHECKING:
    from PIL import Image

THUMBNAIL_SIDES = (288, 432, 864)
"""Shorter sides that thumbnails are made with, pixels: for cells of the usual size on a plain
screen, on one of twice as many pixels, and for the largest cells there."""

THUMBNAIL_SIDE = THUMBNAIL_SIDES[0]

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


def make_thumbnail(paths: Sequence[str], side: int = THUMBNAIL_SIDE) -> Thumbnail | NoPicture:
    """Read the photo at one of its places and make it small, here and now."""
    from capsearch.photos.thumbnails import thumbnail  # noqa: PLC0415

    return _first_readable(paths, side, lambda image: Thumbnail(thumbnail(image, side)))


def read_picture(paths: Sequence[str], side: int) -> Picture | NoPicture:
    """Read the photo at one of its places, here and now."""
    return _first_readable(paths, side, lambda image: Picture(*image.size, image.tobytes()))


class PictureReader:
    """Has wishes answered by a process of its own, started when first needed, and another when
    that hangs or dies. One thread uses it; `close` may come from any other."""

    def __init__(self) -> None:
        self._process = GuardedProcess("pictures", serve_pictures)

    def read(self, wish: PictureWish, seconds: float = _SECONDS) -> Picture | Thumbnail | NoPicture:
        """Wait for the picture, `seconds` at most.

        Raises:
            ProcessKilled: the reader was closed meanwhile.
        """
        try:
            if not self._process.running:
                self._process.start()
            self._process.send(wish)
            answer: Picture | Thumbnail | NoPicture = self._process.receive(seconds)
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
    """Answer each `PictureWish` on `connection`, in order, until it is closed."""
    start_process(memory_bytes=_MEMORY_BYTES)
    try:
        connection.send(READY)
        while True:
            wish: PictureWish = connection.recv()
            if wish.kind == "thumbnail":
                connection.send(make_thumbnail(wish.paths, wish.side))
            else:
                connection.send(read_picture(wish.paths, wish.side))
    except (EOFError, OSError):
        return  # the window has closed


def _first_readable(
    paths: Sequence[str], side: int, make: "Callable[[Image.Image], Made]"
) -> Made | NoPicture:
    # Not at the top: the window's process names these functions and loads no codec.
    from capsearch.photos.errors import DecodeError  # noqa: PLC0415

    reason = "the file is not there"
    away = [path for path in paths if is_only_in_the_cloud(path)]
    for path in paths:
        if path in away:
            continue
        try:
            return make(_image_of(path, side))
        except DecodeError as error:
            reason = error.reason
        except MemoryError:
            reason = "the photo needs more memory than there is"
        except OSError as error:
            reason = error.strerror or reason
    return NoPicture(ONLY_IN_THE_CLOUD if away else reason)


def _image_of(path: str, side: int) -> "Image.Image":
    from capsearch.photos.decode import MAX_PIXELS, decode  # noqa: PLC0415 - as above

    if VIDEOS_ARE_READ and is_video_name(path):
        from capsearch.photos.video import open_video  # noqa: PLC0415 - nor FFmpeg for photos

        return open_video(path, side, MAX_PIXELS).images[0]
    return decode(Path(path).read_bytes(), path, side).image
