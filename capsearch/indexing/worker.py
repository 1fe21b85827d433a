"""The decode worker: a process that turns files into encoder inputs, one after the other.

It may hang or die on a damaged file: the pool that started it knows which one it was at.
"""

import os
import queue
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import BinaryIO

from capsearch.catalog.records import Content, Place, Stamp
from capsearch.encoders.base import InputSpec, image_to_input
from capsearch.indexing.tasks import (
    NOTHING_KNOWN,
    DecodedPhoto,
    KnownContents,
    Outcome,
    ReadFailure,
    ReadPhoto,
    ReadTask,
)
from capsearch.photos.cloud import ONLY_IN_THE_CLOUD, is_only_in_the_cloud
from capsearch.photos.concerned import is_concerned
from capsearch.photos.content import content_hash, content_hash_of_file
from capsearch.photos.decode import CUT_OFF, MAX_PIXELS, DecodeError, decode
from capsearch.photos.formats import is_raw_name, is_video_name
from capsearch.photos.metadata.read import read_metadata, read_video_metadata
from capsearch.photos.perceptual_hash import HASHED_SIDE, perceptual_hash
from capsearch.photos.video_support import NO_VIDEOS, videos_are_read
from capsearch.processes import READY, start_process

# Beside others a worker decodes up to 60 megapixels of JPEG, 30 of what must be held whole: some
# 250 MB. What is larger waits until it has the machine's memory to itself.
_CROWDED_PIXELS = 60_000_000
READER_MEMORY_BYTES = 1_400_000_000
_READS = 3
READ_IN_PART = b"\0"
"""What stands beside a file, as no digest says it: it is read again where more of it can be."""
_BEING_WRITTEN = "the file is being written at the moment"


def serve(connection: Connection, spec: InputSpec) -> None:
    """Answer each `ReadTask` on `connection` with an `Outcome`, in order, until it is closed.

    After READY the first message are the `KnownContents`.
    """
    start_process(memory_bytes=READER_MEMORY_BYTES)
    try:
        connection.send(READY)
        known: KnownContents = connection.recv()
        tasks: queue.SimpleQueue[ReadTask | None] = queue.SimpleQueue()
        threading.Thread(target=_drain, args=(connection, tasks), daemon=True).start()
        while (task := tasks.get()) is not None:
            connection.send(read_photo(task, spec, known))
    except (EOFError, OSError):
        return  # the run is over


def _drain(connection: Connection, tasks: "queue.SimpleQueue[ReadTask | None]") -> None:
    """Take tasks off the connection as they come, so that the pool can always send, even while
    a large outcome waits here to be taken: else each could wait for the other for ever."""
    try:
        while True:
            tasks.put(connection.recv())
    except (EOFError, OSError, MemoryError):
        pass  # the run is over, or the pool is to start another worker
    finally:
        tasks.put(None)


def read_photo(task: ReadTask, spec: InputSpec, known: KnownContents = NOTHING_KNOWN) -> Outcome:
    """Read the file once: hash it and, unless its content is `known`, decode it. Of what is known
    but not hashed, the picture is decoded as small as its perceptual hash needs it; what older
    versions have decoded otherwise is decoded anew.

    One that is only in the cloud by now is left there.
    """
    read = _read_video if is_video_name(task.path) else _read_still
    return read(task, spec, known)


def _read_still(task: ReadTask, spec: InputSpec, known: KnownContents) -> Outcome:
    try:
        data, stamp = _settled(task.path, _whole)
    except OSError as error:
        return ReadFailure(task.path, task.stamp, _plain_reason(error), passing=True)
    except MemoryError:
        return ReadFailure(task.path, task.stamp, "the file is larger than the memory")
    if data is None:
        return ReadFailure(task.path, stamp, _BEING_WRITTEN, passing=True)
    try:
        return _understand(data, stamp, task, spec, known)
    except DecodeError as error:
        return ReadFailure(task.path, stamp, error.reason, crowded=True)
    except MemoryError:
        reason = "the photo needs more memory than there is"
        return ReadFailure(task.path, stamp, reason, crowded=True)


def _understand(
    data: bytes,
    stamp: Stamp,
    task: ReadTask,
    spec: InputSpec,
    known: KnownContents,
) -> ReadPhoto | DecodedPhoto:
    digest = content_hash(data)
    companions = [os.path.basename(companion.path) for companion in task.companions]  # noqa: PTH119
    metadata = read_metadata(data, task.path, stamp.mtime_ns, companions)
    place = Place(task.path, stamp, metadata, task.beside, task.companions)
    limit = MAX_PIXELS if task.alone else _CROWDED_PIXELS
    current = known.is_current(digest)
    if current or (digest in known and not is_concerned(data, task.path, known.encoded[digest])):
        seen = _hash_small(data, task.path, limit) if digest in known.unhashed else None
        return ReadPhoto(place, digest, perceptual_hash=seen, confirmed=not current)
    decoded = decode(data, task.path, max(spec.size, HASHED_SIDE), limit)
    if decoded.cut_off and any(is_raw_name(each.path) for each in task.companions):
        raise DecodeError(CUT_OFF)  # its raw file, which is whole, stands for itself
    content = Content(
        digest, len(data), decoded.width, decoded.height, decoded.format, decoded.cut_off
    )
    pixels = image_to_input(decoded.image, spec)
    seen = perceptual_hash(decoded.image)
    return DecodedPhoto(place, digest, content, pixels, perceptual_hash=seen)


def _hash_small(data: bytes, path: str, max_pixels: int) -> bytes | None:
    """The perceptual hash of a photo that the library has; it goes without one where the file
    cannot be decoded any more."""
    try:
        return perceptual_hash(decode(data, path, HASHED_SIDE, max_pixels).image)
    except (DecodeError, MemoryError):
        return None


def _read_video(task: ReadTask, spec: InputSpec, known: KnownContents) -> Outcome:
    """A piece at a time: a video may be larger than the memory."""
    try:
        digest, stamp = _settled(task.path, content_hash_of_file)
        if digest is None:
            return ReadFailure(task.path, stamp, _BEING_WRITTEN, passing=True)
        return _understand_video(digest, stamp, task, spec, known)
    except DecodeError as error:
        return ReadFailure(task.path, task.stamp, error.reason, crowded=True)
    except MemoryError:
        reason = "the video needs more memory than there is"
        return ReadFailure(task.path, task.stamp, reason, crowded=True)
    except OSError as error:
        return ReadFailure(task.path, task.stamp, _plain_reason(error), passing=True)


def _understand_video(
    digest: bytes,
    stamp: Stamp,
    task: ReadTask,
    spec: InputSpec,
    known: KnownContents,
) -> ReadPhoto | DecodedPhoto:
    companions = [os.path.basename(companion.path) for companion in task.companions]  # noqa: PTH119
    if not videos_are_read():
        if digest not in known:
            raise DecodeError(NO_VIDEOS)
        metadata = read_video_metadata({}, task.path, stamp.mtime_ns, companions)
        return ReadPhoto(Place(task.path, stamp, metadata, READ_IN_PART, task.companions), digest)
    # Not at the top: most folders hold no video, and FFmpeg's libraries are large.
    from capsearch.photos.video import open_video, video_tags  # noqa: PLC0415

    metadata = read_video_metadata(video_tags(task.path), task.path, stamp.mtime_ns, companions)
    place = Place(task.path, stamp, metadata, task.beside, task.companions)
    limit = MAX_PIXELS if task.alone else _CROWDED_PIXELS
    current = known.is_current(digest)
    if current and digest not in known.unhashed:
        return ReadPhoto(place, digest)
    side = max(spec.size, HASHED_SIDE)
    video = open_video(task.path, side, limit, more=not current)
    poster, *more = video.images
    seen = perceptual_hash(poster)
    if current:
        return ReadPhoto(place, digest, perceptual_hash=seen)
    content = Content(
        digest, stamp.size, video.width, video.height, video.format, seconds=video.seconds
    )
    return DecodedPhoto(
        place,
        digest,
        content,
        image_to_input(poster, spec),
        tuple(image_to_input(image, spec) for image in more),
        perceptual_hash=seen,
    )


def _settled(
    path: str, read: Callable[[BinaryIO, int], bytes | None]
) -> tuple[bytes | None, Stamp]:
    """What `read` makes of the file and its size, with the stamp that it belongs to; None while the
    file keeps changing."""
    if is_only_in_the_cloud(path):
        raise _InTheCloudError
    for _ in range(_READS):
        with open(path, "rb") as file:  # noqa: PTH123 - a str may hold bytes no Path would print
            before = _stamp(os.fstat(file.fileno()))
            found = read(file, before.size)
            after = _stamp(os.fstat(file.fileno()))
        if before == after and found is not None:
            return found, after
    return None, after


def _whole(file: BinaryIO, size: int) -> bytes | None:
    data = file.read()
    return data if len(data) == size else None


def _stamp(info: os.stat_result) -> Stamp:
    return Stamp(info.st_size, info.st_mtime_ns)


class _InTheCloudError(OSError):
    """Reading the file would fetch it."""


def _plain_reason(error: OSError) -> str:
    if isinstance(error, _InTheCloudError):
        return ONLY_IN_THE_CLOUD
    if isinstance(error, PermissionError):
        return "no permission to read the file"
    if isinstance(error, FileNotFoundError):
        return "the file vanished while it was to be read"
    return f"the file could not be read: {error.strerror or error}"
