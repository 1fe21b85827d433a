"""Videos for the system's player: those that lie in files of their own, and copies of those that
motion photos carry in theirs."""

import errno
import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from capsearch.files import remove_abandoned, write_whole
from capsearch.photos.errors import DecodeError
from capsearch.photos.formats import is_video_name
from capsearch.photos.moving_part import moving_part

KEPT_BYTES = 512 << 20
"""How much the copies may take together: some 160 of the 3.2 MB that Samsung's example has."""

_STEM_LETTERS = 40  # four bytes each at most, and the system's names end at 255
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


def video_files(paths: Iterable[str]) -> tuple[str, ...]:
    """Those of a photo's files that are videos, as far as their names tell."""
    return tuple(path for path in paths if is_video_name(path))


def keep_moving_part(path: str, folder: Path, most_bytes: int = KEPT_BYTES) -> Path:
    """A file in `folder` with the video that the photo at `path` carries: made once, and kept until
    it is the one played longest ago of more than `most_bytes`. The photo is only read.

    Raises:
        DecodeError: it carries none that is whole, or there is no room for a copy.
        OSError: the photo cannot be read.
    """
    stem, mark = _named(path)
    kept = next(folder.glob(f"*-{mark}.m??"), None)
    if kept is None:
        data = Path(path).read_bytes()
        part = moving_part(data)
        kept = folder / f"{stem}-{mark}{part.extension}"
        _write(kept, memoryview(data)[part.start : part.end])
    with suppress(OSError):
        os.utime(kept)
    _remove_old(folder, kept, most_bytes)
    return kept


def _named(path: str) -> tuple[str, str]:
    """What the photo is called, and what tells this state of it from all others."""
    info = Path(path).stat()
    state = os.fsencode(path) + f"\0{info.st_size}\0{info.st_mtime_ns}".encode()
    return Path(path).stem[:_STEM_LETTERS], hashlib.blake2b(state, digest_size=8).hexdigest()


def _write(file: Path, video: memoryview) -> None:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with write_whole(file, durable=False) as copy:
            copy.write(video)
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise DecodeError("there is no room on the disk for a copy of its video") from None
        said = error.strerror or error
        raise DecodeError(f"a copy of its video cannot be written: {said}") from None


def _remove_old(folder: Path, newest: Path, most_bytes: int) -> None:
    remove_abandoned(folder)
    copies = []
    for file in folder.glob("*.m??"):
        with suppress(OSError):
            info = file.stat()
            copies.append((file != newest, -info.st_mtime_ns, info.st_size, file))
    total = 0
    for older, _, size, file in sorted(copies):
        total += size
        if older and total > most_bytes:
            with suppress(OSError):  # Windows lets go of no file that is being played
                file.unlink()
